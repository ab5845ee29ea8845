package org.sesemi.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A network that cuts each connection after a number of bytes, or changes one of them. */
final class Network implements AutoCloseable {

  private final ServerSocket listener;
  private final InetSocketAddress target;
  private final long cutToServer;
  private final long cutToClient;
  private final long changeToClient;
  private final AtomicLong toServer = new AtomicLong();
  private final AtomicLong toClient = new AtomicLong();

  /** The positions of the version in every TLS record to the client, so far. */
  private final Set<Long> versionsToClient = ConcurrentHashMap.newKeySet();

  /** Each position counts from the beginning of the connection; -1 means nowhere. */
  Network(InetSocketAddress target, long cutToServer, long cutToClient, long changeToClient)
      throws IOException {
    this.target = target;
    this.cutToServer = cutToServer;
    this.cutToClient = cutToClient;
    this.changeToClient = changeToClient;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("network-accept").start(this::acceptAll);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  long toServer() {
    return toServer.get();
  }

  long toClient() {
    return toClient.get();
  }

  /** Where receivers find the version of a record, a field that TLS 1.3 tells them to ignore. */
  Set<Long> versionsToClient() {
    return Set.copyOf(versionsToClient);
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(target.getAddress(), target.getPort());
        Thread.ofVirtual()
            .name("to-server")
            .start(() -> pump(client, server, toServer, cutToServer, -1, new HashSet<>()));
        Thread.ofVirtual()
            .name("to-client")
            .start(
                () ->
                    pump(server, client, toClient, cutToClient, changeToClient, versionsToClient));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void pump(
      Socket from, Socket to, AtomicLong passed, long cut, long change, Set<Long> versions) {
    byte[] buffer = new byte[8192];
    Records records = new Records(versions);
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      while (true) {
        long before = passed.get();
        int most = cut < 0 ? buffer.length : (int) Math.min(buffer.length, cut - before);
        int read = most == 0 ? -1 : in.read(buffer, 0, most);
        if (read < 0) {
          return;
        }
        records.pass(buffer, read, before);
        if (change >= before && change < before + read) {
          buffer[(int) (change - before)] ^= 0x10;
        }
        passed.addAndGet(read);
        out.write(buffer, 0, read);
      }
    } catch (IOException closed) {
      // One side is gone; closing both is all there is to do.
    }
  }

  /** Follows the records of one direction: type, version (2), length (2), content. */
  private static final class Records {
    private final Set<Long> versions;
    private int inHeader;
    private int length;
    private int content;

    Records(Set<Long> versions) {
      this.versions = versions;
    }

    void pass(byte[] bytes, int count, long position) {
      for (int i = 0; i < count; i++) {
        if (content > 0) {
          content--;
          continue;
        }
        if (inHeader == 1 || inHeader == 2) {
          versions.add(position + i);
        }
        length = (length << 8 | (bytes[i] & 0xff)) & 0xffff;
        if (++inHeader == 5) {
          inHeader = 0;
          content = length;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
