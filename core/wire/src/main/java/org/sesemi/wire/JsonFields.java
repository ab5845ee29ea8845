package org.sesemi.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a JSON object one by one, for documents whose format is fixed, such as
 * configuration. Every read names the type that it accepts, every error names the path of the
 * member, and {@link #finish()} refuses members that nobody asked for with a guess at what was
 * meant.
 */
public final class JsonFields {

  private final String path;
  private final Map<String, JsonValue> left;
  private final Set<String> known = new LinkedHashSet<>();

  private JsonFields(String path, JsonObject object) {
    this.path = path;
    this.left = new LinkedHashMap<>(object.members());
  }

  /**
   * Opens a document that must be an object.
   *
   * @param utf8 the document
   * @return its fields
   */
  public static JsonFields of(byte[] utf8) {
    return of(Json.parseObject(utf8));
  }

  /**
   * Opens an object.
   *
   * @param object the object
   * @return its fields
   */
  public static JsonFields of(JsonObject object) {
    return new JsonFields("", object);
  }

  /**
   * {@return whether a member is there and not yet read}
   *
   * @param name its name
   */
  public boolean has(String name) {
    known.add(name);
    return left.containsKey(name);
  }

  /**
   * Reads a text.
   *
   * @param name its name
   * @return the text
   */
  public String text(String name) {
    if (take(name) instanceof JsonString(String value)) {
      return value;
    }
    throw unexpected(name, "is not a text");
  }

  /**
   * Reads an integer.
   *
   * @param name its name
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return the integer
   */
  public long integer(String name, long min, long max) {
    if (take(name) instanceof JsonNumber number) {
      OptionalLong value = number.asLong();
      if (value.isPresent() && value.getAsLong() >= min && value.getAsLong() <= max) {
        return value.getAsLong();
      }
    }
    throw unexpected(name, "is not an integer from " + min + " to " + max);
  }

  /**
   * Reads a truth value.
   *
   * @param name its name
   * @return the truth value
   */
  public boolean bool(String name) {
    if (take(name) instanceof JsonBool(boolean value)) {
      return value;
    }
    throw unexpected(name, "is neither true nor false");
  }

  /**
   * Reads a value of any kind.
   *
   * @param name its name
   * @return the value
   */
  public JsonValue value(String name) {
    return take(name);
  }

  /**
   * Reads an object.
   *
   * @param name its name
   * @return its fields
   */
  public JsonFields object(String name) {
    if (take(name) instanceof JsonObject object) {
      return new JsonFields(path + name + ".", object);
    }
    throw unexpected(name, "is not an object");
  }

  /**
   * Reads an array of objects.
   *
   * @param name its name
   * @return the fields of each
   */
  public List<JsonFields> objects(String name) {
    List<JsonFields> result = new ArrayList<>();
    for (JsonValue item : array(name)) {
      if (!(item instanceof JsonObject object)) {
        throw unexpected(name, "has an item that is not an object");
      }
      result.add(new JsonFields(path + name + "[" + result.size() + "].", object));
    }
    return List.copyOf(result);
  }

  /**
   * Reads an array of texts.
   *
   * @param name its name
   * @return the texts
   */
  public List<String> texts(String name) {
    List<String> result = new ArrayList<>();
    for (JsonValue item : array(name)) {
      if (!(item instanceof JsonString(String text))) {
        throw unexpected(name, "has an item that is not a text");
      }
      result.add(text);
    }
    return List.copyOf(result);
  }

  /**
   * Reads an object whose members are all texts.
   *
   * @param name its name
   * @return the members in their order
   */
  public Map<String, String> textMap(String name) {
    if (!(take(name) instanceof JsonObject(Map<String, JsonValue> members))) {
      throw unexpected(name, "is not an object");
    }
    Map<String, String> result = new LinkedHashMap<>();
    members.forEach(
        (key, value) -> {
          if (!(value instanceof JsonString(String text))) {
            throw unexpected(name + "." + key, "is not a text");
          }
          result.put(key, text);
        });
    return result;
  }

  /**
   * Reads a text if it is there.
   *
   * @param name its name
   * @return the text
   */
  public Optional<String> optionalText(String name) {
    return has(name) ? Optional.of(text(name)) : Optional.empty();
  }

  /**
   * Reads an integer if it is there.
   *
   * @param name its name
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return the integer
   */
  public OptionalLong optionalInteger(String name, long min, long max) {
    return has(name) ? OptionalLong.of(integer(name, min, max)) : OptionalLong.empty();
  }

  /**
   * Reads a truth value if it is there.
   *
   * @param name its name
   * @param otherwise the value when it is not there
   * @return the truth value
   */
  public boolean boolOr(String name, boolean otherwise) {
    return has(name) ? bool(name) : otherwise;
  }

  /**
   * Reads an object if it is there.
   *
   * @param name its name
   * @return its fields
   */
  public Optional<JsonFields> optionalObject(String name) {
    return has(name) ? Optional.of(object(name)) : Optional.empty();
  }

  /**
   * Ends reading.
   *
   * @throws WireException with {@code json.unknown-key} when a member was not read
   */
  public void finish() {
    for (String name : left.keySet()) {
      String guess = closest(name);
      throw new WireException(
          WireException.Code.JSON_UNKNOWN_KEY,
          "unknown field '"
              + path
              + shown(name)
              + "'"
              + (guess.isEmpty() ? "" : ", did you mean '" + path + guess + "'?"));
    }
  }

  private List<JsonValue> array(String name) {
    if (take(name) instanceof JsonArray(List<JsonValue> items)) {
      return items;
    }
    throw unexpected(name, "is not an array");
  }

  private JsonValue take(String name) {
    known.add(name);
    @Nullable JsonValue value = left.remove(name);
    if (value == null) {
      throw unexpected(name, "is missing");
    }
    return value;
  }

  private String closest(String name) {
    String best = "";
    int bestDistance = Math.max(1, name.length() / 3) + 1;
    for (String candidate : known) {
      int distance = distance(shown(name), candidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return best;
  }

  /** Returns how many characters have to be changed, added or removed to get from one to other. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private static String shown(String name) {
    return name.length() <= 60 ? name : name.substring(0, 60);
  }

  private WireException unexpected(String name, String message) {
    return new WireException(
        WireException.Code.JSON_UNEXPECTED, "field '" + path + name + "' " + message);
  }
}
