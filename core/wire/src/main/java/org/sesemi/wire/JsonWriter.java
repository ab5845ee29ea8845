package org.sesemi.wire;

import java.util.Map;

/** The writer behind {@link Json}. */
final class JsonWriter {

  private static final String HEX = "0123456789abcdef";

  private final StringBuilder out = new StringBuilder();
  private final boolean pretty;
  private int depth;

  JsonWriter(boolean pretty) {
    this.pretty = pretty;
  }

  String write(JsonValue value) {
    value(value);
    return out.toString();
  }

  private void value(JsonValue value) {
    switch (value) {
      case JsonObject(var members) -> {
        open('{', members.isEmpty());
        boolean first = true;
        for (Map.Entry<String, JsonValue> member : members.entrySet()) {
          item(first);
          first = false;
          string(member.getKey());
          out.append(pretty ? ": " : ":");
          value(member.getValue());
        }
        close('}', members.isEmpty());
      }
      case JsonArray(var items) -> {
        open('[', items.isEmpty());
        boolean first = true;
        for (JsonValue item : items) {
          item(first);
          first = false;
          value(item);
        }
        close(']', items.isEmpty());
      }
      case JsonString(String text) -> string(text);
      case JsonNumber(String text) -> out.append(text);
      case JsonBool(boolean bool) -> out.append(bool);
      case JsonNull() -> out.append("null");
    }
  }

  private void open(char bracket, boolean empty) {
    out.append(bracket);
    depth++;
    if (!empty) {
      line();
    }
  }

  private void item(boolean first) {
    if (!first) {
      out.append(',');
      line();
    }
  }

  private void close(char bracket, boolean empty) {
    depth--;
    if (!empty) {
      line();
    }
    out.append(bracket);
  }

  private void line() {
    if (pretty) {
      out.append('\n').repeat("  ", depth);
    }
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean pair =
              Character.isHighSurrogate(c)
                  && i + 1 < text.length()
                  && Character.isLowSurrogate(text.charAt(i + 1));
          if (pair) {
            out.append(c).append(text.charAt(++i));
          } else if (c < 0x20 || c == 0x7f) {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          } else {
            // Half a pair has no form in UTF-8; it would come back as a question mark.
            out.append(Character.isSurrogate(c) ? '\ufffd' : c);
          }
        }
      }
    }
    out.append('"');
  }
}
