package org.sesemi.cli.internal;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;

/** Runs commands in this process and keeps what they print. */
final class CommandHarness {

  /**
   * What a command did.
   *
   * @param exitCode its exit code
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  record Outcome(int exitCode, String out, String err) {

    JsonFields json() {
      if (Json.parse(out) instanceof JsonObject object) {
        return JsonFields.of(object);
      }
      throw new AssertionError("not an object: " + out);
    }
  }

  private CommandHarness() {}

  static Outcome run(String... arguments) {
    return run(Map.of(), "", arguments);
  }

  static Outcome run(Map<String, String> environment, String input, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            false,
            false);
    int exitCode = new CommandLineRunner(terminal).run(arguments);
    return new Outcome(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
