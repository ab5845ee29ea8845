package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.EnclaveBootstrap;
import org.sesemi.attestation.LaunchUnit;
import org.sesemi.testenclave.Main;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RemoteException;

/** Every way to wrap the start of an enclave gives another measurement, or is refused. */
@Timeout(120)
class WrappedStartTest {

  @TempDir static Path temporary;

  private static Path units;
  private static Path unit;
  private static Digest genuine;
  private static TestDaemon daemon;

  @BeforeAll
  static void start() throws IOException {
    units = TestUnits.folder(temporary);
    unit = TestUnits.unit(units, "enclave");
    daemon = new TestDaemon(temporary.resolve("platform"));
    genuine = daemon.client.measure(unit).measurement();
  }

  @AfterAll
  static void stop() throws IOException {
    daemon.close();
  }

  @FunctionalInterface
  private interface Change {
    void apply(Path unit) throws IOException;
  }

  private static Change options(String more) {
    return unit ->
        TestUnits.describe(
            unit, Main.class, TestUnits.OPTIONS + ", \"" + more + "\"", TestUnits.ENVIRONMENT);
  }

  private static Change variable(String name, String value) {
    return unit ->
        TestUnits.describe(
            unit,
            Main.class,
            TestUnits.OPTIONS,
            TestUnits.ENVIRONMENT + ", \"" + name + "\": \"" + value + "\"");
  }

