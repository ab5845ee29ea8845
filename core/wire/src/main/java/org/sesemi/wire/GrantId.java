package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of a grant: 16 random bytes chosen by the key service, as text 32 lower-case hexadecimal
 * digits.
 *
 * @param value the 16 bytes
 */
public record GrantId(Bytes value) {

  /** The number of bytes. */
  public static final int LENGTH = 16;

  /** Checks the length. */
  public GrantId {
    if (requireNonNull(value, "value").length() != LENGTH) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "the id of a grant has 16 bytes, not " + value.length());
    }
  }

  /**
   * {@return a fresh id}
   *
   * @param random where its bytes come from
   */
  public static GrantId random(RandomSource random) {
    return new GrantId(Bytes.random(random, LENGTH));
  }

  /**
   * Reads the text form.
   *
   * @param hex 32 lower-case hexadecimal digits
   * @return what was read
   */
  public static GrantId parse(String hex) {
    return new GrantId(Bytes.parse(hex));
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
