package org.sesemi.cli.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/** A JSON object that is being put together, its fields in the order they were put. */
public final class Fields {

  private final Map<String, JsonValue> fields = new LinkedHashMap<>();

  /** Makes an object without fields. */
  public Fields() {}

  /**
   * Puts a value; a field put again is replaced.
   *
   * @param name the field
   * @param value any value
   */
  public Fields put(String name, JsonValue value) {
    fields.put(name, value);
    return this;
  }

  /**
   * Puts a text.
   *
   * @param name the field
   * @param value the text
   */
  public Fields put(String name, String value) {
    return put(name, new JsonString(value));
  }

  /**
   * Puts a whole number.
   *
   * @param name the field
   * @param value the number
   */
  public Fields put(String name, long value) {
    return put(name, JsonNumber.of(value));
  }

  /**
   * Puts a number.
   *
   * @param name the field
   * @param value the number
   */
  public Fields put(String name, double value) {
    return put(name, JsonNumber.of(value));
  }

  /**
   * Puts a truth value.
   *
   * @param name the field
   * @param value the truth value
   */
  public Fields put(String name, boolean value) {
    return put(name, new JsonBool(value));
  }

  /**
   * Puts an object.
   *
   * @param name the field
   * @param value the object
   */
  public Fields put(String name, Fields value) {
    return put(name, value.json());
  }

  /**
   * Puts a list of objects.
   *
   * @param name the field
   * @param values the objects
   */
  public Fields putList(String name, List<Fields> values) {
    return put(name, new JsonArray(values.stream().<JsonValue>map(Fields::json).toList()));
  }

  /**
   * Puts a list of texts.
   *
   * @param name the field
   * @param values the texts
   */
  public Fields putTexts(String name, List<String> values) {
    return put(name, JsonArray.ofTexts(values));
  }

  /**
   * Puts all fields of another object.
   *
   * @param other the other object
   */
  public Fields putAll(Fields other) {
    fields.putAll(other.fields);
    return this;
  }

  /** Returns the object as it is now. */
  public JsonObject json() {
    return new JsonObject(fields);
  }

  /** Returns the object as text for people and programs alike. */
  public String text() {
    return Json.pretty(json());
  }
}
