package org.sesemi.channel;

import java.time.Instant;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.Verification;

/**
 * How the evidence of a peer is judged: {@code policy::appraise} where a policy is at hand, {@code
 * verifier::verify} where claims are compared with a policy later. There is no implementation that
 * accepts without verifying.
 */
@FunctionalInterface
public interface EvidenceAppraisal {

  /**
   * Judges evidence.
   *
   * @param evidence what the peer sent
   * @param expectedReportData the 64 bytes that it must cover
   * @param at the instant at which everything must be valid
   * @return every check, and the claims when all passed
   */
  Verification appraise(Evidence evidence, byte[] expectedReportData, Instant at);
}
