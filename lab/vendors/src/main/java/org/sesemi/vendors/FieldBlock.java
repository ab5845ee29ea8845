package org.sesemi.vendors;

import java.util.Arrays;

/**
 * Bytes of a fixed layout, of which every field can be set to anything. Not thread-safe.
 *
 * @param <F> the fields
 */
public final class FieldBlock<F extends FieldBlock.Field> {

  /** One field of a layout. */
  public interface Field {
    /** {@return where it begins} */
    int offset();

    /** {@return how many bytes it has} */
    int length();
  }

  private final byte[] bytes;

  /** Makes a block of zeros. */
  public FieldBlock(int length) {
    bytes = new byte[length];
  }

  /** Sets the first bytes of a field, and the rest of it to zero. */
  public FieldBlock<F> set(F field, byte... value) {
    if (value.length > field.length()) {
      throw new IllegalArgumentException("the field is shorter than its value");
    }
    Arrays.fill(bytes, field.offset(), field.offset() + field.length(), (byte) 0);
    System.arraycopy(value, 0, bytes, field.offset(), value.length);
    return this;
  }

  /** Sets a field to a number, least significant byte first. */
  public FieldBlock<F> set(F field, long value) {
    byte[] number = new byte[Math.min(8, field.length())];
    for (int i = 0; i < number.length; i++) {
      number[i] = (byte) (value >>> (8 * i));
    }
    return set(field, number);
  }

  /** Sets every byte of a field. */
  public FieldBlock<F> fill(F field, int value) {
    Arrays.fill(bytes, field.offset(), field.offset() + field.length(), (byte) value);
    return this;
  }

  /** {@return the bytes of a field} */
  public byte[] get(F field) {
    return Arrays.copyOfRange(bytes, field.offset(), field.offset() + field.length());
  }

  /** {@return all bytes} */
  public byte[] toArray() {
    return bytes.clone();
  }
}
