package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Strict deterministic CBOR (RFC 8949, section 4.2): every value has exactly one encoding, and the
 * decoder accepts nothing else.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Whatever decodes, encodes to the very same bytes; two different byte strings never decode
 *       to equal values.
 *   <li>Memory taken by decoding is bounded by the limits; no length is trusted before that many
 *       bytes were seen.
 *   <li>Byte strings are not copied: they share memory with the input.
 * </ul>
 */
public final class Cbor {

  /**
   * Bounds on what the decoder accepts.
   *
   * @param maxDepth how deep arrays and maps may nest
   * @param maxItems how many items of any kind one message may have
   */
  public record Limits(int maxDepth, int maxItems) {
    /** The bounds used when none are given: 16 levels, 262,144 items. */
    public static final Limits DEFAULT = new Limits(16, 1 << 18);
  }

  private Cbor() {}

  /**
   * Encodes a value.
   *
   * @param value the value
   * @return the encoding
   */
  public static byte[] encode(CborValue value) {
    CborWriter writer = new CborWriter();
    writer.value(value);
    return writer.toByteArray();
  }

  /**
   * Decodes the one value that an array holds.
   *
   * @param bytes the encoding, without anything after it
   * @return the value
   */
  public static CborValue decode(byte[] bytes) {
    return decode(ByteBuffer.wrap(bytes), Limits.DEFAULT);
  }

  /**
   * Decodes the one value that a buffer holds between position and limit; the position does not
   * move.
   *
   * @param bytes the encoding, without anything after it
   * @param limits bounds on what is accepted
   * @return the value
   */
  public static CborValue decode(ByteBuffer bytes, Limits limits) {
    return new CborDecoder(bytes.slice(), limits).decodeWhole();
  }

  /** Compares the UTF-8 encodings the way map keys are sorted: shorter first, then by bytes. */
  static int compareTexts(String a, String b) {
    byte[] left = a.getBytes(StandardCharsets.UTF_8);
    byte[] right = b.getBytes(StandardCharsets.UTF_8);
    return left.length != right.length
        ? Integer.compare(left.length, right.length)
        : Arrays.compareUnsigned(left, right);
  }
}
