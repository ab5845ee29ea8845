package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmKey;
import org.sesemi.wire.Bytes;

/** Signatures by schemes and keys that do not fit are no signatures, and throw nothing. */
class TpmSignaturesTest {

  private static final byte[] MESSAGE = {1, 2, 3};
  private static final KeyPair EC = Authority.ecKeys("secp256r1");
  private static final TpmtSignature RIGHT =
      TpmtSignature.parse(TpmKey.attestation(EC, TpmKey.ECDSA).sign(MESSAGE));

  private static boolean ecdsa(TpmHash hash, Bytes r, Bytes s) {
    TpmtSignature signature = new TpmtSignature(TpmAlg.ECDSA, hash.id(), r, s);
    return TpmSignatures.verify(EC.getPublic(), TpmAlg.ECDSA, hash, MESSAGE, signature);
  }

  private static boolean rsa(KeyPair key, int scheme, byte[] signature) {
    return TpmSignatures.verify(
        key.getPublic(),
        scheme,
        TpmHash.SHA256,
        MESSAGE,
        new TpmtSignature(scheme, TpmHash.SHA256.id(), Bytes.of(signature), Bytes.empty()));
  }

  @Test
  void aRightSignatureVerifies() {
    assertThat(ecdsa(TpmHash.SHA256, RIGHT.first(), RIGHT.second())).isTrue();
    for (int scheme : new int[] {TpmAlg.RSASSA, TpmAlg.RSAPSS}) {
      TpmKey key = TpmSample.rsa(scheme).ak;
      byte[] signature = key.bare(MESSAGE, scheme, TpmKey.SHA256);
      assertThat(rsa(key.pair, scheme, signature)).isTrue();
      assertThat(rsa(key.pair, scheme, Arrays.copyOf(signature, 255))).isFalse();
      assertThat(rsa(key.pair, scheme, Arrays.copyOf(signature, 257))).isFalse();
      assertThat(rsa(EC, scheme, signature)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TpmHash.class,
      names = {"SHA1", "SHA384", "SHA512"})
  void aHashAlgorithmThatDoesNotBelongToTheCurveVerifiesNothing(TpmHash hash) {
    assertThat(ecdsa(hash, RIGHT.first(), RIGHT.second())).isFalse();
  }

  @Test
  void numbersOfAnotherLengthVerifyNothing() {
    Bytes longer = Bytes.parse("00" + RIGHT.first().hex());
    assertThat(ecdsa(TpmHash.SHA256, longer, RIGHT.second())).isFalse();
    assertThat(ecdsa(TpmHash.SHA256, Bytes.empty(), RIGHT.second())).isFalse();
    assertThat(ecdsa(TpmHash.SHA256, RIGHT.first(), Bytes.empty())).isFalse();
  }

  @Test
  void anUnknownSchemeVerifiesNothing() {
    assertThat(TpmSignatures.verify(EC.getPublic(), TpmAlg.NULL, TpmHash.SHA256, MESSAGE, RIGHT))
        .isFalse();
  }
}
