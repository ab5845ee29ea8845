package org.sesemi.cli.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says which identity acts. */
final class Actor {

  @Option(
      names = "--as",
      paramLabel = "NAME",
      description = "Act as this identity (default: the one that 'up' made).")
  private @Nullable String name;

  /** Returns the name that was given. */
  Optional<String> name() {
    return Optional.ofNullable(name);
  }
}
