package org.sesemi.cli.internal.demo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.WireException;

/** Reads the word pieces of a tokenizer's JSON description. */
final class Vocabulary {

  private Vocabulary() {}

  /**
   * Reads the number of each piece.
   *
   * @param file the description
   */
  static Map<String, Integer> read(Path file) {
    try {
      JsonValue json = Json.parse(ByteBuffer.wrap(Files.readAllBytes(file)), Json.Limits.DEFAULT);
      JsonObject pieces = member(member(json, "model"), "vocab");
      Map<String, Integer> vocabulary = HashMap.newHashMap(pieces.members().size());
      pieces
          .members()
          .forEach(
              (piece, id) -> {
                if (id instanceof JsonNumber number) {
                  number.asLong().ifPresent(value -> vocabulary.put(piece, (int) value));
                }
              });
      return vocabulary;
    } catch (IOException | WireException e) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE, "cannot read the tokenizer " + file, e);
    }
  }

  private static JsonObject member(JsonValue value, String name) {
    if (value instanceof JsonObject object
        && object.get(name).orElse(object) instanceof JsonObject inner
        && object.get(name).isPresent()) {
      return inner;
    }
    throw new WireException(
        WireException.Code.JSON_UNEXPECTED, "there is no object '" + name + "'");
  }
}
