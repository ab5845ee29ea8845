package org.sesemi.attestation.internal.cose;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.internal.Unreadable;

/** Reads the fields of a map one by one; {@link #finish()} refuses the rest. Not thread-safe. */
public final class CborFields {

  private final Map<Object, CborItem> left;
  private final String what;

  CborFields(Map<Object, CborItem> fields, String what) {
    this.left = new LinkedHashMap<>(fields);
    this.what = what;
  }

  /** {@return how many fields are left} */
  public int size() {
    return left.size();
  }

  /** {@return the fields with integer keys that are left, which then are read} */
  public Map<Long, CborItem> integers() {
    Map<Long, CborItem> result = new LinkedHashMap<>();
    left.forEach(
        (key, value) -> {
          if (!(key instanceof Long number)) {
            throw new Unreadable(what + " has a key that is no integer");
          }
          result.put(number, value);
        });
    left.clear();
    return result;
  }

  /** {@return the field with a text as key} */
  public CborItem get(String key) {
    return optional(key).orElseThrow(() -> missing(key));
  }

  /** {@return the field with an integer as key} */
  public CborItem get(long key) {
    return optional(key).orElseThrow(() -> missing(Long.toString(key)));
  }

  /** {@return the field with a text as key, if it is there} */
  public Optional<CborItem> optional(String key) {
    return Optional.ofNullable(left.remove(key));
  }

  /** {@return the field with an integer as key, if it is there} */
  public Optional<CborItem> optional(long key) {
    return Optional.ofNullable(left.remove(key));
  }

  /** Refuses fields that nobody asked for. */
  public void finish() {
    if (!left.isEmpty()) {
      throw new Unreadable(what + " has " + left.size() + " keys that do not belong there");
    }
  }

  private Unreadable missing(String key) {
    return new Unreadable(what + " has no key " + key);
  }
}
