package org.sesemi.runtime.internal;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Stops work that outlives its deadline, from a thread of its own. */
public final class DeadlineWatch implements AutoCloseable {

  private final ScheduledThreadPoolExecutor executor;

  /** Starts the watch. */
  public DeadlineWatch() {
    executor =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("deadline-watch").unstarted(task));
    executor.setRemoveOnCancelPolicy(true);
  }

  /** One piece of work under watch. */
  public final class Guard {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ScheduledFuture<?> alarm;

    private Guard(Deadline deadline, Runnable stop) {
      alarm =
          executor.schedule(
              () -> {
                if (ended.compareAndSet(false, true)) {
                  stop.run();
                }
              },
              Math.max(0, deadline.remainingNanos()),
              TimeUnit.NANOSECONDS);
    }

    /** Ends the watch and tells whether the work was stopped. */
    public boolean stopped() {
      alarm.cancel(false);
      return !ended.compareAndSet(false, true);
    }
  }

  /**
   * Watches work until {@link Guard#stopped} is called.
   *
   * @param deadline until when it may run
   * @param stop how to stop it
   */
  public Guard watch(Deadline deadline, Runnable stop) {
    return new Guard(deadline, stop);
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }
}
