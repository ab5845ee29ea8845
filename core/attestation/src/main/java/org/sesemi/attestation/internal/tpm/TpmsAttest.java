package org.sesemi.attestation.internal.tpm;

import java.util.List;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * What a TPM signs when it quotes (TPMS_ATTEST with TPMS_QUOTE_INFO; Part 2, 10.12.8).
 *
 * @param qualifiedSigner the qualified name of the signing key, which covers all its parents
 * @param extraData the caller's bytes
 * @param clock milliseconds that the TPM was powered
 * @param resetCount how often it was reset, which happens when the machine boots
 * @param restartCount how often it was resumed since
 * @param safe whether the clock never went back
 * @param firmwareVersion in the vendor's own form
 * @param selections the registers that are quoted
 * @param pcrDigest the digest of their values
 */
public record TpmsAttest(
    Bytes qualifiedSigner,
    Bytes extraData,
    long clock,
    long resetCount,
    long restartCount,
    boolean safe,
    Bytes firmwareVersion,
    List<PcrSelection> selections,
    Bytes pcrDigest) {

  /** TPM_GENERATED_VALUE: with this, nothing but a structure of the TPM's own begins. */
  public static final long MAGIC = 0xff544347L;

  /** TPM_ST_ATTEST_QUOTE. */
  public static final int QUOTE = 0x8018;

  private static final String WHAT = "the quote";
  private static final int MAX_NAME = 66;
  private static final int MAX_DATA = 66;
  private static final int MAX_DIGEST = 64;

  /** Copies the list. */
  public TpmsAttest {
    selections = List.copyOf(selections);
  }

  /** {@return the magic value in front} */
  public static long magicOf(byte[] message) {
    return ByteInput.bigEndian(message, WHAT).u32();
  }

  /** {@return the type behind the magic value} */
  public static int typeOf(byte[] message) {
    ByteInput in = ByteInput.bigEndian(message, WHAT);
    in.skip(4);
    return in.u16();
  }

  /**
   * Reads a quote whose magic value and type are judged elsewhere.
   *
   * @throws Unreadable when it is cut, longer than it says, or has a value that none may have
   */
  public static TpmsAttest parse(byte[] message) {
    ByteInput in = ByteInput.bigEndian(message, WHAT);
    in.skip(6);
    Bytes signer = Tpm2b.read(in, MAX_NAME, "the qualified signer");
    Bytes data = Tpm2b.read(in, MAX_DATA, "the extra data");
    long clock = in.u64();
    long resets = in.u32();
    long restarts = in.u32();
    int safe = in.u8();
    if (safe > 1) {
      throw new Unreadable(WHAT + " has a flag that is neither yes nor no");
    }
    Bytes firmware = Bytes.of(in.bytes(8));
    List<PcrSelection> selections = PcrSelection.readList(in, WHAT);
    Bytes digest = Tpm2b.read(in, MAX_DIGEST, "the register digest");
    in.finish();
    return new TpmsAttest(
        signer, data, clock, resets, restarts, safe == 1, firmware, selections, digest);
  }
}
