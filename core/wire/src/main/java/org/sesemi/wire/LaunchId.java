package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of one launch of one enclave: 16 random bytes, as text 32 lower-case hexadecimal digits.
 *
 * @param value the 16 bytes
 */
public record LaunchId(Bytes value) {

  /** The number of bytes. */
  public static final int LENGTH = 16;

  /** Checks the length. */
  public LaunchId {
    if (requireNonNull(value, "value").length() != LENGTH) {
      throw new WireException(
          WireException.Code.ID_MALFORMED,
          "the id of a launch has 16 bytes, not " + value.length());
    }
  }

  /**
   * {@return the id with the given bytes}
   *
   * @param bytes 16 bytes
   */
  public static LaunchId of(byte[] bytes) {
    return new LaunchId(Bytes.of(bytes));
  }

  /**
   * {@return a fresh id}
   *
   * @param random where its bytes come from
   */
  public static LaunchId random(RandomSource random) {
    return new LaunchId(Bytes.random(random, LENGTH));
  }

  /**
   * Reads the text form.
   *
   * @param hex 32 lower-case hexadecimal digits
   * @return what was read
   */
  public static LaunchId parse(String hex) {
    return new LaunchId(Bytes.parse(hex));
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
