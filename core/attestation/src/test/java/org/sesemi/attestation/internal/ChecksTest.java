package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** What becomes of steps that pass, fail, cannot be made, are skipped or are never reached. */
class ChecksTest {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  /** A verifier of three steps. */
  private enum Part implements Step {
    FIRST_PART(Code.CHAIN_INVALID, "nobody vouches for it"),
    SECOND(Code.SIGNATURE_INVALID, "it was changed"),
    THIRD(Code.NONCE, "it is replayed");

    private final Code code;
    private final String why;

    Part(Code code, String why) {
      this.code = code;
      this.why = why;
    }

    @Override
    public Code code() {
      return code;
    }

    @Override
    public String why() {
      return why;
    }
  }

  private final Checks<Part> checks = new Checks<>("test evidence", Part.class);

  private Judgement judge() {
    return checks.judge(PlatformKind.TDX);
  }

  private Check only(Part part) {
    EnumSet.complementOf(EnumSet.of(part)).forEach(checks::skip);
    assertThat(judge().record().checks()).hasSize(1);
    return judge().record().checks().getFirst();
  }

  private void note(Part part, CheckOutcome outcome, String expected) {
    switch (outcome) {
      case PASSED -> checks.pass(part, expected, "got");
      case FAILED -> checks.fail(part, expected, "got");
      case UNVERIFIED -> checks.unverified(part, expected, "missing");
    }
  }

  @Test
  void aStepIsNamedAfterItsConstant() {
    assertThat(Part.FIRST_PART.text()).isEqualTo("first-part");
    assertThat(Part.SECOND.text()).isEqualTo("second");
  }

  @Test
  void whatHoldsPasses() {
    assertThat(checks.that(Part.SECOND, true, "five", "5")).isTrue();
    assertThat(checks.passed(Part.SECOND)).isTrue();
    assertThat(only(Part.SECOND)).isEqualTo(Check.passed("second", "five", "5"));
    assertThat(judge().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judge().failure()).isEmpty();
  }

