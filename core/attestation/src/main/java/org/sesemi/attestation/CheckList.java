package org.sesemi.attestation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.VerificationRecord;

/**
 * Collects the checks of one verification in order, and the code of the first that did not pass.
 */
final class CheckList {

  private final String subject;
  private final List<Check> checks = new ArrayList<>();
  private AttestationException.@Nullable Code failed;
  private boolean unverified;

  CheckList(String subject) {
    this.subject = subject;
  }

  /** Adds a check and returns whether it passed. */
  boolean that(AttestationException.Code code, Check check) {
    checks.add(check);
    if (check.outcome() == CheckOutcome.FAILED && failed == null) {
      failed = code;
    }
    unverified |= check.outcome() == CheckOutcome.UNVERIFIED;
    return check.outcome() == CheckOutcome.PASSED;
  }

  /** The result, with the claims if nothing was objected to. */
  Verification with(Claims claims) {
    return failed == null && !unverified
        ? new Verification(record(), Optional.of(claims), Optional.empty())
        : without();
  }

  /** The result when there is nothing to claim. */
  Verification without() {
    return new Verification(
        record(),
        Optional.empty(),
        Optional.of(failed == null ? AttestationException.Code.INCOMPLETE : failed));
  }

  private VerificationRecord record() {
    return new VerificationRecord(subject, checks);
  }
}
