package org.sesemi.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;

@Timeout(60)
class ProcessPlatformTest {

  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir Path folder;

  private Path socket() {
    return folder.resolve("d.sock");
  }

  private FunctionPlatform platform() {
    return new ProcessPlatform(
            socket(), CLOCK, Duration.ofSeconds(10), 1 << 20, ProcessPlatform.LimitBy.RESIDENT_SIZE)
        .open();
  }

  private FunctionSpec spec(int concurrency, int maxInstances, Duration keepAlive) {
    return new FunctionSpec(
        "fn",
        folder,
        Bytes.of(new byte[] {1, 2}),
        Map.of("storage", "s"),
        1L << 50,
        concurrency,
        maxInstances,
        keepAlive);
  }

  private FunctionSpec spec(int concurrency, int maxInstances) {
    return spec(concurrency, maxInstances, Duration.ofMinutes(5));
  }

  private static Deadline in(long seconds) {
    return Deadline.after(CLOCK, Duration.ofSeconds(seconds));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void assertFails(String code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the time to wait").isLessThan(end);
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Test
  void aRequestStartsASandboxAndTheNextOneUsesItsConnection() throws IOException {
    try (FakeDaemon daemon =
            FakeDaemon.of(
                socket(),
                (head, body) ->
                    FakeFunction.ok(
                        body, "X-Sesemi-Path: cold", "Server-Timing: a;dur=1", "X-Secret: s"));
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(2, 1));
      assertThat(platform.describe("fn").sandboxes()).isEmpty();
      for (int i = 0; i < 5; i++) {
        InvokeResult result = platform.invoke("fn", bytes("sealed " + i), in(20));
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.body()).isEqualTo(bytes("sealed " + i));
        assertThat(result.header("x-sesemi-path")).contains("cold");
        assertThat(result.header("server-timing")).contains("a;dur=1");
        assertThat(result.header("x-secret")).isEmpty();
      }
      assertThat(daemon.launches()).hasSize(1);
      assertThat(daemon.launches().getFirst().parameters()).containsEntry("storage", "s");
      assertThat(daemon.launches().getFirst().config()).isEqualTo(Bytes.parse("0102"));
      assertThat(daemon.functions().getFirst().connected()).isEqualTo(1);
      FunctionStatus status = platform.describe("fn");
      assertThat(status.ready()).isEqualTo(1);
      assertThat(status.sandboxes().getFirst().served()).isEqualTo(5);
      assertThat(status.starts()).isEqualTo(1);
      assertThat(platform.obstacle()).isEmpty();
      platform.delete("fn");
      assertThat(daemon.running()).isZero();
      assertFails("function.unknown", () -> platform.invoke("fn", bytes(""), in(1)));
    }
  }

