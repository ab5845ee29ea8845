package org.sesemi.cli.internal.supervisor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** One life of a part of the stack, from ready to ended. */
interface Running {

  /** Returns the process that serves. */
  ProcessId process();

  /** Returns what a person may want to know of it, such as ports and measurements. */
  Map<String, String> facts();

  /**
   * Waits until it has ended.
   *
   * @return the exit code, empty where it is not known
   */
  Optional<Integer> awaitEnd() throws InterruptedException;

  /**
   * Ends it, by force after a grace period.
   *
   * @param grace how long it may take by itself
   */
  void stop(Duration grace) throws InterruptedException;
}
