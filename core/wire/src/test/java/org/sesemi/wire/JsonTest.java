package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

class JsonTest {

  @Test
  void documentsAreRead() {
    JsonValue value =
        Json.parse(
            """
             {"a": [1, -2.5e+3, true, false, null], "": {}, "e": [],
              "s": "\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00 é😀"}
            """);
    assertThat(value.toText())
        .isEqualTo(
            "{\"a\":[1,-2.5e+3,true,false,null],\"\":{},\"e\":[],"
                + "\"s\":\"\\\"\\\\/\\u0008\\u000c\\n\\r\\té😀 é😀\"}");
    assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
    assertThat(Json.pretty(JsonObject.builder().put("a", 1).put("b", List.of()).build()))
        .isEqualTo("{\n  \"a\": 1,\n  \"b\": []\n}\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[",
        "\"",
        "[1,]",
        "{\"a\":1,}",
        "{,}",
        "[,1]",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,\"a\":2}",
        "[1 2]",
        "1 2",
        "01",
        "-",
        "+1",
        ".5",
        "5.",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "-Infinity",
        "tru",
        "nul",
        "True",
        "\"\t\"",
        "\"\n\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"\\u12g4\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "// c\n1",
        "/**/1",
        "\ufeff1",
        "\u00a01",
        "[1]]",
        "\"a",
        "\"\\",
        "\"\\u",
        "\"\\u００１１\"",
        "１"
      })
  void everythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.code()).isEqualTo("json.malformed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"22ff22", "22c08022", "22eda08022", "22f8888080802222", "22c3", "fffe22"})
  void onlyStrictUtf8IsRead(String hex) {
    assertThatThrownBy(() -> Json.parse(HexFormat.of().parseHex(hex)))
        .isInstanceOf(WireException.class);
  }

  @Test
  void depthAndNumberOfValuesAreBounded() {
    assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isNotNull();
    for (String deep : List.of("[".repeat(65), "[".repeat(1_000_000), "{\"a\":".repeat(65))) {
      assertThatThrownBy(() -> Json.parse(deep))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.code()).isEqualTo("json.too-deep"));
    }
    ByteBuffer three = ByteBuffer.wrap(new byte[] {'[', '1', ',', '2', ']'});
    assertThat(Json.parse(three, new Json.Limits(1, 3))).isNotNull();
    assertThatThrownBy(() -> Json.parse(three, new Json.Limits(1, 2)))
        .hasMessageContaining("more than 2 values");
  }

  @Test
  void numbersKeepTheirTextAndKnowTheirValue() {
    assertThat(new JsonNumber("1.50").text()).isEqualTo("1.50");
    assertThat(new JsonNumber("1e2").asLong()).isEqualTo(OptionalLong.of(100));
    assertThat(new JsonNumber("-9223372036854775808").asLong()).hasValue(Long.MIN_VALUE);
    assertThat(new JsonNumber("9223372036854775808").asLong()).isEmpty();
    assertThat(new JsonNumber("1.5").asLong()).isEmpty();
    assertThat(new JsonNumber("1e999999999").asLong()).isEmpty();
    assertThat(new JsonNumber("1e99999999999").asLong()).isEmpty();
    assertThat(new JsonNumber("1.5").asDouble()).isEqualTo(1.5);
    assertThatThrownBy(() -> new JsonNumber("1 ")).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> JsonNumber.of(Double.NaN)).hasMessageContaining("NaN");
    Property.check(
        "numbers read back to the same",
        2000,
        random -> {
          double value = Double.longBitsToDouble(random.nextLong());
          if (Double.isFinite(value)) {
            JsonNumber number = JsonNumber.of(value);
            assertThat(Json.parse(number.toText())).isEqualTo(number);
            assertThat(number.asDouble()).isEqualTo(value);
          }
        });
  }

  @Test
  void whatIsWrittenReadsBack() {
    Property.check(
        "what is written reads back",
        2000,
        random -> {
          JsonValue value = value(random, 4);
          assertThat(Json.parse(Json.write(value))).isEqualTo(value);
          assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
        });
  }

  @Test
  void everyMutationIsRefusedOrReadsBack() {
    Property.check(
        "mutations are refused or read back",
        200,
        random -> {
          byte[] document = Json.write(value(random, 2));
          Mutation.all(document, random)
              .forEach(
                  mutation -> {
                    try {
                      JsonValue value = Json.parse(mutation.bytes());
                      assertThat(Json.parse(Json.write(value))).isEqualTo(value);
                    } catch (WireException e) {
                      assertThat(e.code()).startsWith("json.");
                    }
                  });
        });
  }

  private static JsonValue value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> JsonNumber.of(random.nextLong() >> random.nextInt(64));
      case 1 -> new JsonString(Drawn.text(random, 30));
      case 2 -> new JsonBool(random.nextBoolean());
      case 3 -> new JsonNull();
      case 4 -> {
        List<JsonValue> items = new ArrayList<>();
        for (int i = random.nextInt(8); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield new JsonArray(items);
      }
      default -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
          members.put(Drawn.text(random, 8), value(random, depth - 1));
        }
        yield new JsonObject(members);
      }
    };
  }
}
