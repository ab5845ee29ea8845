package org.sesemi.platform.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.sesemi.platform.MemoryLimit;

/**
 * Looks at the resident size of a process and its descendants several times a second, and ends the
 * process when it is beyond its limit. A process can be beyond it for a moment.
 */
final class ResidentGuard implements MemoryGuard {

  private static final long PERIOD_MILLIS = 200;

  private final ScheduledExecutorService timer;

  ResidentGuard(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  @Override
  public MemoryLimit kind() {
    return MemoryLimit.RESIDENT_SIZE;
  }

  @Override
  public Confinement confine(String label, long pid, long limit, Runnable end) {
    return new Watch(timer, pid, limit, end);
  }

  private static final class Watch implements Confinement {

    private final ScheduledFuture<?> task;
    private volatile boolean exceeded;

    Watch(ScheduledExecutorService timer, long pid, long limit, Runnable end) {
      this.task =
          timer.scheduleWithFixedDelay(
              () -> {
                if (!exceeded && residentOfTree(pid) > limit) {
                  exceeded = true;
                  Thread.ofVirtual().name("memory-exceeded-" + pid).start(end);
                }
              },
              PERIOD_MILLIS,
              PERIOD_MILLIS,
              TimeUnit.MILLISECONDS);
    }

    @Override
    public boolean exceeded() {
      return exceeded;
    }

    @Override
    public void close() {
      task.cancel(false);
    }
  }

  /** Returns the resident bytes of a process and its descendants; 0 when it is gone. */
  static long residentOfTree(long pid) {
    try (Stream<ProcessHandle> descendants =
        ProcessHandle.of(pid).map(ProcessHandle::descendants).orElse(Stream.empty())) {
      return resident(pid) + descendants.mapToLong(child -> resident(child.pid())).sum();
    }
  }

  private static long resident(long pid) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return 0;
    } catch (IOException | NumberFormatException _) {
      return 0;
    }
  }
}
