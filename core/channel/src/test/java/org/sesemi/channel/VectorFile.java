package org.sesemi.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BiFunction;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;

/**
 * One file of test vectors for one format: cases with their fields and their exact bytes, and bytes
 * that must be refused with the code beside them.
 *
 * <p>{@link #encodingGivesTheFile} computes the document afresh and compares it with the file; run
 * with {@code -Dsesemi.vectors=write} it writes the file first. {@link #theFileDecodes} starts from
 * the file alone.
 *
 * @param name the file's name without ending
 * @param section the section of docs/protocol.md that describes the format
 * @param cases what must encode and decode
 * @param refused what must not decode
 * @param decode decodes, with what the case gives, and describes what it found
 */
record VectorFile(
    String name,
    String section,
    List<Case> cases,
    List<Refused> refused,
    BiFunction<JsonFields, byte[], JsonObject> decode) {

  private static final String WRITE = "write";
  private static final Path FOLDER = Path.of("src/test/resources/vectors");

  /**
   * Bytes with their meaning.
   *
   * @param given what both sides have before: keys, and the randomness that the sender drew
   * @param fields what the decoder finds
   * @param derived intermediate values for whoever writes another implementation
   */
  record Case(String name, JsonObject given, JsonObject fields, JsonObject derived, Bytes encoded) {

    private JsonObject toJson() {
      return JsonObject.builder()
          .put("name", name)
          .put("given", given)
          .put("fields", fields)
          .put("derived", derived)
          .put("encoded", encoded.hex())
          .build();
    }
  }

  /** Bytes that are refused, with what the first case gives. */
  record Refused(String name, Bytes encoded, String code) {

    private JsonObject toJson() {
      return JsonObject.builder()
          .put("name", name)
          .put("encoded", encoded.hex())
          .put("code", code)
          .build();
    }
  }

  /** Compares what the code makes today with the file. */
  void encodingGivesTheFile() throws IOException {
    String document =
        Json.pretty(
            JsonObject.builder()
                .put("vectors", name)
                .put("section", "docs/protocol.md#" + section)
                .put("cases", cases.stream().map(Case::toJson).toList())
                .put("refused", refused.stream().map(Refused::toJson).toList())
                .build());
    if (WRITE.equals(System.getProperty("sesemi.vectors"))) {
      Files.createDirectories(FOLDER);
      Files.writeString(file(), document);
    }
    assertThat(document)
        .as("%s; if the change is meant, write it with -Dsesemi.vectors=write", file())
        .isEqualTo(Files.readString(file()));
  }

  /** Decodes what stands in the file and compares it with what stands beside it. */
  void theFileDecodes() throws IOException {
    JsonFields document = JsonFields.of(Files.readString(file()).getBytes(StandardCharsets.UTF_8));
    List<JsonFields> found = document.objects("cases");
    assertThat(found).isNotEmpty();
    JsonValue firstGiven = found.getFirst().value("given");
    for (int index = 0; index < found.size(); index++) {
      JsonFields one = found.get(index);
      JsonValue given = index == 0 ? firstGiven : one.value("given");
      JsonObject decoded = decode.apply(fields(given), hex(one, "encoded").toArray());
      assertThat(Json.pretty(decoded))
          .as("%s, case %s", file(), one.text("name"))
          .isEqualTo(Json.pretty(one.value("fields")));
    }
    for (JsonFields one : document.objects("refused")) {
      byte[] encoded = hex(one, "encoded").toArray();
      assertThatThrownBy(() -> decode.apply(fields(firstGiven), encoded))
          .as("%s, refused %s", file(), one.text("name"))
          .isInstanceOfSatisfying(
              CodedException.class,
              failure -> assertThat(failure.code()).isEqualTo(one.text("code")));
    }
  }

  /** {@return the value of a field that holds hex} */
  static Bytes hex(JsonFields fields, String name) {
    return Bytes.parse(fields.text(name));
  }

  private Path file() {
    return FOLDER.resolve(name + ".json");
  }

  private static JsonFields fields(JsonValue value) {
    return JsonFields.of((JsonObject) value);
  }

  @Override
  public String toString() {
    return name;
  }
}
