package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class JsonFieldsTest {

  private static final byte[] DOCUMENT =
      """
      {"listen":"127.0.0.1:0","limit":5,"on":true,"pool":{"functions":2},"rules":[{"a":1}],
       "names":["x","y"],"labels":{"k":"v"},"free":[1]}
      """
          .getBytes(StandardCharsets.UTF_8);

  @Test
  void membersAreReadBack() {
    JsonFields fields = JsonFields.of(DOCUMENT);
    assertThat(fields.text("listen")).isEqualTo("127.0.0.1:0");
    assertThat(fields.integer("limit", 5, 5)).isEqualTo(5);
    assertThat(fields.bool("on")).isTrue();
    assertThat(fields.boolOr("off", true)).isTrue();
    JsonFields pool = fields.object("pool");
    assertThat(pool.integer("functions", 1, 9)).isEqualTo(2);
    pool.finish();
    assertThat(fields.objects("rules")).hasSize(1);
    assertThat(fields.texts("names")).containsExactly("x", "y");
    assertThat(fields.textMap("labels")).isEqualTo(Map.of("k", "v"));
    assertThat(fields.value("free").toText()).isEqualTo("[1]");
    assertThat(fields.optionalText("none")).isEmpty();
    assertThat(fields.optionalInteger("none", 0, 1)).isEmpty();
    assertThat(fields.optionalObject("none")).isEmpty();
    fields.finish();
  }

  @Test
  void wrongTypesAreNamedWithTheirPath() {
    refused("'limit' is not a text", f -> f.text("limit"));
    refused("'limit' is not an integer from 6 to 9", f -> f.integer("limit", 6, 9));
    refused("'listen' is not an integer", f -> f.integer("listen", 0, 9));
    refused("'limit' is neither true nor false", f -> f.bool("limit"));
    refused("'limit' is not an object", f -> f.object("limit"));
    refused("'limit' is not an array", f -> f.texts("limit"));
    refused("'names' has an item that is not an object", f -> f.objects("names"));
    refused("'rules' has an item that is not a text", f -> f.texts("rules"));
    refused("'pool.functions' is not a text", f -> f.textMap("pool"));
    refused("'pool.size' is missing", f -> f.object("pool").text("size"));
    refused("'rules[0].a' is not a text", f -> f.objects("rules").getFirst().text("a"));
  }

  @Test
  void unknownMembersAreRefusedWithAGuess() {
    refused("unknown field 'listen'", JsonFields::finish);
    refused(
        "unknown field 'pool.functions', did you mean 'pool.function'?",
        f -> {
          JsonFields pool = f.object("pool");
          pool.optionalText("function");
          pool.optionalText("x");
          pool.finish();
        });
  }

  private static void refused(String message, Consumer<JsonFields> read) {
    ThrowingCallable call = () -> read.accept(JsonFields.of(DOCUMENT));
    assertThatThrownBy(call).isInstanceOf(WireException.class).hasMessageContaining(message);
  }
}
