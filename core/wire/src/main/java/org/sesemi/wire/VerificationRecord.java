package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Every step of one verification, in order, and so the reason of its verdict.
 *
 * <p>Guarantees: there is at least one check, and no name twice; the verdict follows from the
 * checks alone.
 *
 * @param subject what was verified, for example {@code evidence} or {@code receipt}
 * @param checks the steps
 */
public record VerificationRecord(String subject, List<Check> checks) {

  /** Copies and checks the list. */
  public VerificationRecord {
    requireNonNull(subject, "subject");
    checks = List.copyOf(checks);
    if (checks.isEmpty()) {
      throw new IllegalArgumentException("a verification without checks proves nothing");
    }
    Set<String> names = new HashSet<>();
    for (Check check : checks) {
      if (!names.add(check.name())) {
        throw new IllegalArgumentException("checked twice: " + check.name());
      }
    }
  }

  /** {@return what the checks say together} */
  public Verdict verdict() {
    if (firstWith(CheckOutcome.FAILED).isPresent()) {
      return Verdict.REJECT;
    }
    return firstWith(CheckOutcome.UNVERIFIED).isPresent() ? Verdict.INCOMPLETE : Verdict.ACCEPT;
  }

  /** {@return whether every check passed} */
  public boolean accepted() {
    return verdict() == Verdict.ACCEPT;
  }

  /** {@return the first failed check, else the first unverified one, else nothing} */
  public Optional<Check> failing() {
    return firstWith(CheckOutcome.FAILED).or(() -> firstWith(CheckOutcome.UNVERIFIED));
  }

  /**
   * {@return these checks followed by those of another record}
   *
   * @param further the other record, with check names of its own
   */
  public VerificationRecord and(VerificationRecord further) {
    List<Check> all = new ArrayList<>(checks);
    all.addAll(further.checks);
    return new VerificationRecord(subject, all);
  }

  private Optional<Check> firstWith(CheckOutcome outcome) {
    return checks.stream().filter(check -> check.outcome() == outcome).findFirst();
  }
}
