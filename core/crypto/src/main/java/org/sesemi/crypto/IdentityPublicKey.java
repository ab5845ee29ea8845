package org.sesemi.crypto;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.PartyId;

/**
 * The public half of an {@link IdentityKey}: 32 bytes of Ed25519 as in RFC 8032.
 *
 * <p>Immutable and thread-safe. Verification uses the JDK's implementation whatever else is loaded.
 *
 * @param value the encoded point
 */
public record IdentityPublicKey(Bytes value) {

  /** The number of bytes of an encoded public key. */
  public static final int LENGTH = 32;

  /** SubjectPublicKeyInfo of an Ed25519 key up to the key's 32 bytes. */
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /** Checks the length; whether the point is on the curve shows at the first verification. */
  public IdentityPublicKey {
    if (value.length() != LENGTH) {
      throw new CryptoException(
          CryptoException.Code.KEY_MALFORMED,
          "an Ed25519 public key has 32 bytes, not " + value.length());
    }
  }

  /**
   * Wraps an encoded key.
   *
   * @param encoded 32 bytes
   * @return the key
   */
  public static IdentityPublicKey of(byte[] encoded) {
    return new IdentityPublicKey(Bytes.of(encoded));
  }

  /**
   * Takes the key out of a JDK key.
   *
   * @param key an Ed25519 key
   * @return the key
   * @throws CryptoException with {@code key.malformed} for keys of another kind
   */
  public static IdentityPublicKey of(PublicKey key) {
    byte[] spki = key.getEncoded();
    if (spki == null
        || spki.length != SPKI_PREFIX.length + LENGTH
        || !Arrays.equals(SPKI_PREFIX, 0, 12, spki, 0, 12)) {
      throw new CryptoException(CryptoException.Code.KEY_MALFORMED, "not an Ed25519 public key");
    }
    return of(Arrays.copyOfRange(spki, SPKI_PREFIX.length, spki.length));
  }

  /** {@return the party that owns the key} */
  public PartyId id() {
    return PartyId.ofPublicKey(value.toArray());
  }

  /** {@return the SubjectPublicKeyInfo of the key, as certificates hold it} */
  public byte[] subjectPublicKeyInfo() {
    byte[] spki = Arrays.copyOf(SPKI_PREFIX, SPKI_PREFIX.length + LENGTH);
    System.arraycopy(value.toArray(), 0, spki, SPKI_PREFIX.length, LENGTH);
    return spki;
  }

  /**
   * Verifies a signature.
   *
   * @param message what was signed
   * @param signature 64 bytes
   * @return whether this key signed the message
   */
  public boolean verifies(byte[] message, byte[] signature) {
    CryptoProvider provider = CryptoProvider.jdk();
    try {
      Signature verifier = provider.ed25519();
      verifier.initVerify(
          provider.ed25519Keys().generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo())));
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException notAPoint) {
      return false;
    }
  }

  /**
   * Returns the key in the JDK's form.
   *
   * @return the key
   * @throws CryptoException with {@code key.malformed} when the point is not on the curve
   */
  public PublicKey toJdk() {
    try {
      return CryptoProvider.jdk()
          .ed25519Keys()
          .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo()));
    } catch (GeneralSecurityException malformed) {
      throw new CryptoException(
          CryptoException.Code.KEY_MALFORMED, "not a point of the curve", malformed);
    }
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
