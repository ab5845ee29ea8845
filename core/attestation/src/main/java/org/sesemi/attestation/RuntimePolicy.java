package org.sesemi.attestation;

import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.WireException;

/**
 * The role that decides which enclaves are good enough (RFC 9334: appraisal policy). The simulated
 * platform has a type of its own, so that a policy for hardware cannot even name it.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A policy names exact values: measurements, configurations and roots have no wildcard, and a
 *       policy that names none is refused when it is made.
 *   <li>A policy has one encoding and so one digest.
 *   <li>Claims of another platform, or from another root, are rejected.
 * </ul>
 */
public sealed interface RuntimePolicy permits SimulatedPolicy, HardwarePolicy {

  /** The longest encoding of a policy, in bytes. */
  int MAX_LENGTH = 64 * 1024;

  /** {@return the kind of platform that the policy is for} */
  PlatformKind platform();

  /** {@return the kinds of platform that the policy can accept} */
  default Set<PlatformKind> platforms() {
    return Set.of(platform());
  }

  /** {@return a verifier that knows the roots of this policy} */
  Verifier verifier();

  /**
   * Compares verified claims with this policy.
   *
   * @param claims what a verifier found to be true
   * @return every check, and the claims again when all passed
   */
  Verification validate(Claims claims);

  /**
   * Verifies evidence and compares its claims with this policy.
   *
   * @param evidence what a peer sent
   * @param expectedReportData the 64 bytes that the evidence must cover
   * @param at the instant at which everything must be valid
   * @return every check of both, and the claims when all passed
   */
  default Verification appraise(Evidence evidence, byte[] expectedReportData, Instant at) {
    Verification verified = verifier().verify(evidence, expectedReportData, at);
    return verified
        .claims()
        .map(this::validate)
        .map(
            validated ->
                new Verification(
                    verified.record().and(validated.record()),
                    validated.claims(),
                    validated.failure()))
        .orElse(verified);
  }

  /** {@return the encoding, the same for equal policies} */
  byte[] encode();

  /** {@return the digest of the encoding, by which records name the policy} */
  default Digest digest() {
    return Digest.sha256(encode());
  }

  /**
   * Reads an encoding.
   *
   * @param encoded the encoding
   * @return the policy
   * @throws AttestationException with {@code attestation.malformed}, {@code
   *     attestation.version-unknown}, {@code attestation.platform-unknown} or {@code
   *     attestation.policy-empty}
   */
  static RuntimePolicy decode(byte[] encoded) {
    if (encoded.length > MAX_LENGTH) {
      throw new AttestationException(
          AttestationException.Code.MALFORMED, "the policy is longer than " + MAX_LENGTH);
    }
    try {
      CborReader reader = CborReader.versioned(encoded);
      RuntimePolicy policy = read(reader.text(1, 32), reader);
      reader.finish();
      if (!Arrays.equals(policy.encode(), encoded)) {
        throw new AttestationException(
            AttestationException.Code.MALFORMED, "the policy is not in its only encoding");
      }
      return policy;
    } catch (WireException e) {
      throw AttestationException.unreadable("policy", e);
    }
  }

  private static RuntimePolicy read(String form, CborReader reader) {
    if (form.equals(HardwarePolicy.TEXT)) {
      return HardwarePolicy.read(reader);
    }
    return switch (PlatformKind.parse(form)) {
      case SIMULATED -> SimulatedPolicy.read(reader);
      case SNP, TDX, SGX, NITRO, TPM, AZURE_VTPM, NVIDIA, CCA ->
          throw new AttestationException(
              AttestationException.Code.PLATFORM_UNKNOWN,
              "policies for hardware have the form '" + HardwarePolicy.TEXT + "'");
    };
  }
}
