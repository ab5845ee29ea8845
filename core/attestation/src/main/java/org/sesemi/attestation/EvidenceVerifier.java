package org.sesemi.attestation;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.SignatureMemo;
import org.sesemi.attestation.internal.azure.AzureVtpmVerifier;
import org.sesemi.attestation.internal.cca.CcaVerifier;
import org.sesemi.attestation.internal.intel.IntelVerifier;
import org.sesemi.attestation.internal.nitro.NitroVerifier;
import org.sesemi.attestation.internal.nvidia.NvidiaVerifier;
import org.sesemi.attestation.internal.snp.SnpVerifier;
import org.sesemi.attestation.internal.tpm.TpmVerifier;

/**
 * Judges evidence of real hardware: signatures, chains to the anchors, revocation, dates, and the
 * vendor's own rules. What a deployment demands beyond that is said by a policy.
 *
 * <pre>{@code
 * EvidenceVerifier verifier = EvidenceVerifier.with(Anchors.pinned());
 * Judgement judgement =
 *     verifier.verify(Documents.read(folder), Expectation.at(Instant.now()));
 * }</pre>
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>The verdict depends on the arguments only: no clock, no network, and no security provider
 *       other than the JDK's own takes part.
 *   <li>What cannot be checked is unverified, and then the verdict is not accept.
 *   <li>Documents of any content end in a judgement, never in another exception.
 * </ul>
 *
 * <p>Thread-safe. Keep one and use it again: it remembers which signatures of certificates and
 * collateral were right, so that the second machine of a vendor costs a fraction of the first.
 */
public final class EvidenceVerifier {

  private static final List<PlatformVerifier> PLATFORMS =
      List.of(
          new SnpVerifier(),
          IntelVerifier.TDX,
          IntelVerifier.SGX,
          new AzureVtpmVerifier(),
          TpmVerifier.INSTANCE,
          new NitroVerifier(),
          new CcaVerifier(),
          new NvidiaVerifier());

  /** Far more chains and collateral than one deployment has, in less than a megabyte. */
  private static final int REMEMBERED = 4096;

  private final Anchors anchors;
  private final SignatureMemo memo = new SignatureMemo(REMEMBERED);

  private EvidenceVerifier(Anchors anchors) {
    this.anchors = anchors;
  }

  /**
   * {@return a verifier}
   *
   * @param anchors the roots that it believes
   */
  public static EvidenceVerifier with(Anchors anchors) {
    return new EvidenceVerifier(anchors);
  }

  /**
   * {@return the platform that documents come from, as their names and first bytes tell}
   *
   * @param documents the documents
   */
  public static Optional<PlatformKind> detect(Documents documents) {
    return PLATFORMS.stream()
        .filter(platform -> platform.recognises(documents))
        .map(PlatformVerifier::platform)
        .findFirst();
  }

  /** {@return the platforms whose evidence can be judged} */
  public static List<PlatformKind> platforms() {
    List<PlatformKind> kinds = new ArrayList<>();
    PLATFORMS.forEach(platform -> kinds.add(platform.platform()));
    return kinds;
  }

  /**
   * Judges documents of whatever platform they come from.
   *
   * @param documents evidence and its collateral
   * @param expectation instant and nonce
   * @return every check, and what the evidence says
   * @throws AttestationException with {@code attestation.platform-unknown} when no platform has
   *     such documents
   */
  public Judgement verify(Documents documents, Expectation expectation) {
    return verify(
        detect(documents)
            .orElseThrow(
                () ->
                    new AttestationException(
                        AttestationException.Code.PLATFORM_UNKNOWN,
                        "the documents are not evidence of a known platform")),
        documents,
        expectation);
  }

  /**
   * Judges documents as those of one platform.
   *
   * @param platform the platform
   * @param documents evidence and its collateral
   * @param expectation instant and nonce
   * @return every check, and what the evidence says
   * @throws AttestationException with {@code attestation.platform-unknown} for the simulated
   *     platform, whose evidence has a verifier of its own
   */
  public Judgement verify(PlatformKind platform, Documents documents, Expectation expectation) {
    PlatformVerifier verifier =
        PLATFORMS.stream()
            .filter(candidate -> candidate.platform() == platform)
            .findFirst()
            .orElseThrow(
                () ->
                    new AttestationException(
                        AttestationException.Code.PLATFORM_UNKNOWN,
                        "no hardware verifier judges " + platform.text()));
    return memo.during(() -> verifier.judge(documents, expectation, anchors));
  }
}
