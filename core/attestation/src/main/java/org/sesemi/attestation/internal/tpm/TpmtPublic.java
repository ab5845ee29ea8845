package org.sesemi.attestation.internal.tpm;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.Arrays;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * The public area of an asymmetric key of a TPM (TPMT_PUBLIC; Part 2, 12.2.4).
 *
 * @param type RSA or ECC
 * @param nameAlg the identifier of the hash algorithm of its name, known or not
 * @param attributes what may be done with it (TPMA_OBJECT)
 * @param authPolicy the digest of the policy that permits its use, or nothing
 * @param symmetric the cipher that protects children, or {@link TpmAlg#NULL}
 * @param scheme the only scheme that it may be used with, or {@link TpmAlg#NULL}
 * @param schemeHash the hash algorithm of the scheme, or {@link TpmAlg#NULL}
 * @param size bits of an RSA modulus, or the identifier of a curve
 * @param exponent the exponent of an RSA key, 0 for 65537; 0 for others
 * @param first the modulus, or the coordinate x
 * @param second nothing, or the coordinate y
 * @param encoded the whole structure
 */
public record TpmtPublic(
    int type,
    int nameAlg,
    long attributes,
    Bytes authPolicy,
    int symmetric,
    int scheme,
    int schemeHash,
    int size,
    long exponent,
    Bytes first,
    Bytes second,
    Bytes encoded) {

  /** It never leaves this TPM. */
  public static final long FIXED_TPM = 1L << 1;

  /** Loaded contexts do not survive a restart. */
  public static final long ST_CLEAR = 1L << 2;

  /** Its parent never changes. */
  public static final long FIXED_PARENT = 1L << 4;

  /** The TPM itself made the private part. */
  public static final long SENSITIVE_DATA_ORIGIN = 1L << 5;

  /** Its authorisation value permits use. */
  public static final long USER_WITH_AUTH = 1L << 6;

  /** Administration needs the policy. */
  public static final long ADMIN_WITH_POLICY = 1L << 7;

  /** Wrong authorisations do not count against the TPM. */
  public static final long NO_DA = 1L << 10;

  /** Duplication needs encryption. */
  public static final long ENCRYPTED_DUPLICATION = 1L << 11;

  /** It signs or opens only structures of the TPM's own. */
  public static final long RESTRICTED = 1L << 16;

  /** It decrypts. */
  public static final long DECRYPT = 1L << 17;

  /** It signs. */
  public static final long SIGN = 1L << 18;

  private static final String WHAT = "the public area";
  private static final int MAX_DIGEST = 64;
  private static final int MAX_RSA = 512;
  private static final int MAX_EC = 66;
  private static final int MAX_LENGTH = 1024;
  private static final BigInteger F4 = BigInteger.valueOf(65537);

  /**
   * Reads a public area with its length in front (TPM2B_PUBLIC).
   *
   * @throws Unreadable when the bytes are anything else
   */
  public static TpmtPublic parseSized(byte[] bytes) {
    return parse(Tpm2b.only(bytes, MAX_LENGTH, WHAT).toArray());
  }

  /**
   * Reads a public area.
   *
   * @throws Unreadable when the bytes are anything else
   */
  public static TpmtPublic parse(byte[] bytes) {
    ByteInput in = ByteInput.bigEndian(bytes, WHAT);
    int type = in.u16();
    if (type != TpmAlg.RSA && type != TpmAlg.ECC) {
      throw new Unreadable(WHAT + " is that of neither an RSA nor an ECC key");
    }
    int nameAlg = in.u16();
    long attributes = in.u32();
    Bytes policy = Tpm2b.read(in, MAX_DIGEST, "the policy digest");
    int symmetric = in.u16();
    if (symmetric != TpmAlg.NULL) {
      in.skip(4);
    }
    int scheme = in.u16();
    int schemeHash = hashOf(in, scheme);
    int size = in.u16();
    long exponent = 0;
    if (type == TpmAlg.RSA) {
      exponent = in.u32();
    } else {
      hashOf(in, in.u16());
    }
    Bytes first = Tpm2b.read(in, type == TpmAlg.RSA ? MAX_RSA : MAX_EC, "the key");
    Bytes second = type == TpmAlg.RSA ? Bytes.empty() : Tpm2b.read(in, MAX_EC, "the key");
    in.finish();
    return new TpmtPublic(
        type,
        nameAlg,
        attributes,
        policy,
        symmetric,
        scheme,
        schemeHash,
        size,
        exponent,
        first,
        second,
        Bytes.of(bytes));
  }

  private static int hashOf(ByteInput in, int scheme) {
    return switch (scheme) {
      case TpmAlg.NULL, TpmAlg.RSAES -> TpmAlg.NULL;
      case TpmAlg.RSASSA, TpmAlg.RSAPSS, TpmAlg.OAEP, TpmAlg.ECDSA -> in.u16();
      default -> throw new Unreadable(WHAT + " has the unknown scheme " + TpmAlg.name(scheme));
    };
  }

  /** {@return the encoding with its length in front} */
  public byte[] sized() {
    return new TpmWriter().sized(encoded.toArray()).toArray();
  }

  /** {@return whether all given attributes are set} */
  public boolean has(long wanted) {
    return (attributes & wanted) == wanted;
  }

  /**
   * {@return the name: the algorithm of the digest and the digest of the public area}
   *
   * @throws Unreadable when the algorithm is not known
   */
  public Bytes name() {
    return nameOf(new byte[0], encoded.toArray());
  }

  /** {@return the qualified name as primary key of a hierarchy} */
  public Bytes qualifiedName(long hierarchy) {
    return nameOf(new TpmWriter().u32(hierarchy).toArray(), name().toArray());
  }

  /** {@return the qualified name below a parent} */
  public Bytes qualifiedName(Bytes parent) {
    return nameOf(parent.toArray(), name().toArray());
  }

  private Bytes nameOf(byte[] before, byte[] content) {
    TpmHash hash = TpmHash.of(nameAlg, WHAT);
    return Bytes.of(new TpmWriter().u16(nameAlg).bytes(hash.digest(before, content)).toArray());
  }

  /**
   * {@return the key}
   *
   * @throws Unreadable when it is no key, or one of a size or curve that is not used here
   */
  public PublicKey key() {
    return type == TpmAlg.RSA ? rsaKey() : curve().key(coordinates(curve()), "the key");
  }

  /**
   * {@return the curve of an ECC key}
   *
   * @throws Unreadable when it is another than P-256 and P-384
   */
  public EcKeys curve() {
    return switch (size) {
      case TpmAlg.P256 -> EcKeys.P256;
      case TpmAlg.P384 -> EcKeys.P384;
      default -> throw new Unreadable("the key is on another curve than P-256 and P-384");
    };
  }

  private PublicKey rsaKey() {
    BigInteger modulus = new BigInteger(1, first.toArray());
    boolean usual = size == 2048 || size == 3072 || size == 4096;
    if (!usual || first.length() != size / 8 || modulus.bitLength() != size) {
      throw new Unreadable("the RSA key has not 2048, 3072 or 4096 bits, or not those it declares");
    }
    if (exponent != 0 && exponent != 65537) {
      throw new Unreadable("the RSA key has another exponent than 65537");
    }
    return rsa(modulus);
  }

  /** {@return an RSA key with the exponent 65537} */
  static PublicKey rsa(BigInteger modulus) {
    try {
      return KeyFactory.getInstance("RSA", "SunRsaSign")
          .generatePublic(new RSAPublicKeySpec(modulus, F4));
    } catch (GeneralSecurityException e) {
      throw new Unreadable("the RSA key is not one");
    }
  }

  private byte[] coordinates(EcKeys curve) {
    byte[] xy = Arrays.copyOf(padded(first, curve.size()), 2 * curve.size());
    System.arraycopy(padded(second, curve.size()), 0, xy, curve.size(), curve.size());
    return xy;
  }

  /** {@return an integer with zeros in front up to a length} */
  static byte[] padded(Bytes integer, int length) {
    byte[] value = integer.toArray();
    if (value.length == 0 || value.length > length) {
      throw new Unreadable("an integer has not 1 to " + length + " bytes");
    }
    byte[] result = new byte[length];
    System.arraycopy(value, 0, result, length - value.length, value.length);
    return result;
  }
}
