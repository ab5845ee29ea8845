package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing byte buffer that JSON text and raw tensors are written into. */
final class JsonSink {

  private byte[] out;
  private int size;

  JsonSink(int capacity) {
    out = new byte[Math.max(64, capacity)];
  }

  int size() {
    return size;
  }

  private void reserve(long more) {
    long wanted = size + more;
    if (wanted > Integer.MAX_VALUE - 64) {
      throw new OipException(OipException.Code.TOO_LARGE, "the body is larger than 2 GiB");
    }
    if (wanted > out.length) {
      out = Arrays.copyOf(out, (int) Math.clamp(out.length * 2L, wanted, Integer.MAX_VALUE - 64));
    }
  }

  /** Grows once to a known final size. */
  void reserveExactly(int total) {
    if (total > out.length) {
      out = Arrays.copyOf(out, total);
    }
  }

  JsonSink raw(char c) {
    reserve(1);
    out[size++] = (byte) c;
    return this;
  }

  /** Writes text that is known to be ASCII. */
  JsonSink ascii(String text) {
    int length = text.length();
    reserve(length);
    for (int i = 0; i < length; i++) {
      out[size + i] = (byte) text.charAt(i);
    }
    size += length;
    return this;
  }

  JsonSink bytes(ByteBuffer bytes) {
    reserve(bytes.remaining());
    int length = bytes.remaining();
    bytes.get(bytes.position(), out, size, length);
    size += length;
    return this;
  }

  /** Writes a quoted string. */
  JsonSink string(String text) {
    raw('"');
    boolean plain = true;
    for (int i = 0; i < text.length() && plain; i++) {
      char c = text.charAt(i);
      plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
    }
    if (plain) {
      ascii(text);
    } else {
      text.codePoints().forEach(this::escaped);
    }
    return raw('"');
  }

  private void escaped(int c) {
    switch (c) {
      case '"' -> ascii("\\\"");
      case '\\' -> ascii("\\\\");
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      default -> {
        if (c < 0x20) {
          ascii("\\u00").raw(Character.forDigit(c >> 4, 16)).raw(Character.forDigit(c & 15, 16));
        } else if (c >= 0xd800 && c <= 0xdfff) {
          throw new OipException(
              OipException.Code.MALFORMED, "a text holds half of a surrogate pair");
        } else {
          bytes(ByteBuffer.wrap(Character.toString(c).getBytes(StandardCharsets.UTF_8)));
        }
      }
    }
  }

  byte[] toArray() {
    return Arrays.copyOf(out, size);
  }

  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(out, 0, size);
  }
}
