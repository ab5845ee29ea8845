package org.sesemi.cli;

import org.sesemi.cli.internal.CommandLineRunner;
import org.sesemi.cli.internal.Terminal;

/** The {@code sesemi} command. */
public final class Main {

  private Main() {}

  /**
   * Runs one command and ends the process with its exit code: 0 ok, 1 failed, 2 wrong usage, 3
   * verification failed, 4 denied, 5 not ready or too late.
   *
   * @param arguments the command and its options
   */
  public static void main(String[] arguments) {
    System.exit(new CommandLineRunner(Terminal.system()).run(arguments));
  }
}
