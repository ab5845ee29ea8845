package org.sesemi.platform.internal;

import java.time.Duration;
import java.time.Instant;

/**
 * When the next sandbox may be started after failures: at once after the first one, then half a
 * second later, doubling up to half a minute. A success forgets all failures.
 *
 * <p>Not thread-safe; the pool's lock guards it.
 */
final class BackOff {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private int failures;
  private Instant notBefore = Instant.MIN;

  void failed(Instant now) {
    failures++;
    notBefore = failures < 2 ? now : now.plus(delay());
  }

  void succeeded() {
    failures = 0;
    notBefore = Instant.MIN;
  }

  /** Returns how long to wait still, zero when a start is allowed. */
  Duration remaining(Instant now) {
    return now.isBefore(notBefore) ? Duration.between(now, notBefore) : Duration.ZERO;
  }

  private Duration delay() {
    Duration delay = FIRST.multipliedBy(1L << Math.min(failures - 2, 16));
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }
}
