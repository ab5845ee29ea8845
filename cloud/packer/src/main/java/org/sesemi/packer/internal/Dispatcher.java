package org.sesemi.packer.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.packer.PackerException;
import org.sesemi.platform.Deadline;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

/**
 * The threads around the {@link Scheduler}: each request waits on its own thread until the
 * scheduler has decided about it. One lock guards the scheduler and the table of waiting requests.
 */
final class Dispatcher {

  /**
   * A request that may go to a function. Whoever holds it must end it once.
   *
   * @param id its number
   * @param function the function's number
   * @param reason why this function
   */
  record Place(long id, int function, FunctionSlot.Placement reason) {}

  /** Refused requests carry how long to wait before the next attempt. */
  static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final Duration retryAfter;

    BusyException(Duration retryAfter) {
      super("too many requests wait");
      this.retryAfter = retryAfter;
    }

    Duration retryAfter() {
      return retryAfter;
    }
  }

  /**
   * What is waiting and running.
   *
   * @param functions each function
   * @param queued how many requests wait
   * @param inFlight how many requests are at a function
   * @param oldestWait how long the oldest waiting request waits
   * @param draining whether no more requests are taken
   */
  record View(
      List<FunctionSlot.View> functions,
      int queued,
      int inFlight,
      Optional<Duration> oldestWait,
      boolean draining) {}

  private final Scheduler scheduler;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final Map<Long, CompletableFuture<Scheduler.Decision>> undecided = new HashMap<>();
  private long lastId;
  private boolean draining;

  Dispatcher(Scheduler.Limits limits, InstantSource clock) {
    this.scheduler = new Scheduler(limits);
    this.clock = clock;
  }

  /** Waits for a place. */
  Place await(PartyId user, ModelId model, Deadline deadline) {
    CompletableFuture<Scheduler.Decision> decision = new CompletableFuture<>();
    long id;
    lock.lock();
    try {
      if (draining) {
        throw drainingFailure();
      }
      id = ++lastId;
      undecided.put(id, decision);
      apply(scheduler.submit(clock.instant(), new Scheduler.Job(id, user, model, deadline.at())));
    } finally {
      lock.unlock();
    }
    return switch (await(decision, deadline)) {
      case Scheduler.Dispatch(_, int function, FunctionSlot.Placement reason) ->
          new Place(id, function, reason);
      case Scheduler.Refuse(_, Duration retryAfter) -> {
        if (isDraining()) {
          throw drainingFailure();
        }
        throw new BusyException(retryAfter);
      }
      case Scheduler.Expire _ ->
          throw new PackerException(
              PackerException.Code.DEADLINE, "no function was free before the deadline");
    };
  }

  private Scheduler.Decision await(
      CompletableFuture<Scheduler.Decision> decision, Deadline deadline) {
    while (true) {
      try {
        return decision.get(deadline.remaining(clock).toNanos() + 1, TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        lock.lock();
        try {
          apply(scheduler.tick(clock.instant()));
        } finally {
          lock.unlock();
        }
      } catch (ExecutionException e) {
        throw new IllegalStateException("a decision never fails", e);
      } catch (InterruptedException e) {
        // Only the end of the process interrupts; the decision still comes by the deadline.
        Thread.currentThread().interrupt();
        throw drainingFailure();
      }
    }
  }

  /** Gives a place back. */
  void end(Place place, Scheduler.Outcome outcome) {
    lock.lock();
    try {
      apply(scheduler.complete(clock.instant(), place.id, outcome));
      if (scheduler.inFlight() == 0 && scheduler.queued() == 0) {
        idle.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void apply(List<Scheduler.Decision> decisions) {
    for (Scheduler.Decision decision : decisions) {
      CompletableFuture<Scheduler.Decision> waiter = undecided.remove(decision.job().id());
      if (waiter != null) {
        waiter.complete(decision);
      }
    }
  }

  /** Takes no more requests and waits until all have ended, for a while at most. */
  void drain(Duration atMost) {
    lock.lock();
    try {
      draining = true;
      long left = atMost.toNanos();
      while (left > 0 && (scheduler.inFlight() > 0 || scheduler.queued() > 0)) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      apply(scheduler.refuseAll());
      lock.unlock();
    }
  }

  boolean isDraining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  View view() {
    lock.lock();
    try {
      Instant now = clock.instant();
      return new View(
          scheduler.functions(now),
          scheduler.queued(),
          scheduler.inFlight(),
          scheduler.oldestWaiting().map(since -> Duration.between(since, now)),
          draining);
    } finally {
      lock.unlock();
    }
  }

  private static PackerException drainingFailure() {
    return new PackerException(PackerException.Code.DRAINING, "the packer is shutting down");
  }
}
