package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Changes single bits of evidence and says which changes go unnoticed. */
final class Mutations {

  private Mutations() {}

  /**
   * Flips one bit and judges.
   *
   * @return whether the evidence is still accepted, in which case every claim is as before
   */
  static boolean survives(
      Documents documents,
      ClaimSet claims,
      Function<Documents, Judgement> judge,
      String name,
      int position,
      int bit) {
    byte[] changed = documents.get(name).orElseThrow().toArray();
    changed[position] ^= (byte) (1 << bit);
    Judgement judgement = judge.apply(documents.with(name, Bytes.of(changed)));
    if (judgement.verdict() == Verdict.ACCEPT) {
      assertThat(judgement.claims()).as(name + " at " + position).isEqualTo(claims);
      return true;
    }
    assertThat(judgement.record().checks())
        .as(name + " at " + position)
        .anyMatch(check -> check.outcome() != CheckOutcome.PASSED && !check.reason().isEmpty());
    return false;
  }
}
