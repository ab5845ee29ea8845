package org.sesemi.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.sesemi.attestation.LaunchUnit;
import org.sesemi.wire.PlatformException;

/**
 * Starts the process of an enclave exactly as its launch unit says.
 *
 * <p>Guarantees: the argument list is the measured one; the environment is the measured one and
 * holds nothing of the daemon's; the working directory is the measured copy; standard input and
 * output are pipes to the daemon and to nobody else; what runs was looked at after its start.
 */
final class EnclaveProcess {

  private static final long MAX_LOG = 8L << 20;

  private EnclaveProcess() {}

  static Process start(UnitStore.StoredUnit stored, Path log, String heading) throws IOException {
    prepareLog(log, heading);
    LaunchUnit unit = stored.unit();
    ProcessBuilder builder =
        new ProcessBuilder(unit.command())
            .directory(stored.tree().toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(unit.environment());
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.START_FAILED, "the process does not start: " + e.getMessage(), e);
    }
    try {
      verify(process, unit);
      return process;
    } catch (PlatformException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  /** Compares what the system says about a process with what was asked for. */
  private static void verify(Process process, LaunchUnit unit) throws IOException {
    Path proc = Path.of("/proc", Long.toString(process.pid()));
    String arguments;
    Set<String> environment = new HashSet<>();
    try {
      arguments = Files.readString(proc.resolve("cmdline"));
      Collections.addAll(environment, Files.readString(proc.resolve("environ")).split("\0", -1));
    } catch (NoSuchFileException e) {
      return; // It has ended already; its end is reported as every other one.
    }
    environment.remove("");
    Set<String> measured = new HashSet<>();
    unit.environment().forEach((name, value) -> measured.add(name + "=" + value));
    if (process.isAlive()
        && !(arguments.equals(String.join("\0", unit.command()) + "\0")
            && environment.equals(measured))) {
      throw new PlatformException(
          PlatformException.Code.START_FAILED,
          "the process runs with other arguments or another environment than measured");
    }
  }

  private static void prepareLog(Path log, String heading) throws IOException {
    if (Files.exists(log) && Files.size(log) > MAX_LOG) {
      Files.move(
          log,
          log.resolveSibling(log.getFileName() + ".1"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    }
    PrivateFiles.file(log);
    Files.writeString(log, heading + "\n", StandardCharsets.UTF_8, StandardOpenOption.APPEND);
  }
}
