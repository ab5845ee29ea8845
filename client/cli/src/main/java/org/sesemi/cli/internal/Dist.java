package org.sesemi.cli.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sesemi.attestation.LaunchUnit;

/**
 * The folder that the command runs from: a Java runtime, the programs and launch units of the
 * stack, and the examples.
 *
 * @param root that folder
 */
public record Dist(Path root) {

  /** The system property that names the folder. */
  public static final String PROPERTY = "sesemi.dist";

  /** Makes the path absolute. */
  public Dist {
    root = root.toAbsolutePath().normalize();
  }

  /** Finds the folder from the system property. */
  public static Dist find() {
    String root = System.getProperty(PROPERTY, "");
    if (root.isEmpty()) {
      throw new CliException(
          CliException.Code.DIST_MISSING, "the programs of the stack are not known here");
    }
    return new Dist(Path.of(root)).check();
  }

  /** Returns this, when all that the stack needs is there. */
  public Dist check() {
    for (Path needed : List.of(java(), keyService(), runtime(), lib("packer"), lib("simulated"))) {
      if (!Files.exists(needed)) {
        throw new CliException(CliException.Code.DIST_MISSING, "missing: " + needed);
      }
    }
    return this;
  }

  /** Returns the Java launcher that starts the programs. */
  public Path java() {
    return root.resolve("jdk/bin/java");
  }

  /** Returns the jars of a program. */
  public Path lib(String program) {
    return root.resolve(program).resolve("lib");
  }

  /** Returns the launch unit of the key service. */
  public Path keyService() {
    return root.resolve("keyservice");
  }

  /** Returns the launch unit of the function runtime. */
  public Path runtime() {
    return root.resolve("runtime");
  }

  /**
   * Looks at a launch unit; all units share one Java runtime.
   *
   * @param unit the folder of the launch unit
   */
  public LaunchUnit scan(Path unit) {
    return LaunchUnit.scan(unit, root.resolve("jdk"));
  }

  /** Returns the folder of the examples. */
  public Path examples() {
    return root.resolve("examples");
  }
}
