package org.sesemi.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;

/** A transport through TLS. */
final class TlsTransport implements Transport {

  /** The most that one TLS record carries. */
  private static final int RECORD = 16 * 1024;

  private final SSLSocket socket;
  private final InputStream in;
  private final OutputStream out;
  private final byte[] incoming = new byte[RECORD];

  TlsTransport(SSLSocket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  InputStream input() {
    return in;
  }

  OutputStream output() {
    return out;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    int read = in.read(incoming, 0, Math.min(incoming.length, target.remaining()));
    if (read > 0) {
      target.put(incoming, 0, read);
    }
    return read;
  }

  @Override
  public void write(ByteBuffer head, ByteBuffer body) throws IOException {
    byte[] record = new byte[Math.min(RECORD, head.remaining() + body.remaining())];
    while (head.hasRemaining() || body.hasRemaining()) {
      int first = Math.min(record.length, head.remaining());
      head.get(record, 0, first);
      int second = Math.min(record.length - first, body.remaining());
      body.get(record, first, second);
      out.write(record, 0, first + second);
    }
    out.flush();
  }

  @Override
  public void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
