package org.sesemi.attestation.internal.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

class NvidiaSharedCasesTest {

  /** Inside the day for which the revocation responses of hopper-550-with-rims are valid. */
  private static final Instant OCSP_DAY = Instant.parse("2025-08-21T12:00:00Z");

  private static final String FULL = "hopper-550-with-rims";

  /**
   * What is expected of a case.
   *
   * @param name the case
   * @param at the instant at which it is judged
   * @param verdict what comes out
   * @param failing the first check that does not pass, empty when all pass
   */
  private record Case(String name, Instant at, Verdict verdict, String failing) {}

  private static final List<Case> CASES =
      List.of(
          new Case(FULL, OCSP_DAY, Verdict.ACCEPT, ""),
          new Case("hopper-590-json", OCSP_DAY, Verdict.INCOMPLETE, "driver-manifest-form"),
          new Case("hopper-535", OCSP_DAY, Verdict.INCOMPLETE, "driver-manifest-form"),
          new Case("blackwell", OCSP_DAY, Verdict.INCOMPLETE, "driver-manifest-form"),
          new Case("hopper-bad-signature", OCSP_DAY, Verdict.REJECT, "report-signature"),
          new Case("rim-bad-signature", OCSP_DAY, Verdict.REJECT, "driver-manifest-signature"));

  private static Judgement judge(Documents documents, Instant at) {
    return EvidenceVerifier.with(Anchors.pinned())
        .verify(PlatformKind.NVIDIA, documents, Expectation.at(at));
  }

