package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessExposureTest {

  private static final Path FOLDER = Path.of("/store/unit");
  private static final List<String> ARGUMENTS =
      List.of(
          "jdk/bin/java",
          "-Xmx64m",
          "-XX:+DisableAttachMechanism",
          "--module-path=lib/a.jar",
          "--module=a/b.C");
  private static final List<String> MAPPINGS =
      List.of(
          "/store/unit/jdk/lib/server/libjvm.so",
          "/store/unit/natives/libonnxruntime.so",
          "/usr/lib/x86_64-linux-gnu/libc.so.6",
          "/lib/x86_64-linux-gnu/libm.so.6",
          "/store/unit/jdk/bin/java");

  private static List<String> findings(
      Map<String, String> environment, List<String> arguments, List<String> mappings) {
    return new ProcessExposure(environment, arguments, mappings, FOLDER).findings();
  }

  @Test
  void aStartAsThePlatformMakesItHasNoFinding() {
    assertThat(findings(Map.of("LANG", "C.UTF-8", "TZ", "UTC"), ARGUMENTS, MAPPINGS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "JAVA_TOOL_OPTIONS",
        "JDK_JAVA_OPTIONS",
        "_JAVA_OPTIONS",
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "LD_AUDIT",
        "CLASSPATH"
      })
  void variablesThatLoadCodeAreFound(String name) {
    assertThat(findings(Map.of(name, "x"), ARGUMENTS, MAPPINGS))
        .containsExactly("the environment variable " + name + " is set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-javaagent:/tmp/agent.jar",
        "-agentlib:jdwp=transport=dt_socket",
        "-agentpath:/tmp/libagent.so",
        "-Xrunjdwp",
        "-Xdebug",
        "-XX:+StartAttachListener",
        "-XX:-DisableAttachMechanism",
        "-XX:Flags=/tmp/flags",
        "@/tmp/options",
        "--patch-module=java.base=/tmp/p",
        "-Xbootclasspath/a:/tmp/x.jar",
        "-cp"
      })
  void argumentsThatOpenTheProcessAreFound(String argument) {
    List<String> arguments = new ArrayList<>(ARGUMENTS);
    arguments.add(1, argument);
    assertThat(findings(Map.of(), arguments, MAPPINGS))
        .containsExactly("the argument " + argument + " opens the process");
  }

  @Test
  void anOpenAttachMechanismIsFound() {
    assertThat(findings(Map.of(), List.of("jdk/bin/java", "--module=a/b.C"), MAPPINGS))
        .containsExactly("the argument -XX:+DisableAttachMechanism is missing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/tmp/libpreload.so",
        "/store/unit2/libx.so.1",
        "/store/unit/jdk/lib/libinstrument.so",
        "/store/unit/jdk/lib/libjdwp.so",
        "/home/user/lib/libx.so (deleted)",
        "/memfd:x (deleted)"
      })
  void librariesFromElsewhereAndAgentsAreFound(String file) {
    List<String> mappings = new ArrayList<>(MAPPINGS);
    mappings.add(file);
    assertThat(findings(Map.of(), ARGUMENTS, mappings)).hasSize(1);
  }

  @Test
  void aLineOfTheMapsGivesItsFile() {
    assertThat(
            ProcessExposure.mappedCode(
                "7f2a-7f2b r-xp 00000000 08:01 123                       /usr/lib/a b.so (deleted)"))
        .contains("/usr/lib/a b.so (deleted)");
    assertThat(ProcessExposure.mappedCode("7f2a-7f2b rw-p 00000000 00:00 0 ")).isEmpty();
    assertThat(ProcessExposure.mappedCode("7f2a-7f2b rw-p 00000000 00:00 0   [heap]")).isEmpty();
    assertThat(ProcessExposure.mappedCode("7f2a-7f2b r--p 00000000 08:01 123  /tmp/data.bin"))
        .isEmpty();
  }

  @Test
  void thisTestProcessIsOpenAndKnowsIt() throws Exception {
    assertThat(ProcessExposure.look().findings())
        .contains("the argument -XX:+DisableAttachMechanism is missing");
  }
}
