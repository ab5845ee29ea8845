package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * A JSON string.
 *
 * @param value its text
 */
public record JsonString(String value) implements JsonValue {

  /** Checks that the text is there. */
  public JsonString {
    requireNonNull(value, "value");
  }
}
