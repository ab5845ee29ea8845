package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;

/**
 * What people do wrong with a stack that runs: each gives one clear line, a hint, the right exit
 * code, and the same as JSON. Mistakes that need no stack are tested beside the command line
 * itself.
 */
class MistakesTest {

  private static final String ROW =
      "17.99,10.38,122.8,1001,0.1184,0.2776,0.3001,0.1471,0.2419,0.07871,1.095,0.9053,8.589,153.4,"
          + "0.006399,0.04904,0.05373,0.01587,0.03003,0.006193,25.38,17.33,184.6,2019,0.1622,0.6656,"
          + "0.7119,0.2654,0.4601,0.1189";

  @TempDir private static Path folder;

  private static Sesemi sesemi = new Sesemi(Path.of("unset"));

  @BeforeAll
  static void publishOneModel() throws IOException {
    sesemi = new Sesemi(folder.resolve("home"));
    sesemi.run("up", "--port", "0").expectExit(0);
    Path model = Sesemi.ROOT.resolve("examples/wdbc-forest/model.onnx");
    sesemi.run("model", "publish", model.toString(), "--name", "heart").expectExit(0);
    sesemi.run("key", "create", "bob").expectExit(0);
    write("right.json", "X", "FP32", "[1,30]", ROW);
    write("name.json", "Z", "FP32", "[1,30]", ROW);
    write("shape.json", "X", "FP32", "[1,29]", ROW.substring(0, ROW.lastIndexOf(',')));
    write("count.json", "X", "FP32", "[1,29]", ROW);
    write("type.json", "X", "FP64", "[1,30]", ROW);
    write("nan.json", "X", "FP32", "[1,30]", ROW.replaceFirst("10.38", "NaN"));
    Files.writeString(folder.resolve("text.json"), "hello");
    sesemi.run("infer", "heart", "--input", file("right.json")).expectExit(0);
  }

  @AfterAll
  static void stop() {
    sesemi.run("down").expectExit(0);
    assertThat(sesemi.processes()).isEmpty();
  }

  private static String file(String name) {
    return folder.resolve(name).toString();
  }

  private static void write(String name, String tensor, String type, String shape, String data)
      throws IOException {
    Files.writeString(
        folder.resolve(name),
        "{\"inputs\":[{\"name\":\""
            + tensor
            + "\",\"datatype\":\""
            + type
            + "\",\"shape\":"
            + shape
            + ",\"data\":["
            + data
            + "]}]}");
  }

