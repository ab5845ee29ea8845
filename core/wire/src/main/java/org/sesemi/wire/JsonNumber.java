package org.sesemi.wire;

import java.math.BigDecimal;
import java.util.OptionalLong;

/**
 * A JSON number, kept as its text. Two numbers are equal when their texts are.
 *
 * @param text the number in the grammar of RFC 8259
 */
public record JsonNumber(String text) implements JsonValue {

  /** Checks the grammar. */
  public JsonNumber {
    if (JsonParser.numberEnd(text, 0) != text.length()) {
      throw new WireException(WireException.Code.JSON_MALFORMED, "not a number");
    }
  }

  /**
   * {@return an integer as JSON number}
   *
   * @param value the integer
   */
  public static JsonNumber of(long value) {
    return new JsonNumber(Long.toString(value));
  }

  /**
   * {@return a number as JSON number, in the shortest form that reads back to the same}
   *
   * @param value the number, which must be finite
   */
  public static JsonNumber of(double value) {
    if (!Double.isFinite(value)) {
      throw new WireException(
          WireException.Code.JSON_UNEXPECTED, "JSON has no form for NaN and infinity");
    }
    return new JsonNumber(Double.toString(value));
  }

  /** {@return the value when it is an integer of 64 bits, whatever its form} */
  public OptionalLong asLong() {
    if (text.length() > 40) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException _) {
      try {
        BigDecimal decimal = new BigDecimal(text);
        // A huge exponent must not be written out in digits.
        return Math.abs((long) decimal.scale()) > 40
            ? OptionalLong.empty()
            : OptionalLong.of(decimal.longValueExact());
      } catch (ArithmeticException | NumberFormatException _) {
        return OptionalLong.empty();
      }
    }
  }

  /** {@return the nearest 64-bit floating-point number, which is infinite beyond its range} */
  public double asDouble() {
    return Double.parseDouble(text);
  }
}
