package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes CBOR item by item and keeps to no rule but the caller's: counts need not be true, keys may
 * repeat, lengths may be indefinite or longer than needed. Not thread-safe.
 */
public final class CborOut {

  private static final int INDEFINITE = 31;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Begins with nothing. */
  public CborOut() {}

  /** Writes an integer. */
  public CborOut integer(long value) {
    return value < 0 ? head(1, -1 - value) : head(0, value);
  }

  /** Writes a byte string. */
  public CborOut bytes(byte[] value) {
    return head(2, value.length).raw(value);
  }

  /** Writes a text string. */
  public CborOut text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    return head(3, utf8.length).raw(utf8);
  }

  /** Begins an array that says how many items follow. */
  public CborOut array(long count) {
    return head(4, count);
  }

  /** Begins a map that says how many pairs follow. */
  public CborOut map(long count) {
    return head(5, count);
  }

  /** Writes a tag for the next item. */
  public CborOut tag(long tag) {
    return head(6, tag);
  }

  /** Writes null. */
  public CborOut none() {
    return raw(0xf6);
  }

  /** Writes a truth value. */
  public CborOut bool(boolean value) {
    return raw(value ? 0xf5 : 0xf4);
  }

  /** Begins a string, array or map of indefinite length, by its major type 2 to 5. */
  public CborOut indefinite(int major) {
    return raw((major << 5) | INDEFINITE);
  }

  /** Ends something of indefinite length. */
  public CborOut end() {
    return raw(0xff);
  }

  /** Writes the head of an item in its shortest form. */
  public CborOut head(int major, long argument) {
    if (argument < 24) {
      return raw((major << 5) | (int) argument);
    }
    return argument < 1L << 8
        ? head(major, argument, 1)
        : argument < 1L << 16
            ? head(major, argument, 2)
            : head(major, argument, argument < 1L << 32 ? 4 : 8);
  }

  /** Writes the head of an item with an argument of 1, 2, 4 or 8 bytes, needed or not. */
  public CborOut head(int major, long argument, int width) {
    raw((major << 5) | (24 + Integer.numberOfTrailingZeros(width)));
    for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
      raw((int) (argument >>> shift) & 0xff);
    }
    return this;
  }

  /** Writes bytes as they are. */
  public CborOut raw(int... values) {
    for (int value : values) {
      out.write(value);
    }
    return this;
  }

  /** Writes bytes as they are. */
  public CborOut raw(byte[] values) {
    out.writeBytes(values);
    return this;
  }

  /** {@return what was written} */
  public byte[] toBytes() {
    return out.toByteArray();
  }
}
