package org.sesemi.attestation.internal.cose;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborItem.Kind;

/** Reads one item and everything in it. Used once. */
final class CborParser {

  private static final int FALSE = 20;
  private static final int TRUE = 21;
  private static final int NULL = 22;

  private final byte[] source;
  private final String what;
  private int at;
  private int count;

  CborParser(byte[] source, String what) {
    this.source = source;
    this.what = what;
  }

  CborItem parse() {
    CborItem item = item(1);
    if (at != source.length) {
      throw new Unreadable(what + " has " + (source.length - at) + " bytes after its CBOR item");
    }
    return item;
  }

  private CborItem item(int depth) {
    if (depth > CborItem.MAX_DEPTH) {
      throw wrong("is nested deeper than " + CborItem.MAX_DEPTH);
    }
    count++;
    if (count > CborItem.MAX_ITEMS) {
      throw wrong("has more than " + CborItem.MAX_ITEMS + " items");
    }
    int from = at;
    int head = next();
    int major = head >>> 5;
    if (major == 7) {
      return simple(from, head & 0x1f);
    }
    long argument = argument(head & 0x1f);
    return switch (major) {
      case 0 -> leaf(Kind.INTEGER, from, argument);
      case 1 -> leaf(Kind.INTEGER, from, -1 - argument);
      case 2 -> string(Kind.BYTES, from, argument);
      case 3 -> string(Kind.TEXT, from, argument);
      case 4 -> array(from, argument, depth);
      case 5 -> map(from, argument, depth);
      default -> {
        CborItem tagged = item(depth + 1);
        yield item(Kind.TAG, from, at, argument, "", List.of(tagged), Map.of());
      }
    };
  }

  private CborItem simple(int from, int value) {
    return switch (value) {
      case FALSE -> leaf(Kind.BOOLEAN, from, 0);
      case TRUE -> leaf(Kind.BOOLEAN, from, 1);
      case NULL -> leaf(Kind.NULL, from, 0);
      default -> throw wrong("has a simple value or a float that is not allowed");
    };
  }

  private CborItem string(Kind kind, int from, long length) {
    if (length > source.length - at) {
      throw wrong("ends inside a string");
    }
    int content = at;
    at += (int) length;
    String text = kind == Kind.TEXT ? utf8(content, at) : "";
    return item(kind, from, content, 0, text, List.of(), Map.of());
  }

  private CborItem array(int from, long length, int depth) {
    // Every item takes a byte at least.
    if (length > source.length - at) {
      throw wrong("ends inside an array");
    }
    int content = at;
    List<CborItem> items = new ArrayList<>();
    for (long i = 0; i < length; i++) {
      items.add(item(depth + 1));
    }
    return item(Kind.ARRAY, from, content, 0, "", Collections.unmodifiableList(items), Map.of());
  }

  private CborItem map(int from, long length, int depth) {
    if (length > (source.length - at) / 2) {
      throw wrong("ends inside a map");
    }
    int content = at;
    Map<Object, CborItem> fields = new LinkedHashMap<>();
    for (long i = 0; i < length; i++) {
      CborItem key = item(depth + 1);
      Object name =
          switch (key.kind()) {
            case INTEGER -> key.integer(what);
            case TEXT -> key.text(what);
            case BYTES, ARRAY, MAP, TAG, BOOLEAN, NULL ->
                throw wrong("has a map key that is no integer and no text");
          };
      if (fields.put(name, item(depth + 1)) != null) {
        throw wrong("has the same map key twice");
      }
    }
    return item(Kind.MAP, from, content, 0, "", List.of(), Collections.unmodifiableMap(fields));
  }

  private long argument(int info) {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw wrong("has a length that is indefinite or reserved");
    }
    int width = 1 << (info - 24);
    long value = 0;
    for (int i = 0; i < width; i++) {
      value = (value << 8) | next();
    }
    if (value < 0) {
      throw wrong("has a number of more than 63 bits");
    }
    long shortest = width == 1 ? 24 : 1L << (4 * width);
    if (value < shortest) {
      throw wrong("has a number that is not in its shortest form");
    }
    return value;
  }

  private int next() {
    if (at == source.length) {
      throw wrong("ends inside a CBOR item");
    }
    int value = source[at] & 0xff;
    at++;
    return value;
  }

  private String utf8(int from, int to) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(source, from, to - from))
          .toString();
    } catch (CharacterCodingException e) {
      throw wrong("has text that is not UTF-8");
    }
  }

  private CborItem leaf(Kind kind, int from, long number) {
    return item(kind, from, at, number, "", List.of(), Map.of());
  }

  private CborItem item(
      Kind kind,
      int from,
      int content,
      long number,
      String text,
      List<CborItem> items,
      Map<Object, CborItem> fields) {
    return new CborItem(kind, source, from, content, at, number, text, items, fields);
  }

  private Unreadable wrong(String message) {
    return new Unreadable(what + " " + message + ", at byte " + at);
  }
}
