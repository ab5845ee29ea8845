package org.sesemi.attestation.internal.cose;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the few items that are written for others, in their shortest form. */
public final class CborHead {

  private static final int BYTES = 2;
  private static final int TEXT = 3;
  private static final int ARRAY = 4;
  private static final int MAP = 5;

  private CborHead() {}

  /** Writes a byte string. */
  public static void bytes(ByteArrayOutputStream out, byte[] value) {
    head(out, BYTES, value.length);
    out.writeBytes(value);
  }

  /** Writes a text string. */
  public static void text(ByteArrayOutputStream out, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    head(out, TEXT, utf8.length);
    out.writeBytes(utf8);
  }

  /** Begins an array of a number of items. */
  public static void array(ByteArrayOutputStream out, int count) {
    head(out, ARRAY, count);
  }

  /** Begins a map of a number of pairs. */
  public static void map(ByteArrayOutputStream out, int count) {
    head(out, MAP, count);
  }

  private static void head(ByteArrayOutputStream out, int major, int length) {
    int type = major << 5;
    if (length < 24) {
      out.write(type | length);
    } else if (length < 1 << 8) {
      out.write(type | 24);
      out.write(length);
    } else if (length < 1 << 16) {
      out.write(type | 25);
      out.write(length >>> 8);
      out.write(length);
    } else {
      out.write(type | 26);
      for (int shift = 24; shift >= 0; shift -= 8) {
        out.write(length >>> shift);
      }
    }
  }
}
