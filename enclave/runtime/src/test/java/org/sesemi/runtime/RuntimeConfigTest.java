package org.sesemi.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

class RuntimeConfigTest {

  private static final Digest CLUSTER = Digest.sha256(new byte[] {1});
  private static final SimulatedPolicy POLICY =
      SimulatedPolicy.of(
          Bytes.of(CLUSTER.bytes()), Digest.sha256(new byte[] {2}), Digest.sha256(new byte[] {3}));
  private static final String REQUIRED =
      "\"apiVersion\":\"sesemi/v1\",\"cluster\":\""
          + CLUSTER.hex()
          + "\",\"keyservice-policy\":\""
          + Bytes.of(POLICY.encode()).hex()
          + "\"";

  private static RuntimeConfig parse(String json) {
    return RuntimeConfig.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void defaults() {
    assertThat(parse("{" + REQUIRED + "}"))
        .isEqualTo(new RuntimeConfig(CLUSTER, POLICY, 1, 64 << 20));
  }

  @Test
  void fullMapping() {
    assertThat(
            parse(
                "{"
                    + REQUIRED
                    + ",\"engine\":{\"intra-op-threads\":3},\"max-request-bytes\":2048}"))
        .isEqualTo(new RuntimeConfig(CLUSTER, POLICY, 3, 2048));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ",\"unknown\":1",
        ",\"engine\":{\"intra-op-threads\":0}",
        ",\"engine\":{\"spin\":true}",
        ",\"engine\":1",
        ",\"max-request-bytes\":\"1\"",
        ",\"cluster\":\"00\"",
      })
  void anythingElseStopsTheStart(String more) {
    assertThatThrownBy(() -> parse("{" + REQUIRED + more + "}"))
        .isInstanceOfSatisfying(
            FunctionException.class, e -> assertThat(e.code()).isEqualTo("config.invalid"));
  }

  @Test
  void otherVersionsAndEmptyPoliciesAreRefused() {
    assertThatThrownBy(() -> parse("{" + REQUIRED.replace("/v1", "/v2") + "}"))
        .isInstanceOf(FunctionException.class);
    assertThatThrownBy(
            () -> parse("{" + REQUIRED.replace(Bytes.of(POLICY.encode()).hex(), "a0") + "}"))
        .isInstanceOf(FunctionException.class);
    assertThatThrownBy(() -> parse("")).isInstanceOf(FunctionException.class);
  }

  @Test
  void parameterDefaults() {
    RuntimeParameters parameters =
        RuntimeParameters.of(Map.of("keyservice", "127.0.0.1:9", "storage", "s"));
    assertThat(parameters.listen().getPort()).isZero();
    assertThat(parameters.keyService().getPort()).isEqualTo(9);
    assertThat(parameters.storage()).isEqualTo(Path.of("s"));
    assertThat(parameters.queue()).isEqualTo(256);
    assertThat(parameters.memoryBytes()).isEqualTo(2L << 30);
    assertThat(parameters.timeout()).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void parametersFullMapping() {
    RuntimeParameters parameters =
        RuntimeParameters.of(
            Map.of(
                "listen", "127.0.0.1:8080",
                "keyservice", "[::1]:1",
                "storage", "/s",
                "concurrency", "3",
                "queue", "4",
                "memory-bytes", "5000000",
                "timeout-ms", "7"));
    assertThat(parameters.listen().getPort()).isEqualTo(8080);
    assertThat(parameters.keyService().getHostString()).contains("::1".replace("::", ":"));
    assertThat(parameters.concurrency()).isEqualTo(3);
    assertThat(parameters.queue()).isEqualTo(4);
    assertThat(parameters.memoryBytes()).isEqualTo(5_000_000);
    assertThat(parameters.timeout()).isEqualTo(Duration.ofMillis(7));
  }

  @ParameterizedTest
  @CsvSource({
    "listen,nowhere",
    "listen,a:99999",
    "concurrency,0",
    "concurrency,-1",
    "queue,x",
    "memory-bytes,1",
    "timeout-ms,99999999999999999999",
    "unknown,1",
    "keyservice,:1",
  })
  void badParametersAreRefusedByName(String name, String value) {
    Map<String, String> values = new HashMap<>();
    values.put("keyservice", "127.0.0.1:9");
    values.put("storage", "s");
    values.put(name, value);
    assertThatThrownBy(() -> RuntimeParameters.of(values))
        .isInstanceOf(FunctionException.class)
        .hasMessageContaining(name);
  }
}
