package org.sesemi.attestation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.WireException;

/**
 * The form of sealed data: AES-256-GCM under a key and nonce derived from the sealing key of one
 * measurement and a fresh salt.
 *
 * <p>Guarantees: no key and nonce pair is used twice; data opens only with the sealing key, the
 * measurement and the context that it was sealed with, and as it was written.
 */
final class PlatformSeal {

  private static final byte[] LABEL = "sesemi/v1/seal".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_LENGTH = 32;
  private static final int KEY_LENGTH = 32;
  private static final int NONCE_LENGTH = 12;
  private static final int TAG_BITS = 128;

  private PlatformSeal() {}

  static byte[] seal(
      SecretField key, Digest measurement, byte[] data, byte[] context, RandomSource random) {
    byte[] salt = random.bytes(SALT_LENGTH);
    try {
      byte[] ciphertext =
          cipher(Cipher.ENCRYPT_MODE, key, measurement, salt, context).doFinal(data);
      return CborMap.versioned()
          .put(1, measurement)
          .put(2, salt)
          .put(3, ciphertext)
          .build()
          .encode();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not encrypt", e);
    }
  }

  static byte[] unseal(SecretField key, Digest measurement, byte[] sealed, byte[] context) {
    try {
      CborReader reader = CborReader.versioned(sealed);
      Digest sealer = reader.digest(1);
      byte[] salt = reader.bytes(2, SALT_LENGTH);
      byte[] ciphertext = reader.bytes(3, TAG_BITS / 8, Integer.MAX_VALUE);
      reader.finish();
      if (!sealer.equals(measurement)) {
        throw new PlatformException(
            PlatformException.Code.SEALED_ELSEWHERE,
            "sealed by measurement " + sealer + ", this is " + measurement);
      }
      return cipher(Cipher.DECRYPT_MODE, key, measurement, salt, context).doFinal(ciphertext);
    } catch (WireException | GeneralSecurityException e) {
      throw new PlatformException(
          PlatformException.Code.SEAL_TAMPERED, "the sealed data does not open", e);
    }
  }

  private static Cipher cipher(
      int mode, SecretField key, Digest measurement, byte[] salt, byte[] context)
      throws GeneralSecurityException {
    byte[] secret = key.exposedCopy();
    byte[] derived = new byte[0];
    try {
      derived =
          KDF.getInstance("HKDF-SHA256", "SunJCE")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(secret)
                      .addSalt(salt)
                      .thenExpand(LABEL, KEY_LENGTH + NONCE_LENGTH));
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", "SunJCE");
      cipher.init(
          mode,
          new SecretKeySpec(derived, 0, KEY_LENGTH, "AES"),
          new GCMParameterSpec(TAG_BITS, derived, KEY_LENGTH, NONCE_LENGTH));
      cipher.updateAAD(LABEL);
      cipher.updateAAD(measurement.bytes());
      cipher.updateAAD(salt);
      cipher.updateAAD(context);
      return cipher;
    } finally {
      Arrays.fill(secret, (byte) 0);
      Arrays.fill(derived, (byte) 0);
    }
  }
}
