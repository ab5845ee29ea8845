package org.sesemi.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;

/**
 * The command line as a person meets it: {@code ./sesemi} in a process of its own, with a home
 * folder of its own.
 *
 * <p>Thread-safe: every call is its own process.
 */
public final class Sesemi {

  /** The folder of the checkout. */
  public static final Path ROOT = root();

  private static final long MOST_SECONDS = 240;

  private final Path home;

  /**
   * Chooses a home.
   *
   * @param home the state folder that every command is given
   */
  public Sesemi(Path home) {
    this.home = home;
  }

  /**
   * What a command ended with.
   *
   * @param exit the exit code
   * @param out standard output
   * @param err standard error
   */
  public record Result(int exit, String out, String err) {

    /**
     * Parses the output as the one JSON document that {@code --json} promises.
     *
     * @return the document
     */
    public JsonObject json() {
      return Json.parseObject(out.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Checks the exit code.
     *
     * @param expected the code
     * @return this result
     * @throws AssertionError with both outputs when it is another one
     */
    public Result expectExit(int expected) {
      if (exit != expected) {
        throw new AssertionError(
            "exit code " + exit + " instead of " + expected + "\nout: " + out + "\nerr: " + err);
      }
      return this;
    }
  }

  /** {@return the state folder} */
  public Path home() {
    return home;
  }

  /**
   * Runs a command.
   *
   * @param arguments the command and its arguments
   * @return what it ended with
   */
  public Result run(String... arguments) {
    return run(Map.of(), arguments);
  }

  /**
   * Runs a command with {@code --json}.
   *
   * @param arguments the command and its arguments
   * @return what it ended with
   */
  public Result json(String... arguments) {
    String[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = "--json";
    return run(all);
  }

  /**
   * Runs a command in an environment.
   *
   * @param environment variables to set on top of this process's own
   * @param arguments the command and its arguments
   * @return what it ended with
   */
  public Result run(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(ROOT.resolve("sesemi").toString());
    command.add("--home");
    command.add(home.toString());
    command.addAll(List.of(arguments));
    return start(command, environment);
  }

  private static Result start(List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("sesemi", ".out");
      Path err = Files.createTempFile("sesemi", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(ROOT.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(MOST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(command + " did not end in time: " + Files.readString(err));
      }
      Result result = new Result(process.exitValue(), Files.readString(out), Files.readString(err));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException failure) {
      throw new AssertionError("cannot run " + command, failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }

  /**
   * Lists the processes whose arguments name the home folder, or that run from inside of it.
   *
   * @return the processes, without the calling one
   */
  public List<ProcessHandle> processes() {
    String marker = home.toAbsolutePath().toString();
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> belongs(process, marker))
        .toList();
  }

  private static boolean belongs(ProcessHandle process, String marker) {
    if (commandLine(process).contains(marker)) {
      return true;
    }
    try {
      return Path.of("/proc", Long.toString(process.pid()), "cwd").toRealPath().startsWith(marker);
    } catch (IOException hidden) {
      return false;
    }
  }

  /**
   * Reads the arguments of a process.
   *
   * @param process the process
   * @return its arguments, separated by zero bytes; empty when it is gone
   */
  public static String commandLine(ProcessHandle process) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline")),
          StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }

  private static Path root() {
    String given = System.getProperty("sesemi.root");
    Path start = Path.of(given == null ? "" : given).toAbsolutePath().normalize();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isExecutable(folder.resolve("sesemi")) && Files.exists(folder.resolve("check"))) {
        return folder;
      }
    }
    throw new AssertionError("the checkout is not at or above " + start);
  }
}
