package org.sesemi.attestation.internal.snp;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Judges an SEV-SNP report: {@code report.bin} with {@code vcek.der} or {@code vlek.der}; optional
 * are the host's table {@code auxblob.bin} or {@code certs.bin}, authorities {@code ask.der},
 * {@code asvk.der} and {@code ark.der}, and the root's revocation list {@code crl.der}.
 *
 * <p>Rules: AMD publications 56860 (report) and 57230 (certificates).
 */
public final class SnpVerifier implements PlatformVerifier {

  private static final String REPORT = "report.bin";
  private static final Set<String> ENDORSEMENTS =
      Set.of("vcek.der", "vlek.der", "auxblob.bin", "certs.bin");
  private static final int HIGHEST_VERSION = 255;

  @Override
  public PlatformKind platform() {
    return PlatformKind.SNP;
  }

  @Override
  public boolean recognises(Documents documents) {
    return documents.get(REPORT).filter(report -> looksRight(report, documents)).isPresent();
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Checks<SnpStep> checks = start();
    Optional<Bytes> report = documents.get(REPORT);
    if (report.isEmpty()) {
      checks.unverified(SnpStep.REPORT_LENGTH, SnpReport.LENGTH + " bytes", "no " + REPORT);
      return checks.judge(PlatformKind.SNP);
    }
    Optional<SnpReport> read = readReport(checks, report.get(), expectation);
    try {
      SnpCertificates certificates = SnpCertificates.of(documents);
      checks.pass(SnpStep.CERTIFICATE_DOCUMENTS, "readable", certificates.all().size() + " read");
      if (read.isPresent()) {
        judgeEndorsement(
            checks, read.get(), certificates, SnpRevocation.of(documents), expectation, anchors);
      }
    } catch (Unreadable e) {
      checks.fail(SnpStep.CERTIFICATE_DOCUMENTS, "readable", e);
    }
    return checks.judge(PlatformKind.SNP);
  }

  /**
   * Judges a report that came in another way than as a folder, for example inside the evidence of a
   * paravisor.
   *
   * @param report the report
   * @param certificates what came with it, in any order; authorities that are pinned need not be
   *     among them
   * @param revocation what came about revocation
   * @param expectation instant, and report data as nonce when the caller knows it
   * @param anchors the roots
   * @return checks named as for a folder, see {@link Judgement#prefixed}
   */
  public static Judgement judge(
      Bytes report,
      List<X509Certificate> certificates,
      SnpRevocation revocation,
      Expectation expectation,
      Anchors anchors) {
    Checks<SnpStep> checks = start();
    checks.pass(SnpStep.CERTIFICATE_DOCUMENTS, "readable", certificates.size() + " read");
    readReport(checks, report, expectation)
        .ifPresent(
            read ->
                judgeEndorsement(
                    checks,
                    read,
                    SnpCertificates.of(certificates),
                    revocation,
                    expectation,
                    anchors));
    return checks.judge(PlatformKind.SNP);
  }

  private static Checks<SnpStep> start() {
    return new Checks<>("snp evidence", SnpStep.class);
  }

  private static Optional<SnpReport> readReport(
      Checks<SnpStep> checks, Bytes bytes, Expectation expectation) {
    if (expectation.nonce().isEmpty()) {
      checks.skip(SnpStep.NONCE);
    }
    Optional<SnpReport> report = SnpReportChecks.read(checks, bytes);
    report.ifPresent(
        read -> {
          SnpTcb.Layout layout = read.line().orElse(SnpLine.MILAN).layout();
          SnpClaims.put(checks.claims(), read, layout);
          SnpReportChecks.judge(checks, read);
          expectation.nonce().ifPresent(nonce -> SnpReportChecks.judgeNonce(checks, read, nonce));
        });
    return report;
  }

  private static void judgeEndorsement(
      Checks<SnpStep> checks,
      SnpReport report,
      SnpCertificates certificates,
      SnpRevocation revocation,
      Expectation expectation,
      Anchors anchors) {
    SigningKey.of(report.signingKey())
        .ifPresent(
            key ->
                new SnpEndorsementChecks(
                        checks, report, key, anchors.of(Anchors.Vendor.AMD), expectation.at())
                    .judge(certificates, revocation));
  }

  /** A report of another vendor has the same name, but another beginning and other companions. */
  private static boolean looksRight(Bytes report, Documents documents) {
    if (documents.names().stream().anyMatch(ENDORSEMENTS::contains)) {
      return true;
    }
    return report.length() >= Integer.BYTES
        && Long.compareUnsigned(SnpReport.version(report), HIGHEST_VERSION) <= 0;
  }
}