  private static Arguments row(String command, int exit, String code) {
    return Arguments.of(command, exit, code);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        row("infer heart --input FOLDER/name.json", 1, "tensor.unknown"),
        row("infer heart --input FOLDER/shape.json", 1, "tensor.shape"),
        row("infer heart --input FOLDER/count.json", 1, "tensor.data"),
        row("infer heart --input FOLDER/type.json", 1, "tensor.datatype"),
        row("infer heart --input FOLDER/nan.json", 1, "tensor.not-finite"),
        row("infer heart --input FOLDER/text.json", 1, "input.not-json"),
        row("infer heart --input FOLDER/missing.json", 1, "file.missing"),
        row("infer liver --input FOLDER/right.json", 1, "model.unknown"),
        row("infer OWNER/heart --input FOLDER/right.json --as bob", 4, "grant.none"),
        row("infer heart --input FOLDER/right.json --versions =7", 4, "model.version-not-allowed"),
        row("model show OWNER/heart --as bob", 1, "model.unknown"),
        row("model publish FOLDER/text.json --name text", 1, "model.not-onnx"),
        row("grant list OWNER/heart --as bob", 4, "model.not-owned"),
        row("grant add heart --user carol", 1, "identity.unknown"));
  }

  @ParameterizedTest(name = "sesemi {0}")
  @MethodSource("mistakes")
  void isExplained(String command, int exit, String code) {
    JsonFields identities = JsonFields.of(sesemi.json("key", "show", "default").json());
    String owner = identities.object("data").objects("identities").getFirst().text("id");
    String[] words =
        Stream.of(command.split(" "))
            .map(word -> word.replace("FOLDER", folder.toString()).replace("OWNER", owner))
            .toArray(String[]::new);
    explained(sesemi.run(words), exit, code);
    explainedAsJson(sesemi.json(words), exit, code);
  }

  private static void explained(Sesemi.Result result, int exit, String code) {
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    List<String> lines =
        result
            .err()
            .lines()
            .filter(line -> !line.startsWith("SIMULATION") && !line.startsWith("· "))
            .toList();
    assertThat(lines).as(result.err()).hasSize(2);
    assertThat(lines.get(0)).startsWith("error: ").endsWith("[" + code + "]");
    assertThat(lines.get(1)).startsWith("hint:  ");
  }

  private static void explainedAsJson(Sesemi.Result result, int exit, String code) {
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    JsonFields envelope = JsonFields.of(result.json());
    assertThat(envelope.text("apiVersion")).isEqualTo("sesemi/v1");
    assertThat(envelope.text("status")).isEqualTo("error");
    JsonFields error = envelope.object("error");
    assertThat(error.text("code")).isEqualTo(code);
    assertThat(error.text("message")).isNotBlank();
    assertThat(error.text("hint")).isNotBlank();
    assertThat(error.text("category")).isNotBlank();
    assertThat(error.text("docs")).isEqualTo("docs/errors.md#" + code);
    assertThat(error.has("retryable")).isTrue();
  }

  @Test
  void aSecondUpSaysThatItRuns() {
    JsonFields data = JsonFields.of(sesemi.json("up").expectExit(0).json()).object("data");
    assertThat(data.bool("alreadyRunning")).isTrue();
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Sesemi other = new Sesemi(folder.resolve("other"));
      String port = Integer.toString(taken.getLocalPort());
      explained(other.run("up", "--port", port), 5, "port.in-use");
      explainedAsJson(other.json("up", "--port", port), 5, "port.in-use");
    }
  }

  @Test
  void stateOfAnotherBuildIsRefusedAndLeftAlone() throws IOException {
    Path home = folder.resolve("stale");
    Sesemi stale = new Sesemi(home);
    stale.run("key", "create").expectExit(0);
    Files.writeString(home.resolve("sealed-by"), "0".repeat(64));
    explained(stale.run("up"), 1, "home.stale");
    explainedAsJson(stale.json("up"), 1, "home.stale");
    assertThat(stale.processes()).isEmpty();
    assertThat(Files.readString(home.resolve("sealed-by"))).isEqualTo("0".repeat(64));
    assertThat(home.resolve("run")).doesNotExist();
  }

  @Test
  void withoutAJdkTheBuildSaysSo() throws Exception {
    Path checkout = Files.createDirectory(folder.resolve("checkout"));
    Files.createDirectory(checkout.resolve("config"));
    Files.copy(Sesemi.ROOT.resolve("sesemi"), checkout.resolve("sesemi"));
    for (String script : List.of("maven.sh", "find-jdk.sh")) {
      Files.copy(
          Sesemi.ROOT.resolve("config").resolve(script),
          checkout.resolve("config").resolve(script));
    }
    Files.setPosixFilePermissions(
        checkout.resolve("sesemi"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Map<String, String> environment = Map.of("SESEMI_JDK", folder.resolve("nowhere").toString());
    Sesemi.Result forPeople = script(checkout, environment, "status");
    explained(forPeople, 5, "cli.no-jdk");
    explainedAsJson(script(checkout, environment, "status", "--json"), 5, "cli.no-jdk");
  }

  private static Sesemi.Result script(
      Path checkout, Map<String, String> environment, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(checkout.resolve("sesemi").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("SESEMI_NO_BUILD");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    if (!out.isEmpty()) {
      assertThat(Json.parse(out)).isNotNull();
    }
    return new Sesemi.Result(process.exitValue(), out, err);
  }
}
