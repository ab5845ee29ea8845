package org.sesemi.runtime.internal.onnx;

import ai.onnxruntime.MapInfo;
import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.ValueInfo;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.TensorMetadata;

/** The translation between the engine's type descriptions and those of the protocol. */
final class OnnxTypes {

  private OnnxTypes() {}

  /** Returns the signature of an input or output, or refuses kinds that cannot be served. */
  static TensorMetadata signature(String role, NodeInfo node) {
    ValueInfo info = node.getInfo();
    if (info instanceof TensorInfo tensor) {
      List<Long> shape = new ArrayList<>();
      for (long dimension : tensor.getShape()) {
        shape.add(dimension < 0 ? TensorMetadata.DYNAMIC : dimension);
      }
      return new TensorMetadata(node.getName(), datatype(role, node.getName(), tensor), shape);
    }
    throw unsupported(role, node.getName(), kind(info));
  }

  private static String kind(ValueInfo info) {
    if (info instanceof SequenceInfo sequence) {
      return sequence.sequenceOfMaps ? "a sequence of maps" : "a sequence";
    }
    if (info instanceof MapInfo) {
      return "a map";
    }
    return "no tensor";
  }

  private static Datatype datatype(String role, String name, TensorInfo tensor) {
    // The engine shows these as signed types of the same size, which would change their values.
    switch (tensor.onnxType) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32,
          ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 ->
          throw unsupported(role, name, "of the type " + tensor.onnxType);
      default -> {}
    }
    return switch (tensor.type) {
      case FLOAT -> Datatype.FP32;
      case DOUBLE -> Datatype.FP64;
      case INT8 -> Datatype.INT8;
      case INT16 -> Datatype.INT16;
      case INT32 -> Datatype.INT32;
      case INT64 -> Datatype.INT64;
      case UINT8 -> Datatype.UINT8;
      case BOOL -> Datatype.BOOL;
      case STRING -> Datatype.BYTES;
      case FLOAT16 -> Datatype.FP16;
      case BFLOAT16 -> Datatype.BF16;
      case UNKNOWN -> throw unsupported(role, name, "of the type " + tensor.onnxType);
    };
  }

  static OnnxJavaType engineType(Datatype datatype) {
    return switch (datatype) {
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case UINT8 -> OnnxJavaType.UINT8;
      case BOOL -> OnnxJavaType.BOOL;
      case BYTES -> OnnxJavaType.STRING;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case UINT16, UINT32, UINT64 ->
          throw new ModelException(
              ModelException.Code.UNSUPPORTED, "the engine takes no " + datatype + " tensors");
    };
  }

  private static ModelException unsupported(String role, String name, String what) {
    return new ModelException(
        ModelException.Code.UNSUPPORTED,
        "the " + role + " \"" + printable(name) + "\" of the model is " + what);
  }

  private static String printable(String name) {
    String cut = name.length() > 64 ? name.substring(0, 64) : name;
    return cut.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
