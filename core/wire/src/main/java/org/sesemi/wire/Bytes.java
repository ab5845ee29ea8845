package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * An immutable byte string with value equality. It holds public values only: secrets have types of
 * their own that wipe themselves.
 */
public final class Bytes implements Comparable<Bytes> {

  private static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /**
   * {@return a byte string with a copy of an array}
   *
   * @param value the bytes
   */
  public static Bytes of(byte[] value) {
    return value.length == 0 ? EMPTY : new Bytes(value.clone());
  }

  /**
   * {@return a byte string with a copy of what remains in a buffer, whose position does not move}
   *
   * @param value the buffer
   */
  public static Bytes of(ByteBuffer value) {
    byte[] copy = new byte[value.remaining()];
    value.get(value.position(), copy);
    return new Bytes(copy);
  }

  /** {@return the byte string of length zero} */
  public static Bytes empty() {
    return EMPTY;
  }

  /**
   * {@return a fresh random byte string}
   *
   * @param random where the bytes come from
   * @param length how many
   */
  public static Bytes random(RandomSource random, int length) {
    return new Bytes(random.bytes(length));
  }

  /**
   * Reads lower-case hexadecimal text.
   *
   * @param hex the text
   * @throws WireException with {@code id.malformed} when it is anything else
   * @return what was read
   */
  public static Bytes parse(String hex) {
    if (hex.length() % 2 != 0) {
      throw new WireException(WireException.Code.ID_MALFORMED, "hex text has an odd length");
    }
    for (int i = 0; i < hex.length(); i++) {
      char c = hex.charAt(i);
      if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        throw new WireException(
            WireException.Code.ID_MALFORMED, "not lower-case hex at position " + i);
      }
    }
    return new Bytes(HexFormat.of().parseHex(hex));
  }

  /** {@return a copy of the bytes} */
  public byte[] toArray() {
    return value.clone();
  }

  /** {@return a read-only view of the bytes} */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(value).asReadOnlyBuffer();
  }

  /** {@return the number of bytes} */
  public int length() {
    return value.length;
  }

  /** {@return the bytes as lower-case hexadecimal text} */
  public String hex() {
    return HexFormat.of().formatHex(value);
  }

  /** Compares in a time that depends on the length only. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes that && MessageDigest.isEqual(value, that.value);
  }

  /** Compares byte by byte, each from 0 to 255. */
  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(value, other.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
