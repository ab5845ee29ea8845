package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.RandomSource;

/**
 * The daemon process of a simulated platform: {@code --home DIR}.
 *
 * <p>It listens on {@code daemon.sock} in its home, says so in one line on standard output, and
 * ends, with all of its enclaves, when its standard input closes or it is told to end.
 */
public final class Main {

  private static final int EXIT_USAGE = 2;
  private static final int EXIT_FAILED = 1;

  private Main() {}

  /**
   * Runs the daemon.
   *
   * @param arguments {@code --home} and the folder
   */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  private static int run(String[] arguments) {
    if (arguments.length != 2 || !arguments[0].equals("--home")) {
      System.err.println("usage: org.sesemi.simulated.Main --home DIR");
      return EXIT_USAGE;
    }
    try {
      serve(Settings.of(Path.of(arguments[1])));
      return 0;
    } catch (CodedException e) {
      System.err.println(e.code() + ": " + e.detail());
      System.err.println("  hint: " + e.errorCode().hint());
      return e.errorCode().category().exitCode();
    } catch (IOException | InvalidPathException e) {
      System.err.println("platform.home-unusable: " + e);
      return EXIT_FAILED;
    }
  }

  private static void serve(Settings settings) throws IOException {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch cleared = new CountDownLatch(1);
    try (PlatformHome home = PlatformHome.open(settings.home());
        SimulatedPlatform platform =
            SimulatedPlatform.open(settings, home, InstantSource.system(), RandomSource.secure());
        ControlServer server = new ControlServer(home.listen(), platform)) {
      Runtime.getRuntime()
          .addShutdownHook(
              Thread.ofPlatform().name("shutdown").unstarted(() -> end(ended, cleared)));
      server.start();
      System.err.println(SimulatedPlatform.BANNER);
      System.out.println(
          "listening on "
              + PlatformHome.SOCKET
              + "; platform simulated; root "
              + platform.status().rootPublicKey()
              + "; "
              + SimulatedPlatform.BANNER);
      waitForEndOfInput(ended);
    } finally {
      cleared.countDown();
    }
  }

  private static void waitForEndOfInput(CountDownLatch ended) {
    Thread.ofPlatform()
        .daemon()
        .name("input")
        .start(
            () -> {
              try {
                while (System.in.read() >= 0) {
                  // What is said here has no meaning; that it ends has.
                }
              } catch (IOException _) {
                // It has ended.
              }
              ended.countDown();
            });
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** On a signal: ends as if the input had closed, and waits until the enclaves are gone. */
  private static void end(CountDownLatch ended, CountDownLatch cleared) {
    ended.countDown();
    try {
      if (!cleared.await(30, TimeUnit.SECONDS)) {
        System.err.println("the enclaves did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
