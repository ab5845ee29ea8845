package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.LaunchManifest;
import org.sesemi.attestation.LaunchUnit;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.SimulatedVerifier;
import org.sesemi.testenclave.Babbler;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.RemoteException;

/** Real enclave processes on a platform in this process. */
@Timeout(120)
class EnclaveLaunchTest {

  private static final String REPORT_DATA = "5a".repeat(64);

  @TempDir static Path temporary;

  private static Path units;
  private static Path unit;
  private static TestDaemon daemon;

  @BeforeAll
  static void start() throws IOException {
    units = TestUnits.folder(temporary);
    unit = TestUnits.unit(units, "enclave");
    daemon = new TestDaemon(temporary.resolve("platform"));
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
  }

  private static String value(Map<String, String> results, String name) {
    return Optional.ofNullable(results.get(name)).orElseThrow();
  }

  private static Claims claims(String evidence) {
    return new SimulatedVerifier(Set.of(daemon.client.status().rootPublicKey()))
        .verify(
            Evidence.decode(HexFormat.of().parseHex(evidence)),
            HexFormat.of().parseHex(REPORT_DATA),
            Instant.now())
        .claims()
        .orElseThrow();
  }

  @Test
  void aQuoteVerifiesAndNamesWhatAnybodyCanMeasureFromTheFiles() throws Exception {
    PlatformMessage.Launched launched =
        daemon.client.launch(
            TestDaemon.request(unit, "{\"a\":1}", Map.of("attest", REPORT_DATA, "config", "")));
    Map<String, String> results = daemon.ready(launched.launchId()).values();
    Claims claims = claims(value(results, "attest"));
    assertThat(claims.platform()).isEqualTo(PlatformKind.SIMULATED);
    assertThat(claims.measurement())
        .isEqualTo(launched.measurement())
        .isEqualTo(LaunchUnit.scan(unit, units.resolve("jdk")).measurement())
        .isEqualTo(daemon.client.measure(unit).measurement());
    assertThat(claims.configDigest())
        .isEqualTo(launched.configDigest())
        .isEqualTo(LaunchManifest.configDigest(TestDaemon.config("{\"a\":1}").toArray()));
    assertThat(claims.launchId()).isEqualTo(launched.launchId().value());
    assertThat(results.get("config")).isEqualTo("{\"a\":1}");
    assertThat(daemon.client.stop(launched.launchId()).exitCode()).isZero();
  }

  @Test
  void eachLaunchQuotesForItselfAlone() throws Exception {
    PlatformMessage.Launched first = daemon.launch(unit, Map.of("attest", REPORT_DATA));
    PlatformMessage.Launched second = daemon.launch(unit, Map.of("attest", REPORT_DATA));
    Bytes firstId = claims(value(daemon.ready(first.launchId()).values(), "attest")).launchId();
    Bytes secondId = claims(value(daemon.ready(second.launchId()).values(), "attest")).launchId();
    assertThat(firstId).isEqualTo(first.launchId().value()).isNotEqualTo(secondId);
    assertThat(secondId).isEqualTo(second.launchId().value());
    daemon.client.stop(first.launchId());
    daemon.client.stop(second.launchId());
  }

  @Test
  void theProcessHasTheMeasuredEnvironmentAndIsClosedOff() throws Exception {
    PlatformMessage.Launched launched =
        daemon.launch(unit, Map.of("environment", "", "dumpable", "", "print", "x", "input", ""));
    Map<String, String> results = daemon.ready(launched.launchId()).values();
    assertThat(results)
        .containsEntry("environment", "LANG")
        .containsEntry("dumpable", "0")
        .containsEntry("print", "0")
        .containsEntry("input", "-1");
    assertThat(Files.readString(daemon.home.log("enclave")))
        .contains(SimulatedPlatform.BANNER, "java prints x", "child prints x");
    assertThat(jcmd(launched.pid())).isNotZero();
    assertThat(jcmd(ProcessHandle.current().pid())).isZero();
    assertThat(ProcessHandle.of(launched.pid())).isPresent();
    daemon.client.stop(launched.launchId());
    assertThat(ProcessHandle.of(launched.pid())).isEmpty();
  }

