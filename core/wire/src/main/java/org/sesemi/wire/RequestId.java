package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of one request: 16 random bytes, as text 32 lower-case hexadecimal digits.
 *
 * @param value the 16 bytes
 */
public record RequestId(Bytes value) {

  /** The number of bytes. */
  public static final int LENGTH = 16;

  /** Checks the length. */
  public RequestId {
    if (requireNonNull(value, "value").length() != LENGTH) {
      throw new WireException(
          WireException.Code.ID_MALFORMED,
          "the id of a request has 16 bytes, not " + value.length());
    }
  }

  /**
   * {@return the id with the given bytes}
   *
   * @param bytes 16 bytes
   */
  public static RequestId of(byte[] bytes) {
    return new RequestId(Bytes.of(bytes));
  }

  /**
   * {@return a fresh id}
   *
   * @param random where its bytes come from
   */
  public static RequestId random(RandomSource random) {
    return new RequestId(Bytes.random(random, LENGTH));
  }

  /**
   * Reads the text form.
   *
   * @param hex 32 lower-case hexadecimal digits
   * @return what was read
   */
  public static RequestId parse(String hex) {
    return new RequestId(Bytes.parse(hex));
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
