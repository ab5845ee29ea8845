package org.sesemi.attestation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sesemi.wire.Cbor;
import org.sesemi.wire.CborValue;
import org.sesemi.wire.Digest;

/**
 * A launch folder that was looked at: what it measures to, and exactly how it is started.
 *
 * <p>A launch folder holds {@code jdk/} (a JDK image), {@code lib/} (jars), {@code natives/}
 * (shared libraries, may be absent), {@code launch.json} and perhaps {@code enclave.aot}.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Every byte of every file in the folder is measured, or follows into a measured component;
 *       anything else in the folder is refused, and so are symbolic links, special files, and files
 *       that group or others can write.
 *   <li>The command line and the environment are calculated, not taken from anybody, and measured
 *       as they will be used. All paths in them are relative to the folder.
 *   <li>The same content gives the same measurement wherever the folder is.
 * </ul>
 *
 * <p>Files that change while they are looked at are not noticed: whoever launches scans a copy that
 * nobody else can write.
 *
 * @param manifest the measured components
 * @param command the exact argument list; the working directory is the launch folder
 * @param environment the exact environment, sorted by name
 */
public record LaunchUnit(
    LaunchManifest manifest, List<String> command, Map<String, String> environment) {

  private static final int MAX_DESCRIPTION = 64 * 1024;

  /** Copies the lists. */
  public LaunchUnit {
    command = List.copyOf(command);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }

  /** {@return the code measurement of an enclave started this way} */
  public Digest measurement() {
    return manifest.measurement();
  }

  /**
   * Looks at a launch folder.
   *
   * @param folder the folder, with the JDK image in its {@code jdk} folder
   * @return what was found
   * @throws AttestationException with {@code attestation.launch-folder}, {@code
   *     attestation.launch-writable} or {@code attestation.launch-description}
   */
  public static LaunchUnit scan(Path folder) {
    return scan(folder, folder.resolve(LaunchDescription.JDK_FOLDER));
  }

  /**
   * Looks at a launch folder whose JDK image lies elsewhere for now, as several folders can share
   * one. The measurement is the same as if the image were in the {@code jdk} folder.
   *
   * @param folder the folder
   * @param jdk the JDK image
   * @return what was found
   */
  public static LaunchUnit scan(Path folder, Path jdk) {
    try {
      return new LaunchScanner(folder, jdk).scan();
    } catch (IOException e) {
      throw new AttestationException(
          AttestationException.Code.LAUNCH_FOLDER,
          "the launch folder cannot be read: " + e.getMessage(),
          e);
    }
  }

  static LaunchUnit of(
      LaunchDescription description,
      List<LaunchComponent> files,
      List<String> jars,
      boolean natives,
      boolean aotCache) {
    List<String> command = description.command(jars, natives, aotCache);
    List<LaunchComponent> components = new ArrayList<>(files);
    components.add(
        component(
            LaunchComponent.Kind.COMMAND,
            new CborValue.Array(List.copyOf(command.stream().map(CborValue.Text::new).toList()))));
    SortedMap<CborValue.Key, CborValue> variables = new TreeMap<>();
    description
        .environment()
        .forEach(
            (name, value) -> variables.put(new CborValue.Text(name), new CborValue.Text(value)));
    components.add(component(LaunchComponent.Kind.ENVIRONMENT, new CborValue.Map(variables)));
    return new LaunchUnit(new LaunchManifest(components), command, description.environment());
  }

  private static LaunchComponent component(LaunchComponent.Kind kind, CborValue value) {
    byte[] encoded = Cbor.encode(value);
    return new LaunchComponent(kind, kind.text(), Digest.sha256(encoded), encoded.length);
  }

  static LaunchDescription description(Path file) throws IOException {
    if (Files.size(file) > MAX_DESCRIPTION) {
      throw new AttestationException(
          AttestationException.Code.LAUNCH_DESCRIPTION,
          file.getFileName() + " is longer than " + MAX_DESCRIPTION + " bytes");
    }
    return LaunchDescription.parse(
        Files.readString(file, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8));
  }
}
