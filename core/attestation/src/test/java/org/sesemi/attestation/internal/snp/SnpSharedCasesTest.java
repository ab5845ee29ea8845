package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.wire.Verdict;

/** Reports of real machines, each with what its manifest says of it. */
class SnpSharedCasesTest {

  /** Where the fields of a report begin, and where it ends. */
  private static final List<Integer> FIELDS =
      List.of(
          0, 4, 8, 16, 32, 48, 52, 56, 64, 72, 76, 80, 144, 192, 224, 272, 320, 352, 384, 392, 395,
          416, 480, 488, 491, 492, 495, 496, 504, 512, 520, 672, 720, 744, 792, 816, 1184);

  /** What a manifest says: an instant inside the validity, and its two ends. */
  private record Case(String name, String at, String from, String to, Map<String, Object> claims) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "milan-v2-debug",
              "2025-06-01T00:00:00Z",
              "2022-09-24T00:55:28Z",
              "2029-09-24T00:55:28Z",
              Map.of(
                  "version",
                  2L,
                  "policy",
                  0xb0000L,
                  "debug",
                  true,
                  "vmpl",
                  0L,
                  "platformInfo",
                  1L,
                  "measurement",
                  "b07af9620f3b839b47996422ddec6058338951d984e312115131ea82705eaf5b"
                      + "6bdf8a9ece31a5a608eb0cf2e4872b01",
                  "reportedTcb",
                  "2 0 5 68",
                  "tcb",
                  "0200000000000544",
                  "currentVer",
                  "1.49.3",
                  "provisionalFirmware",
                  false)),
          new Case(
              "milan-v2",
              "2025-06-01T00:00:00Z",
              "2023-04-03T19:23:43Z",
              "2030-04-03T19:23:43Z",
              Map.of(
                  "version", 2L,
                  "policy", 0x30000L,
                  "debug", false,
                  "signer", "VCEK",
                  "reportId", "92b3b47d59f0a2a10a74c5678868a80238cf593c01a82f3cffb878e904c28d5b",
                  "reportedTcb", "3 0 8 115",
                  "tcb", "0300000000000873",
                  "currentVer", "1.52.4")),
          new Case(
              "milan-v2-azure",
              "2025-06-01T00:00:00Z",
              "2023-01-24T17:58:26Z",
              "2030-01-24T17:58:26Z",
              Map.of(
                  "guestSvn",
                  4L,
                  "policy",
                  0x3001fL,
                  "idKeyDigest",
                  "0356215882a825279a85b300b0b742931d113bf7e32dde2e50ffde7ec743ca49"
                      + "1ecdd7f336dc28a6e0b2bb57af7a44a3",
                  "reportedTcb",
                  "3 0 8 115",
                  "currentTcb",
                  "3 0 8 206",
                  "committedTcb",
                  "3 0 8 115",
                  "provisionalFirmware",
                  true)),
          new Case(
              "milan-v3-vlek-aws",
              "2025-06-01T00:00:00Z",
              "2024-12-10T22:14:21Z",
              "2025-12-10T22:14:21Z",
              Map.of(
                  "version",
                  3L,
                  "vmpl",
                  1L,
                  "signer",
                  "VLEK",
                  "flags",
                  4L,
                  "platformInfo",
                  0x27L,
                  "chipIdMasked",
                  true,
                  "reportedTcb",
                  "4 0 24 217",
                  "currentTcb",
                  "4 0 24 220",
                  "cpuidFms",
                  "190101",
                  "productLine",
                  "Milan")),
          new Case(
              "genoa-v5",
              "2026-01-01T00:00:00Z",
              "2025-08-07T17:21:41Z",
              "2032-08-07T17:21:41Z",
              Map.of(
                  "version", 5L,
                  "platformInfo", 0x25L,
                  "cpuidFms", "191101",
                  "reportedTcb", "10 0 25 84",
                  "tcb", "0a00000000001954",
                  "currentVer", "1.55.43",
                  "launchMit", 1L,
                  "currentMit", 1L,
                  "productLine", "Genoa")),
          new Case(
              "turin-v5",
              "2026-01-01T00:00:00Z",
              "2025-07-17T17:04:46Z",
              "2032-07-17T17:04:46Z",
              Map.of(
                  "version", 5L,
                  "platformInfo", 0x67L,
                  "cpuidFms", "1a0201",
                  "reportedTcb", "1 0 2 71 0",
                  "tcb", "0001000200000047",
                  "chipId", "3b42092f69c656d3" + "00".repeat(56),
                  "currentVer", "1.55.61",
                  "productLine", "Turin")));

  @TestFactory
  Stream<DynamicTest> genuineReportsAreAcceptedWithTheirClaims() {
    return each(
        (one, documents) -> {
          assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.SNP);
          Judgement judgement = judge(documents, one.at());
          assertThat(judgement.record().failing()).isEmpty();
          assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
          assertThat(judgement.validUntil()).contains(Instant.parse(one.to()));
          assertThat(judgement.claims().text("revocation")).contains("no list supplied");
          one.claims()
              .forEach(
                  (name, value) ->
                      assertThat(shown(judgement.claims(), name))
                          .as(name)
                          .isEqualTo(value.toString()));
        });
  }

  @TestFactory
  Stream<DynamicTest> genuineReportsAreRefusedOutsideTheirValidity() {
    return each(
        (one, documents) -> {
          Instant from = Instant.parse(one.from());
          Instant to = Instant.parse(one.to());
          assertThat(judge(documents, from.toString()).verdict()).isEqualTo(Verdict.ACCEPT);
          assertThat(judge(documents, to.toString()).verdict()).isEqualTo(Verdict.ACCEPT);
          for (Instant outside :
              List.of(from.minusSeconds(1), to.plusSeconds(1), to.plus(Duration.ofDays(9999)))) {
            SnpAssert.refused(judge(documents, outside.toString()), SnpStep.CERTIFICATE_DATES);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> changedBytesOfAGenuineReportAreRefused() {
    int start = Property.random("first of every 16th byte of genuine SNP reports").nextInt(16);
    IntStream edges =
        FIELDS.stream()
            .flatMapToInt(field -> IntStream.of(field, field - 1))
            .filter(i -> i >= 0 && i < SnpReport.LENGTH);
    IntStream grid = IntStream.iterate(start, position -> position < SnpReport.LENGTH, i -> i + 16);
    int[] positions = IntStream.concat(edges, grid).distinct().sorted().toArray();
    return each(
        (one, documents) -> {
          for (int i : positions) {
            Judgement judgement = judge(EvidenceData.flipped(documents, "report.bin", i), one.at());
            assertThat(judgement.verdict()).as("byte " + i).isNotEqualTo(Verdict.ACCEPT);
            assertThat(judgement.record().failing()).as("byte " + i).isPresent();
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> certificatesOfOtherCasesAreRefused() {
    return each(
        (one, documents) -> {
          for (Case other : CASES) {
            String name = documents.get("vlek.der").isPresent() ? "vlek.der" : "vcek.der";
            Documents its = EvidenceData.documents("snp/" + other.name()).orElseThrow();
            String itsName = its.get("vlek.der").isPresent() ? "vlek.der" : "vcek.der";
            if (!other.name().equals(one.name())) {
              Judgement judgement =
                  judge(documents.with(name, its.get(itsName).orElseThrow()), one.at());
              SnpAssert.failed(judgement, SnpStep.REPORT_SIGNATURE);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> forgedCertificatesFailInChainAndSignature() {
    return Stream.of("vcek-wrong-legacy.der", "vcek-wrong-new.der")
        .flatMap(
            forged ->
                EvidenceData.documents("snp/milan-v2-azure").stream()
                    .map(
                        documents ->
                            DynamicTest.dynamicTest(
                                forged,
                                () -> {
                                  Judgement judgement =
                                      judge(
                                          documents.with(
                                              "vcek.der", documents.get(forged).orElseThrow()),
                                          "2025-06-01T00:00:00Z");
                                  SnpAssert.refused(judgement, SnpStep.CERTIFICATE_CHAIN);
                                  SnpAssert.failed(judgement, SnpStep.REPORT_SIGNATURE);
                                })));
  }

  private interface Body {
    void check(Case one, Documents documents);
  }

  private static Stream<DynamicTest> each(Body body) {
    return CASES.stream()
        .flatMap(
            one ->
                EvidenceData.documents("snp/" + one.name()).stream()
                    .map(
                        documents ->
                            DynamicTest.dynamicTest(one.name(), () -> body.check(one, documents))));
  }

  private static Judgement judge(Documents documents, String at) {
    return EvidenceVerifier.with(Anchors.pinned())
        .verify(PlatformKind.SNP, documents, Expectation.at(Instant.parse(at)));
  }

  private static String shown(ClaimSet claims, String name) {
    return SnpAssert.shown(claims.get(name).orElseThrow());
  }
}
