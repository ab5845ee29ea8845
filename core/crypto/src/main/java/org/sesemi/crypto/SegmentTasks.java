package org.sesemi.crypto;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A loop over indices that several threads share; the first failure ends all of them. */
final class SegmentTasks {

  /** Below this many indices for each thread, starting it costs more than it gains. */
  private static final int WORTHWHILE = 8;

  private SegmentTasks() {}

  /** A part of the loop. */
  @FunctionalInterface
  interface Range {
    void run(int from, int to);
  }

  static void run(int count, int parallelism, Range body) {
    int threads = Math.max(1, Math.min(parallelism, count / WORTHWHILE));
    if (threads == 1) {
      body.run(0, count);
      return;
    }
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> workers = new ArrayList<>();
    CountDownLatch done = new CountDownLatch(threads);
    for (int index = 0; index < threads; index++) {
      int from = (int) ((long) count * index / threads);
      int to = (int) ((long) count * (index + 1) / threads);
      workers.add(
          Thread.ofPlatform()
              .daemon()
              .name("package-segments-" + index)
              .unstarted(
                  () -> {
                    try {
                      body.run(from, to);
                    } catch (RuntimeException | Error broken) {
                      if (failure.compareAndSet(null, broken)) {
                        workers.forEach(Thread::interrupt);
                      }
                    } finally {
                      done.countDown();
                    }
                  }));
    }
    workers.forEach(Thread::start);
    await(done, workers);
    switch (failure.get()) {
      case null -> {}
      case RuntimeException broken -> throw broken;
      case Error broken -> throw broken;
      case Throwable impossible -> throw new IllegalStateException(impossible);
    }
  }

  /** Waits for every thread even when interrupted: they write into a buffer of the caller. */
  private static void await(CountDownLatch done, List<Thread> workers) {
    boolean interrupted = false;
    while (true) {
      try {
        done.await();
        break;
      } catch (InterruptedException stop) {
        interrupted = true;
        workers.forEach(Thread::interrupt);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
      throw new CryptoException(
          CryptoException.Code.PACKAGE_UNREADABLE, "reading the package was interrupted");
    }
  }
}
