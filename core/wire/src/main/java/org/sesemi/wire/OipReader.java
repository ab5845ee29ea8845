package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one body of the protocol; an instance is used once. */
final class OipReader {

  /** The most tensors, outputs or parameters in one list. */
  static final int MAX_ENTRIES = 1024;

  private final JsonScanner in;
  private final ByteBuffer raw;
  private final boolean binary;
  private Optional<String> quotedAt = Optional.empty();

  private Optional<String> id = Optional.empty();
  private @Nullable String modelName;
  private Optional<String> modelVersion = Optional.empty();
  private Map<String, Parameter> parameters = Map.of();
  private @Nullable List<Tensor> tensors;
  private List<RequestedOutput> requested = List.of();

  OipReader(OipBody body) {
    ByteBuffer bytes = body.bytes();
    int jsonLength = body.binary() ? body.jsonHeaderLength() : bytes.remaining();
    byte[] json = new byte[jsonLength];
    bytes.get(json);
    in = new JsonScanner(json, jsonLength);
    raw = bytes;
    binary = body.binary();
  }

  InferRequest request() {
    in.object(
        "the request",
        field -> {
          switch (field) {
            case "id" -> id = Optional.of(in.string("id"));
            case "parameters" -> parameters = parameters();
            case "inputs" -> tensors = tensors("inputs");
            case "outputs" -> requested = requestedOutputs();
            default -> throw unknown("the request", field);
          }
        });
    InferRequest request = new InferRequest(id, parameters, finish("inputs"), requested);
    refuseQuoted(request.quotedNonFinite());
    return request;
  }

  InferResponse response() {
    in.object(
        "the response",
        field -> {
          switch (field) {
            case "model_name" -> modelName = in.string("model_name");
            case "model_version" -> modelVersion = Optional.of(in.string("model_version"));
            case "id" -> id = Optional.of(in.string("id"));
            case "parameters" -> parameters = parameters();
            case "outputs" -> tensors = tensors("outputs");
            default -> throw unknown("the response", field);
          }
        });
    List<Tensor> outputs = finish("outputs");
    if (modelName == null) {
      throw missing("the response", "model_name");
    }
    refuseQuoted(Parameter.flag(parameters, Parameter.QUOTED_NON_FINITE).orElse(false));
    return new InferResponse(modelName, modelVersion, id, parameters, outputs);
  }

  private void refuseQuoted(boolean allowed) {
    if (!allowed && quotedAt.isPresent()) {
      throw new OipException(
          OipException.Code.TENSOR_NOT_FINITE,
          quotedAt.get() + " is a quoted NaN or infinity, which was not asked for");
    }
  }

  private List<Tensor> finish(String list) {
    in.expectEnd();
    if (raw.hasRemaining()) {
      throw OipException.of(
          OipException.Code.MALFORMED,
          "%d bytes follow the last tensor of the body",
          raw.remaining());
    }
    List<Tensor> read = tensors;
    if (read == null) {
      throw missing("the body", list);
    }
    return read;
  }

  private List<RequestedOutput> requestedOutputs() {
    List<RequestedOutput> outputs = new ArrayList<>();
    in.array(
        "outputs",
        MAX_ENTRIES,
        () -> {
          Fields fields = new Fields();
          in.object(
              "an output",
              field -> {
                switch (field) {
                  case "name" -> fields.name = in.string("name");
                  case "parameters" -> fields.parameters = parameters();
                  default -> throw unknown("an output", field);
                }
              });
          outputs.add(new RequestedOutput(fields.name("an output"), fields.parameters));
        });
    return outputs;
  }

  /** What was read of one tensor so far. */
  private static final class Fields {
    private @Nullable String name;
    private @Nullable Datatype datatype;
    private long @Nullable [] shape;
    private Map<String, Parameter> parameters = Map.of();
    private @Nullable Tensor tensor;
    private int dataAt = -1;

    private String name(String what) {
      if (name == null) {
        throw missing(what, "name");
      }
      return name;
    }
  }

  private List<Tensor> tensors(String list) {
    List<Tensor> read = new ArrayList<>();
    in.array(list, MAX_ENTRIES, () -> read.add(tensor("entry " + read.size() + " of " + list)));
    return read;
  }

