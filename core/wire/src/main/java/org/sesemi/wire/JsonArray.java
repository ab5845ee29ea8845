package org.sesemi.wire;

import java.util.List;

/**
 * A JSON array.
 *
 * @param items its items in order
 */
public record JsonArray(List<JsonValue> items) implements JsonValue {

  /** Copies the list. */
  public JsonArray {
    items = List.copyOf(items);
  }

  /**
   * {@return an array of texts}
   *
   * @param texts the texts
   */
  public static JsonArray ofTexts(List<String> texts) {
    return new JsonArray(texts.stream().<JsonValue>map(JsonString::new).toList());
  }
}
