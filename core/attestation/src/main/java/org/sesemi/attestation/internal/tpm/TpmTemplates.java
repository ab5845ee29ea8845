package org.sesemi.attestation.internal.tpm;

import java.util.HexFormat;
import org.sesemi.wire.Bytes;

/**
 * The public areas that keys are asked for with. Endorsement keys follow the default templates L-1
 * and L-2 of the TCG EK Credential Profile, so that a TPM makes again the key that its manufacturer
 * certified; the storage key follows the TCG's provisioning guidance.
 */
public final class TpmTemplates {

  /** Use needs a policy session that was authorised for the endorsement hierarchy. */
  public static final Bytes EK_POLICY =
      Bytes.of(
          HexFormat.of()
              .parseHex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa"));

  private static final long EK_ATTRIBUTES =
      TpmtPublic.FIXED_TPM
          | TpmtPublic.FIXED_PARENT
          | TpmtPublic.SENSITIVE_DATA_ORIGIN
          | TpmtPublic.ADMIN_WITH_POLICY
          | TpmtPublic.RESTRICTED
          | TpmtPublic.DECRYPT;

  private static final long SRK_ATTRIBUTES =
      TpmtPublic.FIXED_TPM
          | TpmtPublic.FIXED_PARENT
          | TpmtPublic.SENSITIVE_DATA_ORIGIN
          | TpmtPublic.USER_WITH_AUTH
          | TpmtPublic.NO_DA
          | TpmtPublic.RESTRICTED
          | TpmtPublic.DECRYPT;

  private static final long AK_ATTRIBUTES =
      TpmtPublic.FIXED_TPM
          | TpmtPublic.FIXED_PARENT
          | TpmtPublic.SENSITIVE_DATA_ORIGIN
          | TpmtPublic.USER_WITH_AUTH
          | TpmtPublic.RESTRICTED
          | TpmtPublic.SIGN;

  private static final int AES_BITS = 128;

  private TpmTemplates() {}

  /** {@return an RSA endorsement key of 2048 bits with a modulus, or with zeros to ask for one} */
  public static TpmtPublic ekRsa(Bytes modulus) {
    return TpmtPublic.parse(
        storage(TpmAlg.RSA, EK_ATTRIBUTES, EK_POLICY)
            .u16(2048)
            .u32(0)
            .sized(modulus.toArray())
            .toArray());
  }

  /** {@return an endorsement key on P-256 with a point, or with zeros to ask for one} */
  public static TpmtPublic ekEcc(Bytes x, Bytes y) {
    return TpmtPublic.parse(
        storage(TpmAlg.ECC, EK_ATTRIBUTES, EK_POLICY)
            .u16(TpmAlg.P256)
            .u16(TpmAlg.NULL)
            .sized(x.toArray())
            .sized(y.toArray())
            .toArray());
  }

  /** {@return what to ask for to get the storage root key on P-256} */
  public static TpmtPublic srkEcc() {
    return TpmtPublic.parse(
        storage(TpmAlg.ECC, SRK_ATTRIBUTES, Bytes.empty())
            .u16(TpmAlg.P256)
            .u16(TpmAlg.NULL)
            .sized(new byte[32])
            .sized(new byte[32])
            .toArray());
  }

  private static TpmWriter storage(int type, long attributes, Bytes policy) {
    return new TpmWriter()
        .u16(type)
        .u16(TpmHash.SHA256.id())
        .u32(attributes)
        .sized(policy.toArray())
        .u16(TpmAlg.AES)
        .u16(AES_BITS)
        .u16(TpmAlg.CFB)
        .u16(TpmAlg.NULL);
  }

  /**
   * {@return what to ask for to get an attestation key: RSA of 2048 bits, or P-256}
   *
   * @param scheme RSASSA, RSAPSS or ECDSA; the hash algorithm is SHA-256
   */
  public static TpmtPublic attestationKey(int scheme) {
    boolean ecc = scheme == TpmAlg.ECDSA;
    TpmWriter out =
        new TpmWriter()
            .u16(ecc ? TpmAlg.ECC : TpmAlg.RSA)
            .u16(TpmHash.SHA256.id())
            .u32(AK_ATTRIBUTES)
            .sized(new byte[0])
            .u16(TpmAlg.NULL)
            .u16(scheme)
            .u16(TpmHash.SHA256.id());
    return TpmtPublic.parse(
        ecc
            ? out.u16(TpmAlg.P256).u16(TpmAlg.NULL).u16(0).u16(0).toArray()
            : out.u16(2048).u32(0).u16(0).toArray());
  }
}
