package org.sesemi.runtime.internal;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.sesemi.runtime.FunctionException;

/**
 * The moment by which a request must be answered, on a clock that never goes back.
 *
 * @param nanos that moment
 * @param ticker the clock, in nanoseconds
 */
public record Deadline(long nanos, LongSupplier ticker) {

  /**
   * Returns the moment that lies a while ahead.
   *
   * @param ticker the clock
   * @param ahead how far
   */
  public static Deadline after(LongSupplier ticker, Duration ahead) {
    return new Deadline(ticker.getAsLong() + ahead.toNanos(), ticker);
  }

  /** Returns the time that is left, zero or less when it is over. */
  public long remainingNanos() {
    return nanos - ticker.getAsLong();
  }

  /** Fails when the time is over. */
  public void check() {
    if (remainingNanos() <= 0) {
      throw over();
    }
  }

  static FunctionException over() {
    return new FunctionException(
        FunctionException.Code.DEADLINE, "the time allowed for the request is over");
  }
}
