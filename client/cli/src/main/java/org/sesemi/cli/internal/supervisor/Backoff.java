package org.sesemi.cli.internal.supervisor;

import java.time.Duration;

/**
 * How long to wait before something that ended is started again: twice as long each time, up to a
 * largest wait, and short again once it has lived long enough.
 */
public final class Backoff {

  /** The first wait. */
  public static final Duration FIRST = Duration.ofMillis(100);

  /** The longest wait. */
  public static final Duration LONGEST = Duration.ofSeconds(10);

  /** A life of this length is a success, and the next wait is short again. */
  public static final Duration GOOD_LIFE = Duration.ofSeconds(30);

  private Duration next = FIRST;

  /**
   * Returns the wait before the next start.
   *
   * @param lived how long the last life was
   */
  public Duration afterLife(Duration lived) {
    if (lived.compareTo(GOOD_LIFE) >= 0) {
      next = FIRST;
    }
    Duration wait = next;
    Duration twice = next.multipliedBy(2);
    next = twice.compareTo(LONGEST) > 0 ? LONGEST : twice;
    return wait;
  }
}
