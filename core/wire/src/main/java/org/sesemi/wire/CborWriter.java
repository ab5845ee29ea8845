package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes CBOR item by item into a growing array. It always uses the shortest head; the caller
 * writes keys in order and as many items as each head announced. {@link CborMap} takes care of both
 * and is the better choice for whole messages.
 */
public final class CborWriter {

  private byte[] buffer = new byte[128];
  private int size;

  /** Makes an empty writer. */
  public CborWriter() {}

  /**
   * Writes an integer.
   *
   * @param value the integer
   * @return this writer
   */
  public CborWriter integer(long value) {
    return value >= 0 ? head(0, value) : head(1, -1 - value);
  }

  /**
   * Writes a byte string.
   *
   * @param value the bytes
   * @return this writer
   */
  public CborWriter bytes(byte[] value) {
    bytesHead(value.length);
    return raw(ByteBuffer.wrap(value));
  }

  /**
   * Writes what remains in a buffer as a byte string; the position does not move.
   *
   * @param value the buffer
   * @return this writer
   */
  public CborWriter bytes(ByteBuffer value) {
    bytesHead(value.remaining());
    return raw(value);
  }

  /**
   * Writes the head of a byte string alone; the caller puts the bytes after it.
   *
   * @param length the number of bytes that follow
   * @return this writer
   */
  public CborWriter bytesHead(int length) {
    return head(2, length);
  }

  /**
   * Writes a text.
   *
   * @param value the text, which must not have half surrogate pairs
   * @return this writer
   */
  public CborWriter text(String value) {
    try {
      ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
      head(3, utf8.remaining());
      return raw(utf8);
    } catch (CharacterCodingException e) {
      throw new WireException(
          WireException.Code.CBOR_MALFORMED, "a text has half a surrogate pair", e);
    }
  }

  /**
   * Writes a truth value.
   *
   * @param value the truth value
   * @return this writer
   */
  public CborWriter bool(boolean value) {
    return head(7, value ? 21 : 20);
  }

  /**
   * Writes the head of an array.
   *
   * @param count the number of items that follow
   * @return this writer
   */
  public CborWriter arrayHead(int count) {
    return head(4, count);
  }

  /**
   * Writes the head of a map.
   *
   * @param count the number of pairs that follow
   * @return this writer
   */
  public CborWriter mapHead(int count) {
    return head(5, count);
  }

  /**
   * Writes a whole value.
   *
   * @param value the value
   * @return this writer
   */
  public CborWriter value(CborValue value) {
    switch (value) {
      case CborValue.Int(long integer) -> integer(integer);
      case CborValue.ByteString string -> bytes(string.content());
      case CborValue.Text(String text) -> text(text);
      case CborValue.Bool(boolean bool) -> bool(bool);
      case CborValue.Array array -> {
        arrayHead(array.items().size());
        array.items().forEach(this::value);
      }
      case CborValue.Map map -> {
        mapHead(map.entries().size());
        for (Map.Entry<CborValue.Key, CborValue> entry : map.entries().entrySet()) {
          value(entry.getKey());
          value(entry.getValue());
        }
      }
    }
    return this;
  }

  /** {@return the number of bytes written so far} */
  public int size() {
    return size;
  }

  /** {@return a copy of what was written so far} */
  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  private CborWriter head(int major, long argument) {
    reserve(9);
    int type = major << 5;
    if (argument < 24) {
      buffer[size++] = (byte) (type | (int) argument);
    } else if (argument <= 0xff) {
      bigEndian(type | 24, argument, 1);
    } else if (argument <= 0xffff) {
      bigEndian(type | 25, argument, 2);
    } else if (argument <= 0xffff_ffffL) {
      bigEndian(type | 26, argument, 4);
    } else {
      bigEndian(type | 27, argument, 8);
    }
    return this;
  }

  private void bigEndian(int initial, long value, int length) {
    buffer[size++] = (byte) initial;
    for (int i = length - 1; i >= 0; i--) {
      buffer[size++] = (byte) (value >>> (8 * i));
    }
  }

  private CborWriter raw(ByteBuffer bytes) {
    int length = bytes.remaining();
    reserve(length);
    bytes.get(bytes.position(), buffer, size, length);
    size += length;
    return this;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      int needed = Math.addExact(size, more);
      int doubled = (int) Math.min(Integer.MAX_VALUE - 8L, buffer.length * 2L);
      buffer = Arrays.copyOf(buffer, Math.max(needed, doubled));
    }
  }
}
