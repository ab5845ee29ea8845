package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import org.sesemi.attestation.RuntimePolicy;

/**
 * Which attested servers a client speaks to.
 *
 * @param appraisal how the evidence of the server is judged
 * @param claimsCheck what is demanded of its claims beyond that
 */
public record ServerPolicy(EvidenceAppraisal appraisal, ClaimsCheck claimsCheck) {

  /** Checks that both are there. */
  public ServerPolicy {
    requireNonNull(appraisal, "appraisal");
    requireNonNull(claimsCheck, "claimsCheck");
  }

  /**
   * {@return a policy that accepts the enclaves that a runtime policy accepts}
   *
   * @param policy the runtime policy
   * @param claimsCheck what is demanded beyond it
   */
  public static ServerPolicy of(RuntimePolicy policy, ClaimsCheck claimsCheck) {
    return new ServerPolicy(policy::appraise, claimsCheck);
  }
}
