package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.wire.Check;
import org.sesemi.wire.Verdict;
import org.sesemi.wire.VerificationRecord;

/**
 * What the verifier of a hardware platform found out: every check, what the evidence says, and the
 * vendor's opinion of the machine. Debugging, a security status short of the best, and other
 * attributes are claims here; whether they are good enough is the business of a policy.
 *
 * <p>Guarantees: the verdict follows from the checks alone; claims are only true when it is accept.
 *
 * @param platform whose evidence it is
 * @param record every check with its outcome
 * @param claims what the evidence says, as far as it could be read
 * @param tcbStatus the vendor's status of the machine in the vendor's words, where there is one
 * @param advisories the vendor's advisories that apply, sorted
 * @param validUntil the first instant at which something that was used is no longer valid
 * @param failure the code of the first failed check, else of the first unverified one
 */
public record Judgement(
    PlatformKind platform,
    VerificationRecord record,
    ClaimSet claims,
    Optional<String> tcbStatus,
    List<String> advisories,
    Optional<Instant> validUntil,
    Optional<AttestationException.Code> failure) {

  /** Checks that verdict and failure agree. */
  public Judgement {
    requireNonNull(platform, "platform");
    requireNonNull(claims, "claims");
    requireNonNull(tcbStatus, "tcbStatus");
    requireNonNull(validUntil, "validUntil");
    advisories = advisories.stream().distinct().sorted().toList();
    if (record.accepted() == failure.isPresent()) {
      throw new IllegalArgumentException("verdict and failure contradict each other");
    }
  }

  /** {@return what the checks say together} */
  public Verdict verdict() {
    return record.verdict();
  }

  /**
   * {@return the same with a prefix before each check's name, so that several fit in one record}
   *
   * @param prefix the prefix, for example {@code snp-}
   */
  public Judgement prefixed(String prefix) {
    List<Check> checks = new ArrayList<>();
    for (Check check : record.checks()) {
      checks.add(
          new Check(
              prefix + check.name(),
              check.outcome(),
              check.expected(),
              check.got(),
              check.reason()));
    }
    return new Judgement(
        platform,
        new VerificationRecord(record.subject(), checks),
        claims,
        tcbStatus,
        advisories,
        validUntil,
        failure);
  }

  /** Throws unless everything passed; the exception carries the record. */
  public void require() {
    if (failure.isPresent()) {
      throw new AttestationException(
          failure.get(),
          record
              .failing()
              .map(check -> check.name() + ": " + check.reason())
              .orElse("the evidence does not verify"),
          record);
    }
  }
}
