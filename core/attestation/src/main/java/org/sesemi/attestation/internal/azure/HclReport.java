package org.sesemi.attestation.internal.azure;

import java.util.Arrays;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.tpm.TpmHash;
import org.sesemi.wire.Bytes;

/**
 * The report of the hardware compatibility layer, from the index 0x01400001 of the virtual TPM:
 * header, area of the hardware report, and runtime data. Little-endian.
 *
 * @param version the version of the header, 1 or 2
 * @param kind whose hardware report it is
 * @param hardware the hardware report: an SEV-SNP report or a TD report
 * @param hash the hash algorithm by which the report data cover the runtime data
 * @param runtimeData the runtime data as they were hashed
 */
public record HclReport(int version, Kind kind, Bytes hardware, TpmHash hash, Bytes runtimeData) {

  /** Whose report it is. */
  public enum Kind {
    /** An AMD SEV-SNP report. */
    SNP(2, 1184, 0x50),
    /** An Intel TD report, which only its own machine can check. */
    TDX(4, 1024, 128);

    private final int number;
    private final int length;
    private final int reportData;

    Kind(int number, int length, int reportData) {
      this.number = number;
      this.length = length;
      this.reportData = reportData;
    }
  }

  /** The length of the caller's bytes in a hardware report. */
  public static final int REPORT_DATA_LENGTH = 64;

  private static final String WHAT = "the HCL report";
  private static final long SIGNATURE = 0x414c4348L;
  private static final int ATTESTATION_REQUEST = 2;
  private static final int HEADER = 32;
  private static final int AREA = 1184;
  private static final int RUNTIME_HEADER = 20;
  static final int MAX_RUNTIME_DATA = 8192;

  /**
   * Reads a report.
   *
   * @throws Unreadable when it has another form, or reserved fields are not zero
   */
  public static HclReport parse(byte[] bytes) {
    ByteInput in = ByteInput.littleEndian(bytes, WHAT);
    if (in.u32() != SIGNATURE) {
      throw new Unreadable(WHAT + " does not begin with HCLA");
    }
    int version = small(in.u32(), 1, 2, "a header version other than 1 and 2");
    long size = in.u32();
    small(in.u32(), ATTESTATION_REQUEST, ATTESTATION_REQUEST, "another request type than 2");
    zeros(in.bytes(HEADER - in.position()), "a status, or reserved bytes of its header");
    byte[] area = in.bytes(AREA);
    long runtimeSize = in.u32();
    small(in.u32(), 1, 1, "another version of runtime data than 1");
    Kind kind = kind(in.u32());
    TpmHash hash = hash(in.u32());
    long length = in.u32();
    if (length < 1
        || length > MAX_RUNTIME_DATA
        || runtimeSize != RUNTIME_HEADER + length
        || size != HEADER + AREA + runtimeSize) {
      throw new Unreadable(WHAT + " has sizes that contradict each other");
    }
    byte[] runtimeData = in.bytes(length);
    zeros(in.rest(), "bytes after its end");
    zeros(Arrays.copyOfRange(area, kind.length, AREA), "bytes after its hardware report");
    return new HclReport(
        version, kind, Bytes.of(Arrays.copyOf(area, kind.length)), hash, Bytes.of(runtimeData));
  }

  private static Kind kind(long number) {
    for (Kind kind : Kind.values()) {
      if (kind.number == number) {
        return kind;
      }
    }
    throw new Unreadable(WHAT + " has a hardware report that is neither SEV-SNP nor TDX");
  }

  private static TpmHash hash(long number) {
    return switch (small(number, 1, 3, "an unknown hash algorithm")) {
      case 1 -> TpmHash.SHA256;
      case 2 -> TpmHash.SHA384;
      default -> TpmHash.SHA512;
    };
  }

  private static int small(long value, int from, int to, String otherwise) {
    if (value < from || value > to) {
      throw new Unreadable(WHAT + " has " + otherwise);
    }
    return (int) value;
  }

  private static void zeros(byte[] bytes, String what) {
    for (byte value : bytes) {
      if (value != 0) {
        throw new Unreadable(WHAT + " has " + what + " that are not zero");
      }
    }
  }

  /** {@return the caller's bytes in the hardware report} */
  public byte[] reportData() {
    return Arrays.copyOfRange(
        hardware.toArray(), kind.reportData, kind.reportData + REPORT_DATA_LENGTH);
  }

  /** {@return what they have to be: the digest of the runtime data, then zeros} */
  public byte[] expectedReportData() {
    return Arrays.copyOf(hash.digest(runtimeData.toArray()), REPORT_DATA_LENGTH);
  }
}
