package org.sesemi.keyservice.internal;

import java.math.BigInteger;

/**
 * A digest over a set of rows that changes with each row added or removed, at a cost that does not
 * depend on the size of the set: the sum of the keyed digests of all rows, modulo 2^256, beside
 * their count. Whoever does not know the key cannot find another set with the same sum.
 */
final class SetDigest {

  /** The number of bytes of the sum. */
  static final int LENGTH = 32;

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(8 * LENGTH);

  private BigInteger sum;
  private long count;

  private SetDigest(BigInteger sum, long count) {
    this.sum = sum;
    this.count = count;
  }

  /** {@return the digest of the empty set} */
  static SetDigest empty() {
    return new SetDigest(BigInteger.ZERO, 0);
  }

  /** {@return a digest to change on its own} */
  SetDigest copy() {
    return new SetDigest(sum, count);
  }

  void add(byte[] element) {
    sum = sum.add(new BigInteger(1, element)).mod(MODULUS);
    count++;
  }

  void remove(byte[] element) {
    sum = sum.subtract(new BigInteger(1, element)).mod(MODULUS);
    count--;
  }

  long count() {
    return count;
  }

  byte[] sum() {
    byte[] bytes = sum.toByteArray();
    byte[] result = new byte[LENGTH];
    int length = Math.min(bytes.length, LENGTH);
    System.arraycopy(bytes, bytes.length - length, result, LENGTH - length, length);
    return result;
  }
}
