package org.sesemi.attestation.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads fields of fixed and declared lengths from bytes that nobody vouches for. Every read is
 * bounded by what is there; no length allocates more than that. Not thread-safe.
 */
public final class ByteInput {

  private final ByteBuffer bytes;
  private final String what;

  private ByteInput(ByteBuffer bytes, String what) {
    this.bytes = bytes;
    this.what = what;
  }

  /** {@return a reader of little-endian fields} */
  public static ByteInput littleEndian(byte[] bytes, String what) {
    return new ByteInput(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), what);
  }

  /** {@return a reader of big-endian fields} */
  public static ByteInput bigEndian(byte[] bytes, String what) {
    return new ByteInput(ByteBuffer.wrap(bytes).order(ByteOrder.BIG_ENDIAN), what);
  }

  /** {@return the next byte} */
  public int u8() {
    need(1);
    return bytes.get() & 0xff;
  }

  /** {@return the next two bytes} */
  public int u16() {
    need(2);
    return bytes.getShort() & 0xffff;
  }

  /** {@return the next four bytes} */
  public long u32() {
    need(4);
    return bytes.getInt() & 0xffff_ffffL;
  }

  /** {@return the next eight bytes, as they are: compare unsigned} */
  public long u64() {
    need(8);
    return bytes.getLong();
  }

  /** {@return the next bytes} */
  public byte[] bytes(long length) {
    if (length < 0 || length > bytes.remaining()) {
      throw cut(length);
    }
    byte[] result = new byte[(int) length];
    bytes.get(result);
    return result;
  }

  /** {@return everything that is left} */
  public byte[] rest() {
    return bytes(bytes.remaining());
  }

  /** Passes over bytes. */
  public void skip(int length) {
    need(length);
    bytes.position(bytes.position() + length);
  }

  /** {@return how many bytes were read} */
  public int position() {
    return bytes.position();
  }

  /** {@return how many bytes are left} */
  public int remaining() {
    return bytes.remaining();
  }

  /** Refuses anything that is left. */
  public void finish() {
    if (bytes.hasRemaining()) {
      throw new Unreadable(what + " has " + bytes.remaining() + " bytes after its end");
    }
  }

  private void need(int length) {
    if (length < 0 || bytes.remaining() < length) {
      throw cut(length);
    }
  }

  private Unreadable cut(long length) {
    return new Unreadable(
        what
            + " ends at byte "
            + bytes.limit()
            + ", where "
            + length
            + " more are due at byte "
            + bytes.position());
  }
}
