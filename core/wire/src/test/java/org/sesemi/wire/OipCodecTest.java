package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OipCodecTest {

  private static final ModelMetadata MODEL =
      new ModelMetadata(
          "m",
          List.of("1"),
          "onnx_onnxruntime",
          List.of(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 3L))),
          List.of(new TensorMetadata("Y", Datatype.INT64, List.of(-1L))));

  private static InferRequest read(String json) {
    return OipCodec.decodeRequest(OipBody.json(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static OipException refused(String json) {
    return catchThrowableOfType(OipException.class, () -> read(json));
  }

  private static String tensor(String datatype, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"X\",\"shape\":"
        + shape
        + ",\"datatype\":\""
        + datatype
        + "\",\"data\":"
        + data
        + "}]}";
  }

  @Test
  void nestedFlatAndReorderedFieldsAreTheSame() {
    InferRequest flat = read(tensor("FP32", "[2,3]", "[1,2,3,4.5,-5e-1,6]"));
    assertThat(read(tensor("FP32", "[2,3]", "[[1,2,3],[4.5,-0.5,6.0]]"))).isEqualTo(flat);
    assertThat(
            read(
                " {\"inputs\" : [ { \"data\":[[1,2,3],[4.5,-0.5,6]],\"datatype\":\"FP32\","
                    + "\"shape\":[2, 3],\"name\":\"X\"} ] } "))
        .isEqualTo(flat);
    assertThat(flat.inputs().getFirst().floats()).containsExactly(1, 2, 3, 4.5f, -0.5f, 6);
    assertThat(flat.inputs().getFirst().data().isDirect()).isTrue();
  }

  @Test
  void integersAreExactToTheirLimits() {
    assertThat(
            read(tensor(
                    "INT64",
                    "[4]",
                    "[9223372036854775807,-9223372036854775808,-0,9007199254740993]"))
                .inputs()
                .getFirst()
                .longs())
        .containsExactly(Long.MAX_VALUE, Long.MIN_VALUE, 0, 9007199254740993L);
    assertThat(
            read(tensor("UINT64", "[1]", "[18446744073709551615]"))
                .inputs()
                .getFirst()
                .data()
                .getLong())
        .isEqualTo(-1L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "INT8|[128]|does not fit INT8",
        "INT8|[-129]|does not fit INT8",
        "UINT8|[-1]|does not fit UINT8",
        "UINT8|[256]|does not fit UINT8",
        "INT16|[32768]|does not fit INT16",
        "UINT32|[4294967296]|does not fit UINT32",
        "INT64|[9223372036854775808]|does not fit INT64",
        "UINT64|[18446744073709551616]|does not fit UINT64",
        "UINT16|[99999999999999999999999]|does not fit UINT16",
        "INT32|[1.5]|is not an integer",
        "INT32|[1e3]|is not an integer",
        "FP32|[1e39]|does not fit FP32",
        "FP64|[1e999999999999]|does not fit FP64",
        "FP32|[\"1\"]|is a string, not a number",
        "FP32|[true]|is not a number",
        "FP32|[null]|is not a number",
        "BOOL|[1]|is not true or false",
        "BYTES|[1]|is not a string",
      })
  void valuesOutsideTheDatatypeNameTensorAndIndex(String datatype, String data, String what) {
    OipException e = refused(tensor(datatype, "[1]", data));
    assertThat(e.code()).isEqualTo("tensor.value");
    assertThat(e.detail()).isEqualTo("tensor \"X\": data[0] " + what);
  }

  @Test
  void nanNamesTensorAndIndexInBothForms() {
    OipException flat = refused(tensor("FP32", "[2,2]", "[1,2,NaN,4]"));
    assertThat(flat.code()).isEqualTo("tensor.not-finite");
    assertThat(flat.errorCode().category().httpStatus()).isEqualTo(422);
    assertThat(flat.detail()).isEqualTo("tensor \"X\": data[2] is NaN, JSON has no form for it");
    assertThat(refused(tensor("FP64", "[2,2]", "[[1,2],[3,-Infinity]]")).detail())
        .isEqualTo("tensor \"X\": data[1][1] is infinite, JSON has no form for it");
    assertThat(refused(tensor("FP32", "[1]", "[\"NaN\"]")).detail())
        .isEqualTo("tensor \"X\": data[0] is a quoted NaN or infinity, which was not asked for");
  }

  @Test
  void quotedNonFiniteNumbersNeedTheirParameter() {
    InferRequest request =
        read(
            "{\"inputs\":[{\"name\":\"X\",\"shape\":[3],\"datatype\":\"FP32\",\"data\":"
                + "[\"NaN\",\"Infinity\",\"-Infinity\"]}],\"parameters\":{\"quoted_non_finite\":true}}");
    assertThat(request.inputs().getFirst().floats())
        .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    InferResponse response =
        new InferResponse("m", Optional.empty(), Optional.empty(), Map.of(), request.inputs());
    InferResponse back = OipCodec.decodeResponse(OipCodec.encode(response, request));
    assertThat(back.outputs()).isEqualTo(response.outputs());
    assertThatThrownBy(() -> OipCodec.encode(response, InferRequest.of()))
        .hasMessage("tensor \"X\": data[0] is NaN, JSON has no form for it");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[3]|[1,2]|tensor.data",
        "[3]|[1,2,3,4]|tensor.data",
        "[3]|[]|tensor.data",
        "[2,2]|[[1,2],[3]]|tensor.data",
        "[2,2]|[[1,2]]|tensor.data",
        "[2,2]|[[1,2],[3,4],[5,6]]|tensor.data",
        "[2,2]|[[1,2,3],[4]]|tensor.data",
        "[2,2]|[[1,2],3]|tensor.data",
        "[4]|[[1,2],[3,4]]|tensor.data",
        "[1000000000,1000000000]|[1]|tensor.shape",
        "[1000000000,10000]|[1]|tensor.data",
        "[9223372036854775807,9223372036854775807]|[1]|tensor.shape",
        "[99999999999999999999]|[1]|tensor.shape",
        "[-1]|[1]|tensor.shape",
        "[1.5]|[1]|tensor.shape",
        "[1]|[1|oip.malformed",
        "[1]|1|oip.malformed",
        "[2]|[1 2]|oip.malformed",
        "[1]|[01]|oip.malformed",
        "[1]|[.5]|oip.malformed",
        "[1]|[+1]|oip.malformed",
        "[1]|[1.]|oip.malformed",
        "[1]|[0x10]|oip.malformed",
        "[2]|[1,]|oip.malformed",
      })
  void shapesAndDataThatDisagreeAreRefused(String shape, String data, String code) {
    assertThat(refused(tensor("FP32", shape, data)).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''",
        "[]",
        "{}",
        "{\"inputs\":[]} x",
        "{\"inputs\":[],\"inputs\":[]}",
        "{\"inputs\":[],}",
        "{\"inputs\":null}",
        "{\"inputs\":[{\"name\":\"a\"}]}",
        "{\"inputs\":[],\"id\":7}",
        "{\"inputs\":[],\"id\":\"\\ud800\"}",
        "{\"inputs\":[],\"id\":\"\\x\"}",
        "{\"inputs\":[],\"parameters\":{\"a\":1,\"a\":2}}",
        "{\"inputs\":[],\"parameters\":{\"a\":{\"b\":[1,}}}",
      })
  void malformedBodiesAreRefused(String json) {
    assertThat(refused(json).code()).isEqualTo("oip.malformed");
  }

  @Test
  void invalidUtf8AndDeepNestingAreRefused() {
    byte[] bytes = "{\"inputs\":[],\"id\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    bytes[bytes.length - 3] = (byte) 0xff;
    assertThatThrownBy(() -> OipCodec.decodeRequest(OipBody.json(bytes)))
        .hasMessageContaining("not UTF-8");
    String deep = "[".repeat(100_000);
    assertThat(refused("{\"inputs\":[],\"parameters\":{\"a\":" + deep).detail())
        .contains("nests deeper");
  }

  @Test
  void unknownParametersAreKeptOrPassedOverAndOtherFieldsRefused() {
    InferRequest request =
        read(
            "{\"inputs\":[],\"parameters\":{\"mine\":\"x\",\"n\":1e2,\"odd\":{\"a\":[null]},\"z\":null}}");
    assertThat(request.parameters())
        .containsOnly(
            Map.entry("mine", new Parameter.Text("x")),
            Map.entry("n", new Parameter.Decimal("1e2")));
    OipException e = refused("{\"inputs\":[],\"input\":[]}");
    assertThat(e.code()).isEqualTo("oip.unknown-field");
    assertThat(e.detail()).isEqualTo("the request has the unknown field \"input\"");
  }

  @Test
  void halfPrecisionIsBinaryOnly() {
    assertThat(refused(tensor("FP16", "[1]", "[1]")).code()).isEqualTo("tensor.binary-only");
    Tensor half = Tensor.of("h", Datatype.BF16, new long[] {1}, ByteBuffer.allocate(2));
    assertThatThrownBy(() -> OipCodec.encode(InferRequest.of(half), OipCodec.Form.JSON))
        .isInstanceOf(OipException.class)
        .hasMessage("tensor \"h\": BF16 has no JSON form");
  }

  @Test
  void byteStringsThatAreNotTextAreBinaryOnly() {
    Tensor raw = Tensor.ofBytes("b", new long[] {1}, List.of(Bytes.of(new byte[] {(byte) 0xff})));
    assertThatThrownBy(() -> OipCodec.encode(InferRequest.of(raw), OipCodec.Form.JSON))
        .hasMessage("tensor \"b\": data[0] is not UTF-8 text");
    OipBody body = OipCodec.encode(InferRequest.of(raw), OipCodec.Form.BINARY);
    assertThat(OipCodec.decodeRequest(body).inputs()).containsExactly(raw);
  }

  @Test
  void rawTensorsAreViewsOfADirectBody() {
    OipBody body =
        OipCodec.encode(
            InferRequest.of(Tensor.ofFloats("X", new long[] {2}, 1, 2)), OipCodec.Form.BINARY);
    ByteBuffer direct = ByteBuffer.allocateDirect(body.bytes().remaining());
    direct.put(body.bytes()).flip();
    Tensor read =
        OipCodec.decodeRequest(new OipBody(direct, body.jsonHeaderLength())).inputs().getFirst();
    direct.put(direct.limit() - 1, (byte) 0x41);
    assertThat(read.floats()[1]).isEqualTo(Float.intBitsToFloat(0x41000000));
  }

  @Test
  void rawBooleansMustBeZeroOrOne() {
    Tensor two = Tensor.of("t", Datatype.BOOL, new long[] {2}, ByteBuffer.wrap(new byte[] {1, 2}));
    OipBody body = OipCodec.encode(InferRequest.of(two), OipCodec.Form.BINARY);
    assertThatThrownBy(() -> OipCodec.decodeRequest(body))
        .hasMessage("tensor \"t\": data[1] is neither 0 nor 1");
  }

  @Test
  void aBodyOfOneRawTensorTakesItsShapeFromTheModel() {
    ByteBuffer floats = ByteBuffer.allocate(24);
    InferRequest request = OipCodec.decodeRequest(new OipBody(floats, 0), MODEL);
    assertThat(request.inputs().getFirst().shape()).containsExactly(2, 3);
    assertThat(request.wantsBinary("Y")).isTrue();
    assertThatThrownBy(() -> OipCodec.decodeRequest(new OipBody(ByteBuffer.allocate(23), 0), MODEL))
        .isInstanceOf(OipException.class)
        .hasMessageContaining("tensor \"X\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"inputs\":[]}|tensor.missing|the input \"X\" is missing",
        "{\"inputs\":[{\"name\":\"Z\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}|tensor.unknown|the model has no input \"Z\"; it takes \"X\"",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[3],\"datatype\":\"FP32\",\"data\":[1,2,3]}]}|tensor.shape|input \"X\": the shape has 1 dimensions, the model takes [-1, 3]",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}|tensor.shape|input \"X\": dimension 1 is 2, the model takes [-1, 3]",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,3],\"datatype\":\"FP64\",\"data\":[1,2,3]}]}|tensor.datatype|input \"X\": the datatype is FP64, the model takes FP32",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,3],\"datatype\":\"FP8\",\"data\":[1,2,3]}]}|tensor.datatype|entry 0 of inputs: unknown datatype \"FP8\"",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[1,3],\"datatype\":\"FP32\",\"data\":[1,2,3]}],\"outputs\":[{\"name\":\"Q\"}]}|tensor.unknown|the model has no output \"Q\"; it gives \"Y\"",
        "{\"inputs\":[{\"name\":\"X\",\"shape\":[0],\"datatype\":\"FP32\",\"data\":[]},{\"name\":\"X\",\"shape\":[0],\"datatype\":\"FP32\",\"data\":[]}]}|tensor.duplicate|the input \"X\" is named twice",
      })
  void requestsThatDoNotFitTheModelNameTheTensor(String json, String code, String message) {
    OipException e =
        catchThrowableOfType(
            OipException.class,
            () ->
                OipCodec.decodeRequest(OipBody.json(json.getBytes(StandardCharsets.UTF_8)), MODEL));
    assertThat(e.code()).isEqualTo(code);
    assertThat(e.detail()).isEqualTo(message);
  }

  @Test
  void modelDescriptionsSurvive() {
    assertThat(OipCodec.decodeMetadata(OipCodec.encode(MODEL))).isEqualTo(MODEL);
  }

  @Test
  void namesInMessagesAreShortAndPrintable() {
    String json = "{\"inputs\":[],\"" + "a\\u0007\\\"".repeat(50) + "\":1}";
    assertThat(refused(json).detail()).hasSizeLessThan(120).matches("[\\x20-\\x7e]+");
  }
}
