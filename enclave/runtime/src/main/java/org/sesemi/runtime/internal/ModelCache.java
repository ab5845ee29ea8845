package org.sesemi.runtime.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;

/**
 * The models in memory, by the digest of their manifest.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A model is loaded once however many requests wait for it; they wait without spinning, each
 *       until its own deadline.
 *   <li>A load that fails leaves nothing behind: those who waited get its failure, and the next
 *       request starts anew.
 *   <li>The memory of all models stays within the budget. Room is made by closing models that
 *       nobody uses, the longest unused first.
 * </ul>
 *
 * <p>One lock guards everything; loading and closing models happens outside of it.
 */
public final class ModelCache implements AutoCloseable {

  private static final long ROOM_WAIT_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** Loads one model. */
  @FunctionalInterface
  public interface Loader {
    /**
     * Loads the model.
     *
     * @param room must be asked for the planned bytes before memory is taken
     */
    LoadedModel load(Room room);
  }

  /** Where a loader reserves memory. */
  @FunctionalInterface
  public interface Room {
    /** Makes room for a model, closing idle ones; fails when that is impossible. */
    void reserve(long bytes);
  }

  /** One model and how it is used; the fields are guarded by the cache's lock. */
  private static final class Entry {
    private final Digest digest;
    private final Deque<InferenceContext> contexts = new ArrayDeque<>();
    private @Nullable LoadedModel model;
    private @Nullable CodedException failure;
    private long bytes;
    private int users;
    private long lastUsed;

    private Entry(Digest digest) {
      this.digest = digest;
    }
  }

  private final long budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Digest, Entry> entries = new HashMap<>();
  private long used;
  private long uses;
  private long evictions;

  /**
   * Makes an empty cache.
   *
   * @param budget the most bytes that all models together may take
   */
  public ModelCache(long budget) {
    this.budget = budget;
  }

  /** A model in use; it stays in memory until the use is closed. */
  public final class Use implements AutoCloseable {
    private final Entry entry;
    private final LoadedModel model;
    private final boolean hot;
    private @Nullable InferenceContext context;

    private Use(Entry entry, LoadedModel model, boolean hot) {
      this.entry = entry;
      this.model = model;
      this.hot = hot;
    }

    /** Returns the model. */
    public LoadedModel model() {
      return model;
    }

    /** Tells whether the model was in memory before it was asked for. */
    public boolean hot() {
      return hot;
    }

    /** Returns a context of the model for this use alone. */
    public InferenceContext context() {
      if (context == null) {
        context = takeContext(entry).orElseGet(model::openContext);
      }
      return context;
    }

    /** Closes the context, which must not be used again, for example after a stopped run. */
    public void discardContext() {
      if (context != null) {
        context.close();
        context = null;
      }
    }

    @Override
    public void close() {
      release(entry, Optional.ofNullable(context));
      context = null;
    }
  }

  /**
   * Returns a model, loading it when it is not in memory.
   *
   * @param digest the digest of its manifest
   * @param loader gives the way to load it; asked in this thread and only when a load begins
   * @param deadline until when to wait
   */
  public Use acquire(Digest digest, Supplier<Loader> loader, Deadline deadline) {
    lock.lock();
    try {
      Entry entry = entries.get(digest);
      boolean hot = entry != null && entry.model != null;
      if (entry == null) {
        Loader chosen = loader.get();
        entry = new Entry(digest);
        entries.put(digest, entry);
        start(entry, chosen);
      }
      entry.users++;
      return await(entry, hot, deadline);
    } finally {
      lock.unlock();
    }
  }

  /** Tells whether a model is in memory. */
  public boolean contains(Digest digest) {
    lock.lock();
    try {
      Entry entry = entries.get(digest);
      return entry != null && entry.model != null;
    } finally {
      lock.unlock();
    }
  }

  private Use await(Entry entry, boolean hot, Deadline deadline) {
    boolean done = false;
    try {
      while (entry.model == null && entry.failure == null) {
        long left = deadline.remainingNanos();
        if (left <= 0) {
          throw Deadline.over();
        }
        changed.awaitNanos(left);
      }
      LoadedModel model = entry.model;
      if (model == null) {
        throw failureOf(entry);
      }
      done = true;
      return new Use(entry, model, hot);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Deadline.over();
    } finally {
      if (!done) {
        entry.users--;
        changed.signalAll();
      }
    }
  }

  private static CodedException failureOf(Entry entry) {
    CodedException failure = entry.failure;
    return failure != null
        ? failure
        : new FunctionException(FunctionException.Code.INTERNAL, "a load ended without an end");
  }

