package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Strict JSON (RFC 8259): UTF-8 without byte order mark, no duplicate names, no half surrogate
 * pairs, nothing after the value, bounded depth and number of values.
 */
public final class Json {

  /**
   * Bounds on what the parser accepts.
   *
   * @param maxDepth how deep arrays and objects may nest
   * @param maxValues how many values of any kind one document may have
   */
  public record Limits(int maxDepth, int maxValues) {
    /** The bounds used when none are given: 64 levels, 1,048,576 values. */
    public static final Limits DEFAULT = new Limits(64, 1 << 20);
  }

  private Json() {}

  /**
   * Parses a document.
   *
   * @param utf8 the document
   * @return its value
   * @throws WireException with a code {@code json.*} when it is not strict JSON
   */
  public static JsonValue parse(byte[] utf8) {
    return parse(ByteBuffer.wrap(utf8), Limits.DEFAULT);
  }

  /**
   * Parses the document between position and limit of a buffer; the position does not move.
   *
   * @param utf8 the document
   * @param limits bounds on what is accepted
   * @return its value
   * @throws WireException with a code {@code json.*} when it is not strict JSON
   */
  public static JsonValue parse(ByteBuffer utf8, Limits limits) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(utf8.duplicate()).toString();
      return new JsonParser(text, limits).document();
    } catch (CharacterCodingException e) {
      throw new WireException(WireException.Code.JSON_MALFORMED, "the document is not UTF-8", e);
    }
  }

  /**
   * Parses a document that is text already.
   *
   * @param text the document
   * @return its value
   * @throws WireException with a code {@code json.*} when it is not strict JSON
   */
  public static JsonValue parse(String text) {
    return new JsonParser(text, Limits.DEFAULT).document();
  }

  /**
   * Parses a document that must be an object.
   *
   * @param utf8 the document
   * @return the object
   * @throws WireException with a code {@code json.*} when it is anything else
   */
  public static JsonObject parseObject(byte[] utf8) {
    if (parse(utf8) instanceof JsonObject object) {
      return object;
    }
    throw new WireException(WireException.Code.JSON_UNEXPECTED, "the document is not an object");
  }

  /**
   * Writes a value in compact form.
   *
   * @param value the value
   * @return the document in UTF-8
   */
  public static byte[] write(JsonValue value) {
    return value.toText().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Writes a value for people: one member or item a line, indented by two spaces.
   *
   * @param value the value
   * @return the text, with a line end behind it
   */
  public static String pretty(JsonValue value) {
    return new JsonWriter(true).write(value) + "\n";
  }
}
