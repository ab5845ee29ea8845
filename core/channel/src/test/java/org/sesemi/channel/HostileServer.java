package org.sesemi.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLSocket;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.CodedException;

/** A server that shakes hands as it should, and then does what a test says. */
final class HostileServer implements AutoCloseable {

  /** What it does with one connection. */
  interface Script {
    void run(SSLSocket socket, InputStream in, OutputStream out) throws IOException;
  }

  private final ServerSocket listener;

  HostileServer(IdentityKey key, Script script) throws IOException {
    this(new PlainTls(key), script);
  }

  HostileServer(PlainTls tls, Script script) throws IOException {
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .name("hostile-accept")
        .start(
            () -> {
              while (!listener.isClosed()) {
                try {
                  Socket socket = listener.accept();
                  Thread.ofVirtual().name("hostile").start(() -> serve(tls, socket, script));
                } catch (IOException closed) {
                  return;
                }
              }
            });
  }

  InetSocketAddress address() {
    return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
  }

  private static void serve(PlainTls tls, Socket socket, Script script) {
    try (SSLSocket secured = tls.wrap(socket, false)) {
      secured.startHandshake();
      script.run(secured, secured.getInputStream(), secured.getOutputStream());
    } catch (IOException | CodedException gone) {
      // The genuine client ended the connection, as it should.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
