package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code data} of one tensor from JSON, nested or flat, straight into a direct buffer.
 *
 * <p>No number becomes an object. A decimal number with at most 18 significant digits and a modest
 * exponent is calculated in double arithmetic with an error below five units in the last place;
 * when the whole error interval rounds to one and the same {@code float}, that is the correctly
 * rounded answer. All other numbers take the JDK's exact conversion, so every result is the nearest
 * representable value.
 */
final class TensorDataReader {

  private static final int MAX_EXPONENT = 60;
  private static final double[] POWERS = new double[MAX_EXPONENT + 1];
  private static final int EXACT_EXPONENT = 22;
  private static final long EXACT_MANTISSA = 1L << 53;
  private static final int MANTISSA_DIGITS = 18;
  private static final double ERROR = 1e-15;

  static {
    for (int i = 0; i <= MAX_EXPONENT; i++) {
      POWERS[i] = Double.parseDouble("1e" + i);
    }
  }

  private final JsonScanner in;
  private final byte[] source;
  private final String name;
  private final Datatype datatype;
  private final long[] shape;
  private boolean nested;
  private long index;
  private Optional<String> quotedAt = Optional.empty();

  TensorDataReader(JsonScanner in, String name, Datatype datatype, long[] shape) {
    this.in = in;
    this.source = in.source();
    this.name = name;
    this.datatype = datatype;
    this.shape = shape;
  }

  /** Returns where a quoted NaN or infinity was read first, so that the caller can refuse it. */
  Optional<String> quotedAt() {
    return quotedAt;
  }

  Tensor read() {
    long count = Tensor.elementCount(name, shape);
    if (!datatype.hasJsonForm()) {
      throw new OipException(
          OipException.Code.TENSOR_BINARY_ONLY,
          "tensor " + OipException.quoted(name) + ": " + datatype + " has no JSON form");
    }
    if (count > in.remaining()) {
      // Each element takes a byte at least: refuse before memory is taken for a made-up shape.
      throw wrongCount("has fewer elements than the shape makes");
    }
    if (!in.take('[')) {
      throw in.malformed("tensor " + OipException.quoted(name) + ": data is not an array");
    }
    nested = shape.length > 1 && in.peek() == '[';
    if (datatype == Datatype.BYTES) {
      List<Bytes> elements = new ArrayList<>((int) count);
      walk(count, null, elements);
      return Tensor.ofBytes(name, shape, elements);
    }
    ByteBuffer out = Tensor.littleEndian(count * datatype.byteSize());
    walk(count, out, List.of());
    return Tensor.of(name, datatype, shape, out.flip());
  }

  private void walk(long count, @Nullable ByteBuffer out, List<Bytes> elements) {
    if (nested) {
      nested(0, out, elements);
    } else {
      row(count, out, elements);
    }
  }

  private void nested(int dimension, @Nullable ByteBuffer out, List<Bytes> elements) {
    if (dimension == shape.length - 1) {
      row(shape[dimension], out, elements);
      return;
    }
    for (long i = 0; i < shape[dimension]; i++) {
      if (i > 0 && !in.take(',')) {
        throw wrongCount("has fewer entries in dimension " + dimension + " than the shape says");
      }
      if (!in.take('[')) {
        throw wrongCount("is not nested as the shape says in dimension " + dimension);
      }
      nested(dimension + 1, out, elements);
    }
    close("has more entries in dimension " + dimension + " than the shape says");
  }

  /** Reads elements up to the closing bracket of the innermost array. */
  private void row(long count, @Nullable ByteBuffer out, List<Bytes> elements) {
    for (long i = 0; i < count; i++) {
      if (i > 0 && !in.take(',')) {
        if (in.peek() == ']') {
          throw wrongCount("ends before " + where() + ", the shape makes more elements");
        }
        throw in.malformed("expected ',' before " + where());
      }
      if (i == 0 && in.peek() == ']') {
        throw wrongCount("ends before " + where() + ", the shape makes more elements");
      }
      if (out == null) {
        elements.add(text());
      } else {
        element(out);
      }
      index++;
    }
    close("has more elements than the shape makes, from " + where() + " on");
  }

