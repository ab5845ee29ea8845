package org.sesemi.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.sesemi.wire.Verdict;

/**
 * Runs the fuzzer in processes of its own, with little memory and a limit on the time of one input.
 *
 * <p>The short form gives all targets together a few seconds. {@code lab/attestation/fuzz} gives
 * the target of each parser ten minutes, by the properties {@code sesemi.fuzz.targets} (a list, or
 * {@code each}) and {@code sesemi.fuzz.seconds}; several run side by side where JUnit is told so.
 */
@Execution(ExecutionMode.CONCURRENT)
class FuzzTest {

  private static final System.Logger LOGGER = System.getLogger(FuzzTest.class.getName());
  private static final int SECONDS = Integer.getInteger("sesemi.fuzz.seconds", 15);
  private static final String MEMORY = "-Xmx512m";

  /** One input that takes longer than this, or an answer that never comes, is a finding. */
  private static final int SECONDS_OF_ONE_INPUT = 30;

  private static final Duration START = Duration.ofMinutes(3);

  @TempDir Path folder;

  @Test
  void goodEvidenceIsAccepted() {
    for (Baseline baseline : Baseline.all()) {
      baseline
          .documents()
          .files()
          .forEach(
              (name, content) ->
                  assertThat(baseline.verdict(name, content))
                      .as(baseline.platform().text())
                      .isEqualTo(Verdict.ACCEPT));
    }
  }

  @Test
  void everyTargetTakesItsSeeds() {
    for (String target : Targets.names()) {
      Targets.named(target).take(new byte[0]);
      Targets.seeds(target).forEach(seed -> Targets.named(target).take(seed.toArray()));
    }
    assertThat(Targets.names()).hasSizeGreaterThan(40);
    assertThat(Targets.parsers()).hasSizeGreaterThan(20).isSubsetOf(Targets.names());
  }

  @TestFactory
  List<DynamicTest> theFuzzerFindsNothing() {
    String wanted = System.getProperty("sesemi.fuzz.targets", "all");
    List<String> targets =
        wanted.equals("each") ? Targets.parsers() : List.of(wanted.split(",", -1));
    return targets.stream()
        .map(target -> DynamicTest.dynamicTest(target, () -> fuzz(target)))
        .toList();
  }

  private void fuzz(String target) throws IOException, InterruptedException {
    Path corpus = Files.createDirectories(folder.resolve(target));
    Seeds.write(target, corpus);
    Path log = Path.of("target", "fuzz-" + target + ".log");
    Files.createDirectories(log.toAbsolutePath().getParent());
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                MEMORY,
                "-XX:+UseSerialGC",
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-D" + EvidenceFuzzer.TARGET + "=" + target,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "com.code_intelligence.jazzer.Jazzer",
                "--target_class=" + EvidenceFuzzer.class.getName(),
                "--instrumentation_includes=org.sesemi.attestation.**:org.sesemi.wire.**",
                "--custom_hook_includes=org.sesemi.attestation.**",
                "--reproducer_path=" + folder,
                "-artifact_prefix=" + Path.of("target").toAbsolutePath() + "/",
                "-max_total_time=" + SECONDS,
                "-timeout=" + SECONDS_OF_ONE_INPUT,
                "-rss_limit_mb=2048",
                "-print_final_stats=1",
                corpus.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(START.toSeconds() + SECONDS, TimeUnit.SECONDS))
          .as("the fuzzer ends by itself")
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    String text = Files.readString(log);
    assertThat(process.exitValue()).as(() -> end(text)).isZero();
    LOGGER.log(Level.INFO, "fuzzed {0}: {1}", target, line(text, "stat::number_of_executed_units"));
  }

  private static String line(String text, String start) {
    return text.lines().filter(line -> line.startsWith(start)).findFirst().orElse("no statistics");
  }

  private static String end(String text) {
    return text.substring(Math.max(0, text.length() - 6_000));
  }
}
