package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.Digest;

class LaunchUnitTest {

  private static final String DESCRIPTION =
      """
      {"main-module": "org.sesemi.thing/org.sesemi.thing.Main",
       "jvm-options": ["-Xmx64m", "-XX:+UseSerialGC"],
       "environment": {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "1"}}
      """;

  @TempDir Path temporary;
  private Path folder;

  @BeforeEach
  void layOut() throws IOException {
    folder = temporary.resolve("unit");
    write("jdk/bin/java", "not really a JVM");
    write("jdk/lib/modules", "classes");
    write("lib/thing.jar", "code");
    write("lib/other.jar", "more code");
    write("natives/libthing.so", "native code");
    write("launch.json", DESCRIPTION);
    secure(folder.resolve("jdk/bin/java"), "rwxr-xr-x");
  }

  @Test
  void theCommandIsCalculatedFromTheFolder() {
    LaunchUnit unit = LaunchUnit.scan(folder);
    assertThat(unit.command())
        .containsExactly(
            "jdk/bin/java",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:+DisableAttachMechanism",
            "-XX:-EnableDynamicAgentLoading",
            "-XX:-UsePerfData",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=/dev/null",
            "-XX:+DisplayVMOutputToStderr",
            "-Djava.library.path=natives",
            "--module-path=lib/other.jar:lib/thing.jar",
            "--module=org.sesemi.thing/org.sesemi.thing.Main");
    assertThat(unit.environment())
        .containsExactly(Map.entry("LANG", "C.UTF-8"), Map.entry("MALLOC_ARENA_MAX", "1"));
    assertThat(unit.manifest().components().stream().map(c -> c.kind().text() + " " + c.name()))
        .containsExactly(
            "jdk jdk",
            "jar lib/other.jar",
            "jar lib/thing.jar",
            "native natives/libthing.so",
            "command command",
            "environment environment");
  }

  @Test
  void thePlaceOfTheFolderAndOfTheJdkDoesNotMatter() throws IOException {
    Digest here = LaunchUnit.scan(folder).measurement();
    Path moved = temporary.resolve("moved");
    Files.move(folder, moved);
    assertThat(LaunchUnit.scan(moved).measurement()).isEqualTo(here);
    Path jdk = temporary.resolve("image");
    Files.move(moved.resolve("jdk"), jdk);
    assertThat(LaunchUnit.scan(moved, jdk).measurement()).isEqualTo(here);
  }

  @Test
  void everyChangeChangesTheMeasurement() throws IOException {
    Digest before = LaunchUnit.scan(folder).measurement();
    for (String file :
        new String[] {
          "jdk/bin/java", "jdk/lib/modules", "lib/thing.jar", "lib/other.jar", "natives/libthing.so"
        }) {
      String content = Files.readString(folder.resolve(file));
      write(file, content + "!");
      assertThat(LaunchUnit.scan(folder).measurement()).as(file).isNotEqualTo(before);
      write(file, content);
    }
    write("launch.json", DESCRIPTION.replace("-Xmx64m", "-Xmx65m"));
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    write("launch.json", DESCRIPTION.replace("thing.Main", "thing.Other"));
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    write("launch.json", DESCRIPTION.replace("C.UTF-8", "C"));
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    write("launch.json", DESCRIPTION);
    assertThat(LaunchUnit.scan(folder).measurement()).isEqualTo(before);
  }

  @Test
  void addingRemovingRenamingAndSwappingFilesChangesTheMeasurement() throws IOException {
    Digest before = LaunchUnit.scan(folder).measurement();
    write("lib/added.jar", "");
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    Files.delete(folder.resolve("lib/added.jar"));
    write("jdk/lib/added", "");
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    Files.delete(folder.resolve("jdk/lib/added"));
    write("enclave.aot", "cache");
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    assertThat(LaunchUnit.scan(folder).command()).contains("-XX:AOTCache=enclave.aot");
    Files.delete(folder.resolve("enclave.aot"));
    write("lib/thing.jar", "more code");
    write("lib/other.jar", "code");
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
    write("lib/thing.jar", "code");
    write("lib/other.jar", "more code");
    secure(folder.resolve("jdk/lib/modules"), "rwxr-xr-x");
    assertThat(LaunchUnit.scan(folder).measurement()).isNotEqualTo(before);
  }

