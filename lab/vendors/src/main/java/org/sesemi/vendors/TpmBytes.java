package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;

/** Big-endian fields, and digests by the numbers that TPMs give them. Not thread-safe. */
final class TpmBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes an integer of a number of bytes. */
  TpmBytes number(long value, int length) {
    for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
    return this;
  }

  /** Writes bytes. */
  TpmBytes raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** Writes a length of two bytes and bytes. */
  TpmBytes sized(byte[] bytes) {
    return number(bytes.length, 2).raw(bytes);
  }

  /** {@return what was written} */
  byte[] bytes() {
    return out.toByteArray();
  }

  /** {@return a digest} */
  static byte[] digest(int algorithm, byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(hash(algorithm));
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return the name of a hash algorithm} */
  static String hash(int algorithm) {
    return switch (algorithm) {
      case 0x04 -> "SHA-1";
      case 0x0b -> "SHA-256";
      case 0x0c -> "SHA-384";
      case 0x0d -> "SHA-512";
      default -> throw new IllegalArgumentException("hash algorithm " + algorithm);
    };
  }
}