  private static List<String> failed(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == CheckOutcome.FAILED)
        .map(Check::name)
        .toList();
  }

  private static Stream<DynamicTest> full(String name, Consumer<Documents> test) {
    return EvidenceData.documents("nvidia/" + FULL).stream()
        .map(documents -> dynamicTest(name, () -> test.accept(documents)));
  }

  @TestFactory
  Stream<DynamicTest> everyCaseHasItsVerdict() {
    return CASES.stream()
        .flatMap(
            expected ->
                EvidenceData.documents("nvidia/" + expected.name()).stream()
                    .map(
                        documents ->
                            dynamicTest(expected.name(), () -> check(expected, documents))));
  }

  private static void check(Case expected, Documents documents) {
    assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.NVIDIA);
    Judgement judgement = judge(documents, expected.at());
    assertThat(judgement.verdict()).as("%s", judgement.record()).isEqualTo(expected.verdict());
    if (expected.verdict() == Verdict.REJECT) {
      assertThat(failed(judgement)).contains(expected.failing());
    } else {
      assertThat(failed(judgement)).isEmpty();
      assertThat(judgement.record().failing().map(Check::name).orElse(""))
          .isEqualTo(expected.failing());
    }
  }

  @TestFactory
  Stream<DynamicTest> claimsAreThoseOfTheManifest() {
    return full(
        "claims",
        documents -> {
          var claims = judge(documents, OCSP_DAY).claims();
          assertThat(claims.text("driverVersion")).contains("550.90.07");
          assertThat(claims.text("vbiosVersion")).contains("96.00.9F.00.01");
          assertThat(claims.flag("debug")).contains(false);
          assertThat(claims.text("arch")).contains("HOPPER");
          assertThat(claims.text("revocation")).contains("responses for l2, l3, l4");
          assertThat(claims.number("measurementBlocks")).contains(64L);
          assertThat(claims.hex("reportData").map(Bytes::hex))
              .contains("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");
          assertThat(claims.hex("responseNonce").map(Bytes::hex))
              .contains("b4b8a06aaaa35542839388e159d447a5d6f6194998fd86513e2d591ccf640985");
          assertThat(claims.hex("measurement").map(Bytes::length)).contains(48);
          var opaque = claims.group("opaque").orElseThrow();
          assertThat(opaque.hex("vbiosVersion").map(Bytes::hex)).contains("009f009601000000");
          assertThat(opaque.hex("boardId").map(Bytes::hex)).contains("b1030000");
          assertThat(opaque.text("chipSku")).contains("882");
          assertThat(opaque.text("project")).contains("1010");
          assertThat(opaque.text("projectSku")).contains("0200");
          assertThat(opaque.hex("fwid").map(Bytes::hex).orElse("")).startsWith("f5c384aebb57");
        });
  }

  @TestFactory
  Stream<DynamicTest> theEarliestEndIsThatOfTheRevocationResponses() {
    return full(
        "valid until",
        documents ->
            assertThat(judge(documents, OCSP_DAY).validUntil())
                .contains(Instant.parse("2025-08-22T06:47:07Z")));
  }

  /** The boundaries of every dated document, each found with the earlier ones left out. */
  @TestFactory
  Stream<DynamicTest> everyDateIsJudged() {
    return full(
        "dates",
        documents -> {
          rejects(documents, "2025-08-21T06:47:07Z", "ocsp-dates");
          accepts(documents, "2025-08-21T06:47:08Z");
          accepts(documents, "2025-08-22T06:47:07Z");
          rejects(documents, "2025-08-22T06:47:08Z", "ocsp-dates");
          Documents without = withoutOcsp(documents);
          accepts(without, "2024-06-01T02:08:29Z");
          rejects(without, "2024-06-01T02:08:28Z", "driver-manifest-dates");
          accepts(without, "2026-02-22T23:17:58Z");
          rejects(without, "2026-02-22T23:17:59Z", "vbios-manifest-dates");
          rejects(without, "2022-02-28T23:59:59Z", "device-chain-dates");
        });
  }

  private static Documents withoutOcsp(Documents documents) {
    return documents
        .without("ocsp_gpu_l2.b64")
        .without("ocsp_gpu_l3.b64")
        .without("ocsp_gpu_l4.b64");
  }

  private static void accepts(Documents documents, String at) {
    Judgement judgement = judge(documents, Instant.parse(at));
    assertThat(judgement.verdict()).as("%s", judgement.record()).isEqualTo(Verdict.ACCEPT);
  }

  private static void rejects(Documents documents, String at, String check) {
    Judgement judgement = judge(documents, Instant.parse(at));
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement)).contains(check);
  }

  @TestFactory
  Stream<DynamicTest> missingResponsesAreAClaimAndMissingManifestsAreIncomplete() {
    return full(
        "missing",
        documents -> {
          Judgement none = judge(withoutOcsp(documents), OCSP_DAY);
          assertThat(none.verdict()).isEqualTo(Verdict.ACCEPT);
          assertThat(none.claims().text("revocation")).contains("no response supplied");
          for (String rim : List.of("driver_rim.xml", "vbios_rim.xml")) {
            assertThat(judge(documents.without(rim), OCSP_DAY).verdict())
                .isEqualTo(Verdict.INCOMPLETE);
          }
          Judgement without = judge(documents.without("driver_rim.xml"), OCSP_DAY);
          assertThat(without.claims().flag("debug")).isEmpty();
          assertThat(judge(documents.without("report.bin"), OCSP_DAY).verdict())
              .isEqualTo(Verdict.INCOMPLETE);
          assertThat(judge(documents.without("cert_chain.pem"), OCSP_DAY).verdict())
              .isEqualTo(Verdict.REJECT);
        });
  }

  @TestFactory
  Stream<DynamicTest> aStrayByteAfterTheSignatureIsAllowedAndTwoAreNot() {
    return full(
        "stray bytes",
        documents -> {
          UnaryOperator<Bytes> longer =
              bytes -> Bytes.of(java.util.Arrays.copyOf(bytes.toArray(), bytes.length() + 1));
          Bytes one = longer.apply(documents.get("report.bin").orElseThrow());
          assertThat(judge(documents.with("report.bin", one), OCSP_DAY).verdict())
              .isEqualTo(Verdict.ACCEPT);
          Judgement two = judge(documents.with("report.bin", longer.apply(one)), OCSP_DAY);
          assertThat(failed(two)).containsExactly("report-form");
        });
  }

  @TestFactory
  Stream<DynamicTest> swappedDocumentsAreNotAccepted() {
    return full(
        "swaps",
        documents -> {
          for (String other : List.of("hopper-535", "blackwell", "rim-bad-signature")) {
            Optional<Documents> from = EvidenceData.documents("nvidia/" + other);
            if (from.isEmpty()) {
              continue;
            }
            for (String name : new TreeSet<>(from.get().names())) {
              Documents swapped = documents.with(name, from.get().get(name).orElseThrow());
              assertThat(judge(swapped, OCSP_DAY).verdict())
                  .as("%s of %s", name, other)
                  .isEqualTo(Verdict.REJECT);
            }
          }
          Documents crossed =
              documents
                  .with("driver_rim.xml", documents.get("vbios_rim.xml").orElseThrow())
                  .with("vbios_rim.xml", documents.get("driver_rim.xml").orElseThrow());
          assertThat(failed(judge(crossed, OCSP_DAY))).contains("driver-version", "vbios-version");
          Documents levels =
              documents.with("ocsp_gpu_l2.b64", documents.get("ocsp_gpu_l3.b64").orElseThrow());
          assertThat(failed(judge(levels, OCSP_DAY))).contains("ocsp-response");
        });
  }

  @TestFactory
  Stream<DynamicTest> theNonceIsCompared() {
    return full(
        "nonce",
        documents -> {
          Bytes nonce =
              Bytes.parse("931d8dd0add203ac3d8b4fbde75e115278eefcdceac5b87671a748f32364dfcb");
          EvidenceVerifier verifier = EvidenceVerifier.with(Anchors.pinned());
          assertThat(
                  verifier
                      .verify(documents, new Expectation(OCSP_DAY, Optional.of(nonce)))
                      .verdict())
              .isEqualTo(Verdict.ACCEPT);
          byte[] wrong = nonce.toArray();
          wrong[31] ^= 1;
          assertThat(
                  failed(
                      verifier.verify(
                          documents, new Expectation(OCSP_DAY, Optional.of(Bytes.of(wrong))))))
              .containsExactly("nonce");
        });
  }

  @TestFactory
  Stream<DynamicTest> theContainerNamesTheNonceAndTheArchitecture() {
    return EvidenceData.documents("nvidia/hopper-590-json").stream()
        .map(
            documents ->
                dynamicTest(
                    "container",
                    () -> {
                      assertThat(judge(documents, OCSP_DAY).claims().get("arch"))
                          .contains(new ClaimValue.Text("HOPPER"));
                      String json =
                          new String(
                              documents.get("evidence.json").orElseThrow().toArray(),
                              java.nio.charset.StandardCharsets.US_ASCII);
                      assertThat(failed(judge(container(json, "e97b23", "e97b24"), OCSP_DAY)))
                          .containsExactly("declared-nonce");
                      assertThat(failed(judge(container(json, "HOPPER", "BLACKWELL"), OCSP_DAY)))
                          .containsExactly("report-form");
                    }));
  }

  private static Documents container(String json, String from, String to) {
    return new Documents(
        java.util.Map.of(
            "evidence.json",
            Bytes.of(json.replace(from, to).getBytes(java.nio.charset.StandardCharsets.US_ASCII))));
  }
}
