package org.sesemi.vendors;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/** What a TPM does to open a credential: the other half of TPM2_MakeCredential. */
public final class TpmCredential {

  private TpmCredential() {}

  /**
   * Opens a credential.
   *
   * @param ek the endorsement key
   * @param blob the credential: a sized authentication code, then encrypted bytes
   * @param secret the encrypted seed
   * @param name the name of the key that is to be activated
   * @return the credential; nothing when it is for another key or was changed
   */
  public static Optional<byte[]> open(KeyPair ek, byte[] blob, byte[] secret, byte[] name) {
    try {
      byte[] seed = ek.getPublic() instanceof ECPublicKey ? ecc(ek, secret) : rsa(ek, secret);
      ByteBuffer in = ByteBuffer.wrap(blob);
      byte[] code = new byte[in.getShort()];
      in.get(code);
      byte[] encrypted = new byte[in.remaining()];
      in.get(encrypted);
      byte[] expected = hmac(derive(seed, "INTEGRITY", new byte[0], 256), encrypted, name);
      if (!Arrays.equals(code, expected)) {
        return Optional.empty();
      }
      Cipher aes = Cipher.getInstance("AES/CFB/NoPadding");
      aes.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(derive(seed, "STORAGE", name, 128), "AES"),
          new IvParameterSpec(new byte[16]));
      ByteBuffer plain = ByteBuffer.wrap(aes.doFinal(encrypted));
      byte[] credential = new byte[plain.getShort()];
      plain.get(credential);
      return Optional.of(credential);
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static byte[] rsa(KeyPair ek, byte[] secret) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        ek.getPrivate(),
        new OAEPParameterSpec(
            "SHA-256",
            "MGF1",
            MGF1ParameterSpec.SHA256,
            new PSource.PSpecified(terminated("IDENTITY"))));
    return cipher.doFinal(secret);
  }

  private static byte[] ecc(KeyPair ek, byte[] secret) throws GeneralSecurityException {
    ByteBuffer in = ByteBuffer.wrap(secret);
    byte[] x = new byte[in.getShort()];
    in.get(x);
    byte[] y = new byte[in.getShort()];
    in.get(y);
    ECPublicKey mine = (ECPublicKey) ek.getPublic();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
    agreement.init(ek.getPrivate());
    agreement.doPhase(
        KeyFactory.getInstance("EC")
            .generatePublic(
                new ECPublicKeySpec(
                    new ECPoint(new BigInteger(1, x), new BigInteger(1, y)), mine.getParams())),
        true);
    return TpmBytes.digest(
        TpmKey.SHA256,
        new byte[] {0, 0, 0, 1},
        agreement.generateSecret(),
        terminated("IDENTITY"),
        x,
        TpmKey.fixed(mine.getW().getAffineX(), 32));
  }

  private static byte[] derive(byte[] seed, String label, byte[] context, int bits)
      throws GeneralSecurityException {
    byte[] length = ByteBuffer.allocate(4).putInt(bits).array();
    byte[] counter = {0, 0, 0, 1};
    return Arrays.copyOf(hmac(seed, counter, terminated(label), context, length), bits / 8);
  }

  private static byte[] hmac(byte[] key, byte[]... parts) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static byte[] terminated(String label) {
    return (label + "\0").getBytes(StandardCharsets.US_ASCII);
  }
}
