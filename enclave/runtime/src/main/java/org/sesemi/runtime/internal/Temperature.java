package org.sesemi.runtime.internal;

import java.util.Locale;

/** How much of what a request needs was there when it came. */
public enum Temperature {
  /** The first request of this sandbox. */
  COLD,
  /** Keys or model were missing. */
  WARM,
  /** Keys, model and context were there. */
  HOT;

  /** Returns the name in headers and metrics. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