  @Test
  void whatDoesNotHoldFails() {
    assertThat(checks.that(Part.SECOND, false, "five", "6")).isFalse();
    assertThat(checks.passed(Part.SECOND)).isFalse();
    assertThat(only(Part.SECOND)).isEqualTo(Check.failed("second", "five", "6", "it was changed"));
    assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judge().failure()).contains(Code.SIGNATURE_INVALID);
  }

  @Test
  void bytesAreComparedAndShownInHex() {
    assertThat(checks.equal(Part.SECOND, new byte[] {1, -1}, new byte[] {1, -1})).isTrue();
    assertThat(only(Part.SECOND)).isEqualTo(Check.passed("second", "01ff", "01ff"));
    assertThat(checks.equal(Part.SECOND, new byte[] {1, -1}, new byte[] {1})).isFalse();
    assertThat(only(Part.SECOND)).isEqualTo(Check.failed("second", "01ff", "01", "it was changed"));
  }

  @Test
  void whatCannotBeReadFailsWithItsMessage() {
    checks.fail(Part.SECOND, "a report", new Unreadable("report.bin ends at byte 3"));
    assertThat(only(Part.SECOND))
        .isEqualTo(
            Check.failed("second", "a report", "", "it was changed: report.bin ends at byte 3"));
    assertThat(judge().failure()).contains(Code.SIGNATURE_INVALID);
  }

  @Test
  void whatCannotBeMadeIsUnverified() {
    checks.unverified(Part.SECOND, "a list", "no crl.der was supplied");
    assertThat(checks.passed(Part.SECOND)).isFalse();
    assertThat(only(Part.SECOND))
        .isEqualTo(Check.unverified("second", "a list", "it was changed: no crl.der was supplied"));
    assertThat(judge().verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge().failure()).contains(Code.INCOMPLETE);
  }

  @Test
  void whatWasNeverReachedIsUnverified() {
    checks.pass(Part.SECOND, "five", "5");
    assertThat(checks.passed(Part.FIRST_PART)).isFalse();
    assertThat(judge().record().checks())
        .containsExactly(
            Check.unverified(
                "first-part",
                "",
                "nobody vouches for it: not reached, because an earlier check ended it"),
            Check.passed("second", "five", "5"),
            Check.unverified(
                "third", "", "it is replayed: not reached, because an earlier check ended it"));
    assertThat(judge().verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge().failure()).contains(Code.INCOMPLETE);
  }

  @ParameterizedTest
  @CsvSource({
    "PASSED, PASSED, true",
    "PASSED, UNVERIFIED, true",
    "PASSED, FAILED, true",
    "UNVERIFIED, PASSED, false",
    "UNVERIFIED, UNVERIFIED, true",
    "UNVERIFIED, FAILED, true",
    "FAILED, PASSED, false",
    "FAILED, UNVERIFIED, false",
    "FAILED, FAILED, true"
  })
  void theWorstOutcomeIsKeptAndOfEquallyBadOnesTheLast(
      CheckOutcome before, CheckOutcome after, boolean replaced) {
    note(Part.SECOND, before, "before");
    note(Part.SECOND, after, "after");
    Check kept = only(Part.SECOND);
    assertThat(kept.outcome()).isEqualTo(replaced ? after : before);
    assertThat(kept.expected()).isEqualTo(replaced ? "after" : "before");
    assertThat(checks.passed(Part.SECOND)).isEqualTo(kept.outcome() == CheckOutcome.PASSED);
  }

  @Test
  void aSkippedStepIsNotInTheRecord() {
    checks.pass(Part.FIRST_PART, "one", "1");
    checks.pass(Part.THIRD, "three", "3");
    checks.skip(Part.SECOND);
    assertThat(judge().record().checks())
        .containsExactly(
            Check.passed("first-part", "one", "1"), Check.passed("third", "three", "3"));
    assertThat(judge().verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(checks.passed(Part.SECOND)).isFalse();
  }

  @Test
  void skippingAStepHidesNoOutcome() {
    Set.of(Part.FIRST_PART, Part.THIRD).forEach(part -> checks.pass(part, "", ""));
    checks.skip(Part.SECOND);
    checks.fail(Part.SECOND, "five", "6");
    checks.skip(Part.SECOND);
    assertThat(judge().record().checks()).hasSize(3);
    assertThat(judge().failure()).contains(Code.SIGNATURE_INVALID);
  }

  @Test
  void skippingEverythingProvesNothing() {
    EnumSet.allOf(Part.class).forEach(checks::skip);
    assertThatThrownBy(this::judge)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a verification without checks proves nothing");
  }

  @Test
  void theFirstFailedStepNamesTheFailureWhateverWasJudgedFirst() {
    checks.fail(Part.THIRD, "", "");
    assertThat(judge().failure()).as("before what is missing").contains(Code.NONCE);
    checks.fail(Part.SECOND, "", "");
    assertThat(judge().failure()).contains(Code.SIGNATURE_INVALID);
    checks.unverified(Part.FIRST_PART, "", "missing");
    assertThat(judge().failure()).contains(Code.SIGNATURE_INVALID);
    assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
    checks.fail(Part.FIRST_PART, "", "");
    assertThat(judge().failure()).contains(Code.CHAIN_INVALID);
  }

  @Test
  void whatIsMissingAfterAFailureChangesNothing() {
    checks.fail(Part.FIRST_PART, "", "");
    checks.unverified(Part.SECOND, "", "missing");
    assertThat(judge().failure()).contains(Code.CHAIN_INVALID);
    assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void everythingThatPassesIsAccepted() {
    EnumSet.allOf(Part.class).forEach(part -> checks.pass(part, "a", "b"));
    Judgement judgement = judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judgement.platform()).isEqualTo(PlatformKind.TDX);
    assertThat(judgement.record().subject()).isEqualTo("test evidence");
    assertThat(judgement.record().checks())
        .extracting(Check::name)
        .containsExactly("first-part", "second", "third");
    assertThat(judgement.claims().values()).isEmpty();
    assertThat(judgement.tcbStatus()).isEmpty();
    assertThat(judgement.advisories()).isEmpty();
    assertThat(judgement.validUntil()).isEmpty();
    assertThat(judgement.failure()).isEmpty();
  }

  @Test
  void claimsAreCollected() {
    checks.claims().put("debug", true);
    checks.claims().put("svn", 5);
    assertThat(judge().claims().flag("debug")).contains(true);
    assertThat(judge().claims().number("svn")).contains(5L);
  }

  @Test
  void theLastStatusIsKept() {
    checks.tcbStatus("UpToDate");
    assertThat(judge().tcbStatus()).contains("UpToDate");
    checks.tcbStatus("OutOfDate");
    assertThat(judge().tcbStatus()).contains("OutOfDate");
  }

  @Test
  void advisoriesAreSortedAndNamedOnce() {
    checks.advisories(List.of("SA-2", "SA-3"));
    checks.advisories(List.of());
    checks.advisories(List.of("SA-1", "SA-2"));
    assertThat(judge().advisories()).containsExactly("SA-1", "SA-2", "SA-3");
  }

  @Test
  void theEarliestEndOfValidityIsKept() {
    checks.validUntil(NOON);
    assertThat(judge().validUntil()).contains(NOON);
    checks.validUntil(NOON.plusSeconds(1));
    assertThat(judge().validUntil()).contains(NOON);
    checks.validUntil(NOON);
    assertThat(judge().validUntil()).contains(NOON);
    checks.validUntil(NOON.minusSeconds(1));
    assertThat(judge().validUntil()).contains(NOON.minusSeconds(1));
  }
}