  private Tensor tensor(String what) {
    Fields fields = new Fields();
    in.object(
        what,
        field -> {
          switch (field) {
            case "name" -> fields.name = in.string("name");
            case "datatype" -> fields.datatype = datatype(what);
            case "shape" -> fields.shape = shape(what);
            case "parameters" -> fields.parameters = parameters();
            case "data" -> data(fields);
            default -> throw unknown(what, field);
          }
        });
    String name = fields.name(what);
    Datatype datatype = fields.datatype;
    long[] shape = fields.shape;
    if (datatype == null) {
      throw missing("tensor " + OipException.quoted(name), "datatype");
    }
    if (shape == null) {
      throw missing("tensor " + OipException.quoted(name), "shape");
    }
    boolean isRaw = fields.parameters.containsKey(Parameter.BINARY_DATA_SIZE);
    boolean hasData = fields.tensor != null || fields.dataAt >= 0;
    if (isRaw && hasData) {
      throw new OipException(
          OipException.Code.MALFORMED,
          "tensor " + OipException.quoted(name) + " has both data and binary_data_size");
    }
    if (isRaw) {
      return rawTensor(name, datatype, shape, fields.parameters);
    }
    if (!hasData) {
      throw missing("tensor " + OipException.quoted(name), "data");
    }
    Tensor tensor = fields.tensor;
    if (tensor == null) {
      // The data stood before datatype or shape: go back to it now that both are known.
      int after = in.position();
      in.position(fields.dataAt);
      tensor = readData(name, datatype, shape);
      in.position(after);
    }
    return tensor;
  }

  private void data(Fields fields) {
    String name = fields.name;
    Datatype datatype = fields.datatype;
    long[] shape = fields.shape;
    if (name != null && datatype != null && shape != null) {
      fields.tensor = readData(name, datatype, shape);
    } else {
      in.peek();
      fields.dataAt = in.position();
      in.skip();
    }
  }

  private Tensor readData(String name, Datatype datatype, long[] shape) {
    TensorDataReader reader = new TensorDataReader(in, name, datatype, shape);
    Tensor tensor = reader.read();
    quotedAt = quotedAt.or(reader::quotedAt);
    return tensor;
  }

  private Tensor rawTensor(
      String name, Datatype datatype, long[] shape, Map<String, Parameter> parameters) {
    if (!binary) {
      throw new OipException(
          OipException.Code.MALFORMED,
          "tensor "
              + OipException.quoted(name)
              + " announces raw data, but the body has no header length");
    }
    int size = size(name, parameters);
    if (size > raw.remaining()) {
      throw OipException.of(
          OipException.Code.TENSOR_DATA,
          "tensor %s: announces %d raw bytes, %d remain",
          OipException.quoted(name),
          size,
          raw.remaining());
    }
    ByteBuffer slice = raw.slice(raw.position(), size);
    raw.position(raw.position() + size);
    return fromRaw(name, datatype, shape, slice);
  }

  private static int size(String name, Map<String, Parameter> parameters) {
    if (parameters.get(Parameter.BINARY_DATA_SIZE) instanceof Parameter.Decimal(String literal)
        && literal.length() <= 10
        && literal.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return (int) Math.min(Long.parseLong(literal), Integer.MAX_VALUE);
    }
    throw new OipException(
        OipException.Code.MALFORMED,
        "tensor " + OipException.quoted(name) + ": binary_data_size is not a number of bytes");
  }

  /** Makes a tensor of its raw form. */
  static Tensor fromRaw(String name, Datatype datatype, long[] shape, ByteBuffer slice) {
    if (datatype != Datatype.BYTES) {
      Tensor tensor = Tensor.of(name, datatype, shape, slice);
      if (datatype == Datatype.BOOL) {
        checkBooleans(tensor);
      }
      return tensor;
    }
    ByteBuffer rest = slice.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<Bytes> elements = new ArrayList<>();
    while (rest.hasRemaining()) {
      int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
      if (length < 0 || length > rest.remaining()) {
        throw OipException.of(
            OipException.Code.TENSOR_DATA,
            "tensor %s: data[%d] is longer than the raw bytes",
            OipException.quoted(name),
            elements.size());
      }
      byte[] element = new byte[length];
      rest.get(element);
      elements.add(Bytes.of(element));
    }
    return Tensor.ofBytes(name, shape, elements);
  }

