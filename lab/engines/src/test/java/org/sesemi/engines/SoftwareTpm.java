package org.sesemi.engines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A software TPM: an unmodified swtpm of the system on the loopback interface, with a state of its
 * own. It takes one connection at a time.
 */
final class SoftwareTpm implements AutoCloseable {

  private static final int ATTEMPTS = 5;
  private static final int PROBES = 200;
  private static final long PROBE_MILLIS = 50;
  private static final long STOP_SECONDS = 10;
  private static final long TOOL_SECONDS = 60;

  private final Path folder;
  private final Process process;
  private final int port;

  /**
   * Starts a TPM.
   *
   * @param folder an empty folder for state, logs and what the tools write; absolute, because swtpm
   *     fails otherwise
   */
  SoftwareTpm(Path folder) throws IOException {
    this.folder = folder.toAbsolutePath();
    Path state = Files.createDirectories(this.folder.resolve("state"));
    IOException last = new IOException("swtpm was not started");
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      int candidate = twoFreePorts();
      Process started =
          new ProcessBuilder(
                  "swtpm",
                  "socket",
                  "--tpm2",
                  "--tpmstate",
                  "dir=" + state,
                  "--server",
                  "type=tcp,port=" + candidate,
                  "--ctrl",
                  "type=tcp,port=" + (candidate + 1),
                  "--flags",
                  "startup-clear")
              .redirectErrorStream(true)
              .redirectOutput(this.folder.resolve("swtpm.log").toFile())
              .start();
      if (answers(started, candidate)) {
        process = started;
        port = candidate;
        return;
      }
      started.destroyForcibly();
      last =
          new IOException(
              "swtpm does not answer: " + Files.readString(this.folder.resolve("swtpm.log")));
    }
    throw last;
  }

  /** The tools expect the control channel at the next port. */
  private static int twoFreePorts() throws IOException {
    for (int attempt = 0; attempt < PROBES; attempt++) {
      try (ServerSocket first = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        int candidate = first.getLocalPort();
        try (ServerSocket second =
            new ServerSocket(candidate + 1, 1, InetAddress.getLoopbackAddress())) {
          return second.getLocalPort() - 1;
        } catch (IOException | IllegalArgumentException taken) {
          // The next pair.
        }
      }
    }
    throw new IOException("no two free ports follow each other");
  }

  private static boolean answers(Process started, int port) {
    for (int probe = 0; probe < PROBES && started.isAlive(); probe++) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return true;
      } catch (IOException notYet) {
        await(started, PROBE_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
    return false;
  }

  private static boolean await(Process process, long time, TimeUnit unit) {
    try {
      return process.waitFor(time, unit);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", interrupted));
    }
  }

  /** {@return where commands go} */
  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** {@return a file in the folder of this TPM} */
  Path file(String name) {
    return folder.resolve(name);
  }

  /** Runs a program of tpm2-tools in the folder of this TPM, and refuses another exit than 0. */
  String tool(String... command) throws IOException {
    Result result = attempt(command);
    if (result.exit() != 0) {
      throw new IOException(Arrays.toString(command) + " failed: " + result.output());
    }
    return result.output();
  }

  /**
   * How a program ended.
   *
   * @param exit its exit status
   * @param output what it wrote
   */
  record Result(int exit, String output) {}

  /** Runs a program of tpm2-tools in the folder of this TPM. */
  Result attempt(String... command) throws IOException {
    List<String> words = new ArrayList<>(List.of(command));
    Path output = Files.createTempFile(folder, "tool", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().putAll(Map.of("TPM2TOOLS_TCTI", "swtpm:host=127.0.0.1,port=" + port));
    Process tool = builder.start();
    if (!await(tool, TOOL_SECONDS, TimeUnit.SECONDS)) {
      tool.destroyForcibly();
      throw new IOException(words + " did not end within " + TOOL_SECONDS + " s");
    }
    return new Result(tool.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
  }

  /** Ends the TPM. */
  @Override
  public void close() throws IOException {
    process.destroy();
    if (!await(process, STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("swtpm did not stop within " + STOP_SECONDS + " s");
    }
  }
}
