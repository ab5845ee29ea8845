package org.sesemi.attestation;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.WireException;

/**
 * The verifier of the simulated platform. What it proves holds inside the simulation only.
 *
 * <p>Guarantees, beside those of {@link Verifier}: the algorithm is Ed25519 whatever the evidence
 * says; the report is signed by the key that a pinned root certified for the same launch, the same
 * code and the same configuration; debugging is off.
 */
public final class SimulatedVerifier implements Verifier {

  private static final String FORMAT = "evidence-format";

  /** The checks that need evidence which can be read, in the order in which they are made. */
  private static final List<String> AFTER_FORMAT =
      List.of(
          "launch-certificate-signature",
          "launch-certificate-not-before",
          "launch-certificate-not-after",
          "report-signature",
          "launch-id",
          "measurement-certified",
          "configuration-certified",
          "debug-off",
          "report-data");

  private final Set<Bytes> roots;

  /**
   * Makes a verifier.
   *
   * @param roots the raw public keys of the roots to believe, at least one
   */
  public SimulatedVerifier(Set<Bytes> roots) {
    if (roots.isEmpty()) {
      throw new AttestationException(Code.POLICY_EMPTY, "a verifier without roots believes nobody");
    }
    this.roots = Collections.unmodifiableSortedSet(new TreeSet<>(roots));
  }

  @Override
  public PlatformKind platform() {
    return PlatformKind.SIMULATED;
  }

  @Override
  public Verification verify(Evidence evidence, byte[] expectedReportData, Instant at) {
    if (expectedReportData.length != Claims.REPORT_DATA_LENGTH) {
      throw new IllegalArgumentException("report data has 64 bytes");
    }
    CheckList checks = new CheckList("evidence");
    checks.that(
        Code.PLATFORM_MISMATCH,
        Check.of(
            "evidence-platform",
            evidence.platform() == PlatformKind.SIMULATED,
            PlatformKind.SIMULATED.text(),
            evidence.platform().text(),
            "the evidence is of another platform"));
    Signed signedReport;
    Signed signedCertificate;
    SimulatedReport report;
    SimulatedLaunchCertificate certificate;
    try {
      SimulatedQuote quote = SimulatedQuote.decode(evidence.bytes());
      signedReport = quote.report();
      signedCertificate = quote.certificate();
      report = SimulatedReport.decode(signedReport.unverifiedPayload());
      certificate = SimulatedLaunchCertificate.decode(signedCertificate.unverifiedPayload());
    } catch (WireException e) {
      return unreadable(checks, e);
    }
    checks.that(Code.MALFORMED, Check.passed(FORMAT, "version 1", "version 1"));
    Optional<Bytes> root = signer(signedCertificate);
    checks.that(
        Code.ROOT_UNTRUSTED,
        Check.of(
            "launch-certificate-signature",
            root.isPresent(),
            "a signature by a pinned root",
            root.map(Bytes::hex).orElse("another or no valid signature"),
            "no pinned root signed the launch certificate"));
    checks.that(
        Code.NOT_YET_VALID,
        Check.of(
            "launch-certificate-not-before",
            !at.isBefore(certificate.notBefore()),
            "not before " + certificate.notBefore(),
            at.toString(),
            "the launch certificate is not yet valid"));
    checks.that(
        Code.EXPIRED,
        Check.of(
            "launch-certificate-not-after",
            at.isBefore(certificate.notAfter()),
            "before " + certificate.notAfter(),
            at.toString(),
            "the launch certificate has expired"));
    boolean signed =
        signedReport.isSignedBy(
            Signed.Label.SIMULATED_REPORT, new IdentityPublicKey(certificate.launchPublicKey()));
    checks.that(
        Code.SIGNATURE_INVALID,
        Check.of(
            "report-signature",
            signed,
            "a signature by the launch key",
            signed ? certificate.launchPublicKey().hex() : "another or no valid signature",
            "the launch key did not sign the report"));
    equal(checks, "launch-id", certificate.launchId(), report.launchId());
    equal(checks, "measurement-certified", certificate.measurement(), report.measurement());
    equal(checks, "configuration-certified", certificate.configDigest(), report.configDigest());
    checks.that(
        Code.DEBUG_ENABLED,
        Check.of(
            "debug-off",
            !report.debug(),
            "off",
            report.debug() ? "on" : "off",
            "the enclave runs with debugging on"));
    Bytes expected = Bytes.of(expectedReportData);
    checks.that(
        Code.REPORT_DATA_MISMATCH,
        Check.of(
            "report-data",
            MessageDigest.isEqual(report.reportData().toArray(), expectedReportData),
            expected.hex(),
            report.reportData().hex(),
            "the evidence was made for something else"));
    return root.map(
            pinned ->
                checks.with(
                    new Claims(
                        PlatformKind.SIMULATED,
                        pinned,
                        report.measurement(),
                        report.configDigest(),
                        report.reportData(),
                        report.launchId(),
                        report.securityVersion(),
                        report.debug(),
                        certificate.notAfter())))
        .orElseGet(checks::without);
  }

  private Optional<Bytes> signer(Signed certificate) {
    return roots.stream()
        .filter(
            root ->
                certificate.isSignedBy(Signed.Label.SIMULATED_LAUNCH, new IdentityPublicKey(root)))
        .findFirst();
  }

  private static void equal(CheckList checks, String name, Object certified, Object reported) {
    checks.that(
        Code.LAUNCH_MISMATCH,
        Check.of(
            name,
            certified.equals(reported),
            certified.toString(),
            reported.toString(),
            "report and launch certificate are about different launches"));
  }

  private static Verification unreadable(CheckList checks, WireException e) {
    boolean version = e.errorCode() == WireException.Code.VERSION_UNKNOWN;
    checks.that(
        version ? Code.VERSION_UNKNOWN : Code.MALFORMED,
        Check.failed(FORMAT, "version 1", "", e.detail()));
    for (String name : AFTER_FORMAT) {
      checks.that(Code.INCOMPLETE, Check.unverified(name, "", "the evidence cannot be read"));
    }
    return checks.without();
  }
}
