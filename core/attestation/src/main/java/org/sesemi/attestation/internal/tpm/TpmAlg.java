package org.sesemi.attestation.internal.tpm;

import java.util.Locale;

/** Algorithm identifiers (TPM_ALG_ID) and curves (TPM_ECC_CURVE), as far as they are used here. */
public final class TpmAlg {

  /** RSA keys. */
  public static final int RSA = 0x0001;

  /** AES. */
  public static final int AES = 0x0006;

  /** HMAC keys and sealed data. */
  public static final int KEYEDHASH = 0x0008;

  /** No algorithm. */
  public static final int NULL = 0x0010;

  /** RSASSA-PKCS1-v1_5. */
  public static final int RSASSA = 0x0014;

  /** RSAES-PKCS1-v1_5. */
  public static final int RSAES = 0x0015;

  /** RSASSA-PSS. */
  public static final int RSAPSS = 0x0016;

  /** RSAES-OAEP. */
  public static final int OAEP = 0x0017;

  /** ECDSA. */
  public static final int ECDSA = 0x0018;

  /** Keys on elliptic curves. */
  public static final int ECC = 0x0023;

  /** Cipher feedback. */
  public static final int CFB = 0x0043;

  /** The curve NIST P-256. */
  public static final int P256 = 0x0003;

  /** The curve NIST P-384. */
  public static final int P384 = 0x0004;

  private TpmAlg() {}

  /** {@return the name of an algorithm for people} */
  public static String name(int id) {
    return switch (id) {
      case RSA -> "RSA";
      case NULL -> "none";
      case RSASSA -> "RSASSA";
      case RSAES -> "RSAES";
      case RSAPSS -> "RSAPSS";
      case OAEP -> "OAEP";
      case ECDSA -> "ECDSA";
      case ECC -> "ECC";
      default ->
          TpmHash.find(id)
              .map(TpmHash::text)
              .orElseGet(() -> String.format(Locale.ROOT, "0x%04x", id));
    };
  }
}