  private void start(Entry entry, Loader loader) {
    Thread.ofVirtual().name("model-load").start(() -> load(entry, loader));
  }

  private void load(Entry entry, Loader loader) {
    LoadedModel model = null;
    CodedException failure = null;
    try {
      model = loader.load(bytes -> reserve(entry, bytes));
    } catch (CodedException e) {
      failure = e;
    } catch (OutOfMemoryError e) {
      failure =
          new FunctionException(
              FunctionException.Code.MODEL_TOO_LARGE, "the memory does not suffice for the model");
    } catch (RuntimeException | Error e) {
      failure =
          new FunctionException(
              FunctionException.Code.INTERNAL, "the model could not be loaded", e);
    }
    List<Entry> victims = new ArrayList<>();
    lock.lock();
    try {
      if (model == null) {
        entries.remove(entry.digest);
        entry.failure = failure;
        used -= entry.bytes;
        entry.bytes = 0;
      } else {
        long more = Math.max(0, model.memoryBytes() - entry.bytes);
        entry.bytes += more;
        used += more;
        entry.model = model;
        entry.lastUsed = ++uses;
        entry.users++;
        while (used - bytesOf(victims) > budget && takeIdle(victims)) {
          // Takes one idle model after the other.
        }
        entry.users--;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    closeAll(victims);
  }

  private void reserve(Entry entry, long bytes) {
    if (bytes > budget) {
      throw new FunctionException(
          FunctionException.Code.MODEL_TOO_LARGE,
          "the model needs " + bytes + " bytes, the budget is " + budget);
    }
    long end = System.nanoTime() + ROOM_WAIT_NANOS;
    while (true) {
      List<Entry> victims = new ArrayList<>();
      lock.lock();
      try {
        while (used - bytesOf(victims) + bytes > budget && takeIdle(victims)) {
          // Takes one idle model after the other.
        }
        if (victims.isEmpty()) {
          if (used + bytes <= budget) {
            used += bytes;
            entry.bytes = bytes;
            return;
          }
          awaitRoom(end);
        }
      } finally {
        lock.unlock();
      }
      closeAll(victims);
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the only caller loops
  private void awaitRoom(long end) {
    long left = end - System.nanoTime();
    try {
      if (left > 0) {
        changed.awaitNanos(left);
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new FunctionException(
        FunctionException.Code.BUSY, "the memory is taken by models that are in use");
  }

  private static long bytesOf(List<Entry> victims) {
    return victims.stream().mapToLong(victim -> victim.bytes).sum();
  }

  private boolean takeIdle(List<Entry> victims) {
    Optional<Entry> idle =
        entries.values().stream()
            .filter(entry -> entry.model != null && entry.users == 0)
            .min(Comparator.comparingLong(entry -> entry.lastUsed));
    idle.ifPresent(
        entry -> {
          entries.remove(entry.digest);
          victims.add(entry);
          evictions++;
        });
    return idle.isPresent();
  }

  /** Closes models that are in the cache no more, and only then counts their memory as free. */
  private void closeAll(List<Entry> victims) {
    for (Entry victim : victims) {
      try {
        victim.contexts.forEach(InferenceContext::close);
        if (victim.model != null) {
          victim.model.close();
        }
      } finally {
        lock.lock();
        try {
          used -= victim.bytes;
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private Optional<InferenceContext> takeContext(Entry entry) {
    lock.lock();
    try {
      return Optional.ofNullable(entry.contexts.pollFirst());
    } finally {
      lock.unlock();
    }
  }

  private void release(Entry entry, Optional<InferenceContext> context) {
    lock.lock();
    try {
      context.ifPresent(entry.contexts::addFirst);
      entry.users--;
      entry.lastUsed = ++uses;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the bytes that all models take. */
  public long usedBytes() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many models are in memory or being loaded. */
  public int size() {
    lock.lock();
    try {
      return entries.size();
    } finally {
      lock.unlock();
    }
  }

  /** Returns how many models were closed to make room. */
  public long evictions() {
    lock.lock();
    try {
      return evictions;
    } finally {
      lock.unlock();
    }
  }

  /** Closes all models that nobody uses. */
  @Override
  public void close() {
    List<Entry> victims = new ArrayList<>();
    lock.lock();
    try {
      while (takeIdle(victims)) {
        // Takes one idle model after the other.
      }
    } finally {
      lock.unlock();
    }
    closeAll(victims);
  }
}
