package org.sesemi.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.sesemi.channel.ChannelException.Code;

/** Reads headers and bodies from one transport, each within its time. */
final class HttpInput {

  private static final int FIRST_SIZE = 2048;

  private final Transport transport;
  private final Watchdog.Watch watch;
  private final int maxHeaderBytes;

  /** What was read and not yet consumed lies between position and limit. */
  private ByteBuffer buffer = ByteBuffer.allocate(FIRST_SIZE).limit(0);

  HttpInput(Transport transport, Watchdog.Watch watch, int maxHeaderBytes) {
    this.transport = transport;
    this.watch = watch;
    this.maxHeaderBytes = maxHeaderBytes;
  }

  /** Whether bytes were read that belong to no message yet. */
  boolean hasMore() {
    return buffer.hasRemaining();
  }

  /**
   * Reads the next header, or nothing when the connection ends before its first byte.
   *
   * @param first how long to wait for the first byte
   * @param rest how long to wait for the rest
   */
  Optional<HttpHead> head(Duration first, Duration rest) throws IOException {
    watch.allow(first);
    if (!buffer.hasRemaining() && !fill()) {
      return Optional.empty();
    }
    watch.allow(rest);
    int end = endOfHead(0);
    while (end < 0) {
      int scanned = buffer.remaining();
      if (scanned >= maxHeaderBytes) {
        throw new ChannelException(
            Code.HTTP_HEADER_TOO_LARGE, "the header is longer than " + maxHeaderBytes + " bytes");
      }
      if (!fill()) {
        throw new ChannelException(Code.CUT, "the connection ends inside a header");
      }
      end = endOfHead(Math.max(0, scanned - 3));
    }
    if (end > maxHeaderBytes) {
      throw new ChannelException(
          Code.HTTP_HEADER_TOO_LARGE, "the header is longer than " + maxHeaderBytes + " bytes");
    }
    byte[] bytes = new byte[end];
    buffer.get(bytes);
    return Optional.of(HttpHead.parse(bytes, end));
  }

  /** Fills a buffer up to its limit. */
  void body(ByteBuffer target, Duration time) throws IOException {
    watch.allow(time);
    int there = Math.min(buffer.remaining(), target.remaining());
    target.put(buffer.slice(buffer.position(), there));
    buffer.position(buffer.position() + there);
    while (target.hasRemaining()) {
      if (transport.read(target) < 0) {
        throw new ChannelException(Code.CUT, "the connection ends inside a body");
      }
    }
  }

  /** Throws away what still comes, so that a response before it is not lost. */
  void drain(Duration time, long most) throws IOException {
    watch.allow(time);
    ByteBuffer waste = ByteBuffer.allocate(8192);
    for (long left = most; left > 0; left -= waste.position()) {
      if (transport.read(waste.clear()) < 0) {
        return;
      }
    }
  }

  /** Reads more behind what is there; makes room first where there is none. */
  private boolean fill() throws IOException {
    int unread = buffer.remaining();
    if (buffer.position() > 0) {
      buffer.compact();
    } else {
      buffer.position(unread).limit(buffer.capacity());
    }
    if (!buffer.hasRemaining()) {
      int size = Math.min(maxHeaderBytes, buffer.capacity() * 2);
      buffer = ByteBuffer.wrap(Arrays.copyOf(buffer.array(), size)).position(unread);
    }
    int read = transport.read(buffer);
    buffer.flip();
    return read >= 0;
  }

  /** The length of the header up to and with its empty line, or -1. */
  private int endOfHead(int from) {
    int base = buffer.position();
    for (int i = base + from; i + 3 < buffer.limit(); i++) {
      if (buffer.get(i) == '\r'
          && buffer.get(i + 1) == '\n'
          && buffer.get(i + 2) == '\r'
          && buffer.get(i + 3) == '\n') {
        return i + 4 - base;
      }
    }
    return -1;
  }
}
