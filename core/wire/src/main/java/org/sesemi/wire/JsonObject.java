package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON object, whose members keep the order in which they were read or put.
 *
 * @param members the members by name
 */
public record JsonObject(Map<String, JsonValue> members) implements JsonValue {

  /** Copies the members. */
  public JsonObject {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** {@return an empty builder} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return the member with a name, if it is there}
   *
   * @param name the name
   */
  public Optional<JsonValue> get(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Collects the members of an object. */
  public static final class Builder {

    private final Map<String, JsonValue> members = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a member.
     *
     * @param name its name, which must be new
     * @param value its value
     * @return this builder
     */
    public Builder put(String name, JsonValue value) {
      if (members.put(requireNonNull(name, "name"), requireNonNull(value, "value")) != null) {
        throw new IllegalArgumentException("the member is there twice: " + name);
      }
      return this;
    }

    /**
     * Adds a text.
     *
     * @param name its name
     * @param value the text
     * @return this builder
     */
    public Builder put(String name, String value) {
      return put(name, new JsonString(value));
    }

    /**
     * Adds an integer.
     *
     * @param name its name
     * @param value the integer
     * @return this builder
     */
    public Builder put(String name, long value) {
      return put(name, JsonNumber.of(value));
    }

    /**
     * Adds a finite number.
     *
     * @param name its name
     * @param value the number
     * @return this builder
     */
    public Builder put(String name, double value) {
      return put(name, JsonNumber.of(value));
    }

    /**
     * Adds a truth value.
     *
     * @param name its name
     * @param value the truth value
     * @return this builder
     */
    public Builder put(String name, boolean value) {
      return put(name, new JsonBool(value));
    }

    /**
     * Adds an array.
     *
     * @param name its name
     * @param values its items
     * @return this builder
     */
    public Builder put(String name, List<? extends JsonValue> values) {
      return put(name, new JsonArray(List.copyOf(values)));
    }

    /**
     * Adds a text if there is one.
     *
     * @param name its name
     * @param value the text
     * @return this builder
     */
    public Builder putIfPresent(String name, Optional<String> value) {
      return value.isPresent() ? put(name, value.get()) : this;
    }

    /** {@return the object} */
    public JsonObject build() {
      return new JsonObject(members);
    }
  }
}
