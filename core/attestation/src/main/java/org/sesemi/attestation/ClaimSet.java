package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/**
 * What a piece of evidence says, by name and in the order of its layout. Names are those of {@code
 * docs/attestation.md}, in camel case. Whether it is true is said by the {@link Judgement} that the
 * set belongs to.
 *
 * @param values the claims
 */
public record ClaimSet(Map<String, ClaimValue> values) {

  private static final ClaimSet EMPTY = new ClaimSet(Map.of());

  /** Copies the claims. */
  public ClaimSet {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** {@return no claims} */
  public static ClaimSet empty() {
    return EMPTY;
  }

  /** {@return an empty builder} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return the claim with a name, if there is one}
   *
   * @param name the name
   */
  public Optional<ClaimValue> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /**
   * {@return the bytes of a claim, if it is there and holds bytes}
   *
   * @param name the name
   */
  public Optional<Bytes> hex(String name) {
    return get(name)
        .flatMap(value -> value instanceof ClaimValue.Hex(var bytes) ? some(bytes) : none());
  }

  /**
   * {@return the text of a claim, if it is there and holds text}
   *
   * @param name the name
   */
  public Optional<String> text(String name) {
    return get(name)
        .flatMap(value -> value instanceof ClaimValue.Text(var text) ? some(text) : none());
  }

  /**
   * {@return the number of a claim, if it is there and holds a number}
   *
   * @param name the name
   */
  public Optional<Long> number(String name) {
    return get(name)
        .flatMap(value -> value instanceof ClaimValue.Whole(var number) ? some(number) : none());
  }

  /**
   * {@return the flag of a claim, if it is there and holds one}
   *
   * @param name the name
   */
  public Optional<Boolean> flag(String name) {
    return get(name)
        .flatMap(value -> value instanceof ClaimValue.Flag(var set) ? some(set) : none());
  }

  /**
   * {@return the group with a name, if it is there and is a group}
   *
   * @param name the name
   */
  public Optional<ClaimSet> group(String name) {
    return get(name)
        .flatMap(value -> value instanceof ClaimValue.Group(var group) ? some(group) : none());
  }

  private static <T> Optional<T> some(T value) {
    return Optional.of(value);
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  /** Collects claims. A name that is put again replaces the earlier claim. */
  public static final class Builder {

    private final Map<String, ClaimValue> values = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a claim.
     *
     * @param name its name
     * @param value its value
     * @return this builder
     */
    public Builder put(String name, ClaimValue value) {
      values.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /**
     * Adds bytes.
     *
     * @param name their name
     * @param bytes the bytes
     * @return this builder
     */
    public Builder put(String name, byte[] bytes) {
      return put(name, Bytes.of(bytes));
    }

    /**
     * Adds bytes.
     *
     * @param name their name
     * @param bytes the bytes
     * @return this builder
     */
    public Builder put(String name, Bytes bytes) {
      return put(name, new ClaimValue.Hex(bytes));
    }

    /**
     * Adds text.
     *
     * @param name its name
     * @param text the text
     * @return this builder
     */
    public Builder put(String name, String text) {
      return put(name, new ClaimValue.Text(text));
    }

    /**
     * Adds an integer.
     *
     * @param name its name
     * @param number the integer
     * @return this builder
     */
    public Builder put(String name, long number) {
      return put(name, new ClaimValue.Whole(number));
    }

    /**
     * Adds a flag.
     *
     * @param name its name
     * @param set whether it is so
     * @return this builder
     */
    public Builder put(String name, boolean set) {
      return put(name, new ClaimValue.Flag(set));
    }

    /**
     * Adds a group.
     *
     * @param name its name
     * @param group the claims in it
     * @return this builder
     */
    public Builder put(String name, ClaimSet group) {
      return put(name, new ClaimValue.Group(group));
    }

    /**
     * Adds texts.
     *
     * @param name their name
     * @param texts the texts
     * @return this builder
     */
    public Builder putTexts(String name, List<String> texts) {
      return put(
          name,
          new ClaimValue.Several(texts.stream().<ClaimValue>map(ClaimValue.Text::new).toList()));
    }

    /** {@return the claims so far} */
    public ClaimSet build() {
      return new ClaimSet(values);
    }
  }
}
