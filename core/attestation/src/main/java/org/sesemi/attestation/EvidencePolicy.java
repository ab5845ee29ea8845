package org.sesemi.attestation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.policy.Alternative;
import org.sesemi.attestation.internal.policy.Draft;
import org.sesemi.attestation.internal.policy.PolicyReader;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.Verdict;
import org.sesemi.wire.VerificationRecord;

/**
 * What a relying party demands of hardware evidence beyond its being genuine (RFC 9334: appraisal
 * policy), written by a person as a JSON file. {@code docs/attestation.md} lists every key.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A policy names exact reference values. One that names none, has a wildcard, or has a key
 *       that is not known for the platform is refused when it is read.
 *   <li>What a policy does not mention is refused where it weakens the platform: debugging,
 *       migration, privilege levels other than 0, provisional firmware, and every status but {@code
 *       UpToDate}.
 *   <li>A claim that is missing is unverified, and then the verdict is not accept.
 *   <li>The simulated platform cannot be expressed.
 * </ul>
 *
 * <p>Immutable and thread-safe. Policies are equal when their canonical forms are.
 */
public final class EvidencePolicy {

  /** The longest policy file, in bytes: 256 KiB. */
  public static final int MAX_LENGTH = 256 << 10;

  private final List<Alternative> alternatives;
  private final String canonical;

  private EvidencePolicy(List<Alternative> alternatives) {
    this.alternatives = List.copyOf(alternatives);
    this.canonical =
        JsonObject.builder()
            .put("apiVersion", "sesemi/v1")
            .put("any-of", alternatives.stream().sorted().map(Alternative::json).toList())
            .build()
            .toText();
  }

