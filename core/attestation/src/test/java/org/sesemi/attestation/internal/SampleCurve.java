package org.sesemi.attestation.internal;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.vendors.Authority;

/**
 * A curve with fresh keys, points at its borders, and key and signature over {@code sample} of RFC
 * 6979, sections A.2.5 and A.2.6.
 */
final class SampleCurve {

  static final SampleCurve P256 =
      new SampleCurve(
          "secp256r1",
          EcKeys.P256,
          32,
          "SHA256withECDSA",
          "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
              + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299",
          "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
              + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
          "6916fac45e568b6b9e2e2ecd611b282e5fcc40a3067d601057f879ce5a8a73cc");

  static final SampleCurve P384 =
      new SampleCurve(
          "secp384r1",
          EcKeys.P384,
          48,
          "SHA384withECDSA",
          "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64"
              + "def8f0ea9055866064a254515480bc13"
              + "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1"
              + "288b231c3ae0d4fe7344fd2533264720",
          "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
              + "81a648152e44acf96e36dd1e80fabe46"
              + "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
              + "a329c145786e679e7b82c71a38628ac8",
          "2261b2bf605c22f2f3aef6338719b2c486388ad5240719a5257315969ef01ba2"
              + "7f0a104c89704773a81fdabee6ab5c78");

  final EcKeys reader;
  final int size;
  final String algorithm;
  final byte[] knownKey;
  final byte[] knownSignature;

  /** The x of a point whose y is 1. */
  final BigInteger besideOne;

  final KeyPair keys;
  final ECParameterSpec parameters;
  final BigInteger p;
  final BigInteger n;

  private final String name;

  private SampleCurve(
      String name,
      EcKeys reader,
      int size,
      String algorithm,
      String knownKey,
      String knownSignature,
      String besideOne) {
    this.name = name;
    this.reader = reader;
    this.size = size;
    this.algorithm = algorithm;
    this.knownKey = HexFormat.of().parseHex(knownKey);
    this.knownSignature = HexFormat.of().parseHex(knownSignature);
    this.besideOne = new BigInteger(besideOne, 16);
    this.keys = Authority.ecKeys(name);
    this.parameters = ((ECPublicKey) keys.getPublic()).getParams();
    this.p = ((ECFieldFp) parameters.getCurve().getField()).getP();
    this.n = parameters.getOrder();
  }

  /** Returns the curve that this is not. */
  SampleCurve other() {
    return this == P256 ? P384 : P256;
  }

  /** Returns the y of a point whose x is 0: a square root, which both primes make easy. */
  BigInteger besideZero() {
    return parameters.getCurve().getB().modPow(p.add(BigInteger.ONE).shiftRight(2), p);
  }

  /** Returns two numbers, each in as many bytes as a coordinate has. */
  byte[] pair(BigInteger first, BigInteger second) {
    byte[] both = new byte[2 * size];
    put(first, both, size);
    put(second, both, 2 * size);
    return both;
  }

  private static void put(BigInteger number, byte[] into, int end) {
    byte[] bytes = number.toByteArray();
    int sign = bytes[0] == 0 ? 1 : 0;
    System.arraycopy(bytes, sign, into, end - bytes.length + sign, bytes.length - sign);
  }

  /** Returns a signature by the JDK's name of its algorithm. */
  byte[] sign(String itsAlgorithm, byte[] message) throws GeneralSecurityException {
    Signature signer = Signature.getInstance(itsAlgorithm);
    signer.initSign(keys.getPrivate());
    signer.update(message);
    return signer.sign();
  }

  /** Returns a signature r || s. */
  byte[] signRaw(byte[] message) throws GeneralSecurityException {
    return sign(algorithm + "inP1363Format", message);
  }

  /** Returns a signature as a DER sequence. */
  byte[] signInDer(byte[] message) throws GeneralSecurityException {
    return sign(algorithm, message);
  }

  /** Returns the first half of a signature. */
  BigInteger r(byte[] rs) {
    return new BigInteger(1, Arrays.copyOf(rs, size));
  }

  /** Returns the second half of a signature. */
  BigInteger s(byte[] rs) {
    return new BigInteger(1, Arrays.copyOfRange(rs, size, 2 * size));
  }

  /** Returns a key of this curve's parameters, whatever its point is. */
  ClaimedKey claimedKey(ECPoint point) {
    return new ClaimedKey(point, parameters, new byte[1]);
  }

  @Override
  public String toString() {
    return name;
  }

  /** A key that says what it was told to say. */
  static final class ClaimedKey implements ECPublicKey {

    private static final long serialVersionUID = 1L;

    private final transient ECPoint point;
    private final transient ECParameterSpec parameters;
    private final byte[] encoded;

    ClaimedKey(ECPoint point, ECParameterSpec parameters, byte[] encoded) {
      this.point = point;
      this.parameters = parameters;
      this.encoded = encoded;
    }

    @Override
    public ECPoint getW() {
      return point;
    }

    @Override
    public ECParameterSpec getParams() {
      return parameters;
    }

    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public String getFormat() {
      return "X.509";
    }

    @Override
    public byte[] getEncoded() {
      return encoded.clone();
    }
  }
}
