package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of an owner or user: the SHA-256 digest of its raw 32-byte Ed25519 public key, as text
 * 64 lower-case hexadecimal digits.
 *
 * @param digest the digest of the key
 */
public record PartyId(Digest digest) implements Comparable<PartyId> {

  /** Checks that the digest is there. */
  public PartyId {
    requireNonNull(digest, "digest");
  }

  /**
   * {@return the name of the party with a public key}
   *
   * @param rawPublicKey the 32 bytes of the Ed25519 public key
   */
  public static PartyId ofPublicKey(byte[] rawPublicKey) {
    if (rawPublicKey.length != 32) {
      throw new WireException(
          WireException.Code.ID_MALFORMED,
          "an Ed25519 public key has 32 bytes, not " + rawPublicKey.length);
    }
    return new PartyId(Digest.sha256(rawPublicKey));
  }

  /**
   * Reads the text form.
   *
   * @param text 64 lower-case hexadecimal digits
   * @return what was read
   */
  public static PartyId parse(String text) {
    return new PartyId(Digest.parse(text));
  }

  /** {@return the 32 bytes of the digest} */
  public byte[] bytes() {
    return digest.bytes();
  }

  /** {@return the text form} */
  public String hex() {
    return digest.hex();
  }

  @Override
  public int compareTo(PartyId other) {
    return digest.compareTo(other.digest);
  }

  @Override
  public String toString() {
    return hex();
  }
}
