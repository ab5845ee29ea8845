package org.sesemi.attestation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process can see of attempts to load code into it, or to look into it, that its measurement
 * does not cover. The platform calculates how an enclave is started; this is the enclave's own
 * look, for a start that was wrapped behind the platform's back.
 *
 * @param environment the names and values of its environment variables
 * @param arguments its argument list
 * @param mappings the files mapped into it as code
 * @param folder the launch folder
 */
record ProcessExposure(
    Map<String, String> environment, List<String> arguments, List<String> mappings, Path folder) {

  private static final Path SELF = Path.of("/proc/self");

  private static final Set<String> VARIABLES =
      Set.of(
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "JAVA_OPTIONS",
          "CLASSPATH",
          "JDK_AOT_VM_OPTIONS",
          "GCONV_PATH",
          "LOCPATH");

  /** Arguments that load agents or open a door for a debugger or another tool. */
  private static final Pattern DOORS =
      Pattern.compile(
          "-javaagent:.*|-agentlib:.*|-agentpath:.*|-Xrun.*|-Xdebug|-XX:\\+StartAttachListener"
              + "|-XX:-DisableAttachMechanism|-XX:\\+EnableDynamicAgentLoading|-XX:Flags=.*"
              + "|-XX:VMOptionsFile=.*|@.+|--upgrade-module-path.*|--patch-module.*"
              + "|-Xbootclasspath.*|-Dcom\\.sun\\.management.*|-cp|-classpath|--class-path.*");

  private static final String CLOSED = "-XX:+DisableAttachMechanism";
  private static final Set<String> AGENTS = Set.of("libinstrument.so", "libjdwp.so");
  private static final List<String> SYSTEM_FOLDERS =
      List.of("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/");

  ProcessExposure {
    environment = Map.copyOf(environment);
    arguments = List.copyOf(arguments);
    mappings = List.copyOf(mappings);
  }

  /** Looks at this process. The working directory is the launch folder. */
  static ProcessExposure look() throws IOException {
    String command = Files.readString(SELF.resolve("cmdline"), StandardCharsets.UTF_8);
    try (Stream<String> maps = Files.lines(SELF.resolve("maps"), StandardCharsets.UTF_8)) {
      return new ProcessExposure(
          System.getenv(),
          List.of(command.split("\0")),
          maps.map(ProcessExposure::mappedCode).flatMap(Optional::stream).distinct().toList(),
          Path.of("").toRealPath());
    }
  }

  /** The file that one line of {@code maps} maps as code: addresses, rights, ..., path. */
  static Optional<String> mappedCode(String line) {
    int rights = line.indexOf(' ') + 1;
    int path = line.indexOf('/');
    return path < 0 || line.charAt(rights + 2) != 'x'
        ? Optional.empty()
        : Optional.of(line.substring(path));
  }

  /** What is wrong, one sentence each; empty when nothing is. */
  List<String> findings() {
    List<String> found = new ArrayList<>();
    for (String name : environment.keySet().stream().sorted().toList()) {
      if (VARIABLES.contains(name) || name.startsWith("LD_")) {
        found.add("the environment variable " + name + " is set");
      }
    }
    for (String argument : arguments) {
      if (DOORS.matcher(argument).matches()) {
        found.add("the argument " + argument + " opens the process");
      }
    }
    if (!arguments.contains(CLOSED)) {
      found.add("the argument " + CLOSED + " is missing");
    }
    for (String file : mappings) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      if (AGENTS.contains(name)) {
        found.add("the agent library " + name + " is loaded");
      } else if (!isMeasured(file) && !isSystem(file)) {
        found.add("the code in " + file + " is not part of the launch folder");
      }
    }
    return found;
  }

  private boolean isMeasured(String file) {
    return Path.of(file).startsWith(folder);
  }

  private static boolean isSystem(String file) {
    return SYSTEM_FOLDERS.stream().anyMatch(file::startsWith);
  }
}
