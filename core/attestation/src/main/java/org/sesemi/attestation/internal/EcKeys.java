package org.sesemi.attestation.internal;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The two curves that attestation uses, with raw keys and raw signatures as hardware writes them.
 *
 * <p>A signature with a large s is accepted: evidence bytes are malleable and are nowhere used as
 * an identity. Thread-safe.
 */
public final class EcKeys {

  /** NIST P-256 with SHA-256. */
  public static final EcKeys P256 = new EcKeys("secp256r1", "SHA256withECDSA", 32);

  /** NIST P-384 with SHA-384. */
  public static final EcKeys P384 = new EcKeys("secp384r1", "SHA384withECDSA", 48);

  private static final String PROVIDER = "SunEC";

  private final String inDer;
  private final String raw;
  private final int size;
  private final ECParameterSpec curve;

  private EcKeys(String curve, String signature, int size) {
    this.inDer = signature;
    this.raw = signature + "inP1363Format";
    this.size = size;
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC", PROVIDER);
      parameters.init(new ECGenParameterSpec(curve));
      this.curve = parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + curve, e);
    }
  }

  /** {@return the number of bytes of a coordinate} */
  public int size() {
    return size;
  }

  /**
   * Makes a key of two big-endian coordinates.
   *
   * @throws Unreadable when the length is wrong or the point is not on the curve
   */
  public PublicKey key(byte[] xy, String what) {
    if (xy.length != 2 * size) {
      throw new Unreadable(what + " has not " + 2 * size + " bytes");
    }
    ECPoint point =
        new ECPoint(
            new BigInteger(1, Arrays.copyOfRange(xy, 0, size)),
            new BigInteger(1, Arrays.copyOfRange(xy, size, 2 * size)));
    if (!isOnCurve(point)) {
      throw new Unreadable(what + " is not a point of the curve");
    }
    try {
      return KeyFactory.getInstance("EC", PROVIDER)
          .generatePublic(new ECPublicKeySpec(point, curve));
    } catch (GeneralSecurityException e) {
      throw new Unreadable(what + " is not a public key of the curve");
    }
  }

  /** {@return whether a key is one of this curve} */
  public boolean owns(@Nullable PublicKey key) {
    return key instanceof ECPublicKey ec
        && ec.getParams().getCurve().equals(curve.getCurve())
        && ec.getParams().getOrder().equals(curve.getOrder())
        && ec.getParams().getGenerator().equals(curve.getGenerator())
        && isOnCurve(ec.getW());
  }

  /**
   * Verifies a signature r || s, both big-endian.
   *
   * @return whether the key is one of this curve, r and s are in range, and the signature is right
   */
  public boolean verify(PublicKey key, byte[] signed, byte[] rs) {
    return owns(key)
        && rs.length == 2 * size
        && inRange(rs, 0)
        && inRange(rs, size)
        && isRight(raw, key, signed, rs);
  }

  /**
   * Verifies a signature r || s over a document that many pieces of evidence come with.
   *
   * @return what {@link #verify} returns; a signature that was right before is not computed again
   */
  public boolean verifyRepeated(PublicKey key, byte[] signed, byte[] rs) {
    return SignatureMemo.verify(raw, key, signed, rs, () -> verify(key, signed, rs));
  }

  /**
   * Verifies a signature in DER over a document that many pieces of evidence come with.
   *
   * @return whether the key is one of this curve and the signature is right; one that was right
   *     before is not computed again
   */
  public boolean verifyRepeatedDer(PublicKey key, byte[] signed, byte[] der) {
    return SignatureMemo.verify(
        inDer, key, signed, der, () -> owns(key) && isRight(inDer, key, signed, der));
  }

  private static boolean isRight(String algorithm, PublicKey key, byte[] signed, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance(algorithm, PROVIDER);
      verifier.initVerify(key);
      verifier.update(signed);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private boolean inRange(byte[] rs, int from) {
    BigInteger value = new BigInteger(1, Arrays.copyOfRange(rs, from, from + size));
    return value.signum() > 0 && value.compareTo(curve.getOrder()) < 0;
  }

  private boolean isOnCurve(ECPoint point) {
    if (point.equals(ECPoint.POINT_INFINITY)) {
      return false;
    }
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger x = point.getAffineX();
    BigInteger y = point.getAffineY();
    if (x.signum() < 0 || y.signum() < 0 || x.compareTo(p) >= 0 || y.compareTo(p) >= 0) {
      return false;
    }
    BigInteger right =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(p);
    return y.multiply(y).mod(p).equals(right);
  }
}