  private static void flipLastByte(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.read(last, channel.size() - 1);
      last.put(0, (byte) (last.get(0) ^ 1)).rewind();
      channel.write(last, channel.size() - 1);
    }
  }

  /** Replaces a file of the shared image by a changed copy, in an image of this folder alone. */
  private static void ownImage(Path unit, String changed) throws IOException {
    Path own = unit.resolve("jdk");
    TestUnits.linkTree(units.resolve("jdk"), own);
    Path file = own.resolve(changed);
    Path fresh = own.resolve("fresh");
    Files.copy(file, fresh, StandardCopyOption.COPY_ATTRIBUTES);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    Files.writeString(file, "\n# changed\n", StandardOpenOption.APPEND);
  }

  @TestFactory
  List<DynamicTest> everyChangeIsSeen() {
    Map<String, Change> measured = new LinkedHashMap<>();
    measured.put("another heap", options("-Xmx65m"));
    measured.put("a system property", options("-Dx=y"));
    measured.put("an exported package", options("--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"));
    measured.put("another environment variable", variable("TZ", "UTC"));
    measured.put("an extra jar", unit -> Files.copy(jar(unit), unit.resolve("lib/extra.jar")));
    measured.put("a jar less", unit -> Files.delete(unit.resolve("lib/crypto.jar")));
    measured.put("a changed byte of a jar", unit -> flipLastByte(jar(unit)));
    measured.put("a renamed jar", unit -> Files.move(jar(unit), unit.resolve("lib/z.jar")));
    measured.put("a file of the JDK", unit -> ownImage(unit, "conf/security/java.security"));
    measured.put("a native library", unit -> Files.writeString(natives(unit), "elf"));
    measured.put(
        "another main class",
        unit ->
            TestUnits.describe(
                unit,
                org.sesemi.testenclave.Babbler.class,
                TestUnits.OPTIONS,
                TestUnits.ENVIRONMENT));

    Map<String, Change> refused = new LinkedHashMap<>();
    for (String option :
        List.of(
            "-javaagent:/tmp/agent.jar",
            "-agentlib:jdwp=transport=dt_socket",
            "-agentpath:/tmp/agent.so",
            "-XX:-DisableAttachMechanism",
            "-XX:+StartAttachListener",
            "-XX:+EnableDynamicAgentLoading",
            "-XX:Flags=/tmp/flags",
            "-Xbootclasspath/a:/tmp/x.jar",
            "@/tmp/options",
            "-cp",
            "--patch-module=java.base=/tmp/p",
            "--module-path=/tmp")) {
      refused.put("the option " + option, options(option));
    }
    for (String name :
        List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "LD_PRELOAD", "LD_LIBRARY_PATH", "PATH")) {
      refused.put("the variable " + name, variable(name, "/tmp/x"));
    }
    refused.put("a stray file", unit -> Files.writeString(unit.resolve("x"), ""));
    refused.put("a stray file in lib", unit -> Files.writeString(unit.resolve("lib/x.so"), ""));
    refused.put(
        "a link in lib", unit -> Files.createSymbolicLink(unit.resolve("lib/l.jar"), jar(unit)));
    refused.put(
        "a jar that others can write",
        unit ->
            Files.setPosixFilePermissions(jar(unit), PosixFilePermissions.fromString("rw-r--rw-")));
    refused.put("no description", unit -> Files.delete(unit.resolve("launch.json")));
    refused.put(
        "a broken description", unit -> Files.writeString(unit.resolve("launch.json"), "{"));

    List<DynamicTest> tests = new ArrayList<>();
    measured.forEach((what, change) -> tests.add(test(what, change, false)));
    refused.forEach((what, change) -> tests.add(test(what, change, true)));
    return tests;
  }

  private static DynamicTest test(String what, Change change, boolean refused) {
    return dynamicTest(
        what + (refused ? " is refused" : " is measured"),
        () -> {
          Path changed = Files.createTempDirectory(units, "unit");
          Files.delete(changed);
          TestUnits.unit(units, changed.getFileName().toString());
          assertThat(daemon.client.measure(changed).measurement()).isEqualTo(genuine);
          change.apply(changed);
          try {
            assertThat(daemon.client.measure(changed).measurement()).isNotEqualTo(genuine);
            assertThat(refused).as("measured, not refused").isFalse();
          } catch (RemoteException e) {
            assertThat(refused).as("refused: " + e.detail()).isTrue();
            assertThat(e.code()).startsWith("attestation.launch-");
          }
        });
  }

  private static Path jar(Path unit) {
    return unit.resolve("lib/enclave.jar");
  }

  private static Path natives(Path unit) throws IOException {
    return Files.createDirectory(unit.resolve("natives")).resolve("libx.so");
  }

  /** Without the platform's help: the process itself notices, before it says a word. */
  @Test
  void aProcessStartedInAnotherWayEndsItself() throws Exception {
    Path byHand = TestUnits.unit(units, "by-hand");
    TestUnits.linkTree(units.resolve("jdk"), byHand.resolve("jdk"));
    LaunchUnit genuineStart = LaunchUnit.scan(byHand);
    assertThat(genuineStart.measurement()).isEqualTo(genuine);
    assertThat(run(byHand, genuineStart.command(), Map.of()))
        .isNotEqualTo(EnclaveBootstrap.EXIT_EXPOSED);
    for (Map<String, String> environment :
        List.of(
            Map.of("JAVA_TOOL_OPTIONS", "-Dx=y"),
            Map.of("JDK_JAVA_OPTIONS", "-Dx=y"),
            Map.of("LD_PRELOAD", "/lib/x86_64-linux-gnu/libm.so.6"))) {
      assertThat(run(byHand, genuineStart.command(), environment))
          .as("%s", environment)
          .isEqualTo(EnclaveBootstrap.EXIT_EXPOSED);
    }
    List<String> open = new ArrayList<>(genuineStart.command());
    open.removeIf(argument -> argument.equals("-XX:+DisableAttachMechanism"));
    assertThat(run(byHand, open, Map.of())).isEqualTo(EnclaveBootstrap.EXIT_EXPOSED);
    List<String> agent = new ArrayList<>(genuineStart.command());
    agent.add(1, "-XX:+EnableDynamicAgentLoading");
    assertThat(run(byHand, agent, Map.of())).isEqualTo(EnclaveBootstrap.EXIT_EXPOSED);
  }

  private static int run(Path folder, List<String> command, Map<String, String> environment)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    return process.waitFor();
  }
}
