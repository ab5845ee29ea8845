package org.sesemi.attestation.internal.cca;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/** The hashes that a CCA token may name, by their names in the IANA registry. */
enum CcaHash {
  SHA_256("sha-256", "SHA-256", 32),
  SHA_384("sha-384", "SHA-384", 48),
  SHA_512("sha-512", "SHA-512", 64);

  private final String text;
  private final String algorithm;
  private final int length;

  CcaHash(String text, String algorithm, int length) {
    this.text = text;
    this.algorithm = algorithm;
    this.length = length;
  }

  static Optional<CcaHash> named(String text) {
    for (CcaHash hash : values()) {
      if (hash.text.equals(text)) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return whether bytes are as long as the hash with a name; true when there is no such hash}
   */
  static boolean fits(String text, Bytes value) {
    return named(text).stream().allMatch(hash -> value.length() == hash.length);
  }

  /** {@return whether bytes are as long as any of the hashes} */
  static boolean fitsAny(Bytes value) {
    for (CcaHash hash : values()) {
      if (value.length() == hash.length) {
        return true;
      }
    }
    return false;
  }

  byte[] of(byte[] input) {
    try {
      return MessageDigest.getInstance(algorithm, "SUN").digest(input);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
