package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The translation between bodies of the Open Inference Protocol and their records: JSON and the
 * binary extension, in both directions.
 *
 * <p>Reading takes nested and flat data, checks every count, kind and range, and keeps 64-bit
 * integers and decimal numbers exact. Raw tensors are views of the body: they stay where they are.
 * Writing produces flat data. Unknown parameters are kept; any other unknown field is refused.
 */
public final class OipCodec {

  /** How the tensors of a body are written. */
  public enum Form {
    /** All tensors as JSON numbers, words and strings. */
    JSON,
    /** A JSON header, then all tensors as raw bytes. */
    BINARY
  }

  private OipCodec() {}

  /**
   * Reads a request.
   *
   * @param body the bytes and their header length, which must not be 0: a body that is one raw
   *     tensor needs {@link #decodeRequest(OipBody, ModelMetadata)}
   * @return the request
   * @throws OipException naming what is wrong and where
   */
  public static InferRequest decodeRequest(OipBody body) {
    if (body.jsonHeaderLength() == 0) {
      throw new OipException(
          OipException.Code.MALFORMED, "a body that is one raw tensor needs a model to be read");
    }
    return new OipReader(body).request();
  }

  /**
   * Reads a request for a known model and checks it against the model's inputs.
   *
   * @param body the bytes; a header length of 0 says that they are the model's only input
   * @param model what the model takes
   * @return the request
   * @throws OipException naming what is wrong and where
   */
  public static InferRequest decodeRequest(OipBody body, ModelMetadata model) {
    InferRequest request =
        body.jsonHeaderLength() == 0 ? oneRawTensor(body, model) : new OipReader(body).request();
    model.check(request);
    return request;
  }

