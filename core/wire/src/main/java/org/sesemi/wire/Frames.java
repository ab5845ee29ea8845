package org.sesemi.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Length-prefixed messages on a byte stream: four bytes of length, big-endian, then that many
 * bytes. The length is checked before anything is allocated.
 */
public final class Frames {

  private Frames() {}

  /**
   * Writes one frame in a single call and flushes it.
   *
   * @param out the stream
   * @param message the bytes
   * @throws IOException when the stream fails
   */
  public static void write(OutputStream out, byte[] message) throws IOException {
    byte[] frame = new byte[4 + message.length];
    ByteBuffer.wrap(frame).putInt(message.length).put(message);
    out.write(frame);
    out.flush();
  }

  /**
   * Reads one frame.
   *
   * @param in the stream
   * @param maxLength the longest message accepted
   * @return the message, or nothing when the stream ends before its first byte
   * @throws WireException with {@code frame.too-large} or {@code frame.cut}
   * @throws IOException when the stream fails
   */
  public static Optional<byte[]> read(InputStream in, int maxLength) throws IOException {
    int first = in.read();
    if (first < 0) {
      return Optional.empty();
    }
    byte[] head = in.readNBytes(3);
    if (head.length < 3) {
      throw new WireException(WireException.Code.FRAME_CUT, "the stream ends inside a length");
    }
    long length =
        ((long) first << 24)
            | ((head[0] & 0xffL) << 16)
            | ((head[1] & 0xffL) << 8)
            | (head[2] & 0xffL);
    if (length > maxLength) {
      throw new WireException(
          WireException.Code.FRAME_TOO_LARGE,
          "a frame announces " + length + " bytes, the limit is " + maxLength);
    }
    byte[] message = new byte[(int) length];
    try {
      new DataInputStream(in).readFully(message);
    } catch (EOFException e) {
      throw new WireException(WireException.Code.FRAME_CUT, "the stream ends inside a frame", e);
    }
    return Optional.of(message);
  }
}
