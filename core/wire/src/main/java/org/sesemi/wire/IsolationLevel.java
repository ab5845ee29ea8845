package org.sesemi.wire;

import java.util.Locale;

/**
 * How strictly requests of different users are kept apart inside one function, from the weakest to
 * the strictest level.
 */
public enum IsolationLevel {
  /** Contexts and engine memory may be reused between users. */
  SHARED,
  /** One request at a time; what the engine holds is destroyed between users. */
  SEQUENTIAL,
  /** A fresh process for each request. */
  EXCLUSIVE;

  /** {@return the text form: the name in lower case} */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * {@return the stricter of two levels}
   *
   * @param a one level
   * @param b the other level
   */
  public static IsolationLevel strictest(IsolationLevel a, IsolationLevel b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /**
   * Reads the text form.
   *
   * @param text the level
   * @return what was read
   */
  public static IsolationLevel parse(String text) {
    for (IsolationLevel level : values()) {
      if (level.text().equals(text)) {
        return level;
      }
    }
    throw new WireException(
        WireException.Code.ID_MALFORMED,
        "an isolation level is 'shared', 'sequential' or 'exclusive'");
  }
}
