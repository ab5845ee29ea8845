package org.sesemi.wire;

import java.util.Locale;

/** How one check of a verification ended. */
public enum CheckOutcome {
  /** It was made and holds. */
  PASSED,
  /** It was made and does not hold. */
  FAILED,
  /** It could not be made: never as good as passed. */
  UNVERIFIED;

  /** {@return the name used in records, for example {@code passed}} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
