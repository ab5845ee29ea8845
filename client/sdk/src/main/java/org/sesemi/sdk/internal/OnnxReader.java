package org.sesemi.sdk.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.TensorMetadata;

/**
 * Reads the tensor signature of an ONNX model: what goes into the graph and what comes out, without
 * the weights. It walks only the messages on the way there and passes over everything else, so that
 * its cost does not depend on the model's size.
 */
public final class OnnxReader {

  /**
   * The signature of a graph.
   *
   * @param inputs what a caller must give, weights excluded
   * @param outputs what a caller gets
   * @param graph the graph's own name, empty where it has none
   * @param producer the program that wrote the file, empty where it does not say
   */
  public record Signature(
      List<TensorMetadata> inputs, List<TensorMetadata> outputs, String graph, String producer) {
    /** Copies the lists. */
    public Signature {
      inputs = List.copyOf(inputs);
      outputs = List.copyOf(outputs);
    }
  }

  private static final int MAX_VALUES = 256;
  private static final int MAX_RANK = 16;

  private OnnxReader() {}

  /**
   * Reads the signature of a model.
   *
   * @param file the bytes of the model
   * @return its signature
   * @throws SdkException with {@code model.not-onnx} when the bytes are anything else, with {@code
   *     model.unsupported} when inputs or outputs are not tensors
   */
  public static Signature read(ByteBuffer file) {
    try {
      return model(new ProtobufReader(file.duplicate()));
    } catch (ProtobufReader.MalformedException e) {
      throw notOnnx(e.getMessage() == null ? "malformed" : e.getMessage());
    }
  }

