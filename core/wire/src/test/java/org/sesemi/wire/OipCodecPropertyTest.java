package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

class OipCodecPropertyTest {

  private static InferRequest request(RandomGenerator random, boolean jsonForm) {
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      parameters.put("own", new Parameter.Decimal("1.50e+2"));
      parameters.put("text \u00e9", new Parameter.Text("\"\\\n"));
    }
    if (random.nextBoolean()) {
      parameters.put(Parameter.BINARY_DATA_OUTPUT, new Parameter.Flag(random.nextBoolean()));
    }
    List<RequestedOutput> outputs =
        random.nextBoolean()
            ? List.of()
            : List.of(
                new RequestedOutput("a"),
                new RequestedOutput(
                    "b", Map.of(Parameter.BINARY_DATA, new Parameter.Flag(random.nextBoolean()))));
    return new InferRequest(
        random.nextBoolean() ? Optional.empty() : Optional.of("id-1"),
        parameters,
        new TensorGenerator(random, jsonForm).tensors(),
        outputs);
  }

  private static InferRequest plain(InferRequest request) {
    return new InferRequest(
        request.id(), request.parameters(), request.inputs(), request.outputs());
  }

  @Test
  void requestsSurviveJsonAndBinary() {
    Property.check(
        "a request read is the request written",
        2_000,
        random -> {
          InferRequest json = request(random, true);
          assertThat(OipCodec.decodeRequest(OipCodec.encode(json, OipCodec.Form.JSON)))
              .isEqualTo(plain(json));
          InferRequest binary = request(random, false);
          assertThat(OipCodec.decodeRequest(OipCodec.encode(binary, OipCodec.Form.BINARY)))
              .isEqualTo(plain(binary));
        });
  }

  @Test
  void responsesSurviveAndFollowTheRequestedForms() {
    Property.check(
        "a response read is the response written",
        1_000,
        random -> {
          boolean json = random.nextBoolean();
          InferResponse response =
              new InferResponse(
                  "m",
                  random.nextBoolean() ? Optional.of("3") : Optional.empty(),
                  random.nextBoolean() ? Optional.of("id") : Optional.empty(),
                  Map.of(),
                  new TensorGenerator(random, json).tensors());
          InferRequest asking = InferRequest.of().withBinaryOutput(!json);
          OipBody body = OipCodec.encode(response, asking);
          assertThat(body.binary()).isEqualTo(!json && !response.outputs().isEmpty());
          assertThat(OipCodec.decodeResponse(body)).isEqualTo(response);
        });
  }

  @Test
  void decimalNumbersRoundToTheNearestValue() {
    Property.check(
        "FP32 and FP64 from JSON are the nearest representable numbers",
        20_000,
        random -> {
          String literal = literal(random);
          float single = new BigDecimal(literal).floatValue();
          double twice = new BigDecimal(literal).doubleValue();
          if (Float.isFinite(single)) {
            assertThat(read("FP32", literal).data().getFloat()).as(literal).isEqualTo(single);
          }
          if (Double.isFinite(twice)) {
            assertThat(read("FP64", literal).data().getDouble()).as(literal).isEqualTo(twice);
          }
        });
  }

  private static String literal(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> bigInteger(random).toString();
      case 1 ->
          // Halfway between two floats, and a hair beside it: where double rounding goes wrong.
          halfway(random);
      case 2 -> Float.toString(Math.abs(Float.intBitsToFloat(random.nextInt() & 0x7f7fffff)));
      case 3 -> new BigDecimal(random.nextDouble()).toString();
      default ->
          random.nextLong(0, Long.MAX_VALUE)
              + "."
              + random.nextLong(0, Long.MAX_VALUE)
              + "e"
              + random.nextInt(-60, 10);
    };
  }

  private static String halfway(RandomGenerator random) {
    float value = 1 + random.nextFloat();
    BigDecimal middle =
        new BigDecimal(value).add(new BigDecimal(Math.nextUp(value))).divide(BigDecimal.TWO);
    BigDecimal hair = new BigDecimal("1e-30").multiply(BigDecimal.valueOf(random.nextInt(-1, 2)));
    return middle.add(hair).toPlainString();
  }

  private static BigInteger bigInteger(RandomGenerator random) {
    byte[] bits = new byte[random.nextInt(1, 12)];
    random.nextBytes(bits);
    return new BigInteger(1, bits);
  }

  private static Tensor read(String datatype, String element) {
    String body =
        "{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
            + datatype
            + "\",\"shape\":[1],\"data\":["
            + element
            + "]}]}";
    return OipCodec.decodeRequest(OipBody.json(body.getBytes(StandardCharsets.UTF_8)))
        .inputs()
        .getFirst();
  }

  @Test
  void changedBodiesAreReadOrRefusedWithACode() {
    Property.check(
        "a changed body never ends in anything but a request or a coded refusal",
        20,
        random -> {
          InferRequest request = request(random, true);
          for (OipCodec.Form form : OipCodec.Form.values()) {
            OipBody body = OipCodec.encode(request, form);
            Mutation.all(body.toArray(), random)
                .forEach(mutation -> readOrRefuse(mutation, body.jsonHeaderLength()));
          }
        });
  }

  private static void readOrRefuse(Mutation mutation, int headerLength) {
    try {
      OipBody body = new OipBody(ByteBuffer.wrap(mutation.bytes()), headerLength);
      InferRequest read = OipCodec.decodeRequest(body);
      assertThat(read.inputs()).isNotNull();
    } catch (OipException e) {
      assertThat(e.code()).as(mutation.what()).matches("(oip|tensor)\\.[a-z-]+");
    }
  }

  @Test
  void cutBinaryBodiesAreAlwaysRefused() {
    Tensor tensor = Tensor.ofFloats("x", new long[] {4}, 1, 2, 3, 4);
    OipBody body = OipCodec.encode(InferRequest.of(tensor), OipCodec.Form.BINARY);
    Mutation.cuts(body.toArray())
        .forEach(
            mutation -> {
              boolean refused = false;
              try {
                OipCodec.decodeRequest(
                    new OipBody(ByteBuffer.wrap(mutation.bytes()), body.jsonHeaderLength()));
              } catch (OipException e) {
                refused = true;
              }
              assertThat(refused).as(mutation.what()).isTrue();
            });
  }
}