  private void close(String tooMany) {
    if (in.peek() == ',') {
      throw wrongCount(tooMany);
    }
    in.expect(']');
  }

  private Bytes text() {
    if (in.peek() != '"') {
      throw wrongValue("is not a string");
    }
    return Bytes.of(in.string("data").getBytes(StandardCharsets.UTF_8));
  }

  private void element(ByteBuffer out) {
    switch (datatype) {
      case BOOL -> {
        int next = in.peek();
        if (next != 't' && next != 'f') {
          throw wrongValue("is not true or false");
        }
        out.put((byte) (in.bool("data") ? 1 : 0));
      }
      case INT8, UINT8 -> out.put((byte) integer());
      case INT16, UINT16 -> out.putShort((short) integer());
      case INT32, UINT32 -> out.putInt((int) integer());
      case INT64, UINT64 -> out.putLong(integer());
      case FP32 -> out.putFloat((float) number(true));
      case FP64 -> out.putDouble(number(false));
      case FP16, BF16, BYTES -> throw new IllegalStateException("no fixed-size JSON form");
    }
  }

  private long integer() {
    startOfNumber();
    int start = in.position();
    int stop = in.numberEnd(start);
    if (stop < 0) {
      throw in.malformed(describe() + " is not a number");
    }
    boolean negative = source[start] == '-';
    int first = negative ? start + 1 : start;
    long value = 0;
    for (int p = first; p < stop; p++) {
      int digit = source[p] - '0';
      if (digit < 0 || digit > 9) {
        throw wrongValue("is not an integer");
      }
      value = value * 10 + digit;
    }
    in.position(stop);
    int digits = stop - first;
    if (digits > MANTISSA_DIGITS) {
      return longInteger(start, stop);
    }
    long signed = negative ? -value : value;
    int bits = datatype.byteSize() * 8;
    boolean fits =
        datatype.kind() == Datatype.Kind.UNSIGNED
            ? signed >= 0 && (bits == 64 || signed >>> bits == 0)
            : bits == 64 || signed >> (bits - 1) == 0 || signed >> (bits - 1) == -1;
    if (!fits) {
      throw wrongValue("does not fit " + datatype);
    }
    return signed;
  }

  private long longInteger(int start, int stop) {
    String literal = new String(source, start, stop - start, StandardCharsets.ISO_8859_1);
    try {
      return switch (datatype) {
        case INT64 -> Long.parseLong(literal);
        case UINT64 -> Long.parseUnsignedLong(literal);
        default -> throw wrongValue("does not fit " + datatype);
      };
    } catch (NumberFormatException e) {
      throw wrongValue("does not fit " + datatype);
    }
  }

  private double number(boolean single) {
    startOfNumber();
    int start = in.position();
    if (source[start] == '"') {
      return quoted();
    }
    int p = start;
    boolean negative = source[p] == '-';
    if (negative) {
      p++;
    }
    int stop = in.numberEnd(start);
    if (stop < 0) {
      throw in.malformed(describe() + " is not a number");
    }
    long mantissa = 0;
    int digits = 0;
    int exponent = 0;
    boolean fraction = false;
    boolean cut = false;
    for (; p < stop; p++) {
      int b = source[p];
      if (b == '.') {
        fraction = true;
      } else if (b == 'e' || b == 'E') {
        break;
      } else if (digits < MANTISSA_DIGITS) {
        mantissa = mantissa * 10 + (b - '0');
        digits += mantissa == 0 ? 0 : 1;
        exponent -= fraction ? 1 : 0;
      } else {
        cut = true;
        exponent += fraction ? 0 : 1;
      }
    }
    if (p < stop) {
      exponent += exponentPart(p + 1, stop);
    }
    in.position(stop);
    double magnitude = magnitude(single, mantissa, exponent, cut, start, stop);
    return negative ? -magnitude : magnitude;
  }

