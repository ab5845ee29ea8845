package org.sesemi.attestation.internal.tpm;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.util.Optional;
import org.sesemi.attestation.internal.Unreadable;

/** Hash algorithms of a TPM. */
public enum TpmHash {
  /** SHA-1, known so that it can be refused by name. */
  SHA1(0x0004, 20, "SHA-1"),
  /** SHA-256. */
  SHA256(0x000b, 32, "SHA-256"),
  /** SHA-384. */
  SHA384(0x000c, 48, "SHA-384"),
  /** SHA-512. */
  SHA512(0x000d, 64, "SHA-512");

  private final int id;
  private final int length;
  private final String text;

  TpmHash(int id, int length, String text) {
    this.id = id;
    this.length = length;
    this.text = text;
  }

  /** {@return the algorithm with an identifier, if it is known} */
  public static Optional<TpmHash> find(int id) {
    for (TpmHash hash : values()) {
      if (hash.id == id) {
        return Optional.of(hash);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the algorithm with an identifier}
   *
   * @throws Unreadable when it is not known
   */
  public static TpmHash of(int id, String what) {
    return find(id).orElseThrow(() -> new Unreadable(what + " uses an unknown hash algorithm"));
  }

  /** {@return the identifier} */
  public int id() {
    return id;
  }

  /** {@return the length of a digest in bytes} */
  public int length() {
    return length;
  }

  /** {@return the name for people, which is the JDK's as well} */
  public String text() {
    return text;
  }

  /** {@return the name within names of signature algorithms of the JDK} */
  public String compact() {
    return text.replace("-", "");
  }

  /** {@return whether collisions cannot be found} */
  public boolean isStrong() {
    return this != SHA1;
  }

  /** {@return the digest of byte strings one after another} */
  public byte[] digest(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance(text, "SUN");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException | NoSuchProviderException e) {
      throw new IllegalStateException("every JDK has " + text, e);
    }
  }
}
