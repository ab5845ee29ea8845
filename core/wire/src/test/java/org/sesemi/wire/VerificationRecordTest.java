package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class VerificationRecordTest {

  private static final Check PASSED = Check.passed("signature", "valid", "valid");
  private static final Check FAILED = Check.failed("debug", "off", "on", "debugging is on");
  private static final Check UNVERIFIED = Check.unverified("revocation", "current", "no list");

  @Test
  void theVerdictFollowsFromTheChecks() {
    assertThat(record(PASSED).verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(record(PASSED, UNVERIFIED).verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(record(PASSED, UNVERIFIED, FAILED).verdict()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void theFailingCheckIsTheFirstFailedAndOnlyThenAnUnverifiedOne() {
    assertThat(record(PASSED).failing()).isEmpty();
    assertThat(record(UNVERIFIED, FAILED).failing()).contains(FAILED);
    assertThat(record(UNVERIFIED, PASSED).failing()).contains(UNVERIFIED);
  }

  @Test
  void nothingCheckedOrCheckedTwiceIsNoRecord() {
    assertThatThrownBy(() -> record()).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> record(PASSED, PASSED)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> record(PASSED).and(record(PASSED)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aReasonIsThereExactlyWhenACheckDidNotPass() {
    assertThatThrownBy(() -> new Check("a", CheckOutcome.PASSED, "", "", "because"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Check("a", CheckOutcome.FAILED, "", "", ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Check.of("a", false, "1", "2", "differs").reason()).isEqualTo("differs");
    assertThat(Check.of("a", true, "1", "1", "differs").reason()).isEmpty();
  }

  private static VerificationRecord record(Check... checks) {
    return new VerificationRecord("evidence", List.of(checks));
  }
}
