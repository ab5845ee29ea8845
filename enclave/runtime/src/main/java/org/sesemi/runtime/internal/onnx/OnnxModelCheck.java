package org.sesemi.runtime.internal.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.sesemi.runtime.spi.ModelException;

/**
 * A look into the outer structure of a model before the engine sees it.
 *
 * <p>An ONNX tensor may say that its data lies in another file. In an enclave such a model would
 * read files that belong to the runtime, so it is refused. The walk follows the protocol-buffer
 * fields {@code ModelProto.graph (7)}, {@code GraphProto.node (1)}, {@code NodeProto.attribute
 * (5)}, {@code AttributeProto.g (6), graphs (11), t (5), tensors (10)}, {@code
 * GraphProto.initializer (5)}, {@code GraphProto.sparse_initializer (15)} with {@code values (1)}
 * and {@code indices (2)}, {@code ModelProto.functions (25)} with {@code node (7)}, and stops at
 * {@code TensorProto.data_location (14)} and {@code external_data (13)}.
 */
final class OnnxModelCheck {

  private static final int MAX_DEPTH = 64;

  /** The messages that the walk knows. */
  private enum Message {
    MODEL,
    GRAPH,
    FUNCTION,
    NODE,
    ATTRIBUTE,
    SPARSE,
    TENSOR,
    OTHER
  }

  private OnnxModelCheck() {}

  static void refuseExternalData(ByteBuffer model) {
    ByteBuffer view = model.slice().order(ByteOrder.LITTLE_ENDIAN);
    if (view.remaining() > 8
        && view.get(4) == 'O'
        && new String(new byte[] {view.get(4), view.get(5), view.get(6)}, StandardCharsets.US_ASCII)
            .equals("ORT")) {
      throw new ModelException(
          ModelException.Code.UNSUPPORTED, "the model is in ORT format, which is bound to one CPU");
    }
    walk(Message.MODEL, view, 0);
  }

  private static void walk(Message message, ByteBuffer in, int depth) {
    if (depth > MAX_DEPTH) {
      throw malformed();
    }
    while (in.hasRemaining()) {
      long tag = varint(in);
      int field = (int) (tag >>> 3);
      switch ((int) (tag & 7)) {
        case 0 -> {
          long value = varint(in);
          if (message == Message.TENSOR && field == 14 && value != 0) {
            throw external();
          }
        }
        case 1 -> skip(in, 8);
        case 5 -> skip(in, 4);
        case 2 -> {
          long length = varint(in);
          if (length < 0 || length > in.remaining()) {
            throw malformed();
          }
          if (message == Message.TENSOR && field == 13) {
            throw external();
          }
          Message inner = inner(message, field);
          if (inner != Message.OTHER) {
            walk(
                inner,
                in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN),
                depth + 1);
          }
          skip(in, (int) length);
        }
        default -> throw malformed();
      }
    }
  }

  private static Message inner(Message message, int field) {
    return switch (message) {
      case MODEL -> field == 7 ? Message.GRAPH : field == 25 ? Message.FUNCTION : Message.OTHER;
      case GRAPH ->
          switch (field) {
            case 1 -> Message.NODE;
            case 5 -> Message.TENSOR;
            case 15 -> Message.SPARSE;
            default -> Message.OTHER;
          };
      case FUNCTION -> field == 7 ? Message.NODE : field == 11 ? Message.ATTRIBUTE : Message.OTHER;
      case NODE -> field == 5 ? Message.ATTRIBUTE : Message.OTHER;
      case ATTRIBUTE ->
          switch (field) {
            case 5, 10 -> Message.TENSOR;
            case 6, 11 -> Message.GRAPH;
            case 22, 23 -> Message.SPARSE;
            default -> Message.OTHER;
          };
      case SPARSE -> field == 1 || field == 2 ? Message.TENSOR : Message.OTHER;
      case TENSOR, OTHER -> Message.OTHER;
    };
  }

  private static void skip(ByteBuffer in, int length) {
    if (length > in.remaining()) {
      throw malformed();
    }
    in.position(in.position() + length);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (!in.hasRemaining()) {
        throw malformed();
      }
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed();
  }

  private static ModelException malformed() {
    return new ModelException(ModelException.Code.MALFORMED, "the bytes are not an ONNX model");
  }

  private static ModelException external() {
    return new ModelException(
        ModelException.Code.UNSUPPORTED,
        "the model keeps weights in another file; save it as one file");
  }
}
