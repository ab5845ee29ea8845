package org.sesemi.channel;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory for the bodies of requests: buffers outside the heap in sizes of powers of two, used
 * again, with a bound on all of them together.
 *
 * <p>Guarantees: at most the bound is lent and kept together; a buffer is lent to one borrower;
 * what is not lent shrinks to an eighth of the bound and is returned to the system, not to a
 * collector. Bodies are ciphertext or public, so buffers are not wiped between borrowers; a
 * borrower sees what it wrote itself.
 */
final class BodyBuffers {

  private static final int MIN_SIZE = 4096;

  private final long bound;
  private final ReentrantLock lock = new ReentrantLock();
  private final NavigableMap<Integer, List<Lease>> kept = new TreeMap<>(Comparator.reverseOrder());
  private long lentBytes;
  private long keptBytes;

  BodyBuffers(long bound) {
    this.bound = bound;
  }

  /** One lent buffer. */
  final class Lease implements AutoCloseable {
    private final Arena arena = Arena.ofShared();
    private final int size;
    private final ByteBuffer memory;

    private Lease(int size) {
      this.size = size;
      this.memory = arena.allocate(size).asByteBuffer();
    }

    /** A cleared view of the first bytes. */
    ByteBuffer buffer(int length) {
      return memory.duplicate().clear().limit(length);
    }

    /** Gives the buffer back; nobody may use it any more. */
    @Override
    public void close() {
      giveBack(this);
    }
  }

  /** Lends a buffer of at least the given length, or nothing when too much is lent already. */
  Optional<Lease> borrow(int length) {
    int size = Math.max(MIN_SIZE, length > 1 << 30 ? length : nextPowerOfTwo(length));
    List<Lease> surplus = new ArrayList<>();
    lock.lock();
    try {
      // A single body may always pass, also when rounding makes it larger than the bound.
      if (lentBytes > 0 && lentBytes + size > bound) {
        return Optional.empty();
      }
      lentBytes += size;
      List<Lease> fitting = kept.getOrDefault(size, List.of());
      if (!fitting.isEmpty()) {
        keptBytes -= size;
        return Optional.of(fitting.removeLast());
      }
      evict(bound - lentBytes, surplus);
    } finally {
      lock.unlock();
    }
    free(surplus);
    try {
      return Optional.of(new Lease(size));
    } catch (OutOfMemoryError e) {
      forget(size);
      return Optional.empty();
    }
  }

  private void giveBack(Lease lease) {
    List<Lease> surplus = new ArrayList<>();
    lock.lock();
    try {
      lentBytes -= lease.size;
      keptBytes += lease.size;
      kept.computeIfAbsent(lease.size, _ -> new ArrayList<>()).add(lease);
      evict(Math.min(bound / 8, bound - lentBytes), surplus);
    } finally {
      lock.unlock();
    }
    free(surplus);
  }

  private void forget(int size) {
    lock.lock();
    try {
      lentBytes -= size;
    } finally {
      lock.unlock();
    }
  }

  /** Takes kept buffers out, largest first, until they fit. */
  private void evict(long allowed, List<Lease> surplus) {
    for (Map.Entry<Integer, List<Lease>> entry : kept.entrySet()) {
      while (keptBytes > allowed && !entry.getValue().isEmpty()) {
        surplus.add(entry.getValue().removeLast());
        keptBytes -= entry.getKey();
      }
    }
  }

  private static void free(List<Lease> surplus) {
    for (Lease lease : surplus) {
      lease.arena.close();
    }
  }

  /** Bytes lent and kept at present. */
  long heldBytes() {
    lock.lock();
    try {
      return lentBytes + keptBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes lent at present. */
  long lentBytes() {
    lock.lock();
    try {
      return lentBytes;
    } finally {
      lock.unlock();
    }
  }

  /** Frees what is kept. */
  void clear() {
    List<Lease> surplus = new ArrayList<>();
    lock.lock();
    try {
      evict(0, surplus);
    } finally {
      lock.unlock();
    }
    free(surplus);
  }

  private static int nextPowerOfTwo(int length) {
    return length <= 1 ? 1 : Integer.highestOneBit(length - 1) << 1;
  }
}
