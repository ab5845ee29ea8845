package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.wire.PlatformClient;
import org.sesemi.wire.PlatformMessage;

/** The daemon as a process of its own, with real enclaves. */
@Timeout(180)
class DaemonProcessTest {

  @TempDir static Path temporary;

  private static Path unit;

  private Path home;
  private Process daemon;

  @BeforeAll
  static void makeUnit() throws IOException {
    unit = TestUnits.unit(TestUnits.folder(temporary), "enclave");
  }

  @BeforeEach
  void start() throws IOException {
    home = temporary.resolve("platform");
    daemon = daemon(home);
    assertThat(daemon.inputReader().readLine())
        .contains("listening on daemon.sock", SimulatedPlatform.BANNER);
  }

  @AfterEach
  void end() throws Exception {
    daemon.destroyForcibly().waitFor();
  }

  private static Process daemon(Path home) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--home",
                home.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    // What is in the daemon's environment must not reach an enclave.
    builder.environment().put("JDK_JAVA_OPTIONS", "-Dfrom.the=environment");
    builder.environment().put("LD_LIBRARY_PATH", "/tmp");
    return builder.start();
  }

  private PlatformClient connect() {
    return PlatformClient.connect(home.resolve(PlatformHome.SOCKET));
  }

  private record Running(PlatformMessage.Launched launched, Map<String, String> values) {
    ProcessHandle process() {
      return ProcessHandle.of(launched.pid()).orElseThrow();
    }
  }

  private static Running launch(PlatformClient client) throws Exception {
    CompletableFuture<PlatformMessage.Ready> ready = new CompletableFuture<>();
    client.subscribe(
        event -> {
          if (event instanceof PlatformMessage.Ready news) {
            ready.complete(news);
          }
        });
    PlatformMessage.Launched launched =
        client.launch(TestDaemon.request(unit, "{}", Map.of("environment", "")));
    return new Running(launched, ready.get(60, TimeUnit.SECONDS).values());
  }

  @Test
  void closingItsInputEndsItAndItsEnclaves() throws Exception {
    try (PlatformClient client = connect()) {
      Running running = launch(client);
      assertThat(running.values()).containsEntry("environment", "LANG");
      ProcessHandle enclave = running.process();
      CompletableFuture<Void> ended = new CompletableFuture<>();
      client.onEnd(() -> ended.complete(null));
      daemon.getOutputStream().close();
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(daemon.exitValue()).isZero();
      enclave.onExit().get(10, TimeUnit.SECONDS);
      ended.get(10, TimeUnit.SECONDS);
    }
    assertThat(home.resolve(PlatformHome.SOCKET)).doesNotExist();
  }

  @Test
  void killingItEndsItsEnclavesAndTheNextOneTakesOver() throws Exception {
    ProcessHandle enclave;
    PlatformMessage.StatusReport before;
    try (PlatformClient client = connect()) {
      enclave = launch(client).process();
      before = client.status();
      daemon.destroyForcibly().waitFor();
    }
    enclave.onExit().get(20, TimeUnit.SECONDS);
    assertThat(home.resolve(PlatformHome.SOCKET)).exists();
    daemon = daemon(home);
    assertThat(daemon.inputReader().readLine()).contains("listening");
    try (PlatformClient client = connect()) {
      PlatformMessage.StatusReport after = client.status();
      assertThat(after.rootPublicKey()).isEqualTo(before.rootPublicKey());
      assertThat(after.launches()).isEmpty();
      assertThat(launch(client).launched().measurement())
          .isEqualTo(before.launches().getFirst().measurement());
    }
  }

  @Test
  void aSignalEndsItInOrder() throws Exception {
    ProcessHandle enclave;
    try (PlatformClient client = connect()) {
      enclave = launch(client).process();
      daemon.destroy();
      assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    enclave.onExit().get(10, TimeUnit.SECONDS);
    assertThat(home.resolve(PlatformHome.SOCKET)).doesNotExist();
  }

  @Test
  void aSecondDaemonOnTheSameHomeSaysWhyItDoesNotStart() throws Exception {
    Process second =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--home",
                home.toString())
            .start();
    try (BufferedReader errors = second.errorReader(StandardCharsets.UTF_8)) {
      List<String> lines = errors.lines().toList();
      assertThat(lines).anyMatch(line -> line.startsWith("platform.home-in-use: "));
      assertThat(lines).anyMatch(line -> line.startsWith("  hint: "));
    }
    assertThat(second.waitFor()).isEqualTo(1);
    try (PlatformClient client = connect()) {
      assertThat(client.status().pid()).isEqualTo(daemon.pid());
    }
    assertThat(Files.exists(home.resolve("root.key"))).isTrue();
  }
}
