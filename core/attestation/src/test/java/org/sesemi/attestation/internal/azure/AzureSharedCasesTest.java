package org.sesemi.attestation.internal.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Anchors;
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

/** Evidence of Azure machines, each with the verdict and the claims that its manifest states. */
class AzureSharedCasesTest {

  /** What a manifest says: instants inside and at the ends of validity, nonce, claims. */
  private record Case(
      String name, String at, String from, String to, String nonce, Map<String, String> claims) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "snp-v1",
              "2026-01-01T00:00:00Z",
              "2025-01-28T16:26:55Z",
              "2032-01-28T16:26:55Z",
              "6368616c6c656e6765",
              Map.of(
                  "hardware",
                  "snp",
                  "measurement",
                  "6a063be9dd79f6371c842e480f8dc3b5c725961344e57130e88c5adf49e8f7f6"
                      + "c79b75a5eb77fc769959f4aeb2f9401e",
                  "pcr4",
                  "eee70c86ea856a27719a2127d6090f02e100e2947c16a0d6a355f7294382992f",
                  "runtimeDataSha256",
                  "af2910341dd8108360e485f1b72494255190b9cdd5ccb44b73b883037cf99f21",
                  "vmUniqueId",
                  "26F8BC30-774E-4290-8E7A-535F3B672AEE",
                  "userData",
                  "00".repeat(64))),
          new Case(
              "snp-v2-user-data",
              "2026-01-01T00:00:00Z",
              "2025-01-28T16:33:43Z",
              "2032-01-28T16:33:43Z",
              "982f5c6e45df0ed3f10b6f60b02f0c8390e281300f3805e2279c16168cd6ae9a"
                  + "a398f647caa2338748cd0fd9f5f819ef",
              Map.of(
                  "hardware",
                  "snp",
                  "pcr7",
                  "f014e5cbfa297ee787a976abc51bc1d67e23e1b9e4a60128a1106dd0adef0c5b",
                  "runtimeDataSha256",
                  "cf7cc0731c50f64876804b3943b2bfbd93dba69f5928e3df223e78ff34dd46ee",
                  "userData",
                  "982f5c6e45df0ed3f10b6f60b02f0c8390e281300f3805e2279c16168cd6ae9a"
                      + "a398f647caa2338748cd0fd9f5f819ef00000000000000000000000000000000")),
          new Case(
              "snp-live",
              "2026-01-01T00:00:00Z",
              "2025-01-23T19:38:01Z",
              "2032-01-23T19:38:01Z",
              "6174746573746174696f6e2d746573742d66697874757265",
              Map.of(
                  "hardware",
                  "snp",
                  "reportId",
                  "7efe2f17f60b9c88cc51c0e271cfd006fa0d4556819b72f948a9ecc1a6e00bce",
                  "runtimeDataSha256",
                  "094f612be41d84ea09ac048e067568272608943c9937f6c714049b7c26baca0f")),
          new Case(
              "tdx-v1",
              "2025-07-01T00:00:00Z",
              "2025-06-19T10:00:35Z",
              "2025-07-04T09:40:18Z",
              "6368616c6c656e6765",
              Map.of(
                  "hardware",
                  "tdx",
                  "runtimeDataSha256",
                  "9734504f161d104c74e3165c15f779b06a9bb40dfa71937817d7eee68e593839")));

  @TestFactory
  Stream<DynamicTest> genuineEvidenceIsAcceptedWithItsClaims() {
    return each(
        (one, documents) -> {
          assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.AZURE_VTPM);
          Judgement judgement = judge(documents, Instant.parse(one.at()), Optional.of(one.nonce()));
          assertThat(judgement.record().failing()).isEmpty();
          assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
          assertThat(judgement.claims().flag("secureBoot")).contains(true);
          assertThat(judgement.claims().flag("consoleEnabled")).contains(true);
          assertThat(judgement.claims().flag("debug")).contains(false);
          assertThat(judgement.claims().hex("reportData").map(Bytes::hex)).contains(one.nonce());
          one.claims()
              .forEach(
                  (name, value) ->
                      assertThat(
                              judgement
                                  .claims()
                                  .hex(name)
                                  .map(Bytes::hex)
                                  .or(() -> judgement.claims().text(name)))
                          .as(name)
                          .contains(value));
          boolean tdx = one.name().startsWith("tdx");
          assertThat(judgement.tcbStatus())
              .isEqualTo(tdx ? Optional.of("OutOfDate") : Optional.empty());
          assertThat(judgement.advisories())
              .isEqualTo(
                  tdx ? List.of("INTEL-SA-00960", "INTEL-SA-00982", "INTEL-SA-00986") : List.of());
          assertThat(judgement.validUntil()).contains(Instant.parse(one.to()));
          assertThat(judgement.record().checks().stream().map(Check::name))
              .anyMatch(name -> name.startsWith(tdx ? "tdx-" : "snp-"));
        });
  }

  @TestFactory
  Stream<DynamicTest> genuineEvidenceIsRefusedOutsideItsValidity() {
    return each(
        (one, documents) -> {
          for (String inside : List.of(one.from(), one.to())) {
            assertThat(judge(documents, Instant.parse(inside), Optional.empty()).verdict())
                .isEqualTo(Verdict.ACCEPT);
          }
          for (Instant outside :
              List.of(
                  Instant.parse(one.from()).minusSeconds(1),
                  Instant.parse(one.to()).plusSeconds(1))) {
            Judgement judgement = judge(documents, outside, Optional.empty());
            assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
            assertThat(failed(judgement)).allMatch(name -> name.endsWith("dates"));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> anotherNonceIsRefused() {
    return each(
        (one, documents) -> {
          Judgement judgement = judge(documents, Instant.parse(one.at()), Optional.of("01"));
          assertThat(failed(judgement)).containsExactly("nonce");
        });
  }

  @TestFactory
  Stream<DynamicTest> partsOfOtherEvidenceAreRefused() {
    return each(
        (one, documents) -> {
          for (Case other : CASES) {
            if (other.name().equals(one.name())) {
              continue;
            }
            for (String member : List.of("hcl_report", "vcek", "td_quote", "message")) {
              String json = text(documents);
              Documents its = EvidenceData.documents("azure-vtpm/" + other.name()).orElseThrow();
              Optional<String> mine = member(json, member);
              Optional<String> theirs = member(text(its), member);
              if (mine.isPresent() && theirs.isPresent()) {
                Documents changed =
                    documents.with(
                        "evidence.json",
                        Bytes.of(
                            json.replace(mine.get(), theirs.get())
                                .getBytes(StandardCharsets.UTF_8)));
                assertThat(judge(changed, Instant.parse(one.at())).verdict())
                    .as(member + " of " + other.name())
                    .isEqualTo(Verdict.REJECT);
              }
            }
          }
        });
  }

  private static String text(Documents documents) {
    return new String(
        documents.get("evidence.json").orElseThrow().toArray(), StandardCharsets.UTF_8);
  }

  private static Optional<String> member(String json, String name) {
    int at = json.indexOf("\"" + name + "\"");
    if (at < 0) {
      return Optional.empty();
    }
    int from = json.indexOf('"', json.indexOf(':', at)) + 1;
    return Optional.of(json.substring(from, json.indexOf('"', from)));
  }

  private interface Body {
    void check(Case one, Documents documents);
  }

  private static Stream<DynamicTest> each(Body body) {
    return CASES.stream()
        .flatMap(
            one ->
                EvidenceData.documents("azure-vtpm/" + one.name()).stream()
                    .map(documents -> dynamicTest(one.name(), () -> body.check(one, documents))));
  }

  private static Judgement judge(Documents documents, Instant at) {
    return judge(documents, at, Optional.empty());
  }

  private static Judgement judge(Documents documents, Instant at, Optional<String> nonce) {
    return EvidenceVerifier.with(Anchors.pinned())
        .verify(
            PlatformKind.AZURE_VTPM,
            documents,
            new Expectation(at, nonce.map(hex -> Bytes.of(HexFormat.of().parseHex(hex)))));
  }

  private static List<String> failed(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == CheckOutcome.FAILED)
        .map(Check::name)
        .toList();
  }
}
