package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The decoder behind {@link Cbor}: one pass over the input, refusing what is not deterministic. */
final class CborDecoder {

  private final ByteBuffer in;
  private final Cbor.Limits limits;
  private int itemsLeft;

  CborDecoder(ByteBuffer in, Cbor.Limits limits) {
    this.in = in;
    this.limits = limits;
    this.itemsLeft = limits.maxItems();
  }

  CborValue decodeWhole() {
    CborValue value = item(0);
    if (in.hasRemaining()) {
      throw malformed("there are bytes after the end");
    }
    return value;
  }

  private CborValue item(int depth) {
    if (--itemsLeft < 0) {
      throw new WireException(
          WireException.Code.CBOR_TOO_LARGE, "more than " + limits.maxItems() + " items");
    }
    if (!in.hasRemaining()) {
      throw malformed("the message is cut");
    }
    int initial = in.get() & 0xff;
    int major = initial >> 5;
    int info = initial & 0x1f;
    return switch (major) {
      case 0 -> new CborValue.Int(argument(info));
      case 1 -> new CborValue.Int(-1 - argument(info));
      case 2 -> new CborValue.ByteString(take(argument(info)));
      case 3 -> new CborValue.Text(text(take(argument(info))));
      case 4 -> array(argument(info), depth + 1);
      case 5 -> map(argument(info), depth + 1);
      case 6 -> throw malformed("tags are not allowed");
      default -> simple(info);
    };
  }

  private long argument(int info) {
    if (info < 24) {
      return info;
    }
    if (info > 27) {
      throw info == 31
          ? new WireException(
              WireException.Code.CBOR_NOT_DETERMINISTIC, "indefinite lengths are not allowed")
          : malformed("reserved head");
    }
    int length = 1 << (info - 24);
    if (in.remaining() < length) {
      throw malformed("the message is cut");
    }
    long value =
        switch (length) {
          case 1 -> in.get() & 0xffL;
          case 2 -> in.getShort() & 0xffffL;
          case 4 -> in.getInt() & 0xffff_ffffL;
          default -> in.getLong();
        };
    if (value < 0) {
      throw malformed("an integer exceeds 63 bits");
    }
    boolean shortest =
        switch (length) {
          case 1 -> value >= 24;
          case 2 -> value > 0xff;
          case 4 -> value > 0xffff;
          default -> value > 0xffff_ffffL;
        };
    if (!shortest) {
      throw new WireException(
          WireException.Code.CBOR_NOT_DETERMINISTIC, "a head is longer than needed");
    }
    return value;
  }

  private ByteBuffer take(long length) {
    if (length > in.remaining()) {
      throw malformed("the message is cut");
    }
    ByteBuffer slice = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return slice;
  }

  private static String text(ByteBuffer utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    } catch (CharacterCodingException e) {
      throw new WireException(WireException.Code.CBOR_MALFORMED, "a text is not UTF-8", e);
    }
  }

  private static CborValue simple(int info) {
    return switch (info) {
      case 20 -> new CborValue.Bool(false);
      case 21 -> new CborValue.Bool(true);
      default -> throw malformed("of simple values only true and false are allowed");
    };
  }

  private CborValue array(long count, int depth) {
    checkContainer(count, depth);
    List<CborValue> items = new ArrayList<>((int) Math.min(count, 64));
    for (long i = 0; i < count; i++) {
      items.add(item(depth));
    }
    return new CborValue.Array(items);
  }

  private CborValue map(long count, int depth) {
    checkContainer(count, depth);
    TreeMap<CborValue.Key, CborValue> entries = new TreeMap<>();
    CborValue.@Nullable Key previous = null;
    for (long i = 0; i < count; i++) {
      CborValue.Key key = key(item(depth));
      if (previous != null && previous.compareTo(key) >= 0) {
        throw new WireException(
            WireException.Code.CBOR_NOT_DETERMINISTIC, "the keys of a map are not in order");
      }
      entries.put(key, item(depth));
      previous = key;
    }
    return new CborValue.Map(entries);
  }

  private static CborValue.Key key(CborValue item) {
    if (item instanceof CborValue.Int integer && integer.value() >= 0) {
      return integer;
    }
    if (item instanceof CborValue.Text text) {
      return text;
    }
    throw new WireException(
        WireException.Code.CBOR_UNEXPECTED, "a key is neither a non-negative integer nor a text");
  }

  private void checkContainer(long count, int depth) {
    if (depth > limits.maxDepth()) {
      throw new WireException(
          WireException.Code.CBOR_TOO_DEEP, "nested deeper than " + limits.maxDepth());
    }
    if (count > in.remaining()) {
      throw malformed("the message is cut");
    }
  }

  private static WireException malformed(String message) {
    return new WireException(WireException.Code.CBOR_MALFORMED, message);
  }
}
