package org.sesemi.attestation.internal.collateral;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How to wait before a request is repeated. */
@FunctionalInterface
public interface Pause {

  /**
   * Waits.
   *
   * @throws InterruptedException when the thread is told to stop
   */
  void pause(Duration duration) throws InterruptedException;

  /** {@return waiting by the clock of the machine} */
  static Pause real() {
    return duration -> {
      if (new Semaphore(0).tryAcquire(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("nobody gives a permit");
      }
    };
  }
}
