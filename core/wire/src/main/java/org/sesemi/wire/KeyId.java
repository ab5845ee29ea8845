package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of a request key or model key: 16 random bytes, as text 32 lower-case hexadecimal
 * digits.
 *
 * @param value the 16 bytes
 */
public record KeyId(Bytes value) {

  /** The number of bytes. */
  public static final int LENGTH = 16;

  /** Checks the length. */
  public KeyId {
    if (requireNonNull(value, "value").length() != LENGTH) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "the id of a key has 16 bytes, not " + value.length());
    }
  }

  /**
   * {@return the id with the given bytes}
   *
   * @param bytes 16 bytes
   */
  public static KeyId of(byte[] bytes) {
    return new KeyId(Bytes.of(bytes));
  }

  /**
   * {@return a fresh id}
   *
   * @param random where its bytes come from
   */
  public static KeyId random(RandomSource random) {
    return new KeyId(Bytes.random(random, LENGTH));
  }

  /**
   * Reads the text form.
   *
   * @param hex 32 lower-case hexadecimal digits
   * @return what was read
   */
  public static KeyId parse(String hex) {
    return new KeyId(Bytes.parse(hex));
  }

  /** {@return a copy of the 16 bytes} */
  public byte[] bytes() {
    return value.toArray();
  }

  /** {@return the text form} */
  public String hex() {
    return value.hex();
  }

  @Override
  public String toString() {
    return hex();
  }
}
