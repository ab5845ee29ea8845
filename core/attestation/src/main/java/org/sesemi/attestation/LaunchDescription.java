package org.sesemi.attestation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * What {@code launch.json} says about a launch: main module and class, JVM options, environment.
 *
 * <p>Guarantees: it cannot make the JVM read options, agents, classes or security settings from a
 * place that is not measured; it cannot open the enclave to attaching, dumps or recordings; every
 * option is one argument, so none can turn the next into something else.
 *
 * @param mainModule module and class, as {@code module/package.Class}
 * @param jvmOptions the options in order
 * @param environment the environment variables
 */
record LaunchDescription(
    String mainModule, List<String> jvmOptions, Map<String, String> environment) {

  static final String FILE = "launch.json";
  static final String JDK_FOLDER = "jdk";
  static final String LIB_FOLDER = "lib";
  static final String NATIVES_FOLDER = "natives";
  static final String AOT_CACHE_FILE = "enclave.aot";

  /** Variables that change formats and sizes only. None of them loads code or opens a file. */
  private static final Set<String> VARIABLES =
      Set.of(
          "LANG",
          "LC_ALL",
          "TZ",
          "MALLOC_ARENA_MAX",
          "MALLOC_MMAP_THRESHOLD_",
          "MALLOC_TRIM_THRESHOLD_",
          "OMP_NUM_THREADS");

  private static final List<String> ALLOWED_OPTIONS =
      List.of(
          "-Xmx",
          "-Xms",
          "-Xmn",
          "-Xss",
          "-Xshare:",
          "-XX:",
          "-D",
          "--add-exports=",
          "--add-modules=",
          "--add-opens=",
          "--add-reads=",
          "--enable-native-access=",
          "--illegal-native-access=",
          "--limit-modules=",
          "--sun-misc-unsafe-memory-access=");

  private static final List<String> REFUSED_OPTIONS =
      List.of(
          "-XX:Flags",
          "-XX:VMOptionsFile",
          "-XX:+ReadVMOptionsFile",
          "-XX:OnError",
          "-XX:OnOutOfMemoryError",
          "-XX:-DisableAttachMechanism",
          "-XX:+StartAttachListener",
          "-XX:+EnableDynamicAgentLoading",
          "-XX:+AllowRedefinitionToAddDeleteMethods",
          "-XX:+HeapDump",
          "-XX:HeapDump",
          "-XX:+CreateCoredumpOnCrash",
          "-XX:ErrorFile",
          "-XX:LogFile",
          "-XX:+UsePerfData",
          "-XX:+PerfDataSaveToFile",
          "-XX:StartFlightRecording",
          "-XX:FlightRecorderOptions",
          "-XX:CompileCommandFile",
          "-XX:CompilerDirectivesFile",
          "-XX:SharedArchiveFile",
          "-XX:SharedClassListFile",
          "-XX:ArchiveClassesAtExit",
          "-XX:AOT",
          "-Djava.security.properties",
          "-Djava.security.policy",
          "-Djava.security.debug",
          "-Djava.library.path",
          "-Djava.class.path",
          "-Djava.system.class.loader",
          "-Djavax.net.debug",
          "-Djdk.module",
          "-Dcom.sun.management");

  /** Put behind all others, where they win. */
  private static final List<String> FIXED_OPTIONS =
      List.of(
          "-XX:+DisableAttachMechanism",
          "-XX:-EnableDynamicAgentLoading",
          "-XX:-UsePerfData",
          "-XX:-CreateCoredumpOnCrash",
          "-XX:ErrorFile=/dev/null",
          "-XX:+DisplayVMOutputToStderr");

  private static final Pattern MAIN_MODULE =
      Pattern.compile("[a-z][a-z0-9]*(\\.[a-z][a-z0-9]*)*/[A-Za-z0-9_.$]+");
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]{1,1024}");
  private static final int MAX_OPTIONS = 64;

  LaunchDescription {
    jvmOptions = List.copyOf(jvmOptions);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    if (!MAIN_MODULE.matcher(mainModule).matches()) {
      throw refused("main-module is not of the form module/package.Class");
    }
    if (jvmOptions.size() > MAX_OPTIONS) {
      throw refused("more than " + MAX_OPTIONS + " JVM options");
    }
    jvmOptions.forEach(LaunchDescription::checkOption);
    environment.forEach(LaunchDescription::checkVariable);
  }

  static LaunchDescription parse(byte[] json) {
    try {
      JsonFields fields = JsonFields.of(json);
      String mainModule = fields.text("main-module");
      List<String> jvmOptions = fields.texts("jvm-options");
      Map<String, String> environment = fields.textMap("environment");
      fields.finish();
      return new LaunchDescription(mainModule, jvmOptions, environment);
    } catch (WireException e) {
      throw new AttestationException(
          AttestationException.Code.LAUNCH_DESCRIPTION, FILE + ": " + e.detail(), e);
    }
  }

  /** The exact argument list, with all paths relative to the launch folder. */
  List<String> command(List<String> jars, boolean natives, boolean aotCache) {
    List<String> command = new ArrayList<>();
    command.add(JDK_FOLDER + "/bin/java");
    command.addAll(jvmOptions);
    command.addAll(FIXED_OPTIONS);
    if (natives) {
      command.add("-Djava.library.path=" + NATIVES_FOLDER);
    }
    if (aotCache) {
      command.add("-XX:AOTCache=" + AOT_CACHE_FILE);
    }
    command.add("--module-path=" + String.join(":", jars));
    command.add("--module=" + mainModule);
    return List.copyOf(command);
  }

  private static void checkOption(String option) {
    if (!PRINTABLE.matcher(option).matches()) {
      throw refused("a JVM option is empty, too long or not printable ASCII");
    }
    if (ALLOWED_OPTIONS.stream().noneMatch(option::startsWith)
        || REFUSED_OPTIONS.stream().anyMatch(option::startsWith)) {
      throw refused("the JVM option " + option + " is not allowed");
    }
  }

  private static void checkVariable(String name, String value) {
    if (!VARIABLES.contains(name)) {
      throw refused("the environment variable " + name + " is not allowed");
    }
    if (!PRINTABLE.matcher(value).matches()) {
      throw refused("the environment variable " + name + " is empty or not printable ASCII");
    }
  }

  private static AttestationException refused(String what) {
    return new AttestationException(
        AttestationException.Code.LAUNCH_DESCRIPTION, FILE + ": " + what);
  }
}
