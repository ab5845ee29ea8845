package org.sesemi.cli.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What all commands of one process share: the terminal and the options that every command takes.
 */
public final class Session {

  private final Terminal terminal;
  private @Nullable Path home;
  private boolean json;
  private boolean quiet;

  /**
   * Makes a session.
   *
   * @param terminal where it takes place
   */
  public Session(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Returns where the session takes place. */
  public Terminal terminal() {
    return terminal;
  }

  /** Returns the output in the form that the options ask for. */
  public Output output() {
    return new Output(terminal, json, quiet);
  }

  /** Returns the state folder's place: option, then environment, then the user's home. */
  public Path homePath() {
    return explicitHome()
        .orElseGet(() -> Path.of(System.getProperty("user.home", "."), ".sesemi"))
        .toAbsolutePath()
        .normalize();
  }

  /** Returns the state folder that option or environment name. */
  public Optional<Path> explicitHome() {
    @Nullable Path chosen = home;
    if (chosen != null) {
      return Optional.of(chosen);
    }
    String fromEnvironment = terminal.environment().getOrDefault("SESEMI_HOME", "");
    return fromEnvironment.isEmpty() ? Optional.empty() : Optional.of(Path.of(fromEnvironment));
  }

  void home(Path folder) {
    this.home = folder;
  }

  void json(boolean wanted) {
    this.json = wanted;
  }

  void quiet(boolean wanted) {
    this.quiet = wanted;
  }
}
