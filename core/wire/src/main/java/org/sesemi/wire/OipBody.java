package org.sesemi.wire;

import java.nio.ByteBuffer;

/**
 * The bytes of a request or response with the length of their JSON header, which travels beside
 * them as {@code Inference-Header-Content-Length}.
 *
 * @param bytes the body; a direct buffer lets raw tensors stay where they are
 * @param jsonHeaderLength {@link #PLAIN_JSON}, or how many bytes are JSON before the raw tensors; 0
 *     says that the body is one raw tensor
 */
public record OipBody(ByteBuffer bytes, int jsonHeaderLength) {

  /** The header length of a body that is JSON alone. */
  public static final int PLAIN_JSON = -1;

  /** Takes a read-only view of the bytes and checks the length. */
  public OipBody {
    bytes = bytes.slice().asReadOnlyBuffer();
    if (jsonHeaderLength < PLAIN_JSON || jsonHeaderLength > bytes.remaining()) {
      throw OipException.of(
          OipException.Code.MALFORMED,
          "the header length %d does not fit a body of %d bytes",
          jsonHeaderLength,
          bytes.remaining());
    }
  }

  /**
   * {@return a body that is JSON alone}
   *
   * @param json UTF-8
   */
  public static OipBody json(byte[] json) {
    return new OipBody(ByteBuffer.wrap(json), PLAIN_JSON);
  }

  /** {@return a read-only view of the bytes with a position of its own} */
  @Override
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** {@return a copy of the bytes} */
  public byte[] toArray() {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  /** {@return whether raw tensors follow the JSON header} */
  public boolean binary() {
    return jsonHeaderLength != PLAIN_JSON;
  }

  /** {@return the size, never the content} */
  @Override
  public String toString() {
    return "OipBody[" + bytes.remaining() + " bytes, header " + jsonHeaderLength + "]";
  }
}
