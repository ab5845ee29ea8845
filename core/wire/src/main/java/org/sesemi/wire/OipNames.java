package org.sesemi.wire;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The checks that all lists of named things in a body share. */
final class OipNames {

  private OipNames() {}

  /** Returns an immutable copy of a parameter map that keeps its order. */
  static Map<String, Parameter> copy(Map<String, Parameter> parameters) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /** Returns an immutable copy of a list after checking that no name occurs twice. */
  static <T> List<T> distinct(String what, List<T> named, Function<T, String> name) {
    Set<String> seen = new HashSet<>();
    for (T one : named) {
      if (!seen.add(name.apply(one))) {
        throw new OipException(
            OipException.Code.TENSOR_DUPLICATE,
            "the " + what + " " + OipException.quoted(name.apply(one)) + " is named twice");
      }
    }
    return List.copyOf(named);
  }
}
