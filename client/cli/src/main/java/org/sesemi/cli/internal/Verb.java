package org.sesemi.cli.internal;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that does something and has a result. */
abstract class Verb implements Callable<Integer> {

  private final Session session;

  @Spec private @Nullable CommandSpec spec;

  Verb(Session session) {
    this.session = session;
  }

  /** Does what the command is for. */
  abstract Result execute() throws Exception;

  @Override
  public final Integer call() throws Exception {
    session.output().result(execute());
    return 0;
  }

  final Session session() {
    return session;
  }

  final Output output() {
    return session.output();
  }

  /** Returns a failure of the command line itself, with the exit code for wrong usage. */
  final ParameterException usage(String message) {
    CommandSpec present = spec;
    if (present == null) {
      throw new IllegalStateException("the command was not made by the command line");
    }
    return new ParameterException(present.commandLine(), message);
  }
}
