package org.sesemi.runtime.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Lease;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

/**
 * The keys that the key service released, by user, model and request key.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Keys are used only within their lease: its duration on the time of day and on a clock that
 *       never goes back, whichever ends first, and its budget of requests.
 *   <li>When the time of day goes back, all keys are dropped.
 *   <li>Keys are fetched once however many requests wait; a fetch that fails leaves nothing behind
 *       and reaches all who waited.
 *   <li>Dropped keys are wiped as soon as no request uses them.
 * </ul>
 *
 * <p>One lock guards everything; fetching happens outside of it.
 *
 * @param <K> the keys
 */
public final class KeyCache<K extends AutoCloseable> implements AutoCloseable {

  /** Steps of the time of day up to this size are corrections, not attempts to extend a lease. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(1);

  /**
   * Names a set of keys.
   *
   * @param user whose requests they open
   * @param model which model they open
   * @param requestKey which of the user's request keys
   */
  public record Slot(PartyId user, ModelId model, KeyId requestKey) {}

  /**
   * Keys as they came from the key service.
   *
   * @param keys the keys, owned by the cache from now on
   * @param lease the bounds of their use
   * @param epoch the epoch of the key service
   */
  public record Fetched<K>(K keys, Lease lease, long epoch) {}

  /** Fetches keys. */
  @FunctionalInterface
  public interface Fetcher<K> {
    /** Fetches the keys of one slot. */
    Fetched<K> fetch();
  }

  /** One slot's keys and how they are used; guarded by the cache's lock. */
  private final class Entry {
    private final Slot slot;
    private final Instant startInstant;
    private final long startTick;
    private @Nullable Fetched<K> fetched;
    private @Nullable CodedException failure;
    private long budget;
    private int users;
    private boolean dropped;
    private boolean wiped;
    private long lastUsed;

    private Entry(Slot slot, Instant startInstant, long startTick) {
      this.slot = slot;
      this.startInstant = startInstant;
      this.startTick = startTick;
    }
  }

  private final InstantSource clock;
  private final LongSupplier ticker;
  private final int capacity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Slot, Entry> entries = new HashMap<>();
  private Instant lastSeen = Instant.MIN;
  private long uses;

  /**
   * Makes an empty cache.
   *
   * @param clock the time of day
   * @param ticker a clock in nanoseconds that never goes back
   * @param capacity the most slots
   */
  public KeyCache(InstantSource clock, LongSupplier ticker, int capacity) {
    this.clock = clock;
    this.ticker = ticker;
    this.capacity = capacity;
  }

  /** Keys in use; they are not wiped before the use is closed. */
  public final class Use implements AutoCloseable {
    private final Entry entry;
    private final Fetched<K> fetched;
    private final boolean hot;
    private boolean closed;

    private Use(Entry entry, Fetched<K> fetched, boolean hot) {
      this.entry = entry;
      this.fetched = fetched;
      this.hot = hot;
    }

    /** Returns the keys. */
    public K keys() {
      return fetched.keys();
    }

    /** Returns the epoch of the key service that released them. */
    public long epoch() {
      return fetched.epoch();
    }

    /** Tells whether the keys were in memory before they were asked for. */
    public boolean hot() {
      return hot;
    }

    /** Takes one request off the budget; when it is used up, drops the keys and answers false. */
    public boolean spend() {
      lock.lock();
      try {
        if (entry.budget > 0) {
          entry.budget--;
          return true;
        }
        KeyCache.this.drop(entry);
        return false;
      } finally {
        lock.unlock();
      }
    }

    /** Returns a further use of the same keys, for work that outlives this one. */
    public Use again() {
      lock.lock();
      try {
        entry.users++;
        return new Use(entry, fetched, hot);
      } finally {
        lock.unlock();
      }
    }

