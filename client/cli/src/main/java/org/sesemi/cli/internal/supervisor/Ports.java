package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Fields;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.Output;
import org.sesemi.cli.internal.StateFile;

/**
 * The ports of a stack. They are chosen once and kept over restarts, so that what was written down
 * about the stack stays true.
 *
 * @param packer where requests go
 * @param keyService where the key service listens
 */
public record Ports(int packer, int keyService) {

  private static final int ATTEMPTS = 20;

  /**
   * Chooses the ports for the next start and writes them down.
   *
   * @param home the state folder
   * @param wanted the packer's port, 0 for any; empty for the one used last
   */
  public static Ports choose(HomeFolder home, Optional<Integer> wanted) {
    Optional<Ports> last = read(home);
    int keyService = last.map(Ports::keyService).filter(Ports::isFree).orElseGet(Ports::anyFree);
    int packer;
    if (wanted.isPresent() && wanted.get() != 0) {
      packer = required(wanted.get());
    } else if (wanted.isEmpty() && last.isPresent()) {
      packer = required(last.get().packer());
    } else {
      packer = anyFree(keyService);
    }
    Ports ports = new Ports(packer, keyService);
    StateFile.write(
        file(home),
        new Fields()
            .put("apiVersion", Output.API_VERSION)
            .put("packer", ports.packer())
            .put("keyService", ports.keyService()));
    return ports;
  }

  /**
   * Returns the ports that were chosen.
   *
   * @param home the state folder
   */
  public static Optional<Ports> read(HomeFolder home) {
    Path file = file(home);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(
        StateFile.read(
            file,
            json ->
                new Ports(
                    (int) json.integer("packer", 1, 65535),
                    (int) json.integer("keyService", 1, 65535))));
  }

  private static Path file(HomeFolder home) {
    return home.root().resolve("ports.json");
  }

  private static int required(int port) {
    if (!isFree(port)) {
      throw new CliException(
          CliException.Code.PORT_IN_USE, "something else listens on port " + port);
    }
    return port;
  }

  /**
   * Tells whether nobody listens on a port.
   *
   * @param port the port
   */
  public static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() {
    return anyFree(0);
  }

  private static int anyFree(int butNot) {
    for (int i = 0; i < ATTEMPTS; i++) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        if (socket.getLocalPort() != butNot) {
          return socket.getLocalPort();
        }
      } catch (IOException e) {
        throw new CliException(CliException.Code.PORT_IN_USE, "no port is free", e);
      }
    }
    throw new CliException(CliException.Code.PORT_IN_USE, "no port is free");
  }
}
