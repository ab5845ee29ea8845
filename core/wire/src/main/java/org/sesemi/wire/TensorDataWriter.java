package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Writes the elements of one tensor as the flat JSON array {@code data}, or as raw bytes. */
final class TensorDataWriter {

  private TensorDataWriter() {}

  /** Writes the raw form: little-endian elements, or byte strings with a four-byte length each. */
  static void raw(Tensor tensor, JsonSink out) {
    if (tensor.datatype() != Datatype.BYTES) {
      out.bytes(tensor.data());
      return;
    }
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (Bytes element : tensor.elements()) {
      length.putInt(0, element.length());
      out.bytes(length).bytes(element.toBuffer());
    }
  }

  /** Writes the JSON form. */
  static void json(Tensor tensor, boolean quotedNonFinite, JsonSink out) {
    if (!tensor.datatype().hasJsonForm()) {
      throw binaryOnly(tensor, tensor.datatype() + " has no JSON form");
    }
    out.raw('[');
    if (tensor.datatype() == Datatype.BYTES) {
      for (int i = 0; i < tensor.elements().size(); i++) {
        (i > 0 ? out.raw(',') : out).string(text(tensor, i));
      }
    } else {
      ByteBuffer data = tensor.data();
      int size = tensor.datatype().byteSize();
      int count = data.remaining() / size;
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          out.raw(',');
        }
        element(tensor, data, i, quotedNonFinite, out);
      }
    }
    out.raw(']');
  }

  private static void element(
      Tensor tensor, ByteBuffer data, int i, boolean quotedNonFinite, JsonSink out) {
    switch (tensor.datatype()) {
      case BOOL -> out.ascii(data.get(i) == 0 ? "false" : "true");
      case UINT8 -> out.ascii(Integer.toString(Byte.toUnsignedInt(data.get(i))));
      case INT8 -> out.ascii(Integer.toString(data.get(i)));
      case UINT16 -> out.ascii(Integer.toString(Short.toUnsignedInt(data.getShort(2 * i))));
      case INT16 -> out.ascii(Integer.toString(data.getShort(2 * i)));
      case UINT32 -> out.ascii(Long.toString(Integer.toUnsignedLong(data.getInt(4 * i))));
      case INT32 -> out.ascii(Integer.toString(data.getInt(4 * i)));
      case UINT64 -> out.ascii(Long.toUnsignedString(data.getLong(8 * i)));
      case INT64 -> out.ascii(Long.toString(data.getLong(8 * i)));
      case FP32 -> {
        float value = data.getFloat(4 * i);
        if (Float.isFinite(value)) {
          out.ascii(Float.toString(value));
        } else {
          nonFinite(tensor, i, value, quotedNonFinite, out);
        }
      }
      case FP64 -> {
        double value = data.getDouble(8 * i);
        if (Double.isFinite(value)) {
          out.ascii(Double.toString(value));
        } else {
          nonFinite(tensor, i, value, quotedNonFinite, out);
        }
      }
      case FP16, BF16, BYTES -> throw new IllegalStateException("no fixed-size JSON form");
    }
  }

  private static void nonFinite(
      Tensor tensor, int i, double value, boolean quotedNonFinite, JsonSink out) {
    if (!quotedNonFinite) {
      throw OipException.of(
          OipException.Code.TENSOR_NOT_FINITE,
          "tensor %s: data[%d] is %s, JSON has no form for it",
          OipException.quoted(tensor.name()),
          i,
          Double.isNaN(value) ? "NaN" : "infinite");
    }
    out.string(Double.toString(value));
  }

  private static String text(Tensor tensor, int i) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(tensor.elements().get(i).toBuffer())
          .toString();
    } catch (CharacterCodingException e) {
      throw binaryOnly(tensor, "data[" + i + "] is not UTF-8 text");
    }
  }

  private static OipException binaryOnly(Tensor tensor, String what) {
    return new OipException(
        OipException.Code.TENSOR_BINARY_ONLY,
        "tensor " + OipException.quoted(tensor.name()) + ": " + what);
  }
}
