package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Quotes of real hardware, each with the verdict and the claims that its manifest states. */
final class SharedCasesTest {

  private static final List<String> COLLATERAL =
      List.of(
          "tcb_info.json",
          "qe_identity.json",
          "root_ca_crl.der",
          "pck_crl.der",
          "tcb_signing_chain.pem");

  @TestFactory
  List<DynamicTest> verdictStatusAndClaims() {
    return SharedCases.all().stream()
        .map(each -> dynamicTest(each.platform().text() + "/" + each.id(), () -> judged(each)))
        .toList();
  }

  private static void judged(SharedCases.Case each) {
    Judgement judgement = each.judge();
    assertThat(EvidenceVerifier.detect(each.documents())).contains(each.platform());
    assertThat(judgement.verdict()).as(shown(judgement)).isEqualTo(each.verdict());
    assertThat(judgement.tcbStatus()).isEqualTo(each.status());
    if (each.status().isPresent()) {
      assertThat(judgement.advisories()).isEqualTo(each.advisories());
    }
    each.body()
        .forEach(
            (name, value) ->
                assertThat(judgement.claims().get(name).map(SharedCasesTest::plain))
                    .as(name)
                    .contains(value));
    List.of("fmspc", "pckCa", "pcesvn")
        .forEach(
            name ->
                each.fact(name.equals("pckCa") ? "pck_ca" : name)
                    .ifPresent(
                        fact ->
                            assertThat(judgement.claims().get(name).map(SharedCasesTest::plain))
                                .contains(fact)));
    assertThat(judgement.claims().flag("debug")).contains(each.id().contains("debug"));
    if (judgement.verdict() == Verdict.ACCEPT) {
      assertThat(judgement.validUntil()).contains(each.window().orElseThrow().getLast());
    }
  }

  @TestFactory
  List<DynamicTest> refusedOutsideTheCommonWindow() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SharedCases.Case each : SharedCases.all()) {
      each.window()
          .ifPresent(window -> tests.add(dynamicTest(each.id(), () -> windowHolds(each, window))));
    }
    return tests;
  }

  private static void windowHolds(SharedCases.Case each, List<Instant> window) {
    for (Instant inside : window) {
      assertThat(each.judge(each.documents(), inside).verdict())
          .as("at " + inside)
          .isEqualTo(each.verdict());
    }
    for (Instant outside :
        List.of(
            window.getFirst().minusSeconds(1),
            window.getLast().plusSeconds(1),
            window.getFirst().minus(Duration.ofDays(400)),
            window.getLast().plus(Duration.ofDays(400)))) {
      Judgement judgement = each.judge(each.documents(), outside);
      assertThat(judgement.verdict()).as("at " + outside).isEqualTo(Verdict.REJECT);
      assertThat(failed(judgement)).as("at " + outside).anyMatch(name -> name.endsWith("dates"));
    }
  }

  @TestFactory
  List<DynamicTest> incompleteWithoutAnyDocument() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SharedCases.Case each : SharedCases.all()) {
      if (each.verdict() == Verdict.ACCEPT) {
        for (String name : COLLATERAL) {
          tests.add(
              dynamicTest(
                  each.id() + " without " + name,
                  () ->
                      assertThat(each.judge(each.documents().without(name), each.at()).verdict())
                          .isEqualTo(Verdict.INCOMPLETE)));
        }
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> collateralOfAnotherCaseIsNotAccepted() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SharedCases.Case each : SharedCases.all()) {
      if (each.verdict() == Verdict.ACCEPT) {
        tests.add(dynamicTest(each.id(), () -> swapped(each)));
      }
    }
    return tests;
  }

  private static void swapped(SharedCases.Case each) {
    for (SharedCases.Case other : SharedCases.all()) {
      for (String name : COLLATERAL) {
        other
            .documents()
            .get(name)
            .filter(document -> !each.documents().get(name).orElseThrow().equals(document))
            .ifPresent(
                document -> {
                  Documents changed = each.documents().with(name, document);
                  Judgement judgement = each.judge(changed, each.at());
                  assertThat(judgement.verdict() == Verdict.ACCEPT)
                      .as(name + " of " + other.id())
                      .isEqualTo(asGood(each, name, other));
                  if (judgement.verdict() != Verdict.ACCEPT) {
                    assertThat(failed(judgement)).isNotEmpty();
                  }
                });
      }
    }
  }

  /**
   * Returns whether a document of another case is as good: two sources published different editions
   * of the TCB info of one family, and both are valid at the instant.
   */
  private static boolean asGood(SharedCases.Case each, String name, SharedCases.Case other) {
    return name.equals("tcb_info.json")
        && each.id().equals("v5-uptodate")
        && other.id().equals("v5-no-matching-level");
  }

  private static String plain(ClaimValue value) {
    return switch (value) {
      case ClaimValue.Hex(var bytes) -> bytes.hex();
      case ClaimValue.Text(String text) -> text;
      case ClaimValue.Whole(long number) -> Long.toString(number);
      case ClaimValue.Flag(boolean set) -> Boolean.toString(set);
      case ClaimValue.Several(var values) -> values.toString();
      case ClaimValue.Group(var claims) -> claims.toString();
    };
  }

  private static List<String> failed(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == CheckOutcome.FAILED)
        .map(Check::name)
        .toList();
  }

  private static String shown(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() != CheckOutcome.PASSED)
        .map(check -> check.name() + " " + check.outcome() + ": " + check.reason())
        .toList()
        .toString();
  }
}
