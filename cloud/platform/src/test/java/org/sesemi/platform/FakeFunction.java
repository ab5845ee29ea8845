package org.sesemi.platform;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A function without an enclave: it listens like one and answers as a test tells it. */
final class FakeFunction implements AutoCloseable {

  /** What a test does with a request. */
  @FunctionalInterface
  interface Behaviour {
    /** Returns the raw bytes of the answer; an exception breaks the connection. */
    byte[] answer(String head, byte[] body) throws Exception;
  }

  private final ServerSocket listener;
  private final Behaviour behaviour;
  private final Thread acceptor;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicInteger mostInFlight = new AtomicInteger();

  FakeFunction(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.acceptor = Thread.ofVirtual().name("fake-function").start(this::accept);
  }

  static byte[] ok(byte[] body, String... headers) {
    return answer("200 OK", body, headers);
  }

  static byte[] answer(String status, byte[] body, String... headers) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
    for (String header : headers) {
      head.append(header).append("\r\n");
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = new byte[start.length + body.length];
    System.arraycopy(start, 0, all, 0, start.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  int connected() {
    return connected.get();
  }

  int mostInFlight() {
    return mostInFlight.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listener.accept();
        connections.add(socket);
        connected.incrementAndGet();
        Thread.ofVirtual().name("fake-function-connection").start(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
          int next = in.read();
          if (next < 0) {
            return;
          }
          head.append((char) next);
        }
        byte[] body = in.readNBytes(contentLength(head.toString()));
        mostInFlight.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
        byte[] answer;
        try {
          answer = behaviour.answer(head.toString(), body);
        } finally {
          inFlight.decrementAndGet();
        }
        out.write(answer);
      }
    } catch (Exception _) {
      // The connection breaks, which is what the test wants.
    }
  }

  private static int contentLength(String head) {
    for (String line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        return Integer.parseInt(line.substring(15).strip());
      }
    }
    return 0;
  }

  /** Breaks all connections and stops listening, as the end of the process does. */
  @Override
  public void close() {
    try {
      listener.close();
      // The system goes on accepting until the thread that waits for connections has gone.
      acceptor.join();
      for (Socket connection : connections) {
        if (!connection.isClosed()) {
          // A close alone can wait for the thread that reads.
          connection.shutdownOutput();
        }
        connection.close();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
