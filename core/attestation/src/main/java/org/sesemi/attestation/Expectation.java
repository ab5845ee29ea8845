package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/**
 * What the relying party brings to a verification besides roots.
 *
 * @param at the instant at which everything must be valid
 * @param nonce what the evidence must carry in its field for the caller's own bytes: report data
 *     (shorter values are padded with zeros to the field), qualifying data of a TPM, the nonce of a
 *     Nitro document or GPU report, the challenge of a realm. Absent when freshness is not judged,
 *     and then nothing is said about it
 */
public record Expectation(Instant at, Optional<Bytes> nonce) {

  /** Refuses a nonce that any evidence could carry by accident. */
  public Expectation {
    requireNonNull(at, "at");
    if (nonce.isPresent() && isZero(nonce.get())) {
      throw new AttestationException(
          AttestationException.Code.NONCE, "an empty or all-zero nonce shows no freshness");
    }
  }

  /**
   * {@return an expectation about time alone}
   *
   * @param at the instant at which everything must be valid
   */
  public static Expectation at(Instant at) {
    return new Expectation(at, Optional.empty());
  }

  private static boolean isZero(Bytes bytes) {
    for (byte value : bytes.toArray()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
