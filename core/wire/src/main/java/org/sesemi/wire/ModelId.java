package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The name of a model: its owner and a name that is unique for this owner, as text {@code
 * <owner>/<name>}.
 *
 * @param owner the party that publishes the model
 * @param name 1 to 63 characters: lower-case letters, digits, dot, underscore and hyphen, the first
 *     one a letter or digit
 */
public record ModelId(PartyId owner, String name) implements Comparable<ModelId> {

  /** The longest name in characters. */
  public static final int MAX_NAME_LENGTH = 63;

  /** The longest text form in characters. */
  public static final int MAX_TEXT_LENGTH = 64 + 1 + MAX_NAME_LENGTH;

  /** Checks the form of the name. */
  public ModelId {
    requireNonNull(owner, "owner");
    if (!isName(requireNonNull(name, "name"))) {
      throw new WireException(
          WireException.Code.ID_MALFORMED,
          "a model name has 1 to 63 characters from a-z, 0-9, '.', '_', '-' and begins with a"
              + " letter or digit");
    }
  }

  /**
   * {@return whether a text is fit to be a model's name}
   *
   * @param name the text
   */
  public static boolean isName(String name) {
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      if (!plain && (i == 0 || (c != '.' && c != '_' && c != '-'))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Reads the text form.
   *
   * @param text owner, slash, name
   * @return what was read
   */
  public static ModelId parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new WireException(
          WireException.Code.ID_MALFORMED, "a model id has the form <owner>/<name>");
    }
    return new ModelId(PartyId.parse(text.substring(0, slash)), text.substring(slash + 1));
  }

  /** {@return the text form} */
  public String text() {
    return owner.hex() + "/" + name;
  }

  @Override
  public int compareTo(ModelId other) {
    int byOwner = owner.compareTo(other.owner);
    return byOwner != 0 ? byOwner : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return text();
  }
}
