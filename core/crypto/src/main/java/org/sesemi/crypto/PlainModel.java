package org.sesemi.crypto;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/**
 * The memory that a model in plain lies in: outside the Java heap, shared by the threads that fill
 * it, wiped and given back at once when closed.
 */
final class PlainModel implements AutoCloseable {

  private final Arena arena;
  private final MemorySegment memory;

  PlainModel(int size) {
    this.arena = Arena.ofShared();
    try {
      this.memory = arena.allocate(size, Long.BYTES);
    } catch (Throwable failed) {
      arena.close();
      throw failed;
    }
  }

  /** Returns a view of all of it. */
  ByteBuffer bytes() {
    return memory.asByteBuffer();
  }

  void wipe() {
    memory.fill((byte) 0);
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      wipe();
      arena.close();
    }
  }
}