  @Test
  void bodiesOfAnySizeArriveWhole() throws IOException {
    try (FakeDaemon _ = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body));
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      Property.check(
          "bodies arrive whole",
          30,
          random -> {
            byte[] body = new byte[random.nextInt(1 << random.nextInt(1, 21))];
            random.nextBytes(body);
            assertThat(platform.invoke("fn", body, in(20)).body()).isEqualTo(body);
          });
    }
  }

  @Test
  void thereAreNeverMoreRequestsOrSandboxesThanAllowed() throws Exception {
    CountDownLatch six = new CountDownLatch(6);
    try (FakeDaemon daemon =
            FakeDaemon.of(
                socket(),
                (_, body) -> {
                  six.countDown();
                  assertThat(six.await(20, TimeUnit.SECONDS)).isTrue();
                  return FakeFunction.ok(body);
                });
        FunctionPlatform platform = platform();
        ExecutorService callers = callers()) {
      platform.deploy(spec(2, 3));
      List<Future<InvokeResult>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] body = bytes("r" + i);
        answers.add(callers.submit(() -> platform.invoke("fn", body, in(30))));
      }
      for (int i = 0; i < 40; i++) {
        assertThat(answers.get(i).get().body()).isEqualTo(bytes("r" + i));
      }
      assertThat(daemon.mostRunning()).isEqualTo(3);
      assertThat(daemon.functions()).allMatch(f -> f.mostInFlight() <= 2);
      assertThat(platform.describe("fn").sandboxes()).allMatch(s -> s.inFlight() == 0);
    }
  }

  private static ExecutorService callers() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory());
  }

  @Test
  void aCrashFailsTheRequestsInFlightAndTheNextOneWorks() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2);
    AtomicInteger calls = new AtomicInteger();
    try (FakeDaemon daemon =
            FakeDaemon.of(
                socket(),
                (_, body) -> {
                  if (calls.incrementAndGet() <= 2) {
                    arrived.countDown();
                    new CountDownLatch(1).await();
                  }
                  return FakeFunction.ok(body);
                });
        FunctionPlatform platform = platform();
        ExecutorService callers = callers()) {
      platform.deploy(spec(2, 1));
      List<Future<?>> lost = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        lost.add(
            callers.submit(
                () ->
                    assertFails(
                        "function.crashed", () -> platform.invoke("fn", bytes("lost"), in(30)))));
      }
      arrived.await();
      daemon.killAll();
      for (Future<?> future : lost) {
        future.get();
      }
      assertThat(platform.invoke("fn", bytes("again"), in(30)).status()).isEqualTo(200);
      FunctionStatus status = platform.describe("fn");
      assertThat(status.failures()).isEqualTo(1);
      assertThat(status.lastFailure().orElseThrow()).contains("exit code 137");
      assertThat(daemon.launches()).hasSize(2);
    }
  }

  @Test
  void anIdleSandboxThatDiedIsReplacedWithoutAnError() throws IOException {
    try (FakeDaemon daemon = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body));
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      for (int i = 0; i < 3; i++) {
        assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
        daemon.killAll();
      }
      assertThat(daemon.launches()).hasSize(3);
    }
  }

  @Test
  void aSandboxThatBreaksItsConnectionsIsRetired() throws IOException {
    AtomicInteger calls = new AtomicInteger();
    try (FakeDaemon daemon =
            FakeDaemon.of(
                socket(),
                (_, body) -> {
                  if (calls.incrementAndGet() == 1) {
                    throw new IOException("break");
                  }
                  return FakeFunction.ok(body);
                });
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertFails("function.connection-lost", () -> platform.invoke("fn", bytes("x"), in(30)));
      assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
      assertThat(daemon.launches()).hasSize(2);
      assertThat(daemon.mostRunning()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 99 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
        ": x\r\n\r\n"
      })
  void anAnswerThatIsNotHttpIsAFailure(String answer) throws IOException {
    try (FakeDaemon _ = FakeDaemon.of(socket(), (_, _) -> bytes(answer));
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertFails("function.connection-lost", () -> platform.invoke("fn", bytes("x"), in(30)));
    }
  }

  @Test
  void theDeadlineEndsARequestThatHangs() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (FakeDaemon _ =
            FakeDaemon.of(
                socket(),
                (head, body) -> {
                  assertThat(head).containsPattern("X-Sesemi-Deadline-Ms: [0-9]{1,4}\r\n");
                  if (body.length == 0) {
                    never.await();
                  }
                  return FakeFunction.ok(body);
                });
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertThat(platform.invoke("fn", bytes("x"), in(9)).status()).isEqualTo(200);
      assertFails("function.deadline", () -> platform.invoke("fn", bytes(""), in(1)));
      assertThat(platform.invoke("fn", bytes("x"), in(9)).status()).isEqualTo(200);
    }
  }

  @Test
  void aSandboxThatNeverStartsIsTriedWithGrowingPauses() throws IOException {
    try (FakeDaemon daemon = new FakeDaemon(socket(), (_, _) -> Optional.empty());
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertFails("function.start-failed", () -> platform.invoke("fn", bytes("x"), in(30)));
      assertFails("function.start-failed", () -> platform.invoke("fn", bytes("x"), in(30)));
      assertFails("function.start-failed", () -> platform.invoke("fn", bytes("x"), in(30)));
      assertFails(
          "function.backing-off",
          () -> platform.invoke("fn", bytes("x"), Deadline.after(CLOCK, Duration.ofMillis(20))));
      assertThat(daemon.launches()).hasSize(3);
      assertThat(platform.describe("fn").backOff()).isPositive();
      assertThat(platform.describe("fn").lastFailure().orElseThrow()).contains("exit code 1");
    }
  }

  @Test
  void idleSandboxesEnd() throws IOException {
    try (FakeDaemon daemon = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body));
        FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1, Duration.ofMillis(50)));
      assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
      await(() -> daemon.running() == 0);
      assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
      await(() -> daemon.running() == 0);
      await(() -> platform.describe("fn").sandboxes().isEmpty());
      assertThat(platform.describe("fn").failures()).isZero();
    }
  }

  @Test
  void theDaemonMayComeLateAndComeBack() throws IOException {
    try (FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertThat(platform.obstacle()).isPresent();
      assertFails("platform.unavailable", () -> platform.invoke("fn", bytes("x"), in(1)));
      FakeDaemon first = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body));
      await(() -> platform.obstacle().isEmpty());
      assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
      first.close();
      await(() -> platform.obstacle().isPresent());
      try (FakeDaemon second = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body))) {
        await(() -> platform.describe("fn").sandboxes().isEmpty());
        assertThat(platform.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
        assertThat(second.launches()).hasSize(1);
      }
    }
  }

  @Test
  void whatAnEarlierRunLeftBehindIsStopped() throws IOException {
    try (FakeDaemon daemon = FakeDaemon.of(socket(), (_, body) -> FakeFunction.ok(body))) {
      FunctionPlatform killed = platform();
      killed.deploy(spec(1, 1));
      assertThat(killed.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
      FakeFunction leftOver = daemon.functions().getFirst();
      try (FunctionPlatform next = platform()) {
        next.deploy(spec(1, 1));
        assertThat(next.invoke("fn", bytes("x"), in(30)).status()).isEqualTo(200);
        await(() -> !daemon.functions().contains(leftOver));
        assertThat(daemon.running()).isEqualTo(1);
      }
      killed.close();
      assertThat(daemon.running()).isZero();
    }
  }

  @Test
  void aSandboxBeyondItsMemoryIsStoppedWithAReason() throws IOException {
    CountDownLatch never = new CountDownLatch(1);
    try (FakeDaemon daemon =
            FakeDaemon.of(
                socket(),
                (_, body) -> {
                  never.await();
                  return body;
                });
        FunctionPlatform platform = platform()) {
      // This process is larger than any limit that a specification can name.
      daemon.enclavesAre(ProcessHandle.current().pid());
      FunctionSpec wide = spec(1, 1);
      platform.deploy(
          new FunctionSpec(
              "fn", folder, wide.config(), Map.of(), 16 << 20, 1, 1, wide.keepAlive()));
      assertFails("function.memory-exceeded", () -> platform.invoke("fn", bytes("x"), in(30)));
      assertThat(platform.describe("fn").memoryLimit()).isEqualTo(MemoryLimit.RESIDENT_SIZE);
    }
  }

  @Test
  void aNameIsTakenOnce() {
    try (FunctionPlatform platform = platform()) {
      platform.deploy(spec(1, 1));
      assertFails("function.exists", () -> platform.deploy(spec(1, 1)));
      assertThat(platform.list()).containsExactly("fn");
      assertFails("function.unknown", () -> platform.describe("no"));
      assertFails("function.spec", () -> spec(0, 1));
      assertFails("function.spec", () -> spec(1, 0));
    }
  }
}
