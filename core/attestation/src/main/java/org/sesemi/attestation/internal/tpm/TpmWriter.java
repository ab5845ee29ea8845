package org.sesemi.attestation.internal.tpm;

import java.io.ByteArrayOutputStream;

/** Writes big-endian fields. Not thread-safe. */
public final class TpmWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Writes one byte. */
  public TpmWriter u8(int value) {
    out.write(value);
    return this;
  }

  /** Writes two bytes. */
  public TpmWriter u16(int value) {
    return u8(value >>> 8).u8(value);
  }

  /** Writes four bytes. */
  public TpmWriter u32(long value) {
    return u16((int) (value >>> 16)).u16((int) value);
  }

  /** Writes bytes as they are. */
  public TpmWriter bytes(byte[] value) {
    out.writeBytes(value);
    return this;
  }

  /** Writes a length of two bytes and the bytes. */
  public TpmWriter sized(byte[] value) {
    if (value.length > 0xffff) {
      throw new IllegalArgumentException("a sized buffer has at most 65535 bytes");
    }
    return u16(value.length).bytes(value);
  }

  /** {@return how many bytes were written} */
  public int size() {
    return out.size();
  }

  /** {@return what was written} */
  public byte[] toArray() {
    return out.toByteArray();
  }
}
