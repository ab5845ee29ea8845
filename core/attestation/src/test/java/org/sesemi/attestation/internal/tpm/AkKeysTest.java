package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;

/** Attestation keys as SubjectPublicKeyInfo: sizes, curves, exponents and their one encoding. */
class AkKeysTest {

  private static final BigInteger F4 = BigInteger.valueOf(65537);

  private static PublicKey rsa(int bits, BigInteger exponent) throws GeneralSecurityException {
    BigInteger modulus = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
    return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
  }

  private static void refused(byte[] der, String message) {
    assertThatThrownBy(() -> AkKeys.read(der, "the key"))
        .isInstanceOf(Unreadable.class)
        .hasMessage("the key " + message);
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 3072, 4096})
  void rsaKeysOfUsualSizesAreRead(int bits) throws GeneralSecurityException {
    PublicKey key = rsa(bits, F4);
    assertThat(AkKeys.read(key.getEncoded(), "the key")).isEqualTo(key);
    assertThat(AkKeys.rsa(((RSAPublicKey) key).getModulus())).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 2047, 2049, 3071, 3073, 4095, 4097})
  void rsaKeysOfOtherSizesAreRefused(int bits) throws GeneralSecurityException {
    refused(rsa(bits, F4).getEncoded(), "is not a key of a size or curve that is used");
  }

  /** The last one has the usual exponent in its lower 32 bits. */
  @ParameterizedTest
  @ValueSource(longs = {3, 65539, 131071, 65537 + (1L << 32)})
  void otherExponentsAreRefused(long exponent) throws GeneralSecurityException {
    refused(
        rsa(2048, BigInteger.valueOf(exponent)).getEncoded(),
        "is not a key of a size or curve that is used");
  }

  @Test
  void twoCurvesAreUsed() {
    for (String curve : new String[] {"secp256r1", "secp384r1"}) {
      PublicKey key = Authority.ecKeys(curve).getPublic();
      assertThat(AkKeys.read(key.getEncoded(), "the key")).isEqualTo(key);
    }
    refused(
        Authority.ecKeys("secp521r1").getPublic().getEncoded(),
        "is not a key of a size or curve that is used");
  }

  /** The JDK reads an RSA key whose algorithm lacks its parameters, which are NULL. */
  @Test
  void anotherEncodingOfAKeyIsRefused() throws GeneralSecurityException, IOException {
    SubjectPublicKeyInfo usual = SubjectPublicKeyInfo.getInstance(rsa(2048, F4).getEncoded());
    SubjectPublicKeyInfo other =
        new SubjectPublicKeyInfo(
            new AlgorithmIdentifier(usual.getAlgorithm().getAlgorithm()), usual.parsePublicKey());
    refused(other.getEncoded(), "is not a key of a size or curve that is used");
    refused(new byte[] {0x30, 0}, "is not a public key");
  }
}
