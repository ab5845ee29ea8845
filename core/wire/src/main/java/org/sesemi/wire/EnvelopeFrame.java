package org.sesemi.wire;

import java.nio.ByteBuffer;

/**
 * The outer form of a sealed request or response, which anybody may read: magic, version, header,
 * ciphertext. Nothing in it is authentic before the ciphertext has been opened with all bytes
 * before it as associated data.
 *
 * <pre>
 * magic (4) | u16 version | u32 header length | header | u32 body length | body
 * </pre>
 *
 * <p>All parts share memory with the buffer that was decoded.
 *
 * @param header the header's bytes
 * @param associatedData all bytes before the body
 * @param body the ciphertext with its tag
 */
public record EnvelopeFrame(ByteBuffer header, ByteBuffer associatedData, ByteBuffer body) {

  /** What an envelope holds. */
  public enum Kind {
    /** A request: {@code SSRQ}. */
    REQUEST(0x53535251),
    /** A response: {@code SSRS}. */
    RESPONSE(0x53535253);

    private final int magic;

    Kind(int magic) {
      this.magic = magic;
    }
  }

  /** The format version. */
  public static final int VERSION = 1;

  /** The longest header in bytes. */
  public static final int MAX_HEADER_LENGTH = 4096;

  private static final int FIXED_LENGTH = 4 + 2 + 4 + 4;

  /** Detaches positions and limits from the buffers that were handed in. */
  public EnvelopeFrame {
    header = header.slice();
    associatedData = associatedData.slice();
    body = body.slice();
  }

  /** {@return a view of the header with a position of its own} */
  @Override
  public ByteBuffer header() {
    return header.duplicate();
  }

  /** {@return a view of all bytes before the body with a position of its own} */
  @Override
  public ByteBuffer associatedData() {
    return associatedData.duplicate();
  }

  /** {@return a view of the ciphertext with a position of its own} */
  @Override
  public ByteBuffer body() {
    return body.duplicate();
  }

  /**
   * Takes an envelope apart; the position of the buffer does not move.
   *
   * @param kind what it must hold
   * @param envelope the whole envelope, without anything after it
   * @return its parts
   * @throws WireException with {@code envelope.malformed} or {@code version.unknown}
   */
  public static EnvelopeFrame decode(Kind kind, ByteBuffer envelope) {
    ByteBuffer in = envelope.slice();
    if (in.remaining() < FIXED_LENGTH || in.getInt(0) != kind.magic) {
      throw malformed("the bytes do not begin like a sealed " + name(kind));
    }
    int version = Short.toUnsignedInt(in.getShort(4));
    if (version != VERSION) {
      throw new WireException(
          WireException.Code.VERSION_UNKNOWN,
          "the sealed " + name(kind) + " has format version " + version + ", known is " + VERSION);
    }
    long headerLength = Integer.toUnsignedLong(in.getInt(6));
    if (headerLength > MAX_HEADER_LENGTH || headerLength > in.remaining() - FIXED_LENGTH) {
      throw malformed("the header of the sealed " + name(kind) + " is cut or too long");
    }
    int bodyStart = FIXED_LENGTH + (int) headerLength;
    long bodyLength = Integer.toUnsignedLong(in.getInt(bodyStart - 4));
    if (bodyLength != in.remaining() - bodyStart) {
      throw malformed("the sealed " + name(kind) + " is cut or has bytes after its end");
    }
    return new EnvelopeFrame(
        in.slice(10, (int) headerLength),
        in.slice(0, bodyStart),
        in.slice(bodyStart, (int) bodyLength));
  }

  /**
   * Returns all bytes before the body, which are the associated data too.
   *
   * @param kind what the envelope holds
   * @param header the header
   * @param bodyLength the length of ciphertext and tag
   * @return those bytes
   */
  public static byte[] prefix(Kind kind, byte[] header, int bodyLength) {
    if (header.length > MAX_HEADER_LENGTH) {
      throw malformed("the header has " + header.length + " bytes");
    }
    return ByteBuffer.allocate(FIXED_LENGTH + header.length)
        .putInt(kind.magic)
        .putShort((short) VERSION)
        .putInt(header.length)
        .put(header)
        .putInt(bodyLength)
        .array();
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case REQUEST -> "request";
      case RESPONSE -> "response";
    };
  }

  private static WireException malformed(String message) {
    return new WireException(WireException.Code.ENVELOPE_MALFORMED, message);
  }
}