  /**
   * Reads a policy file.
   *
   * @param file the file
   * @return the policy
   * @throws AttestationException with {@code attestation.policy-invalid} when it cannot be read or
   *     says something that is not known, or {@code attestation.policy-empty} when it would accept
   *     nothing or names nothing
   */
  public static EvidencePolicy read(Path file) {
    try {
      if (Files.size(file) > MAX_LENGTH) {
        throw new AttestationException(
            Code.POLICY_INVALID, file + " is longer than " + MAX_LENGTH + " bytes");
      }
      return parse(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      throw new AttestationException(
          Code.POLICY_INVALID, "the policy file " + file + " cannot be read", e);
    }
  }

  /**
   * Reads a policy.
   *
   * @param utf8 the JSON document
   * @param name what messages call it
   * @return the policy
   * @throws AttestationException as {@link #read} does
   */
  public static EvidencePolicy parse(byte[] utf8, String name) {
    if (utf8.length > MAX_LENGTH) {
      throw new AttestationException(
          Code.POLICY_INVALID, name + " is longer than " + MAX_LENGTH + " bytes");
    }
    return new EvidencePolicy(PolicyReader.read(utf8, name));
  }

  /**
   * Writes a first policy from what evidence says, for a person to go on from. It names
   * measurement, configuration and versions, and allows nothing that is refused by default:
   * evidence with debugging on does not satisfy it.
   *
   * @param judgement what a verifier found out
   * @return a policy file
   * @throws AttestationException with {@code attestation.policy-empty} when the evidence has no
   *     measurement, as a debugged enclave on some platforms
   */
  public static String draft(Judgement judgement) {
    return Json.pretty(Draft.of(judgement));
  }

  /** {@return the platforms that it can accept} */
  public Set<PlatformKind> platforms() {
    Set<PlatformKind> platforms = new TreeSet<>();
    alternatives.forEach(alternative -> platforms.add(alternative.platform()));
    return platforms;
  }

  /**
   * Compares what a verifier found out with this policy. The result has the checks of the
   * judgement, then those of the alternative that the evidence satisfies or comes closest to; where
   * none is satisfied, one further check for every other alternative says why it is not either.
   *
   * @param judgement what a verifier found out
   * @param at the instant at which exceptions with an end and ages are judged
   * @return the judgement with the checks of the policy; accept only when both accept
   */
  public Judgement appraise(Judgement judgement, Instant at) {
    Comparison compared = compare(judgement, at);
    Optional<Instant> validUntil =
        Stream.concat(judgement.validUntil().stream(), compared.endsAt().stream())
            .min(Comparator.naturalOrder());
    return new Judgement(
        judgement.platform(),
        judgement.record().and(new VerificationRecord("policy", compared.checks())),
        judgement.claims(),
        judgement.tcbStatus(),
        judgement.advisories(),
        validUntil,
        judgement.verdict() == Verdict.REJECT || !failed(compared.checks())
            ? judgement.failure().or(compared::failure)
            : compared.failure());
  }

  /**
   * How claims compare with this policy.
   *
   * @param checks every check
   * @param failure the code of the first that did not pass
   * @param endsAt the first instant at which they no longer satisfy it
   */
  record Comparison(List<Check> checks, Optional<Code> failure, Optional<Instant> endsAt) {
    Comparison {
      checks = List.copyOf(checks);
    }
  }

  Comparison compare(Judgement judgement, Instant at) {
    List<Check> checks = new ArrayList<>();
    boolean named = platforms().contains(judgement.platform());
    checks.add(
        Check.of(
            "policy-platform",
            named,
            platforms().stream().map(PlatformKind::text).collect(Collectors.joining(" or ")),
            judgement.platform().text(),
            "the policy has no alternative for this platform"));
    if (!named) {
      return new Comparison(checks, Optional.of(Code.PLATFORM_MISMATCH), Optional.empty());
    }
    @Nullable Alternative best = null;
    Alternative.@Nullable Outcome bestOutcome = null;
    for (Alternative alternative : alternatives) {
      if (alternative.platform() == judgement.platform()) {
        Alternative.Outcome outcome = alternative.judge(judgement, at);
        if (bestOutcome == null || outcome.distance() < bestOutcome.distance()) {
          best = alternative;
          bestOutcome = outcome;
        }
      }
    }
    if (best == null || bestOutcome == null) {
      throw new IllegalStateException("a named platform has an alternative");
    }
    checks.addAll(bestOutcome.checks());
    if (bestOutcome.failure().isPresent()) {
      checks.addAll(others(best, judgement, at));
    }
    return new Comparison(checks, bestOutcome.failure(), best.endsAt(judgement, at));
  }

  /** Says in one check for each alternative but the best why it does not accept either. */
  private List<Check> others(Alternative best, Judgement judgement, Instant at) {
    List<Check> checks = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      Alternative alternative = alternatives.get(i);
      if (alternative.equals(best)) {
        continue;
      }
      String unmet =
          alternative.platform() == judgement.platform()
              ? String.join(", ", alternative.judge(judgement, at).unmet())
              : "it is for " + alternative.platform().text();
      checks.add(
          Check.failed(
              "policy-alternative-" + i,
              "alternative " + i + " of the policy",
              unmet,
              "this alternative is not satisfied either"));
    }
    return checks;
  }

  private static boolean failed(List<Check> checks) {
    return checks.stream().anyMatch(check -> check.outcome() == CheckOutcome.FAILED);
  }

  /** {@return what it demands, for people: one line for each demand, by alternative} */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < alternatives.size(); i++) {
      Alternative alternative = alternatives.get(i);
      lines.add("alternative " + i + ": " + alternative.platform().text());
      alternative.describe().forEach(line -> lines.add("  " + line));
    }
    return lines;
  }

  /**
   * {@return the canonical form: compact JSON, alternatives and values sorted, defaults written
   * out; the same for equal policies}
   */
  public String toJson() {
    return canonical;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof EvidencePolicy that && canonical.equals(that.canonical);
  }

  @Override
  public int hashCode() {
    return canonical.hashCode();
  }

  @Override
  public String toString() {
    return canonical;
  }
}