  private static InferRequest oneRawTensor(OipBody body, ModelMetadata model) {
    if (model.inputs().size() != 1) {
      throw new OipException(
          OipException.Code.MALFORMED,
          "a body that is one raw tensor needs a model with one input, this one has "
              + model.inputs().size());
    }
    TensorMetadata input = model.inputs().getFirst();
    long[] shape = input.shape().stream().mapToLong(Long::longValue).toArray();
    long dynamic = Arrays.stream(shape).filter(d -> d == TensorMetadata.DYNAMIC).count();
    if (input.datatype() == Datatype.BYTES || dynamic > 1) {
      throw OipException.of(
          OipException.Code.TENSOR_SHAPE,
          "the shape of input %s does not follow from the number of bytes",
          OipException.quoted(input.name()));
    }
    ByteBuffer bytes = body.bytes();
    long known = input.datatype().byteSize();
    for (long dimension : shape) {
      if (dimension > 0 && known > Long.MAX_VALUE / dimension) {
        throw OipException.of(
            OipException.Code.TENSOR_SHAPE,
            "the model's own shape of input %s has more elements than can be counted",
            OipException.quoted(input.name()));
      }
      known = dimension == TensorMetadata.DYNAMIC ? known : known * dimension;
    }
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == TensorMetadata.DYNAMIC) {
        shape[i] = known == 0 ? 0 : bytes.remaining() / known;
      }
    }
    Tensor tensor = OipReader.fromRaw(input.name(), input.datatype(), shape, bytes);
    return InferRequest.of(tensor).withBinaryOutput(true);
  }

  /**
   * Reads a response.
   *
   * @param body the bytes and their header length
   * @return the response
   * @throws OipException naming what is wrong and where
   */
  public static InferResponse decodeResponse(OipBody body) {
    return new OipReader(body).response();
  }

  /**
   * Reads a model description, which is always JSON.
   *
   * @param body the bytes
   * @return the description
   * @throws OipException naming what is wrong
   */
  public static ModelMetadata decodeMetadata(OipBody body) {
    if (body.binary()) {
      throw new OipException(OipException.Code.MALFORMED, "a model description has no raw part");
    }
    return new OipReader(body).metadata();
  }

  /**
   * Writes a request.
   *
   * @param request the request
   * @param form how its inputs are written
   * @return the body
   * @throws OipException when an input cannot be written in that form
   */
  public static OipBody encode(InferRequest request, Form form) {
    JsonSink out = new JsonSink(256);
    out.raw('{');
    request.id().ifPresent(id -> out.ascii("\"id\":").string(id).raw(','));
    parameters(request.parameters(), out);
    List<Tensor> raw =
        tensors(
            "inputs",
            request.inputs(),
            input -> form == Form.BINARY,
            request.quotedNonFinite(),
            out);
    if (!request.outputs().isEmpty()) {
      out.ascii(",\"outputs\":[");
      for (int i = 0; i < request.outputs().size(); i++) {
        RequestedOutput output = request.outputs().get(i);
        out.ascii(i > 0 ? ",{" : "{");
        parameters(output.parameters(), out);
        out.ascii("\"name\":").string(output.name()).raw('}');
      }
      out.raw(']');
    }
    return finish(out.raw('}'), raw, form == Form.BINARY);
  }

  /**
   * Writes a response in the forms that its request asked for. A response has raw parts when at
   * least one output was asked for in binary form.
   *
   * @param response the response
   * @param request the request that it answers
   * @return the body
   * @throws OipException when an output cannot be written in the form asked for
   */
  public static OipBody encode(InferResponse response, InferRequest request) {
    boolean binary = response.outputs().stream().anyMatch(o -> request.wantsBinary(o.name()));
    return encode(
        response, output -> request.wantsBinary(output.name()), binary, request.quotedNonFinite());
  }

  /**
   * Writes a response in one form.
   *
   * @param response the response
   * @param form how its outputs are written
   * @return the body
   * @throws OipException when an output cannot be written in that form
   */
  public static OipBody encode(InferResponse response, Form form) {
    boolean binary = form == Form.BINARY;
    boolean quoted =
        Parameter.flag(response.parameters(), Parameter.QUOTED_NON_FINITE).orElse(false);
    return encode(response, output -> binary, binary, quoted);
  }

  private static OipBody encode(
      InferResponse response, Predicate<Tensor> isRaw, boolean binary, boolean quoted) {
    JsonSink out = new JsonSink(256);
    out.ascii("{\"model_name\":").string(response.modelName()).raw(',');
    response
        .modelVersion()
        .ifPresent(version -> out.ascii("\"model_version\":").string(version).raw(','));
    response.id().ifPresent(id -> out.ascii("\"id\":").string(id).raw(','));
    Map<String, Parameter> parameters = response.parameters();
    if (quoted && !parameters.containsKey(Parameter.QUOTED_NON_FINITE)) {
      // The response says itself how to read it.
      parameters = new LinkedHashMap<>(parameters);
      parameters.put(Parameter.QUOTED_NON_FINITE, new Parameter.Flag(true));
    }
    parameters(parameters, out);
    List<Tensor> raw = tensors("outputs", response.outputs(), isRaw, quoted, out);
    return finish(out.raw('}'), raw, binary);
  }

  /**
   * Writes a model description.
   *
   * @param model the description
   * @return the body
   */
  public static OipBody encode(ModelMetadata model) {
    JsonSink out = new JsonSink(256);
    out.ascii("{\"name\":").string(model.name()).ascii(",\"versions\":[");
    for (int i = 0; i < model.versions().size(); i++) {
      (i > 0 ? out.raw(',') : out).string(model.versions().get(i));
    }
    out.ascii("],\"platform\":").string(model.platform());
    signatures("inputs", model.inputs(), out);
    signatures("outputs", model.outputs(), out);
    return new OipBody(out.raw('}').toBuffer(), OipBody.PLAIN_JSON);
  }

  private static void signatures(String list, List<TensorMetadata> tensors, JsonSink out) {
    out.raw(',').string(list).ascii(":[");
    for (int i = 0; i < tensors.size(); i++) {
      TensorMetadata tensor = tensors.get(i);
      out.ascii(i > 0 ? ",{\"name\":" : "{\"name\":").string(tensor.name());
      out.ascii(",\"datatype\":").string(tensor.datatype().name()).ascii(",\"shape\":");
      out.ascii(tensor.shape().toString().replace(" ", "")).raw('}');
    }
    out.raw(']');
  }

  /** Writes a tensor list and returns those whose raw bytes follow the header. */
  private static List<Tensor> tensors(
      String list, List<Tensor> tensors, Predicate<Tensor> isRaw, boolean quoted, JsonSink out) {
    out.string(list).ascii(":[");
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      out.ascii(i > 0 ? ",{\"name\":" : "{\"name\":").string(tensor.name());
      out.ascii(",\"datatype\":").string(tensor.datatype().name());
      out.ascii(",\"shape\":").ascii(Arrays.toString(tensor.shape()).replace(" ", ""));
      if (isRaw.test(tensor)) {
        out.ascii(",\"parameters\":{\"binary_data_size\":")
            .ascii(Long.toString(tensor.rawSize()))
            .raw('}');
      } else {
        out.ascii(",\"data\":");
        TensorDataWriter.json(tensor, quoted, out);
      }
      out.raw('}');
    }
    out.raw(']');
    return tensors.stream().filter(isRaw).toList();
  }

  private static void parameters(Map<String, Parameter> parameters, JsonSink out) {
    if (parameters.isEmpty()) {
      return;
    }
    out.ascii("\"parameters\":{");
    boolean first = true;
    for (Map.Entry<String, Parameter> entry : parameters.entrySet()) {
      (first ? out : out.raw(',')).string(entry.getKey()).raw(':');
      first = false;
      switch (entry.getValue()) {
        case Parameter.Text(String value) -> out.string(value);
        case Parameter.Decimal(String literal) -> out.ascii(literal);
        case Parameter.Flag(boolean value) -> out.ascii(Boolean.toString(value));
      }
    }
    out.ascii("},");
  }

  private static OipBody finish(JsonSink out, List<Tensor> raw, boolean binary) {
    if (!binary) {
      return new OipBody(out.toBuffer(), OipBody.PLAIN_JSON);
    }
    int headerLength = out.size();
    long size = headerLength;
    for (Tensor tensor : raw) {
      size += tensor.rawSize();
    }
    if (size > Integer.MAX_VALUE - 64) {
      throw new OipException(OipException.Code.TOO_LARGE, "the body is larger than 2 GiB");
    }
    out.reserveExactly((int) size);
    for (Tensor tensor : raw) {
      TensorDataWriter.raw(tensor, out);
    }
    return new OipBody(out.toBuffer(), headerLength);
  }
}
