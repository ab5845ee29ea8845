package org.sesemi.vendors;

/** The fields of Intel's quotes, by offset and length in bytes. */
public final class IntelLayout {

  /** The length of a quote's header. */
  public static final int HEADER_LENGTH = 48;

  /** The length of an SGX report. */
  public static final int SGX_LENGTH = 384;

  /** The length of a TD report 1.0. */
  public static final int TD_1_0_LENGTH = 584;

  /** The length of a TD report 1.5. */
  public static final int TD_1_5_LENGTH = 648;

  private IntelLayout() {}

  /** The header of a quote. */
  public enum Header implements FieldBlock.Field {
    VERSION(0, 2),
    KEY_TYPE(2, 2),
    TEE_TYPE(4, 4),
    QE_SVN(8, 2),
    PCE_SVN(10, 2),
    VENDOR(12, 16),
    USER_DATA(28, 20);

    private final int offset;
    private final int length;

    Header(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    @Override
    public int offset() {
      return offset;
    }

    @Override
    public int length() {
      return length;
    }
  }

  /** The report of an SGX enclave. */
  public enum Sgx implements FieldBlock.Field {
    CPUSVN(0, 16),
    MISCSELECT(16, 4),
    RESERVED_20(20, 12),
    ISVEXTPRODID(32, 16),
    ATTRIBUTES(48, 16),
    MRENCLAVE(64, 32),
    RESERVED_96(96, 32),
    MRSIGNER(128, 32),
    RESERVED_160(160, 32),
    CONFIGID(192, 64),
    ISVPRODID(256, 2),
    ISVSVN(258, 2),
    CONFIGSVN(260, 2),
    RESERVED_262(262, 42),
    ISVFAMILYID(304, 16),
    REPORT_DATA(320, 64);

    private final int offset;
    private final int length;

    Sgx(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    @Override
    public int offset() {
      return offset;
    }

    @Override
    public int length() {
      return length;
    }
  }

  /** The report of a trust domain; the last two fields are of version 1.5. */
  public enum Td implements FieldBlock.Field {
    TEE_TCB_SVN(0, 16),
    MRSEAM(16, 48),
    MRSIGNERSEAM(64, 48),
    SEAMATTRIBUTES(112, 8),
    TDATTRIBUTES(120, 8),
    XFAM(128, 8),
    MRTD(136, 48),
    MRCONFIGID(184, 48),
    MROWNER(232, 48),
    MROWNERCONFIG(280, 48),
    RTMR0(328, 48),
    RTMR1(376, 48),
    RTMR2(424, 48),
    RTMR3(472, 48),
    REPORT_DATA(520, 64),
    TEE_TCB_SVN_2(584, 16),
    MRSERVICETD(600, 48);

    private final int offset;
    private final int length;

    Td(int offset, int length) {
      this.offset = offset;
      this.length = length;
    }

    @Override
    public int offset() {
      return offset;
    }

    @Override
    public int length() {
      return length;
    }
  }
}
