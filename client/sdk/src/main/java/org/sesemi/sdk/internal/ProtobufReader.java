package org.sesemi.sdk.internal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A strict forward reader of one protobuf message: every length is checked against what is there,
 * and groups, field number zero and overlong numbers are refused.
 */
final class ProtobufReader {

  /** The bytes are not a protobuf message. */
  static final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
      super(message);
    }
  }

  /** Wire type of numbers of variable length. */
  static final int VARINT = 0;

  /** Wire type of eight bytes. */
  static final int FIXED64 = 1;

  /** Wire type of byte strings, texts and nested messages. */
  static final int BYTES = 2;

  /** Wire type of four bytes. */
  static final int FIXED32 = 5;

  private static final int MAX_TEXT_LENGTH = 256;

  private final ByteBuffer buffer;
  private int field;
  private int wireType;

  ProtobufReader(ByteBuffer buffer) {
    this.buffer = buffer;
  }

  /** Moves to the next field; false at the end of the message. */
  boolean next() throws MalformedException {
    if (!buffer.hasRemaining()) {
      return false;
    }
    long tag = varint();
    long number = tag >>> 3;
    wireType = (int) (tag & 7);
    if (number < 1 || number > 0x1fff_ffffL) {
      throw new MalformedException("field number " + number + " out of range");
    }
    if (wireType != VARINT && wireType != FIXED64 && wireType != BYTES && wireType != FIXED32) {
      throw new MalformedException("wire type " + wireType + " is not in use");
    }
    field = (int) number;
    return true;
  }

  /** {@return the number of the present field} */
  int field() {
    return field;
  }

  /** {@return the present field's number of variable length} */
  long number() throws MalformedException {
    expect(VARINT);
    return varint();
  }

  /** {@return a reader of the present field's nested message} */
  ProtobufReader message() throws MalformedException {
    return new ProtobufReader(slice());
  }

  /** {@return the present field's text, which must be strict UTF-8 of a moderate length} */
  String text() throws MalformedException {
    ByteBuffer bytes = slice();
    if (bytes.remaining() > MAX_TEXT_LENGTH) {
      throw new MalformedException("a name is longer than " + MAX_TEXT_LENGTH + " bytes");
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("a name is not UTF-8");
    }
  }

  /** Passes over the present field. */
  void skip() throws MalformedException {
    switch (wireType) {
      case VARINT -> {
        var _ = varint();
      }
      case FIXED64 -> advance(8);
      case BYTES -> {
        var _ = slice();
      }
      default -> advance(4);
    }
  }

  private ByteBuffer slice() throws MalformedException {
    expect(BYTES);
    long length = varint();
    if (length < 0 || length > buffer.remaining()) {
      throw new MalformedException("a field ends after the end of its message");
    }
    ByteBuffer slice = buffer.slice(buffer.position(), (int) length);
    buffer.position(buffer.position() + (int) length);
    return slice;
  }

  private void advance(int count) throws MalformedException {
    if (buffer.remaining() < count) {
      throw new MalformedException("a field ends after the end of its message");
    }
    buffer.position(buffer.position() + count);
  }

  private void expect(int expected) throws MalformedException {
    if (wireType != expected) {
      throw new MalformedException("field " + field + " has wire type " + wireType);
    }
  }

  private long varint() throws MalformedException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!buffer.hasRemaining()) {
        throw new MalformedException("a number is cut");
      }
      byte b = buffer.get();
      if (shift == 63 && (b & 0xff) > 1) {
        break;
      }
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new MalformedException("a number is too long");
  }
}
