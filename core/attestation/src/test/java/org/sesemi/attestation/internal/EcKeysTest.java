package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.property.Mutation;

/** Keys and signatures of both curves, and what lies just outside of them. */
class EcKeysTest {

  private static final byte[] MESSAGE = "sample".getBytes(StandardCharsets.US_ASCII);

  private static boolean verifies(SampleCurve curve, BigInteger r, BigInteger s) {
    return curve.reader.verify(curve.keys.getPublic(), MESSAGE, curve.pair(r, s));
  }

  private static List<SampleCurve> curves() {
    return List.of(SampleCurve.P256, SampleCurve.P384);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aCoordinateHasAFixedSize(SampleCurve curve) {
    assertThat(curve.reader.size()).isEqualTo(curve.size);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void signaturesOfTheStandardVerify(SampleCurve curve) {
    PublicKey key = curve.reader.key(curve.knownKey, "it");
    assertThat(curve.reader.verify(key, MESSAGE, curve.knownSignature)).isTrue();
    assertThat(curve.reader.verify(key, new byte[0], curve.knownSignature)).isFalse();
    Mutation.flips(curve.knownSignature)
        .forEach(
            flip ->
                assertThat(curve.reader.verify(key, MESSAGE, flip.bytes()))
                    .as(flip.what())
                    .isFalse());
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aKeyIsMadeOfItsCoordinates(SampleCurve curve) {
    ECPoint point = ((ECPublicKey) curve.keys.getPublic()).getW();
    byte[] xy = curve.pair(point.getAffineX(), point.getAffineY());
    assertThat(curve.reader.key(xy, "it").getEncoded())
        .isEqualTo(curve.keys.getPublic().getEncoded());
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aKeyOfAnotherLengthIsRefused(SampleCurve curve) {
    for (int length : new int[] {0, curve.size, 2 * curve.size - 1, 2 * curve.size + 1}) {
      assertThatThrownBy(() -> curve.reader.key(Arrays.copyOf(curve.knownKey, length), "it"))
          .isExactlyInstanceOf(Unreadable.class)
          .hasMessage("it has not " + 2 * curve.size + " bytes");
    }
    assertThatThrownBy(() -> curve.reader.key(curve.other().knownKey, "it"))
        .isExactlyInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aPointBesideTheCurveIsRefused(SampleCurve curve) {
    BigInteger y = curve.besideZero();
    for (byte[] xy :
        List.of(
            new byte[2 * curve.size],
            curve.pair(BigInteger.ONE, y),
            curve.pair(y, BigInteger.ZERO),
            curve.pair(curve.besideOne, BigInteger.TWO),
            curve.pair(curve.besideOne.add(BigInteger.ONE), BigInteger.ONE))) {
      refusedAsPoint(curve, xy);
    }
    Mutation.flips(curve.knownKey).forEach(flip -> refusedAsPoint(curve, flip.bytes()));
  }

  private static void refusedAsPoint(SampleCurve curve, byte[] xy) {
    assertThatThrownBy(() -> curve.reader.key(xy, "it"))
        .isExactlyInstanceOf(Unreadable.class)
        .hasMessage("it is not a point of the curve");
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aCoordinateMayBeZeroAndIsBelowThePrime(SampleCurve curve) {
    BigInteger zero = BigInteger.ZERO;
    BigInteger one = BigInteger.ONE;
    BigInteger y = curve.besideZero();
    accepted(curve, zero, y);
    accepted(curve, zero, curve.p.subtract(y));
    accepted(curve, curve.besideOne, one);
    accepted(curve, curve.besideOne, curve.p.subtract(one));
    refusedAsPoint(curve, curve.pair(curve.p, y));
    refusedAsPoint(curve, curve.pair(curve.besideOne, curve.p.add(one)));
  }

  private static void accepted(SampleCurve curve, BigInteger x, BigInteger y) {
    PublicKey key = curve.reader.key(curve.pair(x, y), "it");
    assertThat(((ECPublicKey) key).getW()).isEqualTo(new ECPoint(x, y));
    assertThat(curve.reader.owns(key)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aCurveOwnsItsKeysOnly(SampleCurve curve) {
    assertThat(curve.reader.owns(curve.keys.getPublic())).isTrue();
    assertThat(curve.reader.owns(null)).isFalse();
    assertThat(curve.reader.owns(curve.other().keys.getPublic())).isFalse();
  }

  @Test
  void aCurveOwnsNoKeyOfAnotherKind() throws GeneralSecurityException {
    PublicKey edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    assertThat(EcKeys.P256.owns(edwards)).isFalse();
    assertThat(EcKeys.P256.verify(edwards, MESSAGE, new byte[64])).isFalse();
  }

  @Test
  void aProviderInFrontIsNotAsked() throws GeneralSecurityException {
    PublicKey key = SampleCurve.P256.keys.getPublic();
    byte[] rs = SampleCurve.P256.signRaw(MESSAGE);
    byte[] der = SampleCurve.P256.signInDer(MESSAGE);
    CredulousProvider.first(
        () -> {
          assertThat(EcKeys.P256.verify(key, new byte[0], rs)).isFalse();
          assertThat(EcKeys.P256.verifyRepeatedDer(key, new byte[0], der)).isFalse();
        });
  }

  @ParameterizedTest
  @MethodSource("curves")
  void everyParameterOfTheCurveCounts(SampleCurve curve) {
    ECPoint point = ((ECPublicKey) curve.keys.getPublic()).getW();
    EllipticCurve right = curve.parameters.getCurve();
    EllipticCurve another =
        new EllipticCurve(right.getField(), right.getA(), right.getB().add(BigInteger.ONE));
    ECPoint g = curve.parameters.getGenerator();
    assertThat(owns(curve, point, right, g, curve.n)).isTrue();
    assertThat(owns(curve, point, another, g, curve.n)).isFalse();
    assertThat(owns(curve, point, right, point, curve.n)).isFalse();
    assertThat(owns(curve, point, right, g, curve.n.subtract(BigInteger.ONE))).isFalse();
  }

  private static boolean owns(
      SampleCurve curve, ECPoint point, EllipticCurve shape, ECPoint generator, BigInteger order) {
    ECParameterSpec parameters = new ECParameterSpec(shape, generator, order, 1);
    return curve.reader.owns(new SampleCurve.ClaimedKey(point, parameters, new byte[1]));
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aKeyWhosePointIsNotOnTheCurveIsNotOwned(SampleCurve curve) throws GeneralSecurityException {
    BigInteger one = BigInteger.ONE;
    BigInteger y = curve.besideZero();
    assertThat(curve.reader.owns(curve.claimedKey(new ECPoint(BigInteger.ZERO, y)))).isTrue();
    assertThat(curve.reader.owns(curve.claimedKey(new ECPoint(curve.besideOne, one)))).isTrue();
    for (ECPoint point :
        List.of(
            ECPoint.POINT_INFINITY,
            new ECPoint(BigInteger.ZERO, BigInteger.ZERO),
            new ECPoint(curve.p, y),
            new ECPoint(curve.p.negate(), y),
            new ECPoint(curve.besideOne, curve.p.add(one)),
            new ECPoint(curve.besideOne, one.negate()),
            new ECPoint(curve.besideOne.subtract(curve.p), one))) {
      SampleCurve.ClaimedKey key = curve.claimedKey(point);
      assertThat(curve.reader.owns(key)).isFalse();
      assertThat(curve.reader.verify(key, MESSAGE, curve.signRaw(MESSAGE))).isFalse();
      assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, curve.signInDer(MESSAGE))).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aLargeSIsAccepted(SampleCurve curve) throws GeneralSecurityException {
    byte[] rs = curve.signRaw(MESSAGE);
    assertThat(verifies(curve, curve.r(rs), curve.s(rs))).isTrue();
    assertThat(verifies(curve, curve.r(rs), curve.n.subtract(curve.s(rs)))).isTrue();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void bothHalvesLieBetweenZeroAndTheOrder(SampleCurve curve) throws GeneralSecurityException {
    byte[] rs = curve.signRaw(MESSAGE);
    BigInteger most = BigInteger.ONE.shiftLeft(8 * curve.size).subtract(BigInteger.ONE);
    for (BigInteger outside :
        List.of(BigInteger.ZERO, curve.n, curve.n.add(BigInteger.ONE), curve.p, most)) {
      assertThat(verifies(curve, outside, curve.s(rs))).isFalse();
      assertThat(verifies(curve, curve.r(rs), outside)).isFalse();
      assertThat(verifies(curve, outside, outside)).isFalse();
    }
    for (BigInteger within : List.of(BigInteger.ONE, curve.n.subtract(BigInteger.ONE))) {
      assertThat(verifies(curve, within, within)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aSignatureOfAnotherLengthIsRefused(SampleCurve curve) throws GeneralSecurityException {
    byte[] rs = curve.signRaw(MESSAGE);
    PublicKey key = curve.keys.getPublic();
    Mutation.cuts(rs)
        .forEach(cut -> assertThat(curve.reader.verify(key, MESSAGE, cut.bytes())).isFalse());
    assertThat(curve.reader.verify(key, MESSAGE, Arrays.copyOf(rs, rs.length + 1))).isFalse();
    assertThat(curve.reader.verify(key, MESSAGE, Arrays.copyOf(rs, rs.length + 2))).isFalse();
    assertThat(curve.reader.verify(key, MESSAGE, curve.signInDer(MESSAGE))).isFalse();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aKeyOfTheOtherCurveVerifiesNothing(SampleCurve curve) throws GeneralSecurityException {
    SampleCurve other = curve.other();
    PublicKey key = other.keys.getPublic();
    assertThat(curve.reader.verify(key, MESSAGE, other.signRaw(MESSAGE))).isFalse();
    assertThat(curve.reader.verifyRepeated(key, MESSAGE, other.signRaw(MESSAGE))).isFalse();
    assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, other.signInDer(MESSAGE))).isFalse();
    byte[] sameHash = other.sign(curve.algorithm, MESSAGE);
    assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, sameHash)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void signaturesInDerVerify(SampleCurve curve) throws GeneralSecurityException {
    byte[] der = curve.signInDer(MESSAGE);
    PublicKey key = curve.keys.getPublic();
    assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, der)).isTrue();
    assertThat(curve.reader.verifyRepeatedDer(key, new byte[0], der)).isFalse();
    assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, curve.signRaw(MESSAGE))).isFalse();
    for (Mutation wrong : Mutation.cuts(der).toList()) {
      assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, wrong.bytes()))
          .as(wrong.what())
          .isFalse();
    }
    for (Mutation wrong : Mutation.flips(der).toList()) {
      assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, wrong.bytes()))
          .as(wrong.what())
          .isFalse();
    }
    byte[] longer = Arrays.copyOf(der, der.length + 1);
    assertThat(curve.reader.verifyRepeatedDer(key, MESSAGE, longer)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("curves")
  void aRepeatedSignatureIsComputedOnce(SampleCurve curve) throws GeneralSecurityException {
    byte[] rs = curve.signRaw(MESSAGE);
    byte[] der = curve.signInDer(MESSAGE);
    PublicKey key = curve.keys.getPublic();
    // Reaches the same entry, and would be refused if anything were computed.
    PublicKey same =
        new SampleCurve.ClaimedKey(ECPoint.POINT_INFINITY, curve.parameters, key.getEncoded());
    SignatureMemo memo = new SignatureMemo(4);
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeated(same, MESSAGE, rs)))
        .isFalse();
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeated(key, MESSAGE, rs))).isTrue();
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeated(same, MESSAGE, rs))).isTrue();
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeatedDer(same, MESSAGE, der)))
        .isFalse();
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeatedDer(key, MESSAGE, der)))
        .isTrue();
    assertThat(memo.<Boolean>during(() -> curve.reader.verifyRepeatedDer(same, MESSAGE, der)))
        .isTrue();
    assertThat(curve.reader.verifyRepeated(same, MESSAGE, rs)).as("outside of the memo").isFalse();
  }
}
