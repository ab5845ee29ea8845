package org.sesemi.keyservice.internal;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/**
 * The time of the key service: that of the clock, but never earlier than it was before, so that a
 * clock turned back neither revives a grant nor reopens the window of a statement.
 *
 * <p>Thread-safe.
 */
final class ServiceTime {

  private final InstantSource clock;
  private Instant highest;

  /**
   * Starts at a time that was reached before.
   *
   * @param clock the clock
   * @param reached the highest time that is known to have been reached
   */
  ServiceTime(InstantSource clock, Instant reached) {
    this.clock = clock;
    this.highest = reached;
  }

  /** {@return the present time in whole milliseconds} */
  synchronized Instant now() {
    Instant read = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    if (read.isAfter(highest)) {
      highest = read;
    }
    return highest;
  }
}
