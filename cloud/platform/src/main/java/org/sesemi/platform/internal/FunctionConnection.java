package org.sesemi.platform.internal;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * One HTTP/1.1 connection to a sandbox, used for one request at a time. It knows what a sandbox
 * says and nothing else: answers have a content length, heads are bounded.
 *
 * <p>The request's head and body leave in one gathering write and without Nagle's delay. A close
 * from another thread ends whatever the connection is doing.
 */
final class FunctionConnection implements AutoCloseable {

  /** The answer of a sandbox. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Answer(int status, Map<String, String> headers, byte[] body, boolean reusable) {}

  private static final int MAX_HEAD = 16 * 1024;
  private static final int MAX_HEADER_VALUE = 2048;

  /** What callers get to see; everything else stays here. */
  private static final Set<String> HEADERS =
      Set.of("content-type", "server-timing", "x-sesemi-path", "x-request-id", "retry-after");

  private final SocketChannel channel;
  private final String host;
  private final ByteBuffer in = ByteBuffer.allocate(MAX_HEAD);
  private volatile boolean sent;
  private int headBytesLeft;

  private FunctionConnection(SocketChannel channel, String host) {
    this.channel = channel;
    this.host = host;
  }

  static FunctionConnection connect(InetSocketAddress address) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(address);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new FunctionConnection(
        channel, address.getAddress().getHostAddress() + ":" + address.getPort());
  }

  /** Tells whether a connection from the pool still stands and has nothing unexpected to say. */
  boolean isFresh() {
    try {
      channel.configureBlocking(false);
      int read = channel.read(in.clear());
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** Tells whether a byte of the last request has left. */
  boolean sent() {
    return sent;
  }

  Answer call(byte[] request, long deadlineMillis, int maxBody) throws IOException {
    sent = false;
    String head =
        "POST /v1/invoke HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Type: application/octet-stream\r\nContent-Length: "
            + request.length
            + "\r\nX-Sesemi-Deadline-Ms: "
            + deadlineMillis
            + "\r\n\r\n";
    ByteBuffer[] out = {
      ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)), ByteBuffer.wrap(request)
    };
    while (out[0].hasRemaining() || out[1].hasRemaining()) {
      if (channel.write(out) > 0) {
        sent = true;
      }
    }
    in.clear().limit(0);
    headBytesLeft = MAX_HEAD;
    String statusLine = line();
    int status = status(statusLine);
    Map<String, String> headers = new LinkedHashMap<>();
    long length = -1;
    boolean reusable = true;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("a header without a name");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      switch (name) {
        case "content-length" -> length = length(value, length);
        case "transfer-encoding" -> throw new ProtocolException("an answer without a length");
        case "connection" -> reusable = !value.equalsIgnoreCase("close");
        default -> {
          if (HEADERS.contains(name) && isPlain(value)) {
            headers.merge(name, value, (a, b) -> a + ", " + b);
          }
        }
      }
    }
    if (length < 0 || length > maxBody) {
      throw new ProtocolException("an answer of " + length + " bytes, the limit is " + maxBody);
    }
    byte[] body = new byte[(int) length];
    ByteBuffer target = ByteBuffer.wrap(body);
    int buffered = Math.min(in.remaining(), body.length);
    target.put(in.slice(in.position(), buffered));
    in.position(in.position() + buffered);
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new EOFException("the answer is cut");
      }
    }
    return new Answer(status, headers, body, reusable && !in.hasRemaining());
  }

  /** The sandbox said something that is not the HTTP spoken here. */
  static final class ProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolException(String message) {
      super(message);
    }
  }

  private static boolean isPlain(String value) {
    return value.length() <= MAX_HEADER_VALUE && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  private static int status(String line) throws IOException {
    if (line.matches("HTTP/1\\.1 [2-5][0-9][0-9]( .*)?")) {
      return Integer.parseInt(line.substring(9, 12));
    }
    throw new ProtocolException("no status line");
  }

  private static long length(String value, long before) throws IOException {
    if (before >= 0 || !value.matches("[0-9]{1,18}")) {
      throw new ProtocolException("a content length that is none");
    }
    return Long.parseLong(value);
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    while (true) {
      if (!in.hasRemaining()) {
        in.clear();
        int read = channel.read(in);
        in.flip();
        if (read < 0) {
          throw new EOFException("the connection ended before the answer");
        }
      }
      byte next = in.get();
      if (next == '\n') {
        String text = line.toString(StandardCharsets.US_ASCII);
        if (!text.endsWith("\r")) {
          throw new ProtocolException("a line end without carriage return");
        }
        return text.substring(0, text.length() - 1);
      }
      if (--headBytesLeft < 0) {
        throw new ProtocolException("a head without end");
      }
      line.write(next);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // Closed is closed.
    }
  }
}
