package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Rules about the report itself, one wrong value at a time. */
class SnpReportChecksTest {

  private static final List<String> LINES = List.of("Milan", "Genoa", "Turin");

  private static final BigInteger ORDER =
      new BigInteger(
          "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
              + "581a0db248b0a77aecec196accc52973",
          16);

  @Test
  void everyLineVersionAndKeyIsAccepted() {
    for (String line : LINES) {
      for (int version = 2; version <= 5; version++) {
        accepted(SnpScene.vcek(line, version).judge());
        accepted(SnpScene.vlek(line, version).judge());
      }
    }
  }

  @Test
  void everyTruncationIsRefused() {
    SnpScene scene = SnpScene.vcek();
    Documents documents = scene.documents();
    byte[] report = documents.get("report.bin").orElseThrow().toArray();
    for (int length = 0; length < report.length; length++) {
      Documents cut = documents.with("report.bin", Bytes.of(Arrays.copyOf(report, length)));
      SnpAssert.refused(scene.judge(cut), SnpStep.REPORT_LENGTH);
    }
    Documents longer =
        documents.with("report.bin", Bytes.of(Arrays.copyOf(report, report.length + 1)));
    SnpAssert.refused(scene.judge(longer), SnpStep.REPORT_LENGTH);
  }

  @Test
  void withoutReportNothingIsDecided() {
    Judgement judgement = SnpScene.vcek().without("report.bin").judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judgement.failure()).contains(Code.INCOMPLETE);
  }

  @Test
  void unknownVersionsAreRefused() {
    for (int version : new int[] {0, 1, 6, 7, 255, 256, 0x02000000, -1}) {
      SnpAssert.refused(
          SnpScene.vcek().report(r -> r.version(version)).judge(), SnpStep.REPORT_VERSION);
    }
  }

  @Test
  void reservedBytesOfEveryVersionAreZero() {
    for (int version = 2; version <= 5; version++) {
      byte[] report = SnpScene.vcek("Milan", version).signedReport();
      for (int i = 0; i < SnpReport.SIGNED; i++) {
        byte[] changed = report.clone();
        changed[i] |= (byte) 0x80;
        if (i == 0x48) {
          assertThat(problem(changed)).as("flags").isTrue();
        } else if (i > 3) {
          assertThat(problem(changed)).as("byte " + i).isEqualTo(isReserved(version, i));
        }
      }
    }
  }

  private static boolean problem(byte[] report) {
    return SnpReport.parse(Bytes.of(report)).reservedProblem().isPresent();
  }

  /** A second writing of the table of AMD publication 56860. */
  private static boolean isReserved(int version, int i) {
    boolean cpuid = i >= 392 && i < 395;
    boolean mitigations = i >= 504 && i < 520;
    return (i >= 73 && i < 80)
        || (cpuid && version < 3)
        || (i >= 395 && i < 416)
        || i == 491
        || i == 495
        || (mitigations && version < 5)
        || i >= 520;
  }

  @Test
  void reservedFieldsAreJudged() {
    for (int offset : new int[] {0x4c, 0x18b, 0x19f, 0x1eb, 0x1ef, 0x1f8, 0x208, 0x29f}) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek("Milan", 4).report(r -> r.bytes(offset, new byte[] {1})).judge(),
          SnpStep.RESERVED_FIELDS);
    }
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Milan", 2).report(r -> r.cpuid(0x19, 1, 1)).judge(),
        SnpStep.RESERVED_FIELDS);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().report(r -> r.u32(0x48, 0x20)).judge(), SnpStep.RESERVED_FIELDS);
  }

  @Test
  void onlyTheSpecifiedAlgorithmIsAccepted() {
    for (int algorithm : new int[] {0, 2, -1}) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().report(r -> r.algorithm(algorithm)).judge(), SnpStep.SIGNATURE_ALGORITHM);
    }
  }

  @Test
  void reportsThatNoEndorsementKeySignedAreRefused() {
    for (int key = 2; key <= 7; key++) {
      int value = key;
      SnpAssert.refused(
          SnpScene.vcek().report(r -> r.signingKey(value)).judge(), SnpStep.SIGNING_KEY);
    }
  }

  @Test
  void privilegeLevelIsOneThatExists() {
    for (int vmpl : new int[] {0, 1, 2, 3, -1}) {
      Judgement judgement = SnpScene.vcek().report(r -> r.vmpl(vmpl)).judge();
      accepted(judgement);
      assertThat(judgement.claims().number("vmpl")).contains(vmpl & 0xffff_ffffL);
    }
    for (int vmpl : new int[] {4, 255, 0x7fffffff, -2}) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().report(r -> r.vmpl(vmpl)).judge(), SnpStep.VMPL_RANGE);
    }
  }

  @Test
  void reservedBitsOfTheGuestPolicyAreFixed() {
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().report(r -> r.policy(0x10000)).judge(), SnpStep.GUEST_POLICY_BITS);
    for (int bit = 26; bit < 64; bit++) {
      long policy = 0x30000 | (1L << bit);
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().report(r -> r.policy(policy)).judge(), SnpStep.GUEST_POLICY_BITS);
    }
    accepted(SnpScene.vcek().report(r -> r.policy(0x3ffffff)).judge());
  }

  @Test
  void noLevelIsAboveTheCurrentOne() {
    for (String line : LINES) {
      for (SnpLevels higher : higher(line)) {
        SnpAssert.refused(
            SnpScene.vcek(line, 5).report(r -> r.reportedTcb(higher)).judge(),
            SnpStep.REPORTED_TCB);
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek(line, 5).report(r -> r.committedTcb(higher)).judge(),
            SnpStep.COMMITTED_TCB);
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek(line, 5).report(r -> r.launchTcb(higher)).judge(), SnpStep.LAUNCH_TCB);
      }
    }
  }

  /** Each has one level above the scene's, and every other one below. */
  private static List<SnpLevels> higher(String line) {
    List<SnpLevels> common =
        List.of(
            new SnpLevels(0, 5, 0, 23, 216),
            new SnpLevels(0, 3, 1, 23, 216),
            new SnpLevels(0, 3, 0, 25, 216),
            new SnpLevels(0, 3, 0, 23, 218));
    return line.equals("Turin")
        ? Stream.concat(common.stream(), Stream.of(new SnpLevels(2, 3, 0, 23, 216))).toList()
        : common;
  }

  @Test
  void committedVersionIsNotAboveTheCurrentOne() {
    for (int[] version : new int[][] {{1, 55, 30}, {1, 56, 0}, {2, 0, 0}}) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek()
              .report(r -> r.committedVersion(version[0], version[1], version[2]))
              .judge(),
          SnpStep.COMMITTED_TCB);
    }
    accepted(SnpScene.vcek().report(r -> r.committedVersion(1, 54, 255)).judge());
  }

  @Test
  void firmwareThatCanGoBackIsAClaim() {
    assertThat(SnpScene.vcek().judge().claims().flag("provisionalFirmware")).contains(false);
    Judgement levels =
        SnpScene.vcek().report(r -> r.currentTcb(new SnpLevels(1, 4, 0, 24, 218))).judge();
    accepted(levels);
    assertThat(levels.claims().flag("provisionalFirmware")).contains(true);
    Judgement version = SnpScene.vcek().report(r -> r.committedVersion(1, 55, 28)).judge();
    accepted(version);
    assertThat(version.claims().flag("provisionalFirmware")).contains(true);
  }

  @Test
  void bytesBesideTheSignatureAreZero() {
    for (int offset : new int[] {0x2a0 + 48, 0x2a0 + 71, 0x2e8 + 48, 0x2e8 + 71, 0x330, 0x49f}) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek()
              .signed(
                  report -> {
                    report[offset] = 1;
                    return report;
                  })
              .judge(),
          SnpStep.SIGNATURE_FORM);
    }
  }

  @Test
  void signatureNumbersAreInRange() {
    for (BigInteger value :
        List.of(BigInteger.ZERO, ORDER, BigInteger.ONE.shiftLeft(384).subtract(BigInteger.ONE))) {
      for (int offset : new int[] {0x2a0, 0x2e8}) {
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek().signed(report -> withNumber(report, offset, value)).judge(),
            SnpStep.REPORT_SIGNATURE);
      }
    }
  }

  @Test
  void theOtherFormOfASignatureIsAccepted() {
    accepted(
        SnpScene.vcek()
            .signed(report -> withNumber(report, 0x2e8, ORDER.subtract(number(report, 0x2e8))))
            .judge());
  }

  @Test
  void anotherKeyOrCurveIsRefused() {
    SnpScene scene = SnpScene.vcek();
    Documents documents = scene.documents();
    byte[] forged = scene.keys(Authority.ecKeys("secp384r1")).signedReport();
    SnpAssert.refusedOnlyFor(
        scene.judge(documents.with("report.bin", Bytes.of(forged))), SnpStep.REPORT_SIGNATURE);
    SnpScene other = SnpScene.vcek().keys(Authority.ecKeys("secp256r1"));
    SnpAssert.refusedOnlyFor(other.judge(), SnpStep.REPORT_SIGNATURE);
  }

  @Tag("exhaustive")
  @Test
  void everyByteOfAReportCounts() {
    Property.check(
        "every changed byte of an SNP report is refused by name",
        2,
        random -> {
          String line = LINES.get(random.nextInt(3));
          int version = random.nextInt(2, 6);
          SnpScene scene =
              random.nextBoolean() ? SnpScene.vcek(line, version) : SnpScene.vlek(line, version);
          Documents documents = scene.documents();
          byte[] report = documents.get("report.bin").orElseThrow().toArray();
          for (int i = 0; i < report.length; i++) {
            byte[] changed = report.clone();
            changed[i] ^= (byte) (1 << random.nextInt(8));
            Judgement judgement = scene.judge(documents.with("report.bin", Bytes.of(changed)));
            assertThat(judgement.verdict()).as("byte " + i).isNotEqualTo(Verdict.ACCEPT);
            assertThat(judgement.record().failing()).as("byte " + i).isPresent();
          }
        });
  }

  @Test
  void reportDataIsComparedWithTheNonce() {
    byte[] nonce = new byte[32];
    Arrays.fill(nonce, (byte) 7);
    byte[] data = Arrays.copyOf(nonce, 64);
    accepted(SnpScene.vcek().report(r -> r.reportData(data)).nonce(nonce).judge());
    accepted(SnpScene.vcek().report(r -> r.reportData(data)).nonce(data).judge());
    SnpAssert.refusedOnlyFor(SnpScene.vcek().nonce(nonce).judge(), SnpStep.NONCE);
    for (int changed : new int[] {0, 31, 32, 63}) {
      byte[] other = data.clone();
      other[changed] ^= 1;
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().report(r -> r.reportData(other)).nonce(nonce).judge(), SnpStep.NONCE);
    }
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().report(r -> r.reportData(data)).nonce(Arrays.copyOf(nonce, 65)).judge(),
        SnpStep.NONCE);
  }

  @Test
  void withoutNonceNothingIsSaidAboutIt() {
    assertThat(SnpScene.vcek().judge().record().checks())
        .noneMatch(check -> check.name().equals("nonce"));
  }

  private static BigInteger number(byte[] report, int offset) {
    byte[] big = new byte[48];
    for (int i = 0; i < 48; i++) {
      big[47 - i] = report[offset + i];
    }
    return new BigInteger(1, big);
  }

  private static byte[] withNumber(byte[] report, int offset, BigInteger value) {
    for (int i = 0; i < 48; i++) {
      report[offset + i] = value.shiftRight(8 * i).byteValue();
    }
    return report;
  }

  private static void accepted(Judgement judgement) {
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }
}
