package org.sesemi.packer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackerConfigTest {

  private static final Path FOLDER = Path.of("/home");
  private static final String REQUIRED =
      "\"listen\":\"127.0.0.1:0\",\"daemon-socket\":\"d.sock\",\"unit\":\"u\",\"runtime-config\":\"c\"";

  private static PackerConfig parse(String json) {
    return PackerConfig.parse(json.getBytes(StandardCharsets.UTF_8), FOLDER);
  }

  @Test
  void defaults() {
    assertThat(parse("{" + REQUIRED + "}"))
        .isEqualTo(
            new PackerConfig(
                "127.0.0.1",
                0,
                FOLDER.resolve("d.sock"),
                FOLDER.resolve("u"),
                FOLDER.resolve("c"),
                Map.of(),
                new PackerConfig.Pool(2, 8, 1, 2L << 30, Duration.ofMinutes(10)),
                32 << 20,
                256,
                Duration.ofMinutes(1),
                Duration.ofMinutes(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(10)))
        .isEqualTo(
            PackerConfig.of(
                "127.0.0.1:0", FOLDER.resolve("d.sock"), FOLDER.resolve("u"), FOLDER.resolve("c")));
  }

  @Test
  void fullMapping() {
    assertThat(
            parse(
                """
                {"apiVersion":"sesemi/v1","listen":"[::1]:7310","daemon-socket":"/run/d","unit":"/u","runtime-config":"/c",
                 "runtime-parameters":{"storage":"s"},
                 "pool":{"functions":3,"concurrency":4,"spread":2,"memory-bytes":33554432,
                         "keep-alive-seconds":7},
                 "payload-limit-bytes":2048,"queue-limit":9,"default-deadline-seconds":5,
                 "max-deadline-seconds":6,"patience-seconds":1,"drain-seconds":0}
                """))
        .isEqualTo(
            new PackerConfig(
                "0:0:0:0:0:0:0:1",
                7310,
                Path.of("/run/d"),
                Path.of("/u"),
                Path.of("/c"),
                Map.of("storage", "s"),
                new PackerConfig.Pool(3, 4, 2, 32 << 20, Duration.ofSeconds(7)),
                2048,
                9,
                Duration.ofSeconds(5),
                Duration.ofSeconds(6),
                Duration.ofSeconds(1),
                Duration.ZERO));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"apiVersion\":\"sesemi/v2\" | 'apiVersion' is not sesemi/v1",
        "\"que-limit\":1 | did you mean 'queue-limit'?",
        "\"pool\":{\"function\":1} | did you mean 'pool.functions'?",
        "\"pool\":{\"functions\":0} | 'pool.functions' is not an integer from 1",
        "\"queue-limit\":\"1\" | 'queue-limit' is not an integer",
        "\"default-deadline-seconds\":400 | beyond the longest",
        "\"runtime-parameters\":{\"a\":1} | 'runtime-parameters.a' is not a text"
      })
  void mistakesAreNamed(String field, String message) {
    assertThatThrownBy(() -> parse("{" + REQUIRED + "," + field + "}"))
        .isInstanceOfSatisfying(
            PackerException.class, e -> assertThat(e.code()).isEqualTo("packer.config"))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"localhost:0", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", ":1", "''"})
  void onlyLiteralAddressesAreListenedOn(String listen) {
    assertThatThrownBy(() -> parse("{" + REQUIRED.replace("127.0.0.1:0", listen) + "}"))
        .isInstanceOf(PackerException.class)
        .hasMessageContaining("listen");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> PackerConfig.read(Path.of("no-such-file.json")))
        .isInstanceOf(PackerException.class)
        .hasMessageContaining("no-such-file.json");
  }
}
