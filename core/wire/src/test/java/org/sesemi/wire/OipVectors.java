package org.sesemi.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.VectorFile.Case;
import org.sesemi.wire.VectorFile.Refused;

/** Vectors of Open Inference Protocol bodies in both forms, and of problem documents. */
final class OipVectors {

  private static final ModelMetadata MODEL =
      new ModelMetadata(
          "wdbc-forest",
          List.of("3"),
          "onnx_onnxruntime",
          List.of(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 2L))),
          List.of(new TensorMetadata("label", Datatype.INT64, List.of(-1L))));

  private static final InferRequest REQUEST =
      new InferRequest(
          Optional.of("a-1"),
          Map.of(Parameter.BINARY_DATA_OUTPUT, new Parameter.Flag(true)),
          List.of(Tensor.ofFloats("X", new long[] {2, 2}, 1.5f, -2, 0.1f, 3e8f)),
          List.of(new RequestedOutput("label")));

  private static final InferRequest MIXED =
      InferRequest.of(
          Tensor.ofLongs("ids", new long[] {1, 3}, 1, -2, Long.MAX_VALUE),
          Tensor.ofTexts("texts", new long[] {2}, List.of("Größe", "")),
          Tensor.of("mask", Datatype.BOOL, new long[] {3}, ByteBuffer.wrap(new byte[] {1, 0, 1})));

  private static final InferResponse RESPONSE =
      new InferResponse(
          "wdbc-forest",
          Optional.of("3"),
          Optional.of("a-1"),
          Map.of(),
          List.of(Tensor.ofLongs("label", new long[] {2}, 1, 0)));

  private static final String[][] REFUSED = {
    {"not JSON", "{", "oip.malformed"},
    {"no inputs", "{}", "oip.malformed"},
    {"an unknown field", "{\"inputs\":[],\"extra\":1}", "oip.unknown-field"},
    {"data and shape disagree", tensor("[2]", "FP32", "[1]"), "tensor.data"},
    {"a negative dimension", tensor("[-1]", "FP32", "[1]"), "tensor.shape"},
    {"an unknown datatype", tensor("[1]", "FP31", "[1]"), "tensor.datatype"},
    {"an integer out of range", tensor("[1]", "UINT8", "[256]"), "tensor.value"},
    {"a quoted infinity", tensor("[1]", "FP32", "[\"Infinity\"]"), "tensor.not-finite"},
    {"half precision in JSON", tensor("[1]", "FP16", "[1]"), "tensor.binary-only"},
  };

  private OipVectors() {}

  static List<VectorFile> all() {
    return List.of(oip(), problem());
  }

  private static String tensor(String shape, String datatype, String data) {
    return "{\"inputs\":[{\"name\":\"X\",\"shape\":"
        + shape
        + ",\"datatype\":\""
        + datatype
        + "\",\"data\":"
        + data
        + "}]}";
  }

  private static VectorFile oip() {
    OipBody binary = OipCodec.encode(REQUEST, OipCodec.Form.BINARY);
    List<Case> cases =
        List.of(
            body("request, JSON", "request", OipCodec.encode(REQUEST, OipCodec.Form.JSON)),
            body("request, binary", "request", binary),
            body("several datatypes, JSON", "request", OipCodec.encode(MIXED, OipCodec.Form.JSON)),
            body("several datatypes, binary", "request", OipCodec.encode(MIXED, BINARY)),
            body("one raw tensor", "raw", new OipBody(Bytes.parse(RAW).toBuffer(), 0)),
            body("response, JSON", "response", OipCodec.encode(RESPONSE, OipCodec.Form.JSON)),
            body("response, binary", "response", OipCodec.encode(RESPONSE, REQUEST)),
            body("metadata", "metadata", OipCodec.encode(MODEL)));
    List<Refused> refused = new ArrayList<>();
    for (String[] one : REFUSED) {
      refused.add(
          new Refused(one[0], given("request", -1), Bytes.of(one[1].getBytes(UTF_8)), one[2]));
    }
    byte[] cut = Arrays.copyOf(binary.toArray(), binary.bytes().remaining() - 1);
    refused.add(
        new Refused(
            "raw data cut",
            given("request", binary.jsonHeaderLength()),
            Bytes.of(cut),
            "tensor.data"));
    refused.add(
        new Refused(
            "a header longer than the body",
            given("request", cut.length + 1),
            Bytes.of(cut),
            "oip.malformed"));
    return new VectorFile("oip", "open-inference-protocol", cases, refused, OipVectors::describe);
  }

  private static final OipCodec.Form BINARY = OipCodec.Form.BINARY;

  /** 1.5, -2, little-endian. */
  private static final String RAW = "0000c03f000000c0";

  private static JsonObject given(String kind, int headerLength) {
    return JsonObject.builder().put("kind", kind).put("jsonHeaderLength", headerLength).build();
  }

  private static Case body(String name, String kind, OipBody body) {
    JsonObject given = given(kind, body.jsonHeaderLength());
    int json = body.binary() ? body.jsonHeaderLength() : body.bytes().remaining();
    return new Case(
        name,
        given,
        describe(JsonFields.of(given), body.toArray()),
        JsonObject.builder().put("json", new String(body.toArray(), 0, json, UTF_8)).build(),
        Bytes.of(body.toArray()));
  }

  private static JsonObject describe(JsonFields given, byte[] bytes) {
    OipBody body =
        new OipBody(
            ByteBuffer.wrap(bytes), (int) given.integer("jsonHeaderLength", -1, Integer.MAX_VALUE));
    return switch (given.text("kind")) {
      case "request" -> describe(OipCodec.decodeRequest(body));
      case "raw" -> describe(OipCodec.decodeRequest(body, MODEL));
      case "response" -> {
        InferResponse response = OipCodec.decodeResponse(body);
        yield JsonObject.builder()
            .put("modelName", response.modelName())
            .putIfPresent("modelVersion", response.modelVersion())
            .putIfPresent("id", response.id())
            .put("outputs", response.outputs().stream().map(OipVectors::describe).toList())
            .build();
      }
      case "metadata" -> {
        ModelMetadata model = OipCodec.decodeMetadata(body);
        yield JsonObject.builder()
            .put("name", model.name())
            .put("platform", model.platform())
            .put("versions", model.versions().toString())
            .put("inputs", model.inputs().toString())
            .put("outputs", model.outputs().toString())
            .build();
      }
      default -> throw new AssertionError("no such kind");
    };
  }

  private static JsonObject describe(InferRequest request) {
    return JsonObject.builder()
        .putIfPresent("id", request.id())
        .put("parameters", request.parameters().toString())
        .put("inputs", request.inputs().stream().map(OipVectors::describe).toList())
        .put("outputs", request.outputs().toString())
        .build();
  }

  private static JsonObject describe(Tensor tensor) {
    JsonObject.Builder object =
        JsonObject.builder()
            .put("name", tensor.name())
            .put("datatype", tensor.datatype().name())
            .put("shape", Arrays.toString(tensor.shape()));
    return tensor.datatype() == Datatype.BYTES
        ? object
            .put(
                "elements",
                tensor.elements().stream().map(element -> new JsonString(element.hex())).toList())
            .build()
        : object.put("littleEndian", Bytes.of(tensor.data()).hex()).build();
  }

  private static VectorFile problem() {
    Problem problem =
        Problem.of(WireException.Code.VERSION_UNKNOWN, "the message has format version 2")
            .withRequestId(RequestId.parse("505152535455565758595a5b5c5d5e5f"));
    return new VectorFile(
        "problem",
        "problem-document",
        List.of(
            new Case(
                "a problem with its request",
                CborVectors.none(),
                JsonObject.builder().put("reads", problem.toString()).build(),
                JsonObject.builder().put("json", new String(problem.encode(), UTF_8)).build(),
                Bytes.of(problem.encode()))),
        List.of(
            new Refused(
                "no status",
                CborVectors.none(),
                Bytes.of("{\"title\":\"x\"}".getBytes(UTF_8)),
                "json.unexpected")),
        (_, bytes) -> JsonObject.builder().put("reads", Problem.decode(bytes).toString()).build());
  }
}
