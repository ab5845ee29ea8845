package org.sesemi.wire;

import java.security.SecureRandom;

/**
 * A source of random bytes that is handed to everything that needs some, so that tests can repeat
 * what they did.
 */
@FunctionalInterface
public interface RandomSource {

  /**
   * Fills an array with random bytes.
   *
   * @param target the array to fill
   */
  void nextBytes(byte[] target);

  /**
   * {@return fresh random bytes}
   *
   * @param length how many
   */
  default byte[] bytes(int length) {
    byte[] result = new byte[length];
    nextBytes(result);
    return result;
  }

  /** {@return the system's cryptographic source, the only one for use outside tests} */
  static RandomSource secure() {
    SecureRandom random = new SecureRandom();
    return random::nextBytes;
  }
}
