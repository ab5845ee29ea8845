package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * One named step of a verification with its outcome. Checks are shown to people and stored in
 * records: they hold public values only.
 *
 * @param name what is checked, a stable name in lower-case with hyphens
 * @param outcome how it ended
 * @param expected what would have passed, in words or as a value
 * @param got what was there instead, or the same when it passed; empty when nothing was there
 * @param reason why it did not pass; empty when it did
 */
public record Check(String name, CheckOutcome outcome, String expected, String got, String reason) {

  /** Checks that everything is there, and a reason wherever one is due. */
  public Check {
    requireNonNull(outcome, "outcome");
    requireNonNull(expected, "expected");
    requireNonNull(got, "got");
    if (name.isEmpty()) {
      throw new IllegalArgumentException("a check has a name");
    }
    if (reason.isEmpty() != (outcome == CheckOutcome.PASSED)) {
      throw new IllegalArgumentException("a reason belongs to a check that did not pass: " + name);
    }
  }

  /**
   * {@return a check that passed}
   *
   * @param name what is checked
   * @param expected what it was compared with
   * @param got what was there
   */
  public static Check passed(String name, String expected, String got) {
    return new Check(name, CheckOutcome.PASSED, expected, got, "");
  }

  /**
   * {@return a check that failed}
   *
   * @param name what is checked
   * @param expected what would have passed
   * @param got what was there instead
   * @param reason why that is not enough
   */
  public static Check failed(String name, String expected, String got, String reason) {
    return new Check(name, CheckOutcome.FAILED, expected, got, reason);
  }

  /**
   * {@return a check that could not be made}
   *
   * @param name what would be checked
   * @param expected what would pass
   * @param reason why it could not be made
   */
  public static Check unverified(String name, String expected, String reason) {
    return new Check(name, CheckOutcome.UNVERIFIED, expected, "", reason);
  }

  /**
   * {@return a check with the outcome of a comparison}
   *
   * @param name what is checked
   * @param holds whether it passes
   * @param expected what passes
   * @param got what is there
   * @param reason why not, used when it does not hold
   */
  public static Check of(String name, boolean holds, String expected, String got, String reason) {
    return holds ? passed(name, expected, got) : failed(name, expected, got, reason);
  }
}
