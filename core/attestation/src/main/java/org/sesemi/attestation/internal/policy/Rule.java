package org.sesemi.attestation.internal.policy;

import java.util.Optional;
import java.util.function.Function;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.JsonValue;

/**
 * One key that the file may have for a platform.
 *
 * @param key the key
 * @param check the name of the check, without {@code policy-}
 * @param code the code of an appraisal that this check ends
 * @param byDefault the value when the key is not there; without one there is then no demand
 * @param reading makes the demand from the value of the key
 * @param start the value that a first policy for a subject gets, where it gets one
 */
public record Rule(
    String key,
    String check,
    Code code,
    Optional<JsonValue> byDefault,
    Reading reading,
    Function<Subject, Optional<JsonValue>> start) {

  /** Makes a demand from the value of a key. */
  @FunctionalInterface
  public interface Reading {
    /** {@return the demand} */
    Demand read(PolicyNode value);
  }

  /** {@return a rule whose check has the name of its key} */
  static Rule of(String key, Reading reading) {
    return new Rule(
        key, key, Code.POLICY_REFUSED, Optional.empty(), reading, _ -> Optional.empty());
  }

  /** {@return the same with another name of the check} */
  Rule named(String name) {
    return new Rule(key, name, code, byDefault, reading, start);
  }

  /** {@return the same with another code} */
  Rule code(Code other) {
    return new Rule(key, check, other, byDefault, reading, start);
  }

  /** {@return the same with a default} */
  Rule byDefault(JsonValue value) {
    return new Rule(key, check, code, Optional.of(value), reading, start);
  }

  /** {@return the same with a value for a first policy} */
  Rule start(Function<Subject, Optional<JsonValue>> value) {
    return new Rule(key, check, code, byDefault, reading, value);
  }

  /** {@return the name of the check in records} */
  String checkName() {
    return "policy-" + check;
  }
}
