package org.sesemi.platform.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sesemi.platform.ProcessPlatform;

class MemoryGuardTest {

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("t").factory());

  /** Waits for a line, then takes about 200 MB for ten seconds. */
  private static Process greedy() throws IOException {
    return new ProcessBuilder(
            "sh", "-c", "read line; head -c 200000000 /dev/zero | tail -n 1 | sleep 10")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @ParameterizedTest
  @EnumSource(ProcessPlatform.LimitBy.class)
  void aProcessBeyondItsLimitIsFoundOut(ProcessPlatform.LimitBy limitBy) throws Exception {
    Process process = greedy();
    MemoryGuard guard = MemoryGuard.choose(limitBy, timer);
    try (MemoryGuard.Confinement confinement =
        guard.confine("greedy", process.pid(), 50_000_000, process::destroyForcibly)) {
      assertThat(confinement.exceeded()).isFalse();
      try (OutputStream in = process.getOutputStream()) {
        in.write("go\n".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(confinement.exceeded()).as("by %s", guard.kind()).isTrue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      timer.shutdownNow();
    }
  }

  @Test
  void aModestProcessIsLeftAlone() throws Exception {
    Process process = new ProcessBuilder("sleep", "0.5").start();
    MemoryGuard guard = MemoryGuard.choose(ProcessPlatform.LimitBy.BEST, timer);
    try (MemoryGuard.Confinement confinement =
        guard.confine("modest", process.pid(), 50_000_000, process::destroyForcibly)) {
      assertThat(process.waitFor()).isZero();
      assertThat(confinement.exceeded()).isFalse();
    } finally {
      timer.shutdownNow();
    }
  }
}
