package org.sesemi.attestation.internal.tpm;

import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** Verifies signatures of TPMs with the JDK's own providers. */
public final class TpmSignatures {

  private static final String RSA_PROVIDER = "SunRsaSign";

  private TpmSignatures() {}

  /**
   * {@return whether a key signed a message}
   *
   * @param key the key
   * @param scheme the scheme that the key or the form of the evidence fixes
   * @param hash the hash algorithm that it fixes
   * @param message what is signed
   * @param signature the signature, of that scheme
   */
  public static boolean verify(
      PublicKey key, int scheme, TpmHash hash, byte[] message, TpmtSignature signature) {
    return switch (scheme) {
      case TpmAlg.RSASSA -> rsassa(key, hash, message, signature.first().toArray());
      case TpmAlg.RSAPSS -> rsapss(key, hash, message, signature.first().toArray());
      case TpmAlg.ECDSA -> ecdsa(key, hash, message, signature);
      default -> false;
    };
  }

  private static boolean rsassa(PublicKey key, TpmHash hash, byte[] message, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(hash.compact() + "withRSA", RSA_PROVIDER);
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * The salt is as long as the digest, or, with firmware of before 2016 and simulators, as long as
   * fits into the key (Part 1, appendix B.7).
   */
  private static boolean rsapss(PublicKey key, TpmHash hash, byte[] message, byte[] signature) {
    if (!(key instanceof RSAPublicKey rsa)) {
      return false;
    }
    int longest = (rsa.getModulus().bitLength() + 7) / 8 - hash.length() - 2;
    return rsapss(key, hash, message, signature, hash.length())
        || rsapss(key, hash, message, signature, longest);
  }

  private static boolean rsapss(
      PublicKey key, TpmHash hash, byte[] message, byte[] signature, int salt) {
    try {
      Signature verifier = Signature.getInstance("RSASSA-PSS", RSA_PROVIDER);
      verifier.setParameter(
          new PSSParameterSpec(hash.text(), "MGF1", new MGF1ParameterSpec(hash.text()), salt, 1));
      verifier.initVerify(key);
      verifier.update(message);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean ecdsa(
      PublicKey key, TpmHash hash, byte[] message, TpmtSignature signature) {
    EcKeys curve = hash == TpmHash.SHA384 ? EcKeys.P384 : EcKeys.P256;
    if (hash != TpmHash.SHA256 && hash != TpmHash.SHA384) {
      return false;
    }
    try {
      byte[] rs = Arrays.copyOf(padded(signature.first(), curve), 2 * curve.size());
      System.arraycopy(padded(signature.second(), curve), 0, rs, curve.size(), curve.size());
      return curve.verify(key, message, rs);
    } catch (Unreadable e) {
      return false;
    }
  }

  private static byte[] padded(Bytes integer, EcKeys curve) {
    return TpmtPublic.padded(integer, curve.size());
  }
}
