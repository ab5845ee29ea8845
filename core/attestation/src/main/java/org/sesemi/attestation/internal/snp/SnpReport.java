package org.sesemi.attestation.internal.snp;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * An ATTESTATION_REPORT of versions 2 to 5, field by field, not judged. AMD publication 56860,
 * section 7.3. Integers are little-endian; unsigned ones of eight bytes are kept as they are.
 *
 * @param bytes the whole report
 * @param version its form
 * @param guestSvn security version of the guest, from its ID block
 * @param policy POLICY, see {@link SnpClaims}
 * @param familyId from the ID block
 * @param imageId from the ID block
 * @param vmpl privilege level of the asker, or {@link #HOST} when the host asked
 * @param signatureAlgorithm 1 is ECDSA with P-384 and SHA-384
 * @param currentTcb levels of what runs now
 * @param platformInfo PLATFORM_INFO, see {@link SnpClaims}
 * @param flags AUTHOR_KEY_EN, MASK_CHIP_KEY and SIGNING_KEY
 * @param reportData the asker's bytes
 * @param measurement the launch digest
 * @param hostData the host's bytes, given at launch
 * @param idKeyDigest of the key that signed the ID block
 * @param authorKeyDigest of the key that certified the ID key
 * @param reportId of the guest instance
 * @param reportIdMa of its migration agent
 * @param reportedTcb levels that the signing key is derived from
 * @param cpuid family, model and stepping; from version 3
 * @param chipId identity of the chip, or zero
 * @param committedTcb levels below which the firmware does not go back
 * @param currentVersion build, minor and major of the running firmware
 * @param committedVersion the same of the committed firmware
 * @param launchTcb levels at the guest's launch
 * @param launchMit mitigations at launch; from version 5
 * @param currentMit mitigations now; from version 5
 */
public record SnpReport(
    Bytes bytes,
    long version,
    long guestSvn,
    long policy,
    Bytes familyId,
    Bytes imageId,
    long vmpl,
    long signatureAlgorithm,
    Bytes currentTcb,
    long platformInfo,
    long flags,
    Bytes reportData,
    Bytes measurement,
    Bytes hostData,
    Bytes idKeyDigest,
    Bytes authorKeyDigest,
    Bytes reportId,
    Bytes reportIdMa,
    Bytes reportedTcb,
    Bytes cpuid,
    Bytes chipId,
    Bytes committedTcb,
    Bytes currentVersion,
    Bytes committedVersion,
    Bytes launchTcb,
    long launchMit,
    long currentMit) {

  /** The number of bytes of every version. */
  public static final int LENGTH = 0x4a0;

  /** The number of bytes that are signed. */
  public static final int SIGNED = 0x2a0;

  /** VMPL of a report that the host asked for. */
  public static final long HOST = 0xffff_ffffL;

  private static final int COMPONENT = 72;
  private static final int SIGNIFICANT = 48;
  private static final int SIGNATURE_END = SIGNED + 2 * COMPONENT;
  private static final int CPUID = 0x188;
  private static final int MITIGATIONS = 0x1f8;

  private record Range(int from, int to) {}

  /** {@return the version that bytes say they have} */
  public static long version(Bytes report) {
    return ByteInput.littleEndian(report.toArray(), "the report").u32();
  }

  /** {@return whether the layout of a version is known} */
  public static boolean isKnown(long version) {
    return version >= 2 && version <= 5;
  }

  /**
   * Reads a report of a known version.
   *
   * @throws Unreadable when it has another length or version
   */
  public static SnpReport parse(Bytes report) {
    ByteInput in = ByteInput.littleEndian(report.toArray(), "the report");
    if (in.remaining() != LENGTH || !isKnown(version(report))) {
      throw new Unreadable("the report has not the length, or not a version, of an SNP report");
    }
    long version = in.u32();
    long guestSvn = in.u32();
    long policy = in.u64();
    Bytes familyId = next(in, 16);
    Bytes imageId = next(in, 16);
    long vmpl = in.u32();
    long algorithm = in.u32();
    Bytes currentTcb = next(in, SnpTcb.LENGTH);
    long platformInfo = in.u64();
    long flags = in.u32();
    in.skip(4);
    Bytes reportData = next(in, 64);
    Bytes measurement = next(in, 48);
    Bytes hostData = next(in, 32);
    Bytes idKeyDigest = next(in, 48);
    Bytes authorKeyDigest = next(in, 48);
    Bytes reportId = next(in, 32);
    Bytes reportIdMa = next(in, 32);
    Bytes reportedTcb = next(in, SnpTcb.LENGTH);
    Bytes cpuid = next(in, 3);
    in.skip(21);
    Bytes chipId = next(in, 64);
    Bytes committedTcb = next(in, SnpTcb.LENGTH);
    Bytes currentVersion = next(in, 3);
    in.skip(1);
    Bytes committedVersion = next(in, 3);
    in.skip(1);
    Bytes launchTcb = next(in, SnpTcb.LENGTH);
    return new SnpReport(
        report,
        version,
        guestSvn,
        policy,
        familyId,
        imageId,
        vmpl,
        algorithm,
        currentTcb,
        platformInfo,
        flags,
        reportData,
        measurement,
        hostData,
        idKeyDigest,
        authorKeyDigest,
        reportId,
        reportIdMa,
        reportedTcb,
        cpuid,
        chipId,
        committedTcb,
        currentVersion,
        committedVersion,
        launchTcb,
        in.u64(),
        in.u64());
  }

  /** {@return whether the version tells the processor} */
  public boolean hasCpuid() {
    return version >= 3;
  }

  /** {@return whether the version tells the mitigations} */
  public boolean hasMitigations() {
    return version >= 5;
  }

  /** {@return the product line, when the version tells the processor and it is a known one} */
  public Optional<SnpLine> line() {
    byte[] id = cpuid.toArray();
    return hasCpuid() ? SnpLine.ofCpuid(id[0] & 0xff, id[1] & 0xff) : Optional.empty();
  }

  /** {@return SIGNING_KEY} */
  public int signingKey() {
    return (int) (flags >>> 2) & 7;
  }

  /** {@return whether the host hides the chip's identity} */
  public boolean chipIdMasked() {
    return isZero(chipId.toArray());
  }

  /** {@return where a byte is set that the version reserves, if anywhere} */
  public Optional<String> reservedProblem() {
    if (flags >>> 5 != 0) {
      return Optional.of("reserved bits of the flags at 0x48 are set");
    }
    List<Range> reserved =
        List.of(
            new Range(0x4c, 0x50),
            new Range(hasCpuid() ? CPUID + 3 : CPUID, 0x1a0),
            new Range(0x1eb, 0x1ec),
            new Range(0x1ef, 0x1f0),
            new Range(hasMitigations() ? MITIGATIONS + 16 : MITIGATIONS, SIGNED));
    return reserved.stream().flatMap(range -> nonZero(range).stream()).findFirst();
  }

  /** {@return where a byte beside r and s is set that must be zero, if anywhere} */
  public Optional<String> signatureProblem() {
    List<Range> padding =
        List.of(
            new Range(SIGNED + SIGNIFICANT, SIGNED + COMPONENT),
            new Range(SIGNED + COMPONENT + SIGNIFICANT, SIGNATURE_END),
            new Range(SIGNATURE_END, LENGTH));
    return padding.stream().flatMap(range -> nonZero(range).stream()).findFirst();
  }

  /** {@return what is signed} */
  public byte[] signed() {
    return Arrays.copyOf(bytes.toArray(), SIGNED);
  }

  /** {@return r and s, both big-endian with 48 bytes} */
  public byte[] signature() {
    byte[] all = bytes.toArray();
    byte[] rs = new byte[2 * SIGNIFICANT];
    for (int i = 0; i < SIGNIFICANT; i++) {
      rs[SIGNIFICANT - 1 - i] = all[SIGNED + i];
      rs[2 * SIGNIFICANT - 1 - i] = all[SIGNED + COMPONENT + i];
    }
    return rs;
  }

  private Optional<String> nonZero(Range range) {
    byte[] all = bytes.toArray();
    for (int i = range.from(); i < range.to(); i++) {
      if (all[i] != 0) {
        return Optional.of("the reserved byte at 0x" + Integer.toHexString(i) + " is set");
      }
    }
    return Optional.empty();
  }

  static boolean isZero(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  private static Bytes next(ByteInput in, int length) {
    return Bytes.of(in.bytes(length));
  }
}
