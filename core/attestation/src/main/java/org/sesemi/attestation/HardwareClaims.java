package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a verifier of hardware found out beyond what {@link Claims} of every platform have, so that
 * a policy can be applied to it later.
 *
 * @param judgement every claim, and the vendor's opinion
 * @param at the instant at which it was judged, which is that of the connection
 */
public record HardwareClaims(Judgement judgement, Instant at) {

  /** Refuses what did not verify. */
  public HardwareClaims {
    requireNonNull(at, "at");
    if (!judgement.record().accepted()) {
      throw new IllegalArgumentException("claims that did not verify are none");
    }
  }
}
