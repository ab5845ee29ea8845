package org.sesemi.attestation.internal.intel;

import java.util.HexFormat;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** Questions about byte strings that the layouts of this package ask. */
final class Octets {

  private Octets() {}

  /** Returns whether all bytes are zero. */
  static boolean isZero(byte[] bytes) {
    int any = 0;
    for (byte value : bytes) {
      any |= value;
    }
    return any == 0;
  }

  /** Returns the bytes of {@code value} under a mask of the same length. */
  static Bytes masked(Bytes value, Bytes mask) {
    byte[] result = value.toArray();
    byte[] bits = mask.toArray();
    if (result.length != bits.length) {
      throw new IllegalArgumentException("a mask is as long as what it masks");
    }
    for (int i = 0; i < result.length; i++) {
      result[i] &= bits[i];
    }
    return Bytes.of(result);
  }

  /** Returns one byte as a number from 0 to 255. */
  static int at(Bytes value, int index) {
    return value.toBuffer().get(index) & 0xff;
  }

  /** Returns up to eight bytes as a little-endian number. */
  static long littleEndian(Bytes value) {
    long number = 0;
    for (int i = value.length() - 1; i >= 0; i--) {
      number = (number << 8) | at(value, i);
    }
    return number;
  }

  /** Reads hexadecimal text of a length in bytes, in either case of letters. */
  static Bytes hex(String text, int length, String what) {
    if (text.length() != 2 * length) {
      throw new Unreadable(what + " has not " + length + " bytes of hex");
    }
    try {
      return Bytes.of(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new Unreadable(what + " is not hex");
    }
  }
}
