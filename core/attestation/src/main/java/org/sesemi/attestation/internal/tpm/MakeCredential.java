package org.sesemi.attestation.internal.tpm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.RandomSource;

/**
 * Credential protection outside a TPM.
 *
 * <p>TPM 2.0 Library, Part 1: 24 (credential protection), 11.4.10 (KDFa, KDFe), annexes B.10.3 and
 * C.6.3 (secret sharing by RSA and ECC); Part 3, 12.6. The endorsement key was made by a default
 * template, so the hash algorithm is SHA-256 and the cipher AES-128 in CFB mode.
 */
final class MakeCredential {

  private static final TpmHash HASH = TpmHash.SHA256;
  private static final String IDENTITY = "IDENTITY";
  private static final int AES_BITS = 128;
  private static final int COORDINATE = 32;

  private MakeCredential() {}

  /** Makes a credential that only the owner of a key can open, and only for a key with a name. */
  static CredentialChallenge.Question make(
      PublicKey endorsementKey, Bytes name, byte[] credential, RandomSource random) {
    try {
      return endorsementKey instanceof RSAPublicKey rsa
          ? rsa(rsa, name, credential, random)
          : ecc((ECPublicKey) endorsementKey, name, credential);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has what a credential needs", e);
    }
  }

  private static CredentialChallenge.Question rsa(
      RSAPublicKey key, Bytes name, byte[] credential, RandomSource random)
      throws GeneralSecurityException {
    byte[] seed = random.bytes(HASH.length());
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        key,
        new OAEPParameterSpec(
            HASH.text(),
            "MGF1",
            new MGF1ParameterSpec(HASH.text()),
            new PSource.PSpecified(label(IDENTITY))));
    return seal(seed, Bytes.of(cipher.doFinal(seed)), name, credential);
  }

  private static CredentialChallenge.Question ecc(ECPublicKey key, Bytes name, byte[] credential)
      throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "SunEC");
    generator.initialize(key.getParams());
    KeyPair ephemeral = generator.generateKeyPair();
    KeyAgreement agreement = KeyAgreement.getInstance("ECDH", "SunEC");
    agreement.init(ephemeral.getPrivate());
    agreement.doPhase(key, true);
    byte[] z = agreement.generateSecret();
    ECPublicKey mine = (ECPublicKey) ephemeral.getPublic();
    byte[] x = coordinate(mine.getW().getAffineX());
    byte[] seed =
        HASH.digest(
            new TpmWriter()
                .u32(1)
                .bytes(z)
                .bytes(label(IDENTITY))
                .bytes(x)
                .bytes(coordinate(key.getW().getAffineX()))
                .toArray());
    Arrays.fill(z, (byte) 0);
    byte[] point = new TpmWriter().sized(x).sized(coordinate(mine.getW().getAffineY())).toArray();
    return seal(seed, Bytes.of(point), name, credential);
  }

  private static CredentialChallenge.Question seal(
      byte[] seed, Bytes secret, Bytes name, byte[] credential) throws GeneralSecurityException {
    byte[] cipherKey = kdfa(seed, "STORAGE", name.toArray(), AES_BITS);
    byte[] macKey = kdfa(seed, "INTEGRITY", new byte[0], 8 * HASH.length());
    Cipher cipher = Cipher.getInstance("AES/CFB/NoPadding", "SunJCE");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(cipherKey, "AES"),
        new IvParameterSpec(new byte[AES_BITS / 8]));
    byte[] identity = cipher.doFinal(new TpmWriter().sized(credential).toArray());
    byte[] tag = mac(macKey, identity, name.toArray());
    Arrays.fill(seed, (byte) 0);
    Arrays.fill(cipherKey, (byte) 0);
    Arrays.fill(macKey, (byte) 0);
    return new CredentialChallenge.Question(
        Bytes.of(new TpmWriter().sized(tag).bytes(identity).toArray()), secret);
  }

  /** KDFa for at most one digest's worth of bits. */
  private static byte[] kdfa(byte[] key, String use, byte[] context, int bits)
      throws GeneralSecurityException {
    byte[] fixed = new TpmWriter().u32(1).bytes(label(use)).bytes(context).u32(bits).toArray();
    return Arrays.copyOf(mac(key, fixed), bits / 8);
  }

  private static byte[] mac(byte[] key, byte[]... parts) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256", "SunJCE");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }

  private static byte[] label(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    int skip = Math.max(0, bytes.length - COORDINATE);
    return TpmtPublic.padded(Bytes.of(Arrays.copyOfRange(bytes, skip, bytes.length)), COORDINATE);
  }
}
