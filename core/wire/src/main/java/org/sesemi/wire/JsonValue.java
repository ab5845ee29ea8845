package org.sesemi.wire;

/**
 * One value of a JSON document (RFC 8259).
 *
 * <p>Numbers keep their text, so that nothing is lost between reading and writing.
 */
public sealed interface JsonValue
    permits JsonObject, JsonArray, JsonString, JsonNumber, JsonBool, JsonNull {

  /** {@return the compact text of the value} */
  default String toText() {
    return new JsonWriter(false).write(this);
  }

  /** {@return the compact text of the value in UTF-8} */
  default byte[] toBytes() {
    return Json.write(this);
  }
}
