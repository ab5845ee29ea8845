package org.sesemi.attestation.internal.tpm;

import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** Buffers with a length of two bytes in front (TPM2B). */
final class Tpm2b {

  private Tpm2b() {}

  /** Reads a buffer. */
  static Bytes read(ByteInput in, int max, String what) {
    int length = in.u16();
    if (length > max) {
      throw new Unreadable(what + " has " + length + " bytes, more than " + max);
    }
    return Bytes.of(in.bytes(length));
  }

  /** Reads the one buffer that bytes consist of. */
  static Bytes only(byte[] bytes, int max, String what) {
    ByteInput in = ByteInput.bigEndian(bytes, what);
    Bytes content = read(in, max, what);
    in.finish();
    return content;
  }
}
