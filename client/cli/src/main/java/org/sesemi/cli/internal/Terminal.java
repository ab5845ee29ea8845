package org.sesemi.cli.internal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The surroundings of one command: where it reads and writes, and who looks on.
 *
 * @param in standard input
 * @param out where results go
 * @param err where progress, banners and errors go
 * @param environment the environment variables
 * @param outStyled whether results may be coloured
 * @param errStyled whether progress may be coloured and redrawn
 */
public record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean outStyled,
    boolean errStyled) {

  /** Copies the environment. */
  public Terminal {
    environment = Map.copyOf(environment);
  }

  /** Returns the terminal of this process. */
  public static Terminal system() {
    Map<String, String> environment = System.getenv();
    boolean plain =
        !environment.getOrDefault("NO_COLOR", "").isEmpty()
            || environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Terminal(
        new FileInputStream(FileDescriptor.in),
        stream(FileDescriptor.out),
        stream(FileDescriptor.err),
        environment,
        !plain && isTerminal(1),
        !plain && isTerminal(2));
  }

  private static PrintStream stream(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }

  /** The runtime library tells it for standard output only; the kernel tells it for both. */
  private static boolean isTerminal(int descriptor) {
    try {
      Path target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor));
      return target.startsWith("/dev/pts") || target.toString().matches("/dev/(tty|console).*");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