  private static void checkBooleans(Tensor tensor) {
    ByteBuffer data = tensor.data();
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & 0xfe) != 0) {
        throw OipException.of(
            OipException.Code.TENSOR_VALUE,
            "tensor %s: data[%d] is neither 0 nor 1",
            OipException.quoted(tensor.name()),
            i);
      }
    }
  }

  private Datatype datatype(String what) {
    String text = in.string("datatype");
    return Datatype.parse(text)
        .orElseThrow(
            () ->
                new OipException(
                    OipException.Code.TENSOR_DATATYPE,
                    what + ": unknown datatype " + OipException.quoted(text)));
  }

  private long[] shape(String what) {
    long[] shape = new long[Tensor.MAX_RANK];
    int[] rank = {0};
    in.array(
        "shape",
        Tensor.MAX_RANK,
        () -> {
          String literal = in.numberLiteral(what + ": a dimension");
          try {
            shape[rank[0]++] = Long.parseLong(literal);
          } catch (NumberFormatException e) {
            throw new OipException(
                OipException.Code.TENSOR_SHAPE, what + ": a dimension is not an integer");
          }
        });
    return Arrays.copyOf(shape, rank[0]);
  }

  /** Reads parameters; values of kinds that the protocol does not know are passed over. */
  private Map<String, Parameter> parameters() {
    Map<String, Parameter> read = new LinkedHashMap<>();
    in.object(
        "parameters",
        name -> {
          if (read.size() >= MAX_ENTRIES) {
            throw new OipException(
                OipException.Code.TOO_LARGE,
                "parameters has more than " + MAX_ENTRIES + " entries");
          }
          switch (in.peek()) {
            case '"' -> read.put(name, new Parameter.Text(in.string(name)));
            case 't', 'f' -> read.put(name, new Parameter.Flag(in.bool(name)));
            case '{', '[', 'n' -> in.skip();
            default -> read.put(name, new Parameter.Decimal(in.numberLiteral("a parameter")));
          }
        });
    return read;
  }

  /** Reads a model description. */
  ModelMetadata metadata() {
    List<String> versions = new ArrayList<>();
    List<TensorMetadata> inputs = new ArrayList<>();
    List<TensorMetadata> outputs = new ArrayList<>();
    String[] texts = new String[2];
    in.object(
        "the model",
        field -> {
          switch (field) {
            case "name" -> texts[0] = in.string("name");
            case "platform" -> texts[1] = in.string("platform");
            case "versions" ->
                in.array("versions", MAX_ENTRIES, () -> versions.add(in.string("a version")));
            case "inputs" -> in.array("inputs", MAX_ENTRIES, () -> inputs.add(tensorMetadata()));
            case "outputs" -> in.array("outputs", MAX_ENTRIES, () -> outputs.add(tensorMetadata()));
            default -> throw unknown("the model", field);
          }
        });
    in.expectEnd();
    String name = texts[0];
    String platform = texts[1];
    if (name == null || platform == null) {
      throw missing("the model", name == null ? "name" : "platform");
    }
    return new ModelMetadata(name, versions, platform, inputs, outputs);
  }

  private TensorMetadata tensorMetadata() {
    Fields fields = new Fields();
    in.object(
        "a tensor",
        field -> {
          switch (field) {
            case "name" -> fields.name = in.string("name");
            case "datatype" -> fields.datatype = datatype("a tensor");
            case "shape" -> fields.shape = shape("a tensor");
            default -> throw unknown("a tensor", field);
          }
        });
    String name = fields.name("a tensor");
    Datatype datatype = fields.datatype;
    long[] shape = fields.shape;
    if (datatype == null || shape == null) {
      throw missing("tensor " + OipException.quoted(name), datatype == null ? "datatype" : "shape");
    }
    return new TensorMetadata(name, datatype, Arrays.stream(shape).boxed().toList());
  }

  private static OipException unknown(String what, String field) {
    return new OipException(
        OipException.Code.UNKNOWN_FIELD,
        what + " has the unknown field " + OipException.quoted(field));
  }

  private static OipException missing(String what, String field) {
    return new OipException(OipException.Code.MALFORMED, what + " has no \"" + field + "\"");
  }
}
