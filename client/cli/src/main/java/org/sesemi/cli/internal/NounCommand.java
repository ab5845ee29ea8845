package org.sesemi.cli.internal;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that only holds its verbs together. */
abstract class NounCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Override
  public final void run() {
    CommandSpec present = spec;
    if (present == null) {
      throw new IllegalStateException("the command was not made by the command line");
    }
    throw new ParameterException(
        present.commandLine(),
        "say what to do: " + String.join(", ", present.subcommands().keySet()));
  }
}