  private static Signature model(ProtobufReader reader) throws ProtobufReader.MalformedException {
    long irVersion = 0;
    int operatorSets = 0;
    String producer = "";
    Optional<ProtobufReader> graph = Optional.empty();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> irVersion = reader.number();
        case 2 -> producer = reader.text();
        case 7 -> {
          if (graph.isPresent()) {
            throw new ProtobufReader.MalformedException("two graphs");
          }
          graph = Optional.of(reader.message());
        }
        case 8 -> {
          operatorSets++;
          checkOperatorSet(reader.message());
        }
        default -> reader.skip();
      }
    }
    if (irVersion < 1 || irVersion > 1000) {
      throw notOnnx("it names no format version");
    }
    if (operatorSets == 0) {
      throw notOnnx("it names no operator set");
    }
    return graph(graph.orElseThrow(() -> notOnnx("it has no graph")), producer);
  }

  private static void checkOperatorSet(ProtobufReader reader)
      throws ProtobufReader.MalformedException {
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          var _ = reader.text();
        }
        case 2 -> {
          var _ = reader.number();
        }
        default -> reader.skip();
      }
    }
  }

  private static Signature graph(ProtobufReader reader, String producer)
      throws ProtobufReader.MalformedException {
    List<TensorMetadata> inputs = new ArrayList<>();
    List<TensorMetadata> outputs = new ArrayList<>();
    List<ProtobufReader> inputMessages = new ArrayList<>();
    Set<String> weights = new HashSet<>();
    String name = "";
    int nodes = 0;
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> {
          nodes++;
          reader.skip();
        }
        case 2 -> name = reader.text();
        case 5 -> weights.add(textField(reader.message(), 8));
        case 11 -> inputMessages.add(reader.message());
        case 12 -> outputs.add(value(reader.message(), "output"));
        case 15 -> weights.add(sparseName(reader.message()));
        default -> reader.skip();
      }
    }
    for (ProtobufReader message : inputMessages) {
      Optional<TensorMetadata> input = unlessWeight(message, weights);
      input.ifPresent(inputs::add);
    }
    if (nodes == 0 || outputs.isEmpty()) {
      throw notOnnx("its graph computes nothing");
    }
    if (inputs.size() > MAX_VALUES || outputs.size() > MAX_VALUES) {
      throw unsupported("more than " + MAX_VALUES + " inputs or outputs");
    }
    checkNames(inputs, "input");
    checkNames(outputs, "output");
    return new Signature(inputs, outputs, name, producer);
  }

  /** Older files list their weights among the inputs; those are not for the caller to give. */
  private static Optional<TensorMetadata> unlessWeight(ProtobufReader message, Set<String> weights)
      throws ProtobufReader.MalformedException {
    String name = "";
    Optional<ProtobufReader> type = Optional.empty();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> type = Optional.of(message.message());
        default -> message.skip();
      }
    }
    if (weights.contains(name)) {
      return Optional.empty();
    }
    return Optional.of(value(name, type, "input"));
  }

  private static TensorMetadata value(ProtobufReader message, String role)
      throws ProtobufReader.MalformedException {
    String name = "";
    Optional<ProtobufReader> type = Optional.empty();
    while (message.next()) {
      switch (message.field()) {
        case 1 -> name = message.text();
        case 2 -> type = Optional.of(message.message());
        default -> message.skip();
      }
    }
    return value(name, type, role);
  }

  private static TensorMetadata value(String name, Optional<ProtobufReader> type, String role)
      throws ProtobufReader.MalformedException {
    if (name.isEmpty()) {
      throw notOnnx("an " + role + " has no name");
    }
    ProtobufReader reader =
        type.orElseThrow(() -> unsupported(role + " '" + name + "' has no type"));
    while (reader.next()) {
      if (reader.field() == 1) {
        return tensor(name, reader.message(), role);
      }
      if (reader.field() == 4
          || reader.field() == 5
          || reader.field() == 8
          || reader.field() == 9) {
        throw unsupported(role + " '" + name + "' is a sequence, map or optional, not a tensor");
      }
      reader.skip();
    }
    throw unsupported(role + " '" + name + "' has no type");
  }

  private static TensorMetadata tensor(String name, ProtobufReader reader, String role)
      throws ProtobufReader.MalformedException {
    long elementType = 0;
    List<Long> shape = List.of();
    while (reader.next()) {
      switch (reader.field()) {
        case 1 -> elementType = reader.number();
        case 2 -> shape = shape(reader.message());
        default -> reader.skip();
      }
    }
    long type = elementType;
    Datatype datatype =
        datatype(elementType)
            .orElseThrow(() -> unsupported(role + " '" + name + "' has the element type " + type));
    return new TensorMetadata(name, datatype, shape);
  }

  private static List<Long> shape(ProtobufReader reader) throws ProtobufReader.MalformedException {
    List<Long> dimensions = new ArrayList<>();
    while (reader.next()) {
      if (reader.field() == 1) {
        dimensions.add(dimension(reader.message()));
      } else {
        reader.skip();
      }
    }
    if (dimensions.size() > MAX_RANK) {
      throw unsupported("a tensor has more than " + MAX_RANK + " dimensions");
    }
    return dimensions;
  }

  private static long dimension(ProtobufReader reader) throws ProtobufReader.MalformedException {
    long size = -1;
    while (reader.next()) {
      if (reader.field() == 1) {
        long value = reader.number();
        size = value <= 0 ? -1 : value;
      } else {
        reader.skip();
      }
    }
    return size;
  }

  private static Optional<Datatype> datatype(long elementType) {
    return switch (Math.clamp(elementType, 0, 99)) {
      case 1 -> Optional.of(Datatype.FP32);
      case 2 -> Optional.of(Datatype.UINT8);
      case 3 -> Optional.of(Datatype.INT8);
      case 4 -> Optional.of(Datatype.UINT16);
      case 5 -> Optional.of(Datatype.INT16);
      case 6 -> Optional.of(Datatype.INT32);
      case 7 -> Optional.of(Datatype.INT64);
      case 8 -> Optional.of(Datatype.BYTES);
      case 9 -> Optional.of(Datatype.BOOL);
      case 10 -> Optional.of(Datatype.FP16);
      case 11 -> Optional.of(Datatype.FP64);
      case 12 -> Optional.of(Datatype.UINT32);
      case 13 -> Optional.of(Datatype.UINT64);
      case 16 -> Optional.of(Datatype.BF16);
      default -> Optional.empty();
    };
  }

  private static String sparseName(ProtobufReader reader) throws ProtobufReader.MalformedException {
    String name = "";
    while (reader.next()) {
      if (reader.field() == 1) {
        name = textField(reader.message(), 8);
      } else {
        reader.skip();
      }
    }
    return name;
  }

  private static String textField(ProtobufReader reader, int field)
      throws ProtobufReader.MalformedException {
    String text = "";
    while (reader.next()) {
      if (reader.field() == field) {
        text = reader.text();
      } else {
        reader.skip();
      }
    }
    return text;
  }

  private static void checkNames(List<TensorMetadata> values, String role) {
    Set<String> seen = new HashSet<>();
    for (TensorMetadata value : values) {
      if (!seen.add(value.name())) {
        throw notOnnx("two " + role + "s are named '" + value.name() + "'");
      }
    }
  }

  private static SdkException notOnnx(String reason) {
    return new SdkException(
        SdkException.Code.MODEL_NOT_ONNX, "this is not an ONNX model: " + reason);
  }

  private static SdkException unsupported(String reason) {
    return new SdkException(
        SdkException.Code.MODEL_UNSUPPORTED, "this ONNX model cannot be served: " + reason);
  }
}
