package org.sesemi.attestation.internal.intel;

import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.wire.Bytes;

/**
 * The first 48 bytes of a quote, which every version has.
 *
 * @param version 3, 4 or 5
 * @param keyType the attestation key's algorithm; 2 is ECDSA with P-256
 * @param teeType 0 for SGX, 0x81 for TDX
 * @param qeSvn the quoting enclave's version (version 3)
 * @param pceSvn the certification enclave's version (version 3)
 * @param vendor who made the quoting enclave
 * @param userData the quoting enclave's own bytes
 */
public record QuoteHeader(
    int version, int keyType, long teeType, int qeSvn, int pceSvn, Bytes vendor, Bytes userData) {

  /** The length of the layout. */
  public static final int LENGTH = 48;

  /** ECDSA with P-256. */
  public static final int ECDSA_P256 = 2;

  /** SGX. */
  public static final long SGX = 0;

  /** TDX. */
  public static final long TDX = 0x81;

  /** Intel as maker of the quoting enclave. */
  public static final Bytes INTEL = Bytes.parse("939a7233f79c4ca9940a0db3957f0607");

  /** Reads the layout at the beginning of a quote. */
  static QuoteHeader parse(byte[] quote) {
    ByteInput in = ByteInput.littleEndian(quote, "the quote");
    return new QuoteHeader(
        in.u16(),
        in.u16(),
        in.u32(),
        in.u16(),
        in.u16(),
        Bytes.of(in.bytes(16)),
        Bytes.of(in.bytes(20)));
  }

  /** Adds what the header says. */
  void claim(ClaimSet.Builder claims) {
    claims.put("quoteVersion", version);
    if (version == 3) {
      claims.put("qeSvn", qeSvn).put("pceSvn", pceSvn);
    }
  }
}
