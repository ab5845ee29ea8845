package org.sesemi.cli.internal.supervisor;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.sesemi.cli.internal.CliException;

/**
 * A program that lives no longer than the supervisor: it holds the other end of the program's
 * standard input and never writes, and the program ends when that pipe closes, even when the
 * supervisor was killed.
 */
final class ChildProcess implements Running {

  private final Process process;
  private final ProcessId id;
  private final Map<String, String> facts;

  private ChildProcess(Process process, Map<String, String> facts) {
    this.process = process;
    this.id = ProcessId.of(process.toHandle());
    this.facts = Map.copyOf(facts);
  }

  /**
   * Starts a program.
   *
   * @param name what to call it in messages
   * @param command program and arguments
   * @param folder where it runs
   * @param log where its output goes
   * @param environment its whole environment
   * @param facts what to say of it
   */
  static ChildProcess start(
      String name,
      List<String> command,
      Path folder,
      Path log,
      Map<String, String> environment,
      Map<String, String> facts) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    try {
      return new ChildProcess(builder.start(), facts);
    } catch (IOException e) {
      throw new CliException(CliException.Code.START_FAILED, "cannot start the " + name, e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public ProcessId process() {
    return id;
  }

  @Override
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public Optional<Integer> awaitEnd() throws InterruptedException {
    return Optional.of(process.waitFor());
  }

  @Override
  public void stop(Duration grace) throws InterruptedException {
    closeQuietly(process.getOutputStream());
    if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
      process.destroy();
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        var _ = process.destroyForcibly();
        var _ = process.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private static void closeQuietly(Closeable stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The program has ended already, which is what closing is for.
      System.getLogger(ChildProcess.class.getName())
          .log(System.Logger.Level.DEBUG, "the pipe was closed already", e);
    }
  }
}
