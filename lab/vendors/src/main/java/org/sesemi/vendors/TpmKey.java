package org.sesemi.vendors;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key as a TPM has it: its pair, and its public area field by field. A test changes fields and
 * then takes the area, the name or a signature. Not thread-safe.
 */
public final class TpmKey {

  /** RSASSA. */
  public static final int RSASSA = 0x14;

  /** RSAPSS. */
  public static final int RSAPSS = 0x16;

  /** ECDSA. */
  public static final int ECDSA = 0x18;

  /** No algorithm. */
  public static final int NONE = 0x10;

  /** SHA-1. */
  public static final int SHA1 = 0x04;

  /** SHA-256. */
  public static final int SHA256 = 0x0b;

  /** SHA-384. */
  public static final int SHA384 = 0x0c;

  /** What an attestation key has: fixed, made by the TPM, usable, restricted, signing. */
  public static final long AK_ATTRIBUTES = 0x00050072L;

  private static final long EK_ATTRIBUTES = 0x000300b2L;
  private static final byte[] EK_POLICY =
      HexFormat.of().parseHex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa");

  /** The pair. */
  public final KeyPair pair;

  /** 1 for RSA, 0x23 for ECC. */
  public int type;

  /** The hash algorithm of the name. */
  public int nameAlg = SHA256;

  /** The attributes. */
  public long attributes = AK_ATTRIBUTES;

  /** The digest of the policy. */
  public byte[] policy = {};

  /** The cipher for children; the key then has AES-128 in CFB mode. */
  public int symmetric = NONE;

  /** The scheme. */
  public int scheme;

  /** The hash algorithm of the scheme. */
  public int schemeHash = SHA256;

  /** Bits of an RSA key, or the number of a curve. */
  public int size;

  /** The exponent of an RSA key. */
  public long exponent;

  /** The length of the salt of RSAPSS. */
  public int salt = 32;

  private TpmKey(KeyPair pair, int scheme) {
    this.pair = pair;
    this.scheme = scheme;
    boolean rsa = pair.getPublic() instanceof RSAPublicKey;
    this.type = rsa ? 0x01 : 0x23;
    this.size =
        pair.getPublic() instanceof RSAPublicKey key
            ? key.getModulus().bitLength()
            : (coordinate() == 32 ? 3 : 4);
  }

  /** Makes an attestation key of a pair: RSASSA, RSAPSS or ECDSA. */
  public static TpmKey attestation(KeyPair pair, int scheme) {
    TpmKey key = new TpmKey(pair, scheme);
    if (key.size == 4) {
      key.schemeHash = SHA384;
    }
    return key;
  }

  /** Makes an endorsement key of a pair, by the default template for its type. */
  public static TpmKey endorsement(KeyPair pair) {
    TpmKey key = new TpmKey(pair, NONE);
    key.attributes = EK_ATTRIBUTES;
    key.policy = EK_POLICY.clone();
    key.symmetric = 0x06;
    return key;
  }

  /** {@return the public area} */
  public byte[] area() {
    TpmBytes out =
        new TpmBytes().number(type, 2).number(nameAlg, 2).number(attributes, 4).sized(policy);
    out.number(symmetric, 2);
    if (symmetric != NONE) {
      out.number(128, 2).number(0x43, 2);
    }
    out.number(scheme, 2);
    if (scheme != NONE) {
      out.number(schemeHash, 2);
    }
    out.number(size, 2);
    if (pair.getPublic() instanceof RSAPublicKey rsa) {
      return out.number(exponent, 4).sized(fixed(rsa.getModulus(), size / 8)).bytes();
    }
    ECPublicKey ec = (ECPublicKey) pair.getPublic();
    return out.number(NONE, 2)
        .sized(fixed(ec.getW().getAffineX(), coordinate()))
        .sized(fixed(ec.getW().getAffineY(), coordinate()))
        .bytes();
  }

  /** {@return the public area with its length in front} */
  public byte[] sizedArea() {
    return new TpmBytes().sized(area()).bytes();
  }

  /** {@return the name} */
  public byte[] name() {
    return new TpmBytes().number(nameAlg, 2).raw(TpmBytes.digest(nameAlg, area())).bytes();
  }

  /** {@return the qualified name directly below a hierarchy} */
  public byte[] qualifiedName(long hierarchy) {
    return qualifiedName(new TpmBytes().number(hierarchy, 4).bytes());
  }

  /** {@return the qualified name below a parent, whose own is given} */
  public byte[] qualifiedName(byte[] parent) {
    return new TpmBytes().number(nameAlg, 2).raw(TpmBytes.digest(nameAlg, parent, name())).bytes();
  }

  /** {@return a signature as TPMs write it, by the key's scheme} */
  public byte[] sign(byte[] message) {
    return sign(message, scheme, schemeHash);
  }

  /** {@return a signature by any scheme} */
  public byte[] sign(byte[] message, int otherScheme, int hash) {
    TpmBytes out = new TpmBytes().number(otherScheme, 2).number(hash, 2);
    byte[] raw = bare(message, otherScheme, hash);
    if (otherScheme == ECDSA) {
      int half = raw.length / 2;
      return out.sized(Arrays.copyOf(raw, half))
          .sized(Arrays.copyOfRange(raw, half, raw.length))
          .bytes();
    }
    return out.sized(raw).bytes();
  }

  /** {@return a signature without what says of which kind it is} */
  public byte[] bare(byte[] message, int otherScheme, int hash) {
    try {
      String compact = TpmBytes.hash(hash).replace("-", "");
      Signature signer =
          Signature.getInstance(
              switch (otherScheme) {
                case RSASSA -> compact + "withRSA";
                case RSAPSS -> "RSASSA-PSS";
                case ECDSA -> compact + "withECDSAinP1363Format";
                default -> throw new IllegalArgumentException("scheme " + otherScheme);
              });
      if (otherScheme == RSAPSS) {
        String name = TpmBytes.hash(hash);
        signer.setParameter(
            new PSSParameterSpec(name, "MGF1", new MGF1ParameterSpec(name), salt, 1));
      }
      signer.initSign(pair.getPrivate());
      signer.update(message);
      return signer.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private int coordinate() {
    return (((ECPublicKey) pair.getPublic()).getParams().getCurve().getField().getFieldSize() + 7)
        / 8;
  }

  static byte[] fixed(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    byte[] result = new byte[length];
    int count = Math.min(bytes.length, length);
    System.arraycopy(bytes, bytes.length - count, result, length - count, count);
    return result;
  }
}
