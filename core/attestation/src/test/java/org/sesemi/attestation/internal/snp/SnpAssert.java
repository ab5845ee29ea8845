package org.sesemi.attestation.internal.snp;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** What tests of the verifier say about judgements. */
final class SnpAssert {

  private SnpAssert() {}

  /** One check fails, and it is the first one that does. */
  static void refused(Judgement judgement, SnpStep step) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(
            judgement.record().checks().stream()
                .filter(check -> check.outcome() == CheckOutcome.FAILED)
                .map(Check::name)
                .findFirst())
        .contains(step.text());
    assertThat(judgement.failure()).contains(step.code());
  }

  /** One check fails and no other one. */
  static void refusedOnlyFor(Judgement judgement, SnpStep step) {
    refused(judgement, step);
    assertThat(
            judgement.record().checks().stream()
                .filter(check -> check.outcome() == CheckOutcome.FAILED)
                .map(Check::name))
        .containsExactly(step.text());
  }

  /** A check fails, among others perhaps. */
  static void failed(Judgement judgement, SnpStep step) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(
            judgement.record().checks().stream()
                .filter(check -> check.outcome() == CheckOutcome.FAILED)
                .map(Check::name))
        .contains(step.text());
  }

  /** {@return a claim as short text} */
  static String shown(ClaimValue value) {
    return switch (value) {
      case ClaimValue.Hex(var bytes) -> bytes.hex();
      case ClaimValue.Text(var text) -> text;
      case ClaimValue.Whole(var number) -> Long.toString(number);
      case ClaimValue.Flag(var set) -> Boolean.toString(set);
      case ClaimValue.Several(var values) ->
          values.stream().map(SnpAssert::shown).collect(joining("."));
      case ClaimValue.Group(var claims) ->
          claims.values().values().stream().map(SnpAssert::shown).collect(joining(" "));
    };
  }
}
