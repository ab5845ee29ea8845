package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A reader of RFC 8259 JSON that walks over bytes and builds no tree.
 *
 * <p>Inference bodies are arrays of numbers with little around them. A tree costs an object for
 * each number; this reader hands numbers out as primitives. It is as strict as the tree parser of
 * this package: strict UTF-8, no duplicate names, no lone surrogates, nothing after the document.
 */
final class JsonScanner {

  private static final int MAX_DEPTH = 64;

  private final byte[] in;
  private final int end;
  private int at;

  JsonScanner(byte[] in, int end) {
    this.in = in;
    this.end = end;
  }

  /** Tells whether a text is exactly one JSON number. */
  static boolean isNumber(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    JsonScanner scanner = new JsonScanner(bytes, bytes.length);
    return scanner.numberEnd(0) == bytes.length;
  }

  int position() {
    return at;
  }

  void position(int position) {
    at = position;
  }

  int remaining() {
    return end - at;
  }

  byte[] source() {
    return in;
  }

  /** Skips white space and returns the next byte without taking it, or -1 at the end. */
  int peek() {
    int p = at;
    while (p < end) {
      byte b = in[p];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        at = p;
        return b;
      }
      p++;
    }
    at = p;
    return -1;
  }

  /** Takes a structural character when it comes next. */
  boolean take(char wanted) {
    if (peek() == wanted) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char wanted) {
    if (!take(wanted)) {
      throw malformed("expected '" + wanted + "'");
    }
  }

  OipException malformed(String what) {
    return new OipException(OipException.Code.MALFORMED, "byte " + at + ": " + what);
  }

  void expectEnd() {
    if (peek() != -1) {
      throw malformed("something follows the document");
    }
  }

  /** Reads an object; the handler reads the value of each name it is given. */
  void object(String what, Consumer<String> field) {
    if (!take('{')) {
      throw malformed(what + " is not an object");
    }
    if (take('}')) {
      return;
    }
    Set<String> seen = new HashSet<>();
    do {
      String name = string(what);
      if (!seen.add(name)) {
        throw malformed(what + " has the field " + OipException.quoted(name) + " twice");
      }
      expect(':');
      field.accept(name);
    } while (take(','));
    expect('}');
  }

  /** Reads an array; the handler reads each value. */
  void array(String what, int most, Runnable element) {
    if (!take('[')) {
      throw malformed(what + " is not an array");
    }
    if (take(']')) {
      return;
    }
    int count = 0;
    do {
      if (++count > most) {
        throw new OipException(
            OipException.Code.TOO_LARGE, what + " has more than " + most + " entries");
      }
      element.run();
    } while (take(','));
    expect(']');
  }

  boolean bool(String what) {
    int b = peek();
    if (b == 't') {
      word("true");
      return true;
    }
    if (b == 'f') {
      word("false");
      return false;
    }
    throw malformed(what + " is not true or false");
  }

  private void word(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (at >= end || in[at] != word.charAt(i)) {
        throw malformed("expected '" + word + "'");
      }
      at++;
    }
  }

  String string(String what) {
    if (!take('"')) {
      throw malformed(what + ": expected a string");
    }
    int start = at;
    boolean ascii = true;
    for (int p = at; p < end; p++) {
      byte b = in[p];
      if (b == '"') {
        at = p + 1;
        return ascii
            ? new String(in, start, p - start, StandardCharsets.ISO_8859_1)
            : utf8(start, p);
      }
      if (b == '\\') {
        return escaped(start);
      }
      if (b >= 0 && b < 0x20) {
        at = p;
        throw malformed("a control character in a string");
      }
      ascii &= b >= 0;
    }
    at = end;
    throw malformed("a string does not end");
  }

  private String escaped(int start) {
    StringBuilder text = new StringBuilder();
    int p = start;
    int from = start;
    while (p < end) {
      byte b = in[p];
      if (b == '"') {
        text.append(utf8(from, p));
        at = p + 1;
        refuseLoneSurrogates(text);
        return text.toString();
      }
      if (b == '\\') {
        text.append(utf8(from, p));
        p = escape(p + 1, text);
        from = p;
      } else if (b >= 0 && b < 0x20) {
        at = p;
        throw malformed("a control character in a string");
      } else {
        p++;
      }
    }
    at = end;
    throw malformed("a string does not end");
  }

  private int escape(int p, StringBuilder text) {
    at = p;
    int kind = p < end ? in[p] : -1;
    switch (kind) {
      case '"', '\\', '/' -> text.append((char) kind);
      case 'b' -> text.append('\b');
      case 'f' -> text.append('\f');
      case 'n' -> text.append('\n');
      case 'r' -> text.append('\r');
      case 't' -> text.append('\t');
      case 'u' -> {
        int unit = 0;
        for (int i = 1; i <= 4; i++) {
          int digit = p + i < end ? Character.digit(in[p + i], 16) : -1;
          if (digit < 0) {
            throw malformed("an escape is not four hexadecimal digits");
          }
          unit = unit << 4 | digit;
        }
        text.append((char) unit);
        return p + 5;
      }
      default -> throw malformed("an unknown escape");
    }
    return p + 1;
  }

  private void refuseLoneSurrogates(StringBuilder text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw malformed("half of a surrogate pair in a string");
      }
    }
  }

  private String utf8(int start, int stop) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(in, start, stop - start))
          .toString();
    } catch (CharacterCodingException e) {
      at = start;
      throw new OipException(
          OipException.Code.MALFORMED, "byte " + start + ": a string is not UTF-8");
    }
  }

  /** Reads a number and returns it as it is written. */
  String numberLiteral(String what) {
    peek();
    int stop = numberEnd(at);
    if (stop < 0) {
      throw malformed(what + " is not a number");
    }
    String literal = new String(in, at, stop - at, StandardCharsets.ISO_8859_1);
    at = stop;
    return literal;
  }

  /** Returns where the number that starts at a position ends, or -1 when there is none. */
  int numberEnd(int start) {
    int p = start;
    if (p < end && in[p] == '-') {
      p++;
    }
    if (p < end && in[p] == '0') {
      p++;
    } else {
      int first = p;
      p = digits(p);
      if (p == first) {
        return -1;
      }
    }
    if (p < end && in[p] == '.') {
      int first = ++p;
      p = digits(p);
      if (p == first) {
        return -1;
      }
    }
    if (p < end && (in[p] == 'e' || in[p] == 'E')) {
      p++;
      if (p < end && (in[p] == '+' || in[p] == '-')) {
        p++;
      }
      int first = p;
      p = digits(p);
      if (p == first) {
        return -1;
      }
    }
    return p;
  }

  private int digits(int start) {
    int p = start;
    while (p < end && in[p] >= '0' && in[p] <= '9') {
      p++;
    }
    return p;
  }

  /** Checks and passes over one value of any kind. */
  void skip() {
    skip(0);
  }

  private void skip(int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed("the document nests deeper than " + MAX_DEPTH);
    }
    switch (peek()) {
      case '{' -> object("a value", name -> skip(depth + 1));
      case '[' -> array("a value", Integer.MAX_VALUE, () -> skip(depth + 1));
      case '"' -> string("a value");
      case 't' -> word("true");
      case 'f' -> word("false");
      case 'n' -> word("null");
      default -> numberLiteral("a value");
    }
  }
}
