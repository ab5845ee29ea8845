package org.sesemi.keyservice.internal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.sesemi.wire.RandomSource;

/**
 * Seals what the database keeps, under keys derived from the root secret.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Each purpose has a key of its own, derived by HMAC-SHA-256 from the root and the purpose.
 *   <li>Each sealing draws a fresh random 96-bit nonce for AES-256-GCM; the associated data is the
 *       place of the record: purpose, name and version. A record moved to another place, kind or
 *       version does not open.
 *   <li>Names are keyed digests: equal ids give equal names, and nothing else shows.
 * </ul>
 */
final class RecordSealer {

  /** What is sealed, each under its own key. */
  enum Purpose {
    /** A record of any kind. */
    RECORD("sesemi/v1/store/record"),
    /** An entry of the audit log. */
    AUDIT("sesemi/v1/store/audit"),
    /** The fixed part of the state. */
    STATE("sesemi/v1/store/state");

    private final String label;

    Purpose(String label) {
      this.label = label;
    }

    private byte[] bytes() {
      return label.getBytes(US_ASCII);
    }
  }

  private static final byte[] NAME_LABEL = "sesemi/v1/store/name".getBytes(US_ASCII);
  private static final byte[] SET_LABEL = "sesemi/v1/store/set".getBytes(US_ASCII);
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private final Map<Purpose, SecretKeySpec> sealKeys = new EnumMap<>(Purpose.class);
  private final SecretKeySpec nameKey;
  private final SecretKeySpec setKey;
  private final RandomSource random;

  /**
   * Derives the keys.
   *
   * @param root the 32-byte root secret, which the caller wipes
   * @param random where nonces come from
   */
  RecordSealer(byte[] root, RandomSource random) {
    this.random = random;
    SecretKeySpec rootKey = new SecretKeySpec(root, "HmacSHA256");
    for (Purpose purpose : Purpose.values()) {
      sealKeys.put(purpose, derive(rootKey, purpose.bytes(), "AES"));
    }
    nameKey = derive(rootKey, NAME_LABEL, "HmacSHA256");
    setKey = derive(rootKey, SET_LABEL, "HmacSHA256");
  }

  /**
   * Seals contents for a place.
   *
   * @param purpose the purpose
   * @param place the exact place
   * @param contents what is sealed
   * @return nonce and ciphertext
   */
  byte[] seal(Purpose purpose, byte[] place, byte[] contents) {
    byte[] nonce = random.bytes(NONCE_LENGTH);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, sealKey(purpose), new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(place(purpose, place));
      byte[] sealed = Arrays.copyOf(nonce, NONCE_LENGTH + cipher.getOutputSize(contents.length));
      cipher.doFinal(contents, 0, contents.length, sealed, NONCE_LENGTH);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Opens contents at their place.
   *
   * @param purpose the purpose
   * @param place the exact place
   * @param sealed what {@link #seal} gave
   * @return the contents
   * @throws org.sesemi.keyservice.KeyServiceException with {@code state.tampered}
   */
  byte[] open(Purpose purpose, byte[] place, byte[] sealed) {
    if (sealed.length < NONCE_LENGTH + TAG_BITS / 8) {
      throw StoreFailures.tampered("a sealed record is cut");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(
          Cipher.DECRYPT_MODE,
          sealKey(purpose),
          new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_LENGTH));
      cipher.updateAAD(place(purpose, place));
      return cipher.doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH);
    } catch (AEADBadTagException e) {
      throw StoreFailures.tampered("a sealed record was changed or moved");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * {@return the name under which the database knows a record}
   *
   * @param kind its kind
   * @param name its encoded name
   */
  byte[] hideName(RecordKind kind, byte[] name) {
    return mac(nameKey, ByteBuffer.allocate(4).putInt(kind.number()).array(), name);
  }

  /**
   * {@return the contribution of a row to the digest over all rows}
   *
   * @param place the place of the row
   * @param sealed what it holds
   */
  byte[] setElement(byte[] place, byte[] sealed) {
    return mac(setKey, ByteBuffer.allocate(4).putInt(place.length).array(), place, sealed);
  }

  private static byte[] place(Purpose purpose, byte[] place) {
    byte[] label = purpose.bytes();
    return ByteBuffer.allocate(4 + label.length + place.length)
        .putInt(label.length)
        .put(label)
        .put(place)
        .array();
  }

  private SecretKeySpec sealKey(Purpose purpose) {
    return requireNonNull(sealKeys.get(purpose), "purpose");
  }

  private static SecretKeySpec derive(SecretKeySpec root, byte[] label, String algorithm) {
    byte[] key = mac(root, label, new byte[] {1});
    try {
      return new SecretKeySpec(key, algorithm);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private static byte[] mac(SecretKeySpec key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
    }
  }
}
