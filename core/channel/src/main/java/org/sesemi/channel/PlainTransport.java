package org.sesemi.channel;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A transport on a TCP connection as it is. */
final class PlainTransport implements Transport {

  /** The JDK copies heap buffers through a direct one of the same size: keep that small. */
  private static final int HEAP_SLICE = 128 * 1024;

  private final SocketChannel channel;

  PlainTransport(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return channel.read(target);
  }

  @Override
  public void write(ByteBuffer head, ByteBuffer body) throws IOException {
    if (body.isDirect() || body.remaining() <= HEAP_SLICE) {
      ByteBuffer[] both = {head, body};
      while (head.hasRemaining() || body.hasRemaining()) {
        channel.write(both);
      }
      return;
    }
    while (head.hasRemaining()) {
      channel.write(head);
    }
    int end = body.limit();
    while (body.position() < end) {
      body.limit(Math.min(end, body.position() + HEAP_SLICE));
      channel.write(body);
    }
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
