package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Evidence of real machines, when it is there: each case has the verdict that it deserves. */
class SharedEvidenceTest {

  private static final System.Logger LOGGER = System.getLogger(SharedEvidenceTest.class.getName());
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void casesAreCounted() {
    List<EvidenceCase> cases = EvidenceCase.all();
    Map<String, Integer> perPlatform = new TreeMap<>();
    cases.forEach(each -> perPlatform.merge(each.platform().text(), 1, Integer::sum));
    LOGGER.log(Level.INFO, "evidence cases: {0} {1}", cases.size(), perPlatform);
    if (EvidenceData.folder().isPresent()) {
      assertThat(perPlatform).hasSize(8);
      assertThat(cases).hasSizeGreaterThanOrEqualTo(40);
    }
  }

  @TestFactory
  List<DynamicTest> everyCaseHasItsVerdict() {
    return each(
        evidence -> {
          Judgement judgement = evidence.judge(evidence.documents());
          assertThat(judgement.verdict())
              .as(() -> String.join("\n", objections(judgement)))
              .isEqualTo(evidence.verdict());
          if (evidence.verdict() == Verdict.ACCEPT) {
            evidence.tcbStatus().ifPresent(s -> assertThat(judgement.tcbStatus()).contains(s));
            if (evidence.tcbStatus().isPresent()) {
              assertThat(judgement.advisories()).isEqualTo(evidence.advisories());
            }
            assertThat(judgement.validUntil().isPresent()).isEqualTo(isDated(evidence));
          }
        });
  }

  @TestFactory
  List<DynamicTest> everyCaseClaimsWhatItsManifestSays() {
    return each(
        evidence -> {
          Map<String, String> flat = new TreeMap<>();
          flatten(evidence.judge(evidence.documents()).claims(), flat);
          evidence
              .expected()
              .forEach(
                  (name, value) -> {
                    String claim = camelCase(name.substring(name.lastIndexOf('.') + 1));
                    // In a nested part the caller's bytes are those of that part.
                    boolean anothers = name.contains(".") && claim.equals("reportData");
                    if (!anothers && flat.containsKey(claim) && value.matches("([0-9a-f]{2})+")) {
                      assertThat(flat.get(claim)).as(claim).isEqualTo(value);
                    }
                  });
          if (evidence.platform() != PlatformKind.NVIDIA) {
            // A GPU's report says nothing of it unless a reference manifest explains it.
            assertThat(flat).containsKeys("debug");
          }
        });
  }

  @TestFactory
  List<DynamicTest> everyAcceptedCaseIsRejectedOutsideItsWindow() {
    return each(
        evidence -> {
          if (evidence.verdict() == Verdict.ACCEPT && isDated(evidence)) {
            Instant end =
                evidence.judge(evidence.documents()).validUntil().orElseThrow().plus(SECOND);
            rejected(evidence, end);
            rejected(evidence, Instant.parse("2001-01-01T00:00:00Z"));
            evidence.windowStart().ifPresent(start -> rejected(evidence, start.minus(SECOND)));
            evidence.windowEnd().ifPresent(last -> rejected(evidence, last.plus(SECOND)));
            if (evidence.platform() != PlatformKind.NITRO) {
              // A Nitro document says itself when it was made, which is later than its certificate.
              evidence.windowStart().ifPresent(start -> accepted(evidence, start.plus(SECOND)));
            }
          }
        });
  }

  @TestFactory
  List<DynamicTest> aMissingDocumentIsNeverAccepted() {
    return each(
        evidence -> {
          for (String name : evidence.documents().names()) {
            if (OPTIONAL.contains(name)) {
              continue;
            }
            Verdict verdict = evidence.judge(evidence.documents().without(name)).verdict();
            assertThat(verdict).as("without " + name).isNotEqualTo(Verdict.ACCEPT);
          }
        });
  }

  /** What adds to a case without being needed to judge it. */
  private static final List<String> OPTIONAL =
      List.of(
          "expected_claims.json",
          "nonce.bin",
          "ccel_data.bin",
          "vcek-wrong-legacy.der",
          "vcek-wrong-new.der",
          "tls_certificate.der",
          "certificate.pem",
          "ak.pem",
          "ek_root.pem",
          "ek_issuer.pem",
          // The anchors hold the same key.
          "platform_key.pem",
          "ocsp_gpu_l2.b64",
          "ocsp_gpu_l3.b64",
          "ocsp_gpu_l4.b64");

  @TestFactory
  List<DynamicTest> anotherNonceIsRejected() {
    return each(
        evidence -> {
          Bytes nonce = Bytes.of(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
          Judgement judgement =
              evidence
                  .verifier()
                  .verify(
                      evidence.platform(),
                      evidence.documents(),
                      new Expectation(evidence.at(), java.util.Optional.of(nonce)));
          assertThat(judgement.verdict()).isNotEqualTo(Verdict.ACCEPT);
        });
  }

  @TestFactory
  List<DynamicTest> everyCaseIsRecognised() {
    return each(
        evidence ->
            assertThat(EvidenceVerifier.detect(evidence.documents()))
                .contains(evidence.platform()));
  }

  /** A token of Arm names no dates, and the bare key that endorses it has none. */
  private static boolean isDated(EvidenceCase evidence) {
    return evidence.platform() != PlatformKind.CCA;
  }

  private static void rejected(EvidenceCase evidence, Instant at) {
    assertThat(evidence.judge(evidence.documents(), at).verdict())
        .as("at " + at)
        .isEqualTo(Verdict.REJECT);
  }

  private static void accepted(EvidenceCase evidence, Instant at) {
    assertThat(evidence.judge(evidence.documents(), at).verdict())
        .as("at " + at)
        .isEqualTo(Verdict.ACCEPT);
  }

  private static List<String> objections(Judgement judgement) {
    List<String> objections = new ArrayList<>();
    for (Check check : judgement.record().checks()) {
      if (check.outcome() != CheckOutcome.PASSED) {
        objections.add(
            check.outcome()
                + " "
                + check.name()
                + ": "
                + check.reason()
                + " expected "
                + check.expected()
                + " got "
                + check.got());
      }
    }
    return objections;
  }

  static void flatten(ClaimSet claims, Map<String, String> into) {
    claims
        .values()
        .forEach(
            (name, value) -> {
              switch (value) {
                case ClaimValue.Hex(var bytes) -> into.putIfAbsent(name, bytes.hex());
                case ClaimValue.Text(var text) -> into.putIfAbsent(name, text);
                case ClaimValue.Whole(var number) -> into.putIfAbsent(name, Long.toString(number));
                case ClaimValue.Flag(var set) -> into.putIfAbsent(name, Boolean.toString(set));
                case ClaimValue.Group(var group) -> flatten(group, into);
                case ClaimValue.Several _ -> {
                  // Lists are compared by the tests of their platform.
                }
              }
            });
  }

  private static String camelCase(String name) {
    StringBuilder text = new StringBuilder();
    boolean upper = false;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c == '_') {
        upper = true;
      } else {
        text.append(upper ? String.valueOf(c).toUpperCase(Locale.ROOT) : c);
        upper = false;
      }
    }
    return text.toString();
  }

  /** A statement about one case. */
  private interface Statement {
    void check(EvidenceCase evidence);
  }

  private static List<DynamicTest> each(Statement statement) {
    return EvidenceCase.all().stream()
        .map(evidence -> DynamicTest.dynamicTest(evidence.name(), () -> statement.check(evidence)))
        .toList();
  }
}
