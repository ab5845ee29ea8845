package org.sesemi.simulated;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.testenclave.Main;
import org.sesemi.wire.Digest;

/**
 * Launch folders with the test enclave. The JDK image is linked once and then kept under {@code
 * target}; all folders share it as the {@code jdk} folder beside them.
 */
final class TestUnits {

  static final String OPTIONS =
      "\"-Xmx64m\", \"-XX:+UseSerialGC\", \"-XX:TieredStopAtLevel=1\","
          + " \"--add-modules=org.sesemi.attestation\","
          + " \"--enable-native-access=org.sesemi.attestation,org.sesemi.testenclave\"";
  static final String ENVIRONMENT = "\"LANG\": \"C.UTF-8\"";

  private static final Path TARGET = Path.of("target").toAbsolutePath();
  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));

  private TestUnits() {}

  /** A folder for units, with the shared JDK image in it. */
  static Path folder(Path parent) throws IOException {
    Path folder = Files.createDirectory(parent.resolve("dist"));
    linkTree(image(), folder.resolve("jdk"));
    return folder;
  }

  /** Makes a folder with hard links to the files of another one. */
  static void linkTree(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        Path copy = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectory(copy);
        } else {
          Files.createLink(copy, path);
        }
      }
    }
  }

  /** Makes a launch folder with the test enclave. */
  static Path unit(Path folder, String name) throws IOException {
    return unit(folder, name, Main.class, OPTIONS, ENVIRONMENT);
  }

  static Path unit(Path folder, String name, Class<?> main, String options, String environment)
      throws IOException {
    Path unit = Files.createDirectory(folder.resolve(name));
    Path lib = Files.createDirectory(unit.resolve("lib"));
    jar(lib.resolve("wire.jar"), classes(Digest.class), "org.sesemi.wire");
    jar(lib.resolve("crypto.jar"), classes(SecretBytes.class), "org.sesemi.crypto");
    jar(lib.resolve("attestation.jar"), classes(EnclavePlatform.class), "org.sesemi.attestation");
    jar(lib.resolve("enclave.jar"), classes(Main.class), "org.sesemi.testenclave");
    describe(unit, main, options, environment);
    settle(unit);
    return unit;
  }

  static void describe(Path unit, Class<?> main, String options, String environment)
      throws IOException {
    Files.writeString(
        unit.resolve("launch.json"),
        "{\"main-module\": \"org.sesemi.testenclave/"
            + main.getName()
            + "\", \"jvm-options\": ["
            + options
            + "], \"environment\": {"
            + environment
            + "}}");
  }

  /** Takes rights of others away, and makes everything old enough to be trusted not to change. */
  static void settle(Path unit) throws IOException {
    Set<PosixFilePermission> refused =
        EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    try (Stream<Path> all = Files.walk(unit)) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (!Files.isSymbolicLink(path)) {
          Set<PosixFilePermission> permissions =
              EnumSet.copyOf(Files.getPosixFilePermissions(path));
          permissions.removeAll(refused);
          Files.setPosixFilePermissions(path, permissions);
          Files.setLastModifiedTime(path, LONG_AGO);
        }
      }
    }
  }

  private static Path classes(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Packs the classes of one package and its module declaration, or takes the jar they are in. */
  private static void jar(Path jar, Path classes, String name) throws IOException {
    if (Files.isRegularFile(classes)) {
      Files.copy(classes, jar);
      return;
    }
    Path folder = classes.resolve(name.replace('.', '/'));
    Path module = classes.resolve("module-info.class");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> all = Files.walk(folder)) {
      out.putNextEntry(entry(JarFile.MANIFEST_NAME));
      manifest.write(out);
      out.closeEntry();
      List<Path> files = all.filter(Files::isRegularFile).sorted().toList();
      for (Path file : files) {
        add(out, classes, file);
      }
      if (Files.exists(module)) {
        add(out, classes, module);
      }
    }
  }

  private static void add(JarOutputStream out, Path root, Path file) throws IOException {
    out.putNextEntry(entry(root.relativize(file).toString()));
    Files.copy(file, out);
    out.closeEntry();
  }

  private static JarEntry entry(String name) {
    JarEntry entry = new JarEntry(name);
    entry.setTime(0);
    return entry;
  }

  private static synchronized Path image() {
    Path image = TARGET.resolve("test-jdk-xml-" + Runtime.version());
    if (Files.isDirectory(image)) {
      return image;
    }
    Path fresh = TARGET.resolve("test-jdk-new-" + ProcessHandle.current().pid());
    int result =
        ToolProvider.findFirst("jlink")
            .orElseThrow()
            .run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                "--output",
                fresh.toString(),
                "--add-modules",
                "java.base,java.xml.crypto",
                "--strip-java-debug-attributes",
                "--no-man-pages",
                "--no-header-files",
                "--generate-cds-archive");
    if (result != 0) {
      throw new IllegalStateException("jlink failed with " + result);
    }
    try {
      PrivateFiles.deleteTree(fresh.resolve("legal"));
      settle(fresh);
      Files.move(fresh, image);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return image;
  }
}
