package org.sesemi.sdk.internal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes small ONNX files field by field, so that tests can also write wrong ones. */
final class OnnxBytes {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  OnnxBytes number(int field, long value) {
    varint((long) field << 3);
    varint(value);
    return this;
  }

  OnnxBytes text(int field, String value) {
    return bytes(field, value.getBytes(StandardCharsets.UTF_8));
  }

  OnnxBytes message(int field, OnnxBytes value) {
    return bytes(field, value.toArray());
  }

  OnnxBytes bytes(int field, byte[] value) {
    varint(((long) field << 3) | 2);
    varint(value.length);
    out.writeBytes(value);
    return this;
  }

  OnnxBytes raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  byte[] toArray() {
    return out.toByteArray();
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** A value of tensor type; dimensions below 0 become names. */
  static OnnxBytes tensor(String name, long elementType, long... dimensions) {
    OnnxBytes shape = new OnnxBytes();
    for (long dimension : dimensions) {
      OnnxBytes dim = new OnnxBytes();
      shape.message(1, dimension < 0 ? dim.text(2, "N") : dim.number(1, dimension));
    }
    OnnxBytes tensor = new OnnxBytes().number(1, elementType).message(2, shape);
    return new OnnxBytes().text(1, name).message(2, new OnnxBytes().message(1, tensor));
  }

  /** A model around a graph. */
  static OnnxBytes model(OnnxBytes graph) {
    return new OnnxBytes()
        .number(1, 8)
        .text(2, "test")
        .message(8, new OnnxBytes().text(1, "").number(2, 13))
        .message(7, graph);
  }

  /** A graph with one node, a weight that is listed as input, one input and one output. */
  static OnnxBytes graph() {
    return new OnnxBytes()
        .message(1, new OnnxBytes().text(1, "X").text(2, "Y").text(4, "MatMul"))
        .text(2, "small")
        .message(5, new OnnxBytes().number(1, 3).number(2, 1).text(8, "W"))
        .message(11, tensor("X", 1, -1, 3))
        .message(11, tensor("W", 1, 3))
        .message(12, tensor("Y", 7, -1));
  }
}
