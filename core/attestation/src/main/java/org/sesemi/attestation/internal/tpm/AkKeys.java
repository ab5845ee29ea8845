package org.sesemi.attestation.internal.tpm;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;

/** Attestation keys that come without the structure of a TPM. */
public final class AkKeys {

  private AkKeys() {}

  /**
   * Reads a SubjectPublicKeyInfo.
   *
   * @throws Unreadable when it is another key than RSA of 2048, 3072 or 4096 bits with the exponent
   *     65537, P-256 or P-384, or not in its one encoding
   */
  public static PublicKey read(byte[] der, String what) {
    PublicKey key;
    try {
      key = X509.publicKey(der, what);
    } catch (AttestationException e) {
      throw new Unreadable(what + " is not a public key");
    }
    boolean known = key instanceof RSAPublicKey rsa ? usual(rsa) : onKnownCurve(key);
    if (!known || !Arrays.equals(key.getEncoded(), der)) {
      throw new Unreadable(what + " is not a key of a size or curve that is used");
    }
    return key;
  }

  /** {@return an RSA key with the exponent 65537} */
  public static PublicKey rsa(BigInteger modulus) {
    return TpmtPublic.rsa(modulus);
  }

  private static boolean onKnownCurve(PublicKey key) {
    return EcKeys.P256.owns(key) || EcKeys.P384.owns(key);
  }

  private static boolean usual(RSAPublicKey key) {
    int bits = key.getModulus().bitLength();
    return (bits == 2048 || bits == 3072 || bits == 4096)
        && key.getPublicExponent().intValue() == 65537
        && key.getPublicExponent().bitLength() == 17;
  }
}
