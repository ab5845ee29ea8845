package org.sesemi.attestation;

import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;

/**
 * The quoting session of one launch on the simulated platform: the key that signs quotes, and the
 * certificate by which the root vouches for it. It belongs to whatever launched the enclave, never
 * to the enclave.
 *
 * <p>Guarantees: every quote names the measurement, the configuration and the launch id of the
 * certificate; a caller chooses the report data and nothing else.
 */
public final class SimulatedLaunch implements Attester {

  private static final long SECURITY_VERSION = 1;

  private final IdentityKey launchKey;
  private final SimulatedLaunchCertificate certificate;
  private final Signed signedCertificate;

  private SimulatedLaunch(
      IdentityKey launchKey, SimulatedLaunchCertificate certificate, Signed signedCertificate) {
    this.launchKey = launchKey;
    this.certificate = certificate;
    this.signedCertificate = signedCertificate;
  }

  /**
   * Opens a session: lets the root certify the key of a launch.
   *
   * @param root the root key of the platform
   * @param launchKey the key that will sign the quotes
   * @param certificate what to certify; it names the public key of {@code launchKey}
   * @return the session
   */
  public static SimulatedLaunch certify(
      IdentityKey root, IdentityKey launchKey, SimulatedLaunchCertificate certificate) {
    if (!certificate.launchPublicKey().equals(launchKey.publicKey().value())) {
      throw new IllegalArgumentException("the certificate names another key");
    }
    return new SimulatedLaunch(
        launchKey,
        certificate,
        Signed.sign(Signed.Label.SIMULATED_LAUNCH, certificate.encode(), root));
  }

  /** {@return what the root certified} */
  public SimulatedLaunchCertificate certificate() {
    return certificate;
  }

  @Override
  public Evidence attest(byte[] reportData) {
    SimulatedReport report =
        new SimulatedReport(
            certificate.measurement(),
            certificate.configDigest(),
            Bytes.of(reportData),
            certificate.launchId(),
            SECURITY_VERSION,
            false);
    return quote(report);
  }

  /** Signs any report, for tests that need evidence which contradicts itself. */
  Evidence quote(SimulatedReport report) {
    return new SimulatedQuote(
            Signed.sign(Signed.Label.SIMULATED_REPORT, report.encode(), launchKey),
            signedCertificate)
        .toEvidence();
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.SIMULATED;
  }
}
