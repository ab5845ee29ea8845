package org.sesemi.cli.internal.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sesemi.cli.internal.CliException;

class PartTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A life that ends when the test says so. */
  private static final class FakeLife implements Running {
    private final CountDownLatch end = new CountDownLatch(1);

    @Override
    public ProcessId process() {
      return ProcessId.of(ProcessHandle.current());
    }

    @Override
    public Map<String, String> facts() {
      return Map.of("address", "here");
    }

    @Override
    public Optional<Integer> awaitEnd() throws InterruptedException {
      end.await();
      return Optional.of(137);
    }

    @Override
    public void stop(Duration grace) {
      end.countDown();
    }
  }

  @Test
  void isStartedAgainWheneverItEnds() throws Exception {
    BlockingQueue<FakeLife> lives = new LinkedBlockingQueue<>();
    Part part =
        new Part(
            "fake",
            () -> {
              FakeLife life = new FakeLife();
              lives.add(life);
              return life;
            },
            InstantSource.system(),
            () -> {});
    part.keep();
    assertThat(part.awaitReady(LIMIT)).isTrue();
    FakeLife first = lives.poll(30, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    first.end.countDown();
    FakeLife second = lives.poll(30, TimeUnit.SECONDS);
    assertThat(second).isNotNull();
    assertThat(Poll.untilTrue(LIMIT, Duration.ofMillis(5), () -> part.running().isPresent()))
        .isTrue();
    assertThat(part.view().restarts()).isEqualTo(1);
    part.stop(Duration.ofSeconds(1));
    assertThat(second.end.getCount()).isZero();
    assertThat(part.view().state()).isEqualTo(PartState.STOPPED);
    assertThat(lives).isEmpty();
  }

  @Test
  void givesUpOnlyForReasonsThatDoNotGoAway() throws Exception {
    Part part =
        new Part(
            "stale",
            () -> {
              throw new CliException(CliException.Code.HOME_STALE, "sealed by another build");
            },
            InstantSource.system(),
            () -> {});
    part.keep();
    assertThat(Poll.untilTrue(LIMIT, Duration.ofMillis(5), () -> part.failure().isPresent()))
        .isTrue();
    assertThat(part.failure().orElseThrow().code()).isEqualTo("home.stale");
    part.stop(Duration.ZERO);

    Part flaky =
        new Part(
            "flaky",
            () -> {
              throw new CliException(CliException.Code.START_FAILED, "not yet");
            },
            InstantSource.system(),
            () -> {});
    flaky.keep();
    assertThat(Poll.untilTrue(LIMIT, Duration.ofMillis(5), () -> flaky.view().restarts() >= 2))
        .isTrue();
    assertThat(flaky.failure()).isEmpty();
    flaky.stop(Duration.ZERO);
  }

  @Test
  void waitsLongerAfterEachShortLifeAndBrieflyAfterALongOne() {
    Backoff backoff = new Backoff();
    List<Duration> waits =
        java.util.stream.Stream.generate(() -> backoff.afterLife(Duration.ofSeconds(1)))
            .limit(9)
            .toList();
    assertThat(waits.subList(0, 4))
        .extracting(Duration::toMillis)
        .containsExactly(100L, 200L, 400L, 800L);
    assertThat(waits.getLast()).isEqualTo(Backoff.LONGEST);
    assertThat(backoff.afterLife(Backoff.GOOD_LIFE)).isEqualTo(Backoff.FIRST);
  }

  @Test
  void aProcessIsKnownByItsStartToo() throws IOException, InterruptedException {
    Process process = new ProcessBuilder("sleep", "60").start();
    ProcessId id = ProcessId.of(process.toHandle());
    assertThat(id.isAlive()).isTrue();
    assertThat(new ProcessId(id.pid(), id.startMillis() - 5000).isAlive()).isFalse();
    assertThat(id.end(Duration.ofSeconds(5))).isTrue();
    assertThat(id.isAlive()).isFalse();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }
}
