package org.sesemi.platform;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * The instant after which nobody waits for an answer any more.
 *
 * @param at the instant, on the clock of whoever made it
 */
public record Deadline(Instant at) {

  /** Checks that the instant is there. */
  public Deadline {
    requireNonNull(at, "at");
  }

  /**
   * {@return the deadline that lies a while ahead}
   *
   * @param clock the clock
   * @param duration how far ahead
   */
  public static Deadline after(InstantSource clock, Duration duration) {
    return new Deadline(clock.instant().plus(duration));
  }

  /**
   * {@return the time that is left, zero when it is over}
   *
   * @param clock the clock that the deadline was made on
   */
  public Duration remaining(InstantSource clock) {
    Duration left = Duration.between(clock.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
