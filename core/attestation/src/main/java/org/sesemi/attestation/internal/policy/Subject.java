package org.sesemi.attestation.internal.policy;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiFunction;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Bytes;

/**
 * What a policy is applied to. Claims are found by name; a dot steps into a group, or to an item by
 * its number.
 *
 * @param judgement what a verifier found out
 * @param at the instant at which it is appraised
 */
public record Subject(Judgement judgement, Instant at) {

  private <T> Optional<T> find(String name, BiFunction<ClaimSet, String, Optional<T>> read) {
    ClaimSet set = judgement.claims();
    String rest = name;
    for (int dot = rest.indexOf('.'); dot >= 0; dot = rest.indexOf('.')) {
      Optional<ClaimSet> inner = set.group(rest.substring(0, dot));
      if (inner.isEmpty()) {
        return Optional.empty();
      }
      set = inner.get();
      rest = rest.substring(dot + 1);
    }
    return read.apply(set, rest);
  }

  /** {@return a claim of any kind} */
  Optional<ClaimValue> claim(String name) {
    return find(name, ClaimSet::get);
  }

  /** {@return a claim of bytes} */
  Optional<Bytes> hex(String name) {
    int dot = name.lastIndexOf('.');
    if (dot > 0
        && claim(name.substring(0, dot)).orElse(null) instanceof ClaimValue.Several(var values)) {
      int index = Integer.parseInt(name.substring(dot + 1));
      return index < values.size() && values.get(index) instanceof ClaimValue.Hex(var bytes)
          ? Optional.of(bytes)
          : Optional.empty();
    }
    return find(name, ClaimSet::hex);
  }

  /** {@return a claim of text} */
  Optional<String> text(String name) {
    return find(name, ClaimSet::text);
  }

  /** {@return a claim of an integer} */
  Optional<Long> number(String name) {
    return find(name, ClaimSet::number);
  }

  /** {@return a claim that is so or not} */
  Optional<Boolean> flag(String name) {
    return find(name, ClaimSet::flag);
  }

  /** {@return a claim that is a group} */
  Optional<ClaimSet> group(String name) {
    return find(name, ClaimSet::group);
  }
}
