package org.sesemi.crypto;

/**
 * The lengths that sealed contents may have, so that the length of a ciphertext says little.
 *
 * <p>Algorithm: Padmé (Nikitin, Barman, Lueks, Underwood, Hubaux, Ford: "Reducing Metadata Leakage
 * from Encrypted Files and Communication with PURBs", PoPETs 2019, section 4). A length of L bytes
 * is rounded up so that its floating-point form has a mantissa no longer than its exponent: it
 * leaks O(log log L) bits and costs at most 12 per cent.
 */
final class Padding {

  private Padding() {}

  /** Returns the smallest allowed length that is not below the given one. */
  static int padded(int length) {
    if (length < 2) {
      return length;
    }
    int exponent = 31 - Integer.numberOfLeadingZeros(length);
    int mantissaBits = 32 - Integer.numberOfLeadingZeros(exponent);
    int mask = (1 << (exponent - mantissaBits)) - 1;
    return Math.addExact(length, mask) & ~mask;
  }
}