    /** Drops the keys from the cache, for example because they belong to a lower epoch. */
    public void drop() {
      lock.lock();
      try {
        KeyCache.this.drop(entry);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (!closed) {
          closed = true;
          entry.users--;
          wipeWhenUnused(entry);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Returns keys, fetching them when there are none whose lease still runs.
   *
   * @param slot which keys
   * @param fetcher how to fetch them; runs in a thread of its own
   * @param deadline until when to wait
   */
  public Use acquire(Slot slot, Fetcher<K> fetcher, Deadline deadline) {
    lock.lock();
    try {
      dropAllWhenClockWentBack();
      Entry entry = entries.get(slot);
      if (entry != null && !usable(entry)) {
        drop(entry);
        entry = null;
      }
      boolean hot = entry != null && entry.fetched != null;
      if (entry == null) {
        makeRoom();
        entry = new Entry(slot, clock.instant(), ticker.getAsLong());
        entries.put(slot, entry);
        start(entry, fetcher);
      }
      entry.users++;
      return await(entry, hot, deadline);
    } finally {
      lock.unlock();
    }
  }

  private Use await(Entry entry, boolean hot, Deadline deadline) {
    boolean done = false;
    try {
      while (entry.fetched == null && entry.failure == null) {
        long left = deadline.remainingNanos();
        if (left <= 0) {
          throw Deadline.over();
        }
        changed.awaitNanos(left);
      }
      Fetched<K> fetched = entry.fetched;
      if (fetched == null) {
        throw failureOf(entry);
      }
      entry.lastUsed = ++uses;
      done = true;
      return new Use(entry, fetched, hot);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Deadline.over();
    } finally {
      if (!done) {
        entry.users--;
        wipeWhenUnused(entry);
      }
    }
  }

  private CodedException failureOf(Entry entry) {
    CodedException failure = entry.failure;
    return failure != null
        ? failure
        : new FunctionException(FunctionException.Code.INTERNAL, "a fetch ended without an end");
  }

  private void start(Entry entry, Fetcher<K> fetcher) {
    Thread.ofVirtual()
        .name("key-fetch")
        .start(
            () -> {
              Fetched<K> fetched = null;
              CodedException failure = null;
              try {
                fetched = fetcher.fetch();
              } catch (CodedException e) {
                failure = e;
              } catch (RuntimeException | Error e) {
                failure =
                    new FunctionException(
                        FunctionException.Code.INTERNAL, "the keys could not be fetched", e);
              }
              finish(entry, fetched, failure);
            });
  }

  private void finish(Entry entry, @Nullable Fetched<K> fetched, @Nullable CodedException failure) {
    lock.lock();
    try {
      entry.fetched = fetched;
      entry.failure = failure;
      if (fetched == null) {
        entries.remove(entry.slot, entry);
      } else {
        entry.budget = fetched.lease().requestBudget();
        wipeWhenUnused(entry);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void dropAllWhenClockWentBack() {
    Instant now = clock.instant();
    if (lastSeen.isAfter(now) && lastSeen.minus(CLOCK_TOLERANCE).isAfter(now)) {
      for (Entry entry : new ArrayList<>(entries.values())) {
        if (entry.fetched != null) {
          drop(entry);
        }
      }
      lastSeen = now;
    }
    lastSeen = lastSeen.isAfter(now) ? lastSeen : now;
  }

  private boolean usable(Entry entry) {
    Fetched<K> fetched = entry.fetched;
    if (fetched == null) {
      return true;
    }
    Duration lease = fetched.lease().duration();
    return entry.budget > 0
        && clock.instant().isBefore(entry.startInstant.plus(lease))
        && ticker.getAsLong() - entry.startTick < lease.toNanos();
  }

  private void drop(Entry entry) {
    entries.remove(entry.slot, entry);
    entry.dropped = true;
    wipeWhenUnused(entry);
  }

  private void makeRoom() {
    while (entries.size() >= capacity) {
      Entry oldest =
          entries.values().stream()
              .filter(entry -> entry.users == 0 && entry.fetched != null)
              .min(Comparator.comparingLong(entry -> entry.lastUsed))
              .orElseThrow(
                  () ->
                      new FunctionException(
                          FunctionException.Code.BUSY, "the keys of too many users are in use"));
      drop(oldest);
    }
  }

  private void wipeWhenUnused(Entry entry) {
    Fetched<K> fetched = entry.fetched;
    if (entry.dropped && entry.users == 0 && fetched != null && !entry.wiped) {
      entry.wiped = true;
      try {
        fetched.keys().close();
      } catch (Exception e) {
        throw new IllegalStateException("keys were not wiped", e);
      }
    }
  }

  /** Returns how many slots have keys or wait for them. */
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops the keys of some slots.
   *
   * @param which the slots
   */
  public void dropIf(Predicate<Slot> which) {
    lock.lock();
    try {
      List<Entry> chosen =
          entries.values().stream().filter(entry -> which.test(entry.slot)).toList();
      chosen.forEach(this::drop);
    } finally {
      lock.unlock();
    }
  }

  /** Drops all keys. */
  @Override
  public void close() {
    dropIf(_ -> true);
  }
}
