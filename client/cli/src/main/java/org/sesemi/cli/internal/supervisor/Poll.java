package org.sesemi.cli.internal.supervisor;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Waits for something that cannot call back, such as another process, for a bounded time. */
public final class Poll {

  private Poll() {}

  /**
   * Asks again and again until there is an answer.
   *
   * @param limit how long to ask at most
   * @param every how long to wait between two questions
   * @param question what to ask; empty means not yet
   * @param <T> the kind of answer
   * @return the answer, or empty when the time is over or the thread was interrupted
   */
  public static <T> Optional<T> until(
      Duration limit, Duration every, Supplier<Optional<T>> question) {
    long end = System.nanoTime() + limit.toNanos();
    while (true) {
      Optional<T> answer = question.get();
      if (answer.isPresent() || Thread.currentThread().isInterrupted()) {
        return answer;
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(every.toMillis())));
    }
  }

  /**
   * Asks again and again until something is true.
   *
   * @param limit how long to ask at most
   * @param every how long to wait between two questions
   * @param question what to ask
   * @return whether it became true in time
   */
  public static boolean untilTrue(Duration limit, Duration every, Supplier<Boolean> question) {
    return until(limit, every, () -> question.get() ? Optional.of(true) : Optional.empty())
        .isPresent();
  }
}
