package org.sesemi.wire;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Unix-domain sockets at paths of any length. The system limits the path of an address to about a
 * hundred bytes; a longer one is shortened relative to the working directory, or else reached
 * through a symbolic link in a private temporary folder that exists for the moment of the call.
 */
public final class UnixSockets {

  private static final int MAX_ADDRESS_LENGTH = 100;

  private UnixSockets() {}

  @FunctionalInterface
  private interface Use {
    void at(UnixDomainSocketAddress address) throws IOException;
  }

  /**
   * Connects to a socket.
   *
   * @param path where it is
   * @return the connection, in blocking mode
   * @throws IOException when nothing listens there
   */
  public static SocketChannel connect(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      withAddress(path, channel::connect);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Makes a socket and listens.
   *
   * @param path where to make it; nothing may be there
   * @return the listening socket, in blocking mode
   * @throws IOException when it cannot be made
   */
  public static ServerSocketChannel listen(Path path) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      withAddress(path, channel::bind);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void withAddress(Path path, Use use) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path relative = Path.of("").toAbsolutePath().relativize(absolute);
    Path shorter = length(relative) < length(absolute) ? relative : absolute;
    if (length(shorter) <= MAX_ADDRESS_LENGTH) {
      use.at(UnixDomainSocketAddress.of(shorter));
      return;
    }
    Path folder = Files.createTempDirectory("sesemi-");
    Path link = folder.resolve("d");
    try {
      Files.createSymbolicLink(link, absolute.getParent());
      use.at(UnixDomainSocketAddress.of(link.resolve(absolute.getFileName())));
    } finally {
      Files.deleteIfExists(link);
      Files.delete(folder);
    }
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }
}
