package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A SHA-256 digest: 32 bytes, as text 64 lower-case hexadecimal digits.
 *
 * @param value the 32 bytes
 */
public record Digest(Bytes value) implements Comparable<Digest> {

  /** The number of bytes of a digest. */
  public static final int LENGTH = 32;

  /** Checks the length. */
  public Digest {
    if (requireNonNull(value, "value").length() != LENGTH) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a digest has 32 bytes, not " + value.length());
    }
  }

  /**
   * {@return a digest with the given bytes}
   *
   * @param bytes 32 bytes
   */
  public static Digest of(byte[] bytes) {
    return new Digest(Bytes.of(bytes));
  }

  /**
   * Calculates the SHA-256 digest of the concatenation of all parts.
   *
   * @param parts the parts in order
   * @return the digest
   */
  public static Digest sha256(byte[]... parts) {
    MessageDigest digest = newSha256();
    for (byte[] part : parts) {
      digest.update(part);
    }
    return of(digest.digest());
  }

  /**
   * Calculates the SHA-256 digest of what remains in a buffer, whose position does not move.
   *
   * @param data the buffer
   * @return the digest
   */
  public static Digest sha256(ByteBuffer data) {
    MessageDigest digest = newSha256();
    digest.update(data.duplicate());
    return of(digest.digest());
  }

  /**
   * Reads the text form.
   *
   * @param hex 64 lower-case hexadecimal digits
   * @return what was read
   */
  public static Digest parse(String hex) {
    return new Digest(Bytes.parse(hex));
  }

  /** {@return a fresh SHA-256 calculation, for data that comes in pieces} */
  public static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** {@return a copy of the 32 bytes} */
  public byte[] bytes() {
    return value.toArray();
  }

  /** {@return the text form} */
  public String hex() {
    return value.hex();
  }

  @Override
  public int compareTo(Digest other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return hex();
  }
}
