package org.sesemi.wire;

import java.util.Optional;

/** The element type of a tensor in the Open Inference Protocol. */
public enum Datatype {
  /** True or false, one byte each: 1 or 0. */
  BOOL(1, Kind.BOOLEAN),
  /** Unsigned integers of one byte. */
  UINT8(1, Kind.UNSIGNED),
  /** Unsigned integers of two bytes. */
  UINT16(2, Kind.UNSIGNED),
  /** Unsigned integers of four bytes. */
  UINT32(4, Kind.UNSIGNED),
  /** Unsigned integers of eight bytes. */
  UINT64(8, Kind.UNSIGNED),
  /** Signed integers of one byte. */
  INT8(1, Kind.SIGNED),
  /** Signed integers of two bytes. */
  INT16(2, Kind.SIGNED),
  /** Signed integers of four bytes. */
  INT32(4, Kind.SIGNED),
  /** Signed integers of eight bytes. */
  INT64(8, Kind.SIGNED),
  /** IEEE 754 numbers of two bytes; they have no JSON form. */
  FP16(2, Kind.HALF),
  /** The upper half of {@link #FP32} numbers, two bytes; they have no JSON form. */
  BF16(2, Kind.HALF),
  /** IEEE 754 numbers of four bytes. */
  FP32(4, Kind.FLOAT),
  /** IEEE 754 numbers of eight bytes. */
  FP64(8, Kind.FLOAT),
  /** Byte strings of any length. */
  BYTES(0, Kind.BYTES);

  /** How elements are written: decides the reader and the writer. */
  enum Kind {
    BOOLEAN,
    UNSIGNED,
    SIGNED,
    HALF,
    FLOAT,
    BYTES
  }

  private final int byteSize;
  private final Kind kind;

  Datatype(int byteSize, Kind kind) {
    this.byteSize = byteSize;
    this.kind = kind;
  }

  /**
   * {@return the bytes of one element, or 0 for {@link #BYTES}, whose elements differ in length}
   */
  public int byteSize() {
    return byteSize;
  }

  /** {@return whether elements of this type can be written in JSON} */
  public boolean hasJsonForm() {
    return kind != Kind.HALF;
  }

  Kind kind() {
    return kind;
  }

  /**
   * {@return the datatype of a protocol name such as {@code FP32}}
   *
   * @param name the name, upper case
   */
  public static Optional<Datatype> parse(String name) {
    for (Datatype datatype : values()) {
      if (datatype.name().equals(name)) {
        return Optional.of(datatype);
      }
    }
    return Optional.empty();
  }
}
