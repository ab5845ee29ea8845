package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where the primitives come from. It is handed to whoever seals, so that no verdict depends on
 * which providers a process has registered.
 *
 * <p>Guarantees: algorithms are fixed (AES-256-GCM with 128-bit tags, HKDF-SHA-256 of RFC 5869,
 * Ed25519 of RFC 8032); only their implementation is chosen. Key derivation always uses the JDK's.
 *
 * <p>Thread-safe.
 */
public final class CryptoProvider {

  static final int TAG_LENGTH = 16;
  static final int NONCE_LENGTH = 12;
  static final int KEY_LENGTH = 32;

  private static final String JDK_CIPHERS = "SunJCE";
  private static final String JDK_CURVES = "SunEC";
  private static final CryptoProvider JDK =
      new CryptoProvider(provider(JDK_CIPHERS), provider(JDK_CURVES));

  private final Provider ciphers;
  private final Provider curves;

  private CryptoProvider(Provider ciphers, Provider curves) {
    this.ciphers = ciphers;
    this.curves = curves;
  }

  /** {@return the JDK's own implementations} */
  public static CryptoProvider jdk() {
    return JDK;
  }

  /**
   * Uses a faster provider for AES-GCM and Ed25519.
   *
   * @param fast a provider with {@code AES/GCM/NoPadding} and {@code Ed25519}
   * @return the choice
   * @throws CryptoException with {@code provider.unsuitable} when the provider lacks one of them
   */
  public static CryptoProvider of(Provider fast) {
    requireNonNull(fast, "fast");
    try {
      Cipher.getInstance("AES/GCM/NoPadding", fast);
      Signature.getInstance("Ed25519", fast);
      KeyFactory.getInstance("Ed25519", fast);
    } catch (GeneralSecurityException missing) {
      throw new CryptoException(
          CryptoException.Code.PROVIDER_UNSUITABLE,
          "provider " + fast.getName() + " lacks an algorithm",
          missing);
    }
    return new CryptoProvider(fast, fast);
  }

  /** {@return the name of the provider of ciphers, for reports} */
  public String name() {
    return ciphers.getName();
  }

  @Override
  public String toString() {
    return "CryptoProvider[" + name() + "]";
  }

  /** A key and the nonce that belongs to it, derived together. */
  Cipher aesGcm(int mode, byte[] key, byte[] nonce) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding", ciphers);
      cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_LENGTH * 8, nonce));
      return cipher;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("AES-256-GCM is not usable", impossible);
    }
  }

  /** Starts a cipher with the first 32 bytes of derived material as key, the next 12 as nonce. */
  Cipher aesGcm(int mode, byte[] keyAndNonce) {
    byte[] key = Arrays.copyOf(keyAndNonce, KEY_LENGTH);
    try {
      return aesGcm(
          mode, key, Arrays.copyOfRange(keyAndNonce, KEY_LENGTH, KEY_LENGTH + NONCE_LENGTH));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** HKDF-SHA-256, extract then expand. */
  static byte[] hkdf(SecretBytes material, byte[] salt, byte[] info, int length) {
    return material.use(
        InsecureSecretAccess.get(),
        secret -> {
          try {
            return KDF.getInstance("HKDF-SHA256", JDK_CIPHERS)
                .deriveData(
                    HKDFParameterSpec.ofExtract()
                        .addIKM(secret)
                        .addSalt(salt)
                        .thenExpand(info, length));
          } catch (NoSuchAlgorithmException
              | NoSuchProviderException
              | InvalidAlgorithmParameterException impossible) {
            throw new IllegalStateException("HKDF-SHA-256 is not usable", impossible);
          }
        });
  }

  Signature ed25519() {
    try {
      return Signature.getInstance("Ed25519", curves);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Ed25519 is not usable", impossible);
    }
  }

  KeyFactory ed25519Keys() {
    try {
      return KeyFactory.getInstance("Ed25519", curves);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Ed25519 is not usable", impossible);
    }
  }

  private static Provider provider(String name) {
    Provider found = Security.getProvider(name);
    if (found == null) {
      throw new IllegalStateException("this JDK lacks its provider " + name);
    }
    return found;
  }
}
