package org.sesemi.runtime.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RequestId;

/**
 * The memory of the requests that this instance has accepted.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A request whose time lies more than the tolerance from the clock is refused.
 *   <li>Within that time the same (user, request id) is accepted once. An entry is forgotten only
 *       when its time alone would refuse it, and never to make room.
 * </ul>
 *
 * <p>Memory is bounded: the window is a list of slices of time, each with the ids of requests
 * sealed in it; whole slices are dropped when they leave the tolerance. A full window refuses new
 * requests as busy. A clock that goes back cannot bring dropped entries to life, because times
 * older than the youngest dropped slice stay refused.
 */
public final class ReplayWindow {

  /** How far a request's time may lie from the clock. */
  public static final Duration TOLERANCE = Duration.ofMinutes(5);

  private static final Duration SLICE = Duration.ofSeconds(30);

  private record Entry(PartyId user, RequestId request) {}

  private record Slice(long number, Set<Entry> entries) {}

  private final InstantSource clock;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();

  /** Slices in order of time; all fields are guarded by {@link #lock}. */
  private final Deque<Slice> slices = new ArrayDeque<>();

  private int size;
  private long firstOpen = Long.MIN_VALUE;

  /**
   * Makes an empty window.
   *
   * @param clock the time of day
   * @param capacity the most requests that are remembered at once
   */
  public ReplayWindow(InstantSource clock, int capacity) {
    this.clock = clock;
    this.capacity = capacity;
  }

  /**
   * Accepts a request once.
   *
   * @param user who sealed it
   * @param request its id
   * @param time when it was sealed
   */
  public void accept(PartyId user, RequestId request, Instant time) {
    lock.lock();
    try {
      refuseOutside(time);
      Entry entry = new Entry(user, request);
      // The same id under another time is refused as well: an id names one request.
      if (slices.stream().anyMatch(known -> known.entries.contains(entry))) {
        throw new FunctionException(
            FunctionException.Code.REQUEST_REPLAYED, "this instance has already seen the request");
      }
      if (size >= capacity) {
        throw new FunctionException(
            FunctionException.Code.BUSY, "the instance remembers as many requests as it can");
      }
      slice(time).entries.add(entry);
      size++;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Forgets a request that was not answered, so that it can be sent again.
   *
   * @param user who sealed it
   * @param request its id
   * @param time when it was sealed
   */
  public void forget(PartyId user, RequestId request, Instant time) {
    lock.lock();
    try {
      for (Slice slice : slices) {
        if (slice.number == number(time) && slice.entries.remove(new Entry(user, request))) {
          size--;
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses a time that no request can have now. Says nothing about replays.
   *
   * @param time when a request says that it was sealed
   */
  public void checkTime(Instant time) {
    lock.lock();
    try {
      refuseOutside(time);
    } finally {
      lock.unlock();
    }
  }

  private void refuseOutside(Instant time) {
    Instant now = clock.instant();
    long oldest = number(now.minus(TOLERANCE));
    while (!slices.isEmpty() && slices.getFirst().number < oldest) {
      size -= slices.removeFirst().entries.size();
    }
    firstOpen = Math.max(firstOpen, oldest);
    if (time.isBefore(now.minus(TOLERANCE)) || number(time) < firstOpen) {
      throw new FunctionException(
          FunctionException.Code.REQUEST_EXPIRED, "the request was sealed too long ago");
    }
    if (time.isAfter(now.plus(TOLERANCE))) {
      throw new FunctionException(
          FunctionException.Code.REQUEST_EXPIRED, "the request was sealed in the future");
    }
  }

  private Slice slice(Instant time) {
    long number = number(time);
    Deque<Slice> later = new ArrayDeque<>();
    while (!slices.isEmpty() && slices.getLast().number > number) {
      later.addFirst(slices.removeLast());
    }
    if (slices.isEmpty() || slices.getLast().number != number) {
      slices.addLast(new Slice(number, new HashSet<>()));
    }
    Slice found = slices.getLast();
    slices.addAll(later);
    return found;
  }

  private static long number(Instant time) {
    return Math.floorDiv(time.toEpochMilli(), SLICE.toMillis());
  }
}
