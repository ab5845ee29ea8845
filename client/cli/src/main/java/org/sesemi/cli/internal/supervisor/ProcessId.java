package org.sesemi.cli.internal.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One process for all time: its number together with the moment it started, so that a number used
 * again never names somebody else's process.
 *
 * @param pid the process number
 * @param startMillis when it started, in milliseconds since the epoch; 0 when the system did not
 *     say
 */
public record ProcessId(long pid, long startMillis) {

  /**
   * Returns the identity of a living process.
   *
   * @param handle the process
   */
  public static ProcessId of(ProcessHandle handle) {
    return new ProcessId(
        handle.pid(), handle.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
  }

  /**
   * Returns the identity of the living process with a number, if there is one.
   *
   * @param pid the process number
   */
  public static Optional<ProcessId> ofLiving(long pid) {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(ProcessId::of);
  }

  /** Returns the process while it lives. */
  public Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(handle -> of(handle).equals(this))
        .filter(handle -> !isZombie());
  }

  /** Tells whether the process lives. */
  public boolean isAlive() {
    return living().isPresent();
  }

  /** A process that ended but that nobody waited for still has a number; it does nothing more. */
  private boolean isZombie() {
    try {
      String stat = java.nio.file.Files.readString(java.nio.file.Path.of("/proc/" + pid + "/stat"));
      int afterName = stat.lastIndexOf(')') + 2;
      return afterName < stat.length() && stat.charAt(afterName) == 'Z';
    } catch (java.io.IOException e) {
      return false;
    }
  }

  /**
   * Waits until the process has ended.
   *
   * @param limit how long to wait at most
   * @return whether it has ended
   */
  public boolean awaitEnd(Duration limit) throws InterruptedException {
    Optional<ProcessHandle> handle = living();
    if (handle.isEmpty()) {
      return true;
    }
    try {
      handle.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return !isAlive();
    } catch (ExecutionException e) {
      return !isAlive();
    }
  }

  /**
   * Asks the process to end, then ends it.
   *
   * @param grace how long it may take by itself
   * @return whether it has ended
   */
  public boolean end(Duration grace) throws InterruptedException {
    Optional<ProcessHandle> handle = living();
    if (handle.isEmpty()) {
      return true;
    }
    var _ = handle.get().destroy();
    if (awaitEnd(grace)) {
      return true;
    }
    var _ = handle.get().destroyForcibly();
    return awaitEnd(Duration.ofSeconds(10));
  }
}
