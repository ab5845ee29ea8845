package org.sesemi.attestation.internal.policy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.JsonObject;

/**
 * One way to satisfy a policy: a platform, and everything that is demanded of it.
 *
 * @param platform the platform
 * @param demands the demands by rule, in the order of the platform's table
 */
public record Alternative(PlatformKind platform, Map<Rule, Demand> demands)
    implements Comparable<Alternative> {

  /** Copies the demands. */
  public Alternative {
    demands = Collections.unmodifiableMap(new LinkedHashMap<>(demands));
  }

  /**
   * How a subject did.
   *
   * @param checks every check
   * @param failure the code of the first failed check, else of the first unverified one
   */
  public record Outcome(List<Check> checks, Optional<Code> failure) {

    /** Copies the checks. */
    public Outcome {
      checks = List.copyOf(checks);
    }

    /** {@return how far it is from passing: failed checks count more than unverified ones} */
    public int distance() {
      int distance = 0;
      for (Check check : checks) {
        distance +=
            switch (check.outcome()) {
              case PASSED -> 0;
              case UNVERIFIED -> 1;
              case FAILED -> 1000;
            };
      }
      return distance;
    }

    /** {@return the names of the checks that did not pass} */
    public List<String> unmet() {
      return checks.stream()
          .filter(check -> check.outcome() != CheckOutcome.PASSED)
          .map(Check::name)
          .toList();
    }
  }

  /** {@return how a subject of the same platform does} */
  public Outcome judge(Judgement judgement, Instant at) {
    Subject subject = new Subject(judgement, at);
    List<Check> checks = new ArrayList<>();
    Optional<Code> failed = Optional.empty();
    Optional<Code> unverified = Optional.empty();
    for (Map.Entry<Rule, Demand> entry : demands.entrySet()) {
      Rule rule = entry.getKey();
      Optional<Check> check = entry.getValue().check(rule.checkName(), subject);
      if (check.isEmpty()) {
        continue;
      }
      checks.add(check.get());
      if (check.get().outcome() == CheckOutcome.FAILED && failed.isEmpty()) {
        failed = Optional.of(rule.code());
      }
      if (check.get().outcome() == CheckOutcome.UNVERIFIED && unverified.isEmpty()) {
        unverified = Optional.of(Code.INCOMPLETE);
      }
    }
    Optional<Code> incomplete = unverified;
    return new Outcome(checks, failed.or(() -> incomplete));
  }

  /** {@return the first instant at which this alternative no longer lets a judgement pass} */
  public Optional<Instant> endsAt(Judgement judgement, Instant at) {
    Subject subject = new Subject(judgement, at);
    return demands.values().stream()
        .flatMap(demand -> demand.endsAt(subject).stream())
        .min(Instant::compareTo);
  }

  /** {@return the canonical form: defaults are written out, values sorted} */
  public JsonObject json() {
    JsonObject.Builder json = JsonObject.builder().put("platform", platform.text());
    demands.forEach((rule, demand) -> json.put(rule.key(), demand.json()));
    return json.build();
  }

  /** {@return what is demanded, one line for each key} */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    demands.forEach((rule, demand) -> lines.add(rule.key() + ": " + demand.says()));
    return lines;
  }

  /** Compares canonical forms. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Alternative that && compareTo(that) == 0;
  }

  @Override
  public int hashCode() {
    return json().toText().hashCode();
  }

  @Override
  public int compareTo(Alternative other) {
    return json().toText().compareTo(other.json().toText());
  }
}
