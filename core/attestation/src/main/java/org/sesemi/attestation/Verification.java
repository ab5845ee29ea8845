package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.sesemi.wire.Check;
import org.sesemi.wire.VerificationRecord;

/**
 * The result of a verification: the record of all checks, and verified claims when there is nothing
 * to object to.
 *
 * <p>Guarantees: claims are there exactly when the verdict is accept.
 *
 * @param record every check with its outcome
 * @param claims what was found to be true; absent unless every check passed
 * @param failure the code of the first check that did not pass; absent when all passed
 */
public record Verification(
    VerificationRecord record,
    Optional<Claims> claims,
    Optional<AttestationException.Code> failure) {

  /** Checks that verdict, claims and failure agree. */
  public Verification {
    requireNonNull(record, "record");
    if (record.accepted() != claims.isPresent() || claims.isPresent() == failure.isPresent()) {
      throw new IllegalArgumentException("verdict, claims and failure contradict each other");
    }
  }

  /**
   * {@return the claims}
   *
   * @throws AttestationException with the code of the failing check and the record, when there are
   *     none
   */
  public Claims require() {
    return claims.orElseThrow(this::toException);
  }

  private AttestationException toException() {
    String message =
        record
            .failing()
            .map(Verification::describe)
            .orElse("the " + record.subject() + " does not verify");
    return new AttestationException(
        failure.orElse(AttestationException.Code.INCOMPLETE), message, record);
  }

  private static String describe(Check check) {
    return check.got().isEmpty() || check.got().equals(check.expected())
        ? check.reason()
        : check.reason() + " (expected " + check.expected() + ", got " + check.got() + ")";
  }
}
