package org.sesemi.vendors;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Arrays;

/**
 * What a test report of SEV-SNP says, field by field after table 23 of AMD publication 56860. Every
 * method changes one field and returns this; nothing is checked. What is not set has the values of
 * an unremarkable guest. Not thread-safe.
 */
public final class SnpReportSpec {

  /** The length of a report. */
  public static final int LENGTH = 1184;

  private static final int SIGNED = 672;
  private static final int FLAGS = 72;
  private static final int SIGNATURE_FIELD = 72;

  private final String line;
  private final ByteBuffer report = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);

  private SnpReportSpec(String line) {
    this.line = line;
  }

  /**
   * Begins a report of a product line.
   *
   * @param line Milan, Genoa or Turin
   * @param version 2 to 5, or another
   */
  public static SnpReportSpec of(String line, int version) {
    SnpReportSpec spec = new SnpReportSpec(line);
    spec.version(version).policy(0x30000).u32(52, 1).platformInfo(0x25);
    spec.reportData(filled(64, 0x11)).measurement(filled(48, 0x22)).hostData(filled(32, 0x33));
    spec.reportId(filled(32, 0x44)).reportIdMa(filled(32, 0xff));
    spec.levels(new SnpLevels(1, 4, 0, 24, 217)).versions(55, 29);
    if (version >= 3) {
      switch (line) {
        case "Turin" -> spec.cpuid(0x1a, 0x02, 1);
        case "Genoa" -> spec.cpuid(0x19, 0x11, 1);
        default -> spec.cpuid(0x19, 0x01, 1);
      }
    }
    if (version >= 5) {
      spec.launchMitigations(1).currentMitigations(3);
    }
    return spec;
  }

  /** Sets VERSION. */
  public SnpReportSpec version(int version) {
    return u32(0, version);
  }

  /** Sets GUEST_SVN. */
  public SnpReportSpec guestSvn(int svn) {
    return u32(4, svn);
  }

  /** Sets POLICY. */
  public SnpReportSpec policy(long policy) {
    return u64(8, policy);
  }

  /** Sets FAMILY_ID and IMAGE_ID, 16 bytes each, as an ID block does. */
  public SnpReportSpec idBlock(byte[] family, byte[] image) {
    return bytes(16, family).bytes(32, image);
  }

  /** Sets VMPL. */
  public SnpReportSpec vmpl(int vmpl) {
    return u32(48, vmpl);
  }

  /** Sets SIGNATURE_ALGO. */
  public SnpReportSpec algorithm(int algorithm) {
    return u32(52, algorithm);
  }

  /** Sets PLATFORM_INFO. */
  public SnpReportSpec platformInfo(long info) {
    return u64(64, info);
  }

  /** Sets AUTHOR_KEY_EN. */
  public SnpReportSpec authorKey(boolean enabled) {
    return u32(FLAGS, (report.getInt(FLAGS) & ~1) | (enabled ? 1 : 0));
  }

  /** Sets MASK_CHIP_KEY. */
  public SnpReportSpec maskChipKey(boolean masked) {
    return u32(FLAGS, (report.getInt(FLAGS) & ~2) | (masked ? 2 : 0));
  }

  /** Sets SIGNING_KEY: 0 VCEK, 1 VLEK, 7 none. */
  public SnpReportSpec signingKey(int key) {
    return u32(FLAGS, (report.getInt(FLAGS) & ~0x1c) | (key << 2));
  }

  /** Sets REPORT_DATA, 64 bytes. */
  public SnpReportSpec reportData(byte[] data) {
    return bytes(80, data);
  }

  /** Sets MEASUREMENT, 48 bytes. */
  public SnpReportSpec measurement(byte[] digest) {
    return bytes(144, digest);
  }

  /** Sets HOST_DATA, 32 bytes. */
  public SnpReportSpec hostData(byte[] data) {
    return bytes(192, data);
  }

  /** Sets ID_KEY_DIGEST, 48 bytes. */
  public SnpReportSpec idKeyDigest(byte[] digest) {
    return bytes(224, digest);
  }

  /** Sets AUTHOR_KEY_DIGEST, 48 bytes. */
  public SnpReportSpec authorKeyDigest(byte[] digest) {
    return bytes(272, digest);
  }

  /** Sets REPORT_ID, 32 bytes. */
  public SnpReportSpec reportId(byte[] id) {
    return bytes(320, id);
  }

  /** Sets REPORT_ID_MA, 32 bytes. */
  public SnpReportSpec reportIdMa(byte[] id) {
    return bytes(352, id);
  }

  /** Sets all four levels to the same. */
  public SnpReportSpec levels(SnpLevels levels) {
    return currentTcb(levels).reportedTcb(levels).committedTcb(levels).launchTcb(levels);
  }

  /** Sets CURRENT_TCB. */
  public SnpReportSpec currentTcb(SnpLevels levels) {
    return bytes(56, levels.bytes(line));
  }

  /** Sets REPORTED_TCB. */
  public SnpReportSpec reportedTcb(SnpLevels levels) {
    return bytes(384, levels.bytes(line));
  }

  /** Sets COMMITTED_TCB. */
  public SnpReportSpec committedTcb(SnpLevels levels) {
    return bytes(480, levels.bytes(line));
  }

  /** Sets LAUNCH_TCB. */
  public SnpReportSpec launchTcb(SnpLevels levels) {
    return bytes(496, levels.bytes(line));
  }

  /** Sets family, model and stepping of CPUID. */
  public SnpReportSpec cpuid(int family, int model, int stepping) {
    return bytes(392, new byte[] {(byte) family, (byte) model, (byte) stepping});
  }

  /** Sets the beginning of CHIP_ID; what is shorter than 64 bytes goes on with zeros. */
  public SnpReportSpec chipId(byte[] id) {
    return bytes(416, new byte[64]).bytes(416, id);
  }

  /** Sets both firmware versions to 1.minor.build. */
  public SnpReportSpec versions(int minor, int build) {
    return currentVersion(1, minor, build).committedVersion(1, minor, build);
  }

  /** Sets the version of the running firmware. */
  public SnpReportSpec currentVersion(int major, int minor, int build) {
    return bytes(488, new byte[] {(byte) build, (byte) minor, (byte) major});
  }

  /** Sets the version of the committed firmware. */
  public SnpReportSpec committedVersion(int major, int minor, int build) {
    return bytes(492, new byte[] {(byte) build, (byte) minor, (byte) major});
  }

  /** Sets LAUNCH_MIT_VECTOR. */
  public SnpReportSpec launchMitigations(long bits) {
    return u64(504, bits);
  }

  /** Sets CURRENT_MIT_VECTOR. */
  public SnpReportSpec currentMitigations(long bits) {
    return u64(512, bits);
  }

  /** Sets four bytes at an offset. */
  public SnpReportSpec u32(int offset, int value) {
    report.putInt(offset, value);
    return this;
  }

  /** Sets eight bytes at an offset. */
  public SnpReportSpec u64(int offset, long value) {
    report.putLong(offset, value);
    return this;
  }

  /** Sets bytes at an offset. */
  public SnpReportSpec bytes(int offset, byte[] value) {
    report.put(offset, value);
    return this;
  }

  /** {@return the report, signed as it is now} */
  public byte[] sign(PrivateKey key) {
    byte[] bytes = report.array().clone();
    try {
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(bytes, 0, SIGNED);
      byte[] rs = signature.sign();
      int half = rs.length / 2;
      for (int i = 0; i < half; i++) {
        bytes[SIGNED + i] = rs[half - 1 - i];
        bytes[SIGNED + SIGNATURE_FIELD + i] = rs[rs.length - 1 - i];
      }
      return bytes;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
