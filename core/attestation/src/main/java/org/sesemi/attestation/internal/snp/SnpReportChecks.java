package org.sesemi.attestation.internal.snp;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.wire.Bytes;

/** The checks that a report alone decides. */
final class SnpReportChecks {

  private static final long POLICY_ONE = 1L << 17;
  private static final int POLICY_BITS = 26;
  private static final int HIGHEST_VMPL = 3;
  private static final int REPORT_DATA = 64;

  private SnpReportChecks() {}

  /** {@return the report, unless its form is unknown} */
  static Optional<SnpReport> read(Checks<SnpStep> checks, Bytes bytes) {
    boolean whole =
        checks.that(
            SnpStep.REPORT_LENGTH,
            bytes.length() == SnpReport.LENGTH,
            SnpReport.LENGTH + " bytes",
            bytes.length() + " bytes");
    if (!whole) {
      return Optional.empty();
    }
    long version = SnpReport.version(bytes);
    boolean known =
        checks.that(
            SnpStep.REPORT_VERSION, SnpReport.isKnown(version), "2 to 5", Long.toString(version));
    return known ? Optional.of(SnpReport.parse(bytes)) : Optional.empty();
  }

  /** Judges the fields. */
  static void judge(Checks<SnpStep> checks, SnpReport report) {
    zero(checks, SnpStep.RESERVED_FIELDS, report.reservedProblem());
    checks.that(
        SnpStep.SIGNATURE_ALGORITHM,
        report.signatureAlgorithm() == 1,
        "1 (ECDSA P-384 with SHA-384)",
        Long.toString(report.signatureAlgorithm()));
    checks.that(
        SnpStep.SIGNING_KEY,
        SigningKey.of(report.signingKey()).isPresent(),
        "0 (VCEK) or 1 (VLEK)",
        Integer.toString(report.signingKey()));
    checks.that(
        SnpStep.VMPL_RANGE,
        report.vmpl() <= HIGHEST_VMPL || report.vmpl() == SnpReport.HOST,
        "0 to 3, or " + SnpReport.HOST + " for the host",
        Long.toString(report.vmpl()));
    checks.that(
        SnpStep.GUEST_POLICY_BITS,
        (report.policy() & POLICY_ONE) != 0 && report.policy() >>> POLICY_BITS == 0,
        "bit 17 set, bits 26 to 63 clear",
        String.format(Locale.ROOT, "0x%x", report.policy()));
    zero(checks, SnpStep.SIGNATURE_FORM, report.signatureProblem());
    judgeLevels(checks, report);
  }

  /** Judges whether the report carries the nonce, all 64 bytes of it. */
  static void judgeNonce(Checks<SnpStep> checks, SnpReport report, Bytes nonce) {
    if (nonce.length() > REPORT_DATA) {
      checks.fail(SnpStep.NONCE, "a nonce of at most 64 bytes", nonce.length() + " bytes");
    } else {
      checks.equal(
          SnpStep.NONCE,
          Arrays.copyOf(nonce.toArray(), REPORT_DATA),
          report.reportData().toArray());
    }
  }

  /** In no layout does a comparison depend on which level a byte is. */
  private static void judgeLevels(Checks<SnpStep> checks, SnpReport report) {
    SnpTcb current = tcb(report.currentTcb());
    atMost(checks, SnpStep.REPORTED_TCB, tcb(report.reportedTcb()), current);
    atMost(checks, SnpStep.COMMITTED_TCB, tcb(report.committedTcb()), current);
    atMost(checks, SnpStep.LAUNCH_TCB, tcb(report.launchTcb()), current);
    checks.that(
        SnpStep.COMMITTED_TCB,
        number(report.committedVersion()) <= number(report.currentVersion()),
        "firmware version at most " + text(report.currentVersion()),
        text(report.committedVersion()));
  }

  private static void atMost(Checks<SnpStep> checks, SnpStep step, SnpTcb lower, SnpTcb upper) {
    checks.that(
        step,
        lower.atMost(upper),
        "every level at most that of " + upper.raw().hex(),
        lower.raw().hex());
  }

  private static SnpTcb tcb(Bytes raw) {
    return new SnpTcb(SnpTcb.Layout.MILAN_GENOA, raw);
  }

  private static int number(Bytes version) {
    byte[] parts = version.toArray();
    return ((parts[2] & 0xff) << 16) | ((parts[1] & 0xff) << 8) | (parts[0] & 0xff);
  }

  private static String text(Bytes version) {
    byte[] parts = version.toArray();
    return (parts[2] & 0xff) + "." + (parts[1] & 0xff) + "." + (parts[0] & 0xff);
  }

  private static void zero(Checks<SnpStep> checks, SnpStep step, Optional<String> problem) {
    if (problem.isPresent()) {
      checks.fail(step, "zero", problem.get());
    } else {
      checks.pass(step, "zero", "zero");
    }
  }
}
