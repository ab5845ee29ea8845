package org.sesemi.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.wire.JsonFields;

/**
 * Every mistake that needs no stack: one clear line, a hint, the right exit code, in both forms.
 */
class MistakesTest {

  @TempDir private Path folder;
  private String programs = "";

  @BeforeEach
  void prepare() throws IOException {
    Files.writeString(folder.resolve("text.onnx"), "this is not a model\n");
    Files.writeString(folder.resolve("receipt.json"), "{\"apiVersion\":\"sesemi/v1\"}");
    Path foreign = Files.createDirectory(folder.resolve("foreign"));
    Files.writeString(foreign.resolve("file"), "somebody's own");
    Path future = Files.createDirectory(folder.resolve("future"));
    Files.setPosixFilePermissions(future, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(
        future.resolve("sesemi.json"), "{\"apiVersion\":\"sesemi/v9\",\"kind\":\"Home\"}");
    for (String name : List.of("open", "damaged", "made")) {
      assertThat(
              CommandHarness.run("key", "create", "--home", folder.resolve(name).toString())
                  .exitCode())
          .isZero();
    }
    Files.setPosixFilePermissions(
        folder.resolve("open"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(folder.resolve("damaged/identities/default.json"), "{\"apiVersion\":");
  }

  /** What this build laid out must not be started by mistake. */
  @BeforeEach
  void hidePrograms() {
    programs = System.getProperty(Dist.PROPERTY, "");
    System.setProperty(Dist.PROPERTY, folder.resolve("nowhere").toString());
  }

  @AfterEach
  void showPrograms() {
    System.setProperty(Dist.PROPERTY, programs);
  }

  private static Arguments row(String command, int exitCode, String code, String message) {
    return Arguments.of(command, exitCode, code, message);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        row("", 2, "usage.wrong", "a command is missing"),
        row("infre", 2, "usage.wrong", "Unmatched argument"),
        row("model", 2, "usage.wrong", "say what to do: publish, list, show"),
        row("model publish", 2, "usage.wrong", "FILE"),
        row("infer heart", 2, "usage.wrong", "--input"),
        row("up --prot 1", 2, "usage.wrong", "--prot"),
        row("up --port 70000", 2, "usage.wrong", "0 to 65535"),
        row("infer heart --input - --timeout 0", 2, "usage.wrong", "--timeout"),
        row("infer heart --input - --versions latest", 2, "usage.wrong", "version rule"),
        row("measure packer", 2, "usage.wrong", "keyservice or runtime"),
        row("model publish FOLDER/missing.onnx", 1, "file.missing", "there is no file"),
        row("model publish FOLDER/text.onnx", 1, "model.not-onnx", "not an ONNX model"),
        row("model publish FOLDER", 1, "file.unreadable", "is not a file"),
        row("infer heart --input FOLDER/missing.json", 1, "file.missing", "there is no file"),
        row("infer heart --input FOLDER/text.onnx", 1, "input.not-json", "not a request"),
        row("verify FOLDER/missing.json", 1, "file.missing", "there is no file"),
        row("verify FOLDER/receipt.json", 3, "receipt.malformed", "not a receipt"),
        row("verify FOLDER/text.onnx", 3, "receipt.malformed", "not a receipt"),
        row("verify last --home FOLDER/made", 1, "receipt.none", "no receipt"),
        row("model list --home FOLDER/none", 5, "stack.not-set-up", "no state folder"),
        row("model list --home FOLDER/made", 5, "stack.not-set-up", "no stack was started"),
        row("status --home FOLDER/made", 5, "stack.not-running", "does not run"),
        row("key show --home FOLDER/foreign", 1, "home.foreign", "not of sesemi"),
        row("key create --home FOLDER/foreign", 1, "home.foreign", "not of sesemi"),
        row("key create --home FOLDER/future", 1, "home.version-unknown", "unknown version"),
        row("key show --home FOLDER/open", 1, "home.permissions", "other users"),
        row("key show --home FOLDER/damaged", 1, "state.damaged", "damaged"),
        row("key show bob --home FOLDER/made", 1, "identity.unknown", "no identity 'bob'"),
        row("key create --home FOLDER/made", 1, "identity.exists", "already"),
        row("key create Bob --home FOLDER/made", 1, "usage.wrong", "named with"),
        row("up --home FOLDER/made", 5, "dist.missing", "missing: "),
        row("demo --home FOLDER/demo", 5, "dist.missing", "missing: "));
  }

  @ParameterizedTest(name = "sesemi {0}")
  @MethodSource("mistakes")
  void isExplained(String command, int exitCode, String code, String message) {
    List<String> words = new ArrayList<>();
    Arrays.stream(command.split(" "))
        .filter(word -> !word.isEmpty())
        .map(word -> word.replace("FOLDER", folder.toString()))
        .forEach(words::add);
    if (!words.contains("--home")) {
      words.add("--home");
      words.add(folder.resolve("made").toString());
    }
    CommandHarness.Outcome forPeople = CommandHarness.run(words.toArray(String[]::new));
    assertThat(forPeople.exitCode()).as(forPeople.err()).isEqualTo(exitCode);
    assertThat(forPeople.out()).isEmpty();
    List<String> lines =
        forPeople.err().lines().filter(line -> !line.startsWith("SIMULATION")).toList();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("error: ").contains(message).endsWith("[" + code + "]");
    assertThat(lines.get(1)).startsWith("hint:  ").hasSizeGreaterThan(12);

    words.add("--json");
    CommandHarness.Outcome forPrograms = CommandHarness.run(words.toArray(String[]::new));
    assertThat(forPrograms.exitCode()).isEqualTo(exitCode);
    JsonFields envelope = forPrograms.json();
    assertThat(envelope.text("apiVersion")).isEqualTo("sesemi/v1");
    assertThat(envelope.text("status")).isEqualTo("error");
    JsonFields error = envelope.object("error");
    assertThat(error.text("code")).isEqualTo(code);
    assertThat(error.text("message")).contains(message).doesNotContain("\n");
    assertThat(error.text("hint")).isNotEmpty();
    assertThat(error.text("category")).isNotEmpty();
    assertThat(error.text("docs")).isEqualTo("docs/errors.md#" + code);
    assertThat(error.has("retryable")).isTrue();
  }

  @ParameterizedTest
  @MethodSource("typos")
  void suggestsWhatWasMeant(String command, String meant) {
    assertThat(CommandHarness.run(command.split(" ")).err()).contains("Did you mean", meant);
  }

  static Stream<Arguments> typos() {
    return Stream.of(
        Arguments.of("infre", "infer"),
        Arguments.of("dmo", "demo"),
        Arguments.of("statsu", "status"),
        Arguments.of("model publsih", "publish"),
        Arguments.of("up --prot 1", "--port"));
  }
}