  /** Tries to attach to a process as the JDK's own tool does. */
  private static int jcmd(long pid) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            "-J-Dsun.tools.attach.attachTimeout=1000",
            Long.toString(pid),
            "VM.version")
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  @Test
  void whatOneMeasurementSealedNoOtherUnseals() throws Exception {
    Path other = TestUnits.unit(units, "other");
    TestUnits.describe(
        other,
        org.sesemi.testenclave.Main.class,
        TestUnits.OPTIONS.replace("64m", "65m"),
        TestUnits.ENVIRONMENT);
    TestUnits.settle(other);
    String sealed = value(daemon.results(unit, Map.of("seal", "state")), "seal");
    assertThat(daemon.results(unit, Map.of("unseal", sealed))).containsEntry("unseal", "state");
    assertThat(daemon.results(other, Map.of("unseal", sealed)))
        .containsEntry("unseal", "platform.sealed-elsewhere");
    stopAll();
  }

  @Test
  void anotherPlatformDoesNotUnseal() throws Exception {
    String sealed = value(daemon.results(unit, Map.of("seal", "state")), "seal");
    try (TestDaemon elsewhere = new TestDaemon(temporary.resolve("elsewhere"))) {
      assertThat(elsewhere.results(unit, Map.of("unseal", sealed)))
          .containsEntry("unseal", "platform.seal-tampered");
    }
    stopAll();
  }

  @Test
  void countersBelongToAMeasurementAndSurviveTheDaemon() throws Exception {
    Path folder = temporary.resolve("counting");
    try (TestDaemon first = new TestDaemon(folder)) {
      assertThat(first.results(unit, Map.of("count-up", "0"))).containsEntry("count-up", "1");
      assertThat(first.results(unit, Map.of("count-up", "1"))).containsEntry("count-up", "2");
      assertThat(first.results(unit, Map.of("count-up", "1")))
          .containsEntry("count-up", "platform.counter-moved");
    }
    try (TestDaemon second = new TestDaemon(folder)) {
      assertThat(second.results(unit, Map.of("counter", "count-up"))).containsEntry("counter", "2");
    }
  }

  @Test
  void aKilledEnclaveIsReportedAndLeavesNothing() throws Exception {
    PlatformMessage.Launched launched = daemon.launch(unit, Map.of());
    daemon.ready(launched.launchId());
    assertThat(daemon.client.status().launches())
        .anySatisfy(
            view -> {
              assertThat(view.launchId()).isEqualTo(launched.launchId());
              assertThat(view.state()).isEqualTo(PlatformMessage.LaunchState.READY);
            });
    ProcessHandle.of(launched.pid()).orElseThrow().destroyForcibly();
    assertThat(daemon.exited(launched.launchId()).exitCode()).isEqualTo(137);
    assertThat(daemon.client.status().launches())
        .noneMatch(view -> view.launchId().equals(launched.launchId()));
    assertThat(Files.exists(Path.of("/proc", Long.toString(launched.pid())))).isFalse();
    assertUnknown(launched.launchId());
  }

  @Test
  void anEnclaveThatFailsIsReportedWithItsCode() throws Exception {
    PlatformMessage.Launched launched = daemon.launch(unit, Map.of("fail", "on purpose"));
    assertThat(daemon.exited(launched.launchId()).exitCode()).isEqualTo(1);
    assertThat(Files.readString(daemon.home.log("enclave"))).contains("on purpose");
  }

  @Test
  void anEnclaveThatDoesNotEndIsDestroyed() throws Exception {
    PlatformMessage.Launched launched = daemon.launch(unit, Map.of("deaf", ""));
    daemon.ready(launched.launchId());
    assertThat(daemon.client.stop(launched.launchId()).exitCode()).isEqualTo(137);
    assertUnknown(launched.launchId());
  }

  @Test
  void aProcessThatSpeaksNonsenseIsEndedAndNoOtherOne() throws Exception {
    PlatformMessage.Launched good = daemon.launch(unit, Map.of());
    daemon.ready(good.launchId());
    Path babbler =
        TestUnits.unit(units, "babbler", Babbler.class, TestUnits.OPTIONS, TestUnits.ENVIRONMENT);
    PlatformMessage.Launched bad = daemon.launch(babbler, Map.of());
    assertThat(daemon.exited(bad.launchId()).exitCode()).isEqualTo(137);
    assertThat(daemon.client.status().launches())
        .anyMatch(view -> view.launchId().equals(good.launchId()));
    daemon.client.stop(good.launchId());
  }

  @Test
  void theEndOfThePlatformEndsItsEnclaves() throws Exception {
    ProcessHandle process;
    try (TestDaemon short_ = new TestDaemon(temporary.resolve("short"))) {
      PlatformMessage.Launched launched = short_.launch(unit, Map.of());
      short_.ready(launched.launchId());
      process = ProcessHandle.of(launched.pid()).orElseThrow();
    }
    process.onExit().get(20, TimeUnit.SECONDS);
  }

  @Test
  void noMoreEnclavesThanAllowed() throws Exception {
    try (TestDaemon small = new TestDaemon(temporary.resolve("small"), 1)) {
      PlatformMessage.Launched launched = small.launch(unit, Map.of());
      assertCode("platform.full", () -> small.launch(unit, Map.of()));
      small.client.stop(launched.launchId());
      small.ready(small.launch(unit, Map.of()).launchId());
    }
  }

  private static void stopAll() {
    daemon
        .client
        .status()
        .launches()
        .forEach(
            view -> {
              try {
                daemon.client.stop(view.launchId());
              } catch (RemoteException e) {
                assertThat(e.code()).isEqualTo("platform.launch-unknown");
              }
            });
  }

  private static void assertUnknown(LaunchId id) {
    assertCode("platform.launch-unknown", () -> daemon.client.stop(id));
  }

  static void assertCode(String code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(RemoteException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
