package org.sesemi.attestation.internal.tpm;

import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * A signature of a TPM (TPMT_SIGNATURE).
 *
 * @param scheme the signature scheme: RSASSA, RSAPSS or ECDSA
 * @param hash the identifier of the hash algorithm, known or not
 * @param first the RSA signature, or r
 * @param second nothing, or s
 */
public record TpmtSignature(int scheme, int hash, Bytes first, Bytes second) {

  private static final String WHAT = "the signature";
  private static final int MAX_RSA = 512;
  private static final int MAX_EC = 66;

  /**
   * Reads a signature.
   *
   * @throws Unreadable when the bytes are anything else
   */
  public static TpmtSignature parse(byte[] bytes) {
    ByteInput in = ByteInput.bigEndian(bytes, WHAT);
    TpmtSignature signature = read(in);
    in.finish();
    return signature;
  }

  static TpmtSignature read(ByteInput in) {
    int scheme = in.u16();
    return switch (scheme) {
      case TpmAlg.RSASSA, TpmAlg.RSAPSS ->
          new TpmtSignature(scheme, in.u16(), Tpm2b.read(in, MAX_RSA, WHAT), Bytes.empty());
      case TpmAlg.ECDSA ->
          new TpmtSignature(
              scheme, in.u16(), Tpm2b.read(in, MAX_EC, WHAT), Tpm2b.read(in, MAX_EC, WHAT));
      default -> throw new Unreadable(WHAT + " has the unknown scheme " + TpmAlg.name(scheme));
    };
  }

  /** {@return the encoding} */
  public byte[] encode() {
    TpmWriter out = new TpmWriter().u16(scheme).u16(hash).sized(first.toArray());
    return scheme == TpmAlg.ECDSA ? out.sized(second.toArray()).toArray() : out.toArray();
  }
}
