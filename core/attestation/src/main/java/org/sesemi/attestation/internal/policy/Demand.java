package org.sesemi.attestation.internal.policy;

import java.time.Instant;
import java.util.Optional;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonValue;

/**
 * One thing that a policy demands, read from the value of one key. A claim that is missing makes it
 * unverified, never passed.
 */
public interface Demand {

  /**
   * Judges a subject.
   *
   * @param name the name of the check
   * @param subject what is appraised
   * @return the check, or nothing when the value of the key lets everything pass
   */
  Optional<Check> check(String name, Subject subject);

  /** {@return the value of the key in its canonical form} */
  JsonValue json();

  /** {@return what passes, in words} */
  String says();

  /** {@return the first instant at which this demand will no longer let the subject pass} */
  default Optional<Instant> endsAt(Subject subject) {
    return Optional.empty();
  }
}