  @Test
  void linksStrangersAndHolesAreRefused() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("lib/link.jar"), Path.of("thing.jar"));
    refused(Code.LAUNCH_FOLDER);
    Files.delete(link);
    link = Files.createSymbolicLink(folder.resolve("jdk/lib/link"), Path.of("modules"));
    refused(Code.LAUNCH_FOLDER);
    Files.delete(link);
    for (String stranger :
        new String[] {
          ".hotspotrc", "lib/notes.txt", "natives/a.dll", "lib/a:b.jar", "lib/-a.jar"
        }) {
      write(stranger, "");
      refused(Code.LAUNCH_FOLDER);
      Files.delete(folder.resolve(stranger));
    }
    LaunchUnit.scan(folder);
    Files.delete(folder.resolve("launch.json"));
    refused(Code.LAUNCH_FOLDER);
    write("launch.json", DESCRIPTION);
    Files.delete(folder.resolve("lib/thing.jar"));
    Files.delete(folder.resolve("lib/other.jar"));
    refused(Code.LAUNCH_FOLDER);
    write("lib/thing.jar", "code");
    Files.delete(folder.resolve("jdk/bin/java"));
    refused(Code.LAUNCH_FOLDER);
  }

  @Test
  void aLinkInPlaceOfAFolderIsRefused() throws IOException {
    Path real = temporary.resolve("real");
    Files.move(folder.resolve("lib"), real);
    Files.createSymbolicLink(folder.resolve("lib"), real);
    refused(Code.LAUNCH_FOLDER);
  }

  @Test
  void filesAndFoldersThatOthersCanWriteAreRefused() throws IOException {
    for (String path :
        new String[] {"lib/thing.jar", "lib", "jdk/lib/modules", "launch.json", ""}) {
      Path target = folder.resolve(path);
      String was = PosixFilePermissions.toString(Files.getPosixFilePermissions(target));
      secure(target, "rwxrwxr-x");
      refused(Code.LAUNCH_WRITABLE);
      secure(target, "rwxr-xrwx");
      refused(Code.LAUNCH_WRITABLE);
      secure(target, was);
    }
    LaunchUnit.scan(folder);
  }

  @Test
  void descriptionsThatOpenTheEnclaveAreRefused() throws IOException {
    for (String option :
        new String[] {
          "-javaagent:/tmp/agent.jar",
          "-agentlib:jdwp=transport=dt_socket",
          "-agentpath:/tmp/a.so",
          "@/tmp/options",
          "-XX:Flags=/tmp/flags",
          "-XX:VMOptionsFile=/tmp/flags",
          "-XX:-DisableAttachMechanism",
          "-XX:+HeapDumpOnOutOfMemoryError",
          "-XX:OnOutOfMemoryError=cat /proc/self/maps",
          "-XX:StartFlightRecording:filename=/tmp/r",
          "-Djavax.net.debug=all",
          "-Djava.security.properties=/tmp/p",
          "-Djava.library.path=/tmp",
          "-Xbootclasspath/a:/tmp/x.jar",
          "-Xlog:gc:/tmp/log",
          "--patch-module=java.base=/tmp/x.jar",
          "--upgrade-module-path=/tmp",
          "--module-path=/tmp",
          "-cp",
          "-jar",
          "org.example.Main",
          "",
          "-Dname=line\\nbreak"
        }) {
      write("launch.json", DESCRIPTION.replace("-Xmx64m", option));
      refused(Code.LAUNCH_DESCRIPTION);
    }
    for (String variable :
        new String[] {"LD_PRELOAD", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"}) {
      write("launch.json", DESCRIPTION.replace("LANG", variable));
      refused(Code.LAUNCH_DESCRIPTION);
    }
    write("launch.json", DESCRIPTION.replace("\"environment\"", "\"more\": 1, \"environment\""));
    refused(Code.LAUNCH_DESCRIPTION);
    write("launch.json", DESCRIPTION.replace("org.sesemi.thing/", ""));
    refused(Code.LAUNCH_DESCRIPTION);
    write("launch.json", "{");
    refused(Code.LAUNCH_DESCRIPTION);
  }

  @Test
  void configurationAndMeasurementDigestsHaveDomainsOfTheirOwn() {
    byte[] config = {1, 2, 3};
    assertThat(LaunchManifest.configDigest(config)).isNotEqualTo(Digest.sha256(config));
  }

  private void refused(Code code) {
    assertThatThrownBy(() -> LaunchUnit.scan(folder))
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    boolean there = Files.exists(file);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    if (!there) {
      secure(file, "rw-r--r--");
    }
    for (Path up = file.getParent(); up != null && up.startsWith(folder); up = up.getParent()) {
      secure(up, "rwxr-xr-x");
    }
  }

  private static void secure(Path path, String permissions) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
  }
}
