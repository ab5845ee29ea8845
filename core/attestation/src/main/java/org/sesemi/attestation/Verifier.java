package org.sesemi.attestation;

import java.time.Instant;

/**
 * The role that turns evidence into verified claims (RFC 9334: verifier). It knows the roots of a
 * platform and the rules of its evidence; whether the claims are good enough is the business of a
 * {@link RuntimePolicy}.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Claims exist only when every check passed. What could not be checked is unverified, never
 *       passed, and then there are no claims.
 *   <li>Roots are those given when the verifier was made; a root inside the evidence is not used.
 *   <li>The verdict depends on the arguments only: no clock, no network, and no security provider
 *       other than the JDK's own takes part.
 *   <li>Evidence of any content ends in a verification, never in another exception.
 * </ul>
 */
public interface Verifier {

  /**
   * Verifies evidence.
   *
   * @param evidence what a peer sent
   * @param expectedReportData the 64 bytes that the evidence must cover
   * @param at the instant at which everything must be valid
   * @return every check with its outcome, and the claims when all passed
   */
  Verification verify(Evidence evidence, byte[] expectedReportData, Instant at);

  /** {@return the kind of platform whose evidence is understood} */
  PlatformKind platform();
}
