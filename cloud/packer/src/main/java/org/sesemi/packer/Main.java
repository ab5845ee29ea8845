package org.sesemi.packer;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCode;
import org.sesemi.wire.JsonObject;

/**
 * The packer as a process. It writes one JSON line with the address that it listens on to standard
 * output, and ends when standard input ends or it is told to terminate.
 */
public final class Main {

  /** Held on to, because a logger that nobody holds forgets its level. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private Main() {}

  /**
   * Runs the packer.
   *
   * @param arguments {@code --config FILE}
   */
  public static void main(String[] arguments) {
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      System.err.println("usage: org.sesemi.packer.Main --config FILE");
      System.exit(2);
    }
    HELIDON.setLevel(Level.WARNING);
    try {
      run(Path.of(arguments[1]));
      System.exit(0);
    } catch (CodedException e) {
      ErrorCode code = e.errorCode();
      System.err.println("error: " + e.detail() + " [" + code.code() + "]\n  hint: " + code.hint());
      System.exit(code.category().exitCode());
    } catch (IOException e) {
      System.err.println("error: standard input cannot be read: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void run(Path file) throws IOException {
    try (Packer packer = Packer.start(PackerConfig.read(file), monotonic())) {
      Thread hook = Thread.ofPlatform().name("packer-shutdown").unstarted(packer::close);
      Runtime.getRuntime().addShutdownHook(hook);
      System.out.println(
          JsonObject.builder()
              .put("apiVersion", "sesemi/v1")
              .put("listen", packer.address())
              .build()
              .toText());
      System.out.flush();
      while (System.in.read() >= 0) {
        // Whoever started the packer holds its standard input open and says nothing.
      }
    }
  }

  /** A clock that never jumps: the time of day at the start, and the time that went by since. */
  private static InstantSource monotonic() {
    InstantSource system = InstantSource.system();
    Instant start = system.instant();
    long startNanos = System.nanoTime();
    return () -> start.plusNanos(System.nanoTime() - startNanos);
  }
}
