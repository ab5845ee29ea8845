package org.sesemi.attestation.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.VerificationRecord;

/**
 * The checks of one verification. Every step of the verifier's enum ends up in the record unless it
 * was declared not to apply: what was never reached is unverified. A step that is judged more than
 * once keeps its worst outcome.
 *
 * @param <S> the steps
 */
public final class Checks<S extends Enum<S> & Step> {

  private final String subject;
  private final Class<S> type;
  private final Map<S, Check> made;
  private final Set<S> skipped;
  private final ClaimSet.Builder claims = ClaimSet.builder();
  private final Set<String> advisories = new TreeSet<>();
  private @Nullable String tcbStatus;
  private @Nullable Instant validUntil;

  /**
   * Starts with nothing checked.
   *
   * @param subject what is verified, for example {@code snp evidence}
   * @param type the steps
   */
  public Checks(String subject, Class<S> type) {
    this.subject = subject;
    this.type = type;
    this.made = new EnumMap<>(type);
    this.skipped = EnumSet.noneOf(type);
  }

  /**
   * Judges a step.
   *
   * @param step the step
   * @param holds whether it passes
   * @param expected what passes
   * @param got what is there
   * @return whether it passes
   */
  public boolean that(S step, boolean holds, String expected, String got) {
    if (holds) {
      pass(step, expected, got);
    } else {
      fail(step, expected, got);
    }
    return holds;
  }

  /** Judges a step by comparing byte strings, which need not be secret. */
  public boolean equal(S step, byte[] expected, byte[] got) {
    return that(
        step,
        java.security.MessageDigest.isEqual(expected, got),
        Bytes.of(expected).hex(),
        Bytes.of(got).hex());
  }

  /** Notes that a step passed. */
  public void pass(S step, String expected, String got) {
    note(step, Check.passed(step.text(), expected, got));
  }

  /** Notes that a step failed. */
  public void fail(S step, String expected, String got) {
    note(step, Check.failed(step.text(), expected, got, step.why()));
  }

  /** Notes that a step failed because of something that could not be read. */
  public void fail(S step, String expected, Unreadable unreadable) {
    note(
        step, Check.failed(step.text(), expected, "", step.why() + ": " + unreadable.getMessage()));
  }

  /**
   * Notes that a step cannot be made.
   *
   * @param step the step
   * @param expected what would pass
   * @param missing what is missing, for example {@code no pck_crl.der was supplied}
   */
  public void unverified(S step, String expected, String missing) {
    note(step, Check.unverified(step.text(), expected, step.why() + ": " + missing));
  }

  /** Declares that a step does not apply to this form of evidence; it is not in the record. */
  public void skip(S step) {
    skipped.add(step);
  }

  /** {@return whether a step was judged and passed} */
  public boolean passed(S step) {
    Check check = made.get(step);
    return check != null && check.outcome() == CheckOutcome.PASSED;
  }

  /** {@return the claims, to add to} */
  public ClaimSet.Builder claims() {
    return claims;
  }

  /** Notes the vendor's status of the machine. */
  public void tcbStatus(String status) {
    tcbStatus = status;
  }

  /** Notes advisories that apply. */
  public void advisories(Iterable<String> names) {
    names.forEach(advisories::add);
  }

  /** Notes that something that was used is valid only before an instant. */
  public void validUntil(Instant instant) {
    if (validUntil == null || instant.isBefore(validUntil)) {
      validUntil = instant;
    }
  }

  /** {@return the result} */
  public Judgement judge(PlatformKind platform) {
    List<Check> all = new ArrayList<>();
    AttestationException.@Nullable Code failed = null;
    AttestationException.@Nullable Code unverified = null;
    for (S step : type.getEnumConstants()) {
      Check check = made.get(step);
      if (check == null) {
        if (skipped.contains(step)) {
          continue;
        }
        check =
            Check.unverified(
                step.text(), "", step.why() + ": not reached, because an earlier check ended it");
      }
      all.add(check);
      if (check.outcome() == CheckOutcome.FAILED && failed == null) {
        failed = step.code();
      }
      if (check.outcome() == CheckOutcome.UNVERIFIED && unverified == null) {
        unverified = AttestationException.Code.INCOMPLETE;
      }
    }
    return new Judgement(
        platform,
        new VerificationRecord(subject, all),
        claims.build(),
        Optional.ofNullable(tcbStatus),
        List.copyOf(advisories),
        Optional.ofNullable(validUntil),
        Optional.ofNullable(failed == null ? unverified : failed));
  }

  private void note(S step, Check check) {
    Check before = made.get(step);
    if (before == null || rank(check) >= rank(before)) {
      made.put(step, check);
    }
  }

  private static int rank(Check check) {
    return switch (check.outcome()) {
      case PASSED -> 0;
      case UNVERIFIED -> 1;
      case FAILED -> 2;
    };
  }
}
