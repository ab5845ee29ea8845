package org.sesemi.channel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of an HTTP message, in order. Names are compared without regard to case.
 *
 * <p>Guarantees: names are tokens and values are printable ASCII, so that no field can be read as
 * two.
 *
 * @param fields the fields
 */
public record HttpHeaders(List<Field> fields) {

  /** No fields. */
  public static final HttpHeaders NONE = new HttpHeaders(List.of());

  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  /**
   * One field.
   *
   * @param name its name
   * @param value its value, without white space around it
   */
  public record Field(String name, String value) {

    /** Checks both texts. */
    public Field {
      if (!isToken(name)) {
        throw new ChannelException(
            ChannelException.Code.HTTP_MALFORMED, "a header name is not a token");
      }
      if (!isFieldValue(value)) {
        throw new ChannelException(
            ChannelException.Code.HTTP_MALFORMED,
            "the value of header " + name + " is not printable ASCII");
      }
    }
  }

  /** Copies the list. */
  public HttpHeaders {
    fields = List.copyOf(fields);
  }

  /**
   * {@return these fields and one more}
   *
   * @param name its name
   * @param value its value
   */
  public HttpHeaders with(String name, String value) {
    List<Field> more = new ArrayList<>(fields.size() + 1);
    more.addAll(fields);
    more.add(new Field(name, value));
    return new HttpHeaders(more);
  }

  /**
   * {@return the value of the first field with a name}
   *
   * @param name the name
   */
  public Optional<String> first(String name) {
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the values of all fields with a name, in order}
   *
   * @param name the name
   */
  public List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (Field field : fields) {
      if (field.name.equalsIgnoreCase(name)) {
        values.add(field.value);
      }
    }
    return List.copyOf(values);
  }

  static boolean isToken(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!alphanumeric && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  private static boolean isFieldValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < 0x20 && c != '\t') || c > 0x7e) {
        return false;
      }
    }
    return text.isEmpty() || (!isBlank(text.charAt(0)) && !isBlank(text.charAt(text.length() - 1)));
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
