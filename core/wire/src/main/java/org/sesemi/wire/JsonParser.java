package org.sesemi.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parser behind {@link Json}: recursive descent over text, errors name the offset only. */
final class JsonParser {

  private final String text;
  private final Json.Limits limits;
  private int at;
  private int valuesLeft;

  JsonParser(String text, Json.Limits limits) {
    this.text = text;
    this.limits = limits;
    this.valuesLeft = limits.maxValues();
  }

  JsonValue document() {
    skipSpace();
    JsonValue value = value(0);
    skipSpace();
    if (at < text.length()) {
      throw malformed("there is text after the end");
    }
    return value;
  }

  private JsonValue value(int depth) {
    if (--valuesLeft < 0) {
      throw new WireException(
          WireException.Code.JSON_TOO_LARGE, "more than " + limits.maxValues() + " values");
    }
    return switch (peek()) {
      case '{' -> object(depth + 1);
      case '[' -> array(depth + 1);
      case '"' -> new JsonString(string());
      case 't' -> literal("true", new JsonBool(true));
      case 'f' -> literal("false", new JsonBool(false));
      case 'n' -> literal("null", new JsonNull());
      default -> number();
    };
  }

  private JsonObject object(int depth) {
    enter(depth);
    Map<String, JsonValue> members = new LinkedHashMap<>();
    skipSpace();
    if (peek() == '}') {
      at++;
      return new JsonObject(members);
    }
    while (true) {
      if (peek() != '"') {
        throw malformed("a name is expected");
      }
      String name = string();
      skipSpace();
      if (peek() != ':') {
        throw malformed("':' is expected");
      }
      at++;
      skipSpace();
      if (members.put(name, value(depth)) != null) {
        throw malformed("a name is there twice");
      }
      if (endsAfterItem('}')) {
        return new JsonObject(members);
      }
    }
  }

  private JsonArray array(int depth) {
    enter(depth);
    List<JsonValue> items = new ArrayList<>();
    skipSpace();
    if (peek() == ']') {
      at++;
      return new JsonArray(items);
    }
    while (true) {
      items.add(value(depth));
      if (endsAfterItem(']')) {
        return new JsonArray(items);
      }
    }
  }

  private void enter(int depth) {
    if (depth > limits.maxDepth()) {
      throw new WireException(
          WireException.Code.JSON_TOO_DEEP, "nested deeper than " + limits.maxDepth());
    }
    at++;
  }

  private boolean endsAfterItem(char end) {
    skipSpace();
    char next = peek();
    if (next != ',' && next != end) {
      throw malformed("',' or '" + end + "' is expected");
    }
    at++;
    skipSpace();
    return next == end;
  }

  private String string() {
    int start = ++at;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(start, at++);
      }
      if (c == '\\' || c < 0x20 || Character.isSurrogate(c)) {
        return stringWithEscapes(start);
      }
      at++;
    }
    throw malformed("a string does not end");
  }

  private String stringWithEscapes(int start) {
    StringBuilder result = new StringBuilder(text.substring(start, at));
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        checkSurrogates(result);
        return result.toString();
      } else if (c == '\\') {
        result.append(escape());
      } else if (c < 0x20) {
        at--;
        throw malformed("a control character is not escaped");
      } else {
        result.append(c);
      }
    }
    throw malformed("a string does not end");
  }

  private char escape() {
    char c = peek();
    at++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("an escape is unknown");
    };
  }

  private char unicode() {
    int value = 0;
    for (int i = 0; i < 4; i++) {
      char c = peek();
      int digit = c < 0x80 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        throw malformed("four hexadecimal digits are expected");
      }
      value = value * 16 + digit;
      at++;
    }
    return (char) value;
  }

  private void checkSurrogates(CharSequence result) {
    for (int i = 0; i < result.length(); i++) {
      char c = result.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < result.length()
          && Character.isLowSurrogate(result.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("a string has half a surrogate pair");
      }
    }
  }

  private JsonValue literal(String word, JsonValue value) {
    if (!text.startsWith(word, at)) {
      throw malformed("a value is expected");
    }
    at += word.length();
    return value;
  }

  private JsonNumber number() {
    int end = numberEnd(text, at);
    if (end < 0) {
      throw malformed("a value is expected");
    }
    String number = text.substring(at, end);
    at = end;
    return new JsonNumber(number);
  }

  /** Returns where the number that starts at an index ends, or -1 when none starts there. */
  static int numberEnd(String text, int start) {
    int i = start;
    if (i < text.length() && text.charAt(i) == '-') {
      i++;
    }
    int digits = skipDigits(text, i);
    if (digits == i || (text.charAt(i) == '0' && digits > i + 1)) {
      return -1;
    }
    i = digits;
    if (i < text.length() && text.charAt(i) == '.') {
      digits = skipDigits(text, i + 1);
      if (digits == i + 1) {
        return -1;
      }
      i = digits;
    }
    if (i < text.length() && (text.charAt(i) == 'e' || text.charAt(i) == 'E')) {
      i++;
      if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
        i++;
      }
      digits = skipDigits(text, i);
      if (digits == i) {
        return -1;
      }
      i = digits;
    }
    return i;
  }

  private static int skipDigits(String text, int start) {
    int i = start;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9') {
      i++;
    }
    return i;
  }

  private char peek() {
    if (at >= text.length()) {
      throw malformed("the document is cut");
    }
    return text.charAt(at);
  }

  private void skipSpace() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return;
      }
      at++;
    }
  }

  private WireException malformed(String message) {
    return new WireException(WireException.Code.JSON_MALFORMED, message + " at offset " + at);
  }
}
