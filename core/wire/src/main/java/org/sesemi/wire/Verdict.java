package org.sesemi.wire;

import java.util.Locale;

/** What all checks of a verification say together. */
public enum Verdict {
  /** Every check passed. */
  ACCEPT,
  /** At least one check failed. */
  REJECT,
  /** No check failed, but at least one could not be made. */
  INCOMPLETE;

  /** {@return the name used in records, for example {@code accept}} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
