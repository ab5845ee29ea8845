package org.sesemi.runtime.internal;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.sesemi.runtime.FunctionException;

/**
 * The bounds on how many requests are inside the runtime and how many of them infer at a time.
 *
 * <p>A request that finds the queue full is refused at once. One that is inside waits for a place
 * to infer until its deadline, in the order of arrival.
 */
public final class Admission {

  private final int limit;
  private final int concurrency;
  private final Semaphore places;
  private final AtomicInteger inside = new AtomicInteger();
  private volatile boolean draining;

  /**
   * Makes the bounds.
   *
   * @param concurrency how many requests infer at a time
   * @param queue how many more may be inside
   */
  public Admission(int concurrency, int queue) {
    this.concurrency = concurrency;
    this.limit = concurrency + queue;
    this.places = new Semaphore(concurrency, true);
  }

  /** A right that is given back by closing it. */
  @FunctionalInterface
  public interface Pass extends AutoCloseable {
    @Override
    void close();
  }

  /** Lets a request in, or refuses it. */
  public Pass enter() {
    int now = inside.incrementAndGet();
    if (draining || now > limit) {
      inside.decrementAndGet();
      throw draining
          ? new FunctionException(FunctionException.Code.DRAINING, "the runtime is stopping")
          : new FunctionException(
              FunctionException.Code.BUSY, "the queue of " + limit + " requests is full");
    }
    return inside::decrementAndGet;
  }

  /** Waits for a place to infer. */
  public Pass infer(Deadline deadline) {
    boolean got = false;
    try {
      got =
          places.tryAcquire() || places.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!got) {
      throw Deadline.over();
    }
    return places::release;
  }

  /** Returns how many requests are inside. */
  public int inside() {
    return inside.get();
  }

  /** Returns how many requests infer. */
  public int inferring() {
    return concurrency - places.availablePermits();
  }

  /** Refuses all further requests. */
  public void drain() {
    draining = true;
  }

  /** Tells whether requests are refused because the runtime is stopping. */
  public boolean draining() {
    return draining;
  }
}