  private double magnitude(
      boolean single, long mantissa, int exponent, boolean cut, int start, int stop) {
    if (mantissa == 0) {
      return 0;
    }
    int size = Math.abs(exponent);
    if (single && size <= MAX_EXPONENT) {
      double power = POWERS[size];
      double near = exponent < 0 ? mantissa / power : mantissa * power;
      float low = (float) (near * (1 - ERROR));
      float high = (float) (near * (1 + ERROR));
      if (low == high) {
        return finite(high);
      }
    } else if (!single && !cut && size <= EXACT_EXPONENT && mantissa <= EXACT_MANTISSA) {
      // Both operands are exact, so that one rounding gives the nearest double.
      return exponent < 0 ? mantissa / POWERS[size] : mantissa * POWERS[size];
    }
    int first = source[start] == '-' ? start + 1 : start;
    String literal = new String(source, first, stop - first, StandardCharsets.ISO_8859_1);
    return finite(single ? Float.parseFloat(literal) : Double.parseDouble(literal));
  }

  private double finite(double value) {
    if (Double.isInfinite(value)) {
      throw wrongValue("does not fit " + datatype);
    }
    return value;
  }

  private int exponentPart(int start, int stop) {
    int p = start;
    boolean negative = source[p] == '-';
    if (negative || source[p] == '+') {
      p++;
    }
    int value = 0;
    for (; p < stop; p++) {
      value = Math.min(value * 10 + (source[p] - '0'), 1_000_000);
    }
    return negative ? -value : value;
  }

  /** Accepts the first byte of a number, and explains every other. */
  private void startOfNumber() {
    int b = in.peek();
    if (b >= '0' && b <= '9') {
      return;
    }
    if (b == '-') {
      if (in.remaining() > 1 && source[in.position() + 1] == 'I') {
        throw notFinite("is infinite, JSON has no form for it");
      }
      return;
    }
    switch (b) {
      case 'N' -> throw notFinite("is NaN, JSON has no form for it");
      case 'I' -> throw notFinite("is infinite, JSON has no form for it");
      case '"' -> {
        if (datatype.kind() != Datatype.Kind.FLOAT) {
          throw wrongValue("is a string, not a number");
        }
      }
      case '[' -> throw wrongCount("nests deeper than the shape at " + where());
      case 't', 'f', 'n', '{' -> throw wrongValue("is not a number");
      default -> throw in.malformed(describe() + " is not a number");
    }
  }

  private double quoted() {
    String word = in.string("data");
    double value =
        switch (word) {
          case "NaN" -> Double.NaN;
          case "Infinity" -> Double.POSITIVE_INFINITY;
          case "-Infinity" -> Double.NEGATIVE_INFINITY;
          default -> throw wrongValue("is a string, not a number");
        };
    if (quotedAt.isEmpty()) {
      quotedAt = Optional.of(describe());
    }
    return value;
  }

  private OipException notFinite(String what) {
    return new OipException(OipException.Code.TENSOR_NOT_FINITE, describe() + " " + what);
  }

  private OipException wrongValue(String what) {
    return new OipException(OipException.Code.TENSOR_VALUE, describe() + " " + what);
  }

  private OipException wrongCount(String what) {
    return new OipException(
        OipException.Code.TENSOR_DATA, "tensor " + OipException.quoted(name) + ": data " + what);
  }

  private String describe() {
    return "tensor " + OipException.quoted(name) + ": " + where();
  }

  /**
   * Returns the present index in the form of the document: one number when flat, all when nested.
   */
  private String where() {
    return nested ? at(shape, index) : "data[" + index + "]";
  }

  static String at(long[] shape, long index) {
    StringBuilder text = new StringBuilder();
    long rest = index;
    for (int i = shape.length - 1; i > 0; i--) {
      text.insert(0, "[" + (shape[i] == 0 ? 0 : rest % shape[i]) + "]");
      rest = shape[i] == 0 ? 0 : rest / shape[i];
    }
    return "data[" + rest + "]" + text;
  }
}
