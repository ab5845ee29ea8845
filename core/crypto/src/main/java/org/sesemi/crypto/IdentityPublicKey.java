package org.sesemi.crypto;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.PartyId;

/**
 * The public half of an {@link IdentityKey}: 32 bytes of Ed25519 as in RFC 8032.
 *
 * <p>Guarantees: verification uses the JDK's implementation whatever else is loaded; nothing
 * verifies under a point of small order or under a second encoding of a point. Immutable and
 * thread-safe.
 *
 * @param value the encoded point
 */
public record IdentityPublicKey(Bytes value) {

  /** The number of bytes of an encoded public key. */
  public static final int LENGTH = 32;

  /** SubjectPublicKeyInfo of an Ed25519 key up to the key's 32 bytes. */
  private static final byte[] SPKI_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

  /**
   * The y coordinates of the eight points whose order divides eight. Signatures under such a key
   * can be made without any secret, for all messages at once.
   */
  private static final Set<String> SMALL_ORDER =
      Set.of(
          "0000000000000000000000000000000000000000000000000000000000000000",
          "0100000000000000000000000000000000000000000000000000000000000000",
          "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
          "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
          "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

  /** The prime of the field, little-endian: a coordinate from here on has a shorter form. */
  private static final byte[] PRIME =
      HexFormat.of().parseHex("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");

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
    if (isWeak()) {
      return false;
    }
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
   * @throws CryptoException with {@code key.malformed} when the point is not on the curve, or weak
   */
  public PublicKey toJdk() {
    if (isWeak()) {
      throw new CryptoException(CryptoException.Code.KEY_MALFORMED, "not a key that can sign");
    }
    try {
      return CryptoProvider.jdk()
          .ed25519Keys()
          .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo()));
    } catch (GeneralSecurityException malformed) {
      throw new CryptoException(
          CryptoException.Code.KEY_MALFORMED, "not a point of the curve", malformed);
    }
  }

  private boolean isWeak() {
    byte[] coordinate = value.toArray();
    coordinate[LENGTH - 1] &= 0x7F;
    if (SMALL_ORDER.contains(HexFormat.of().formatHex(coordinate))) {
      return true;
    }
    for (int at = LENGTH - 1; at >= 0; at--) {
      int difference = Byte.toUnsignedInt(coordinate[at]) - Byte.toUnsignedInt(PRIME[at]);
      if (difference != 0) {
        return difference > 0;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return value.hex();
  }
}
