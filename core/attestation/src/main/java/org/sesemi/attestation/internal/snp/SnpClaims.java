package org.sesemi.attestation.internal.snp;

import java.security.cert.X509Certificate;
import java.util.stream.IntStream;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.wire.Bytes;

/** What a report and its endorsement say, as claims. */
final class SnpClaims {

  private static final int POLICY_SMT = 16;
  private static final int POLICY_MIGRATION = 18;
  private static final int POLICY_DEBUG = 19;

  private SnpClaims() {}

  /** Adds everything that the report says; levels in the form of a layout. */
  static void put(ClaimSet.Builder claims, SnpReport report, SnpTcb.Layout layout) {
    claims
        .put("version", report.version())
        .put("measurement", report.measurement())
        .put("reportData", report.reportData())
        .put("hostData", report.hostData())
        .put("debug", bit(report.policy(), POLICY_DEBUG))
        .put("migration", bit(report.policy(), POLICY_MIGRATION))
        .put("vmpl", report.vmpl())
        .put("guestSvn", report.guestSvn())
        .put("policy", report.policy())
        .put("policyFields", policy(report.policy()))
        .put("familyId", report.familyId())
        .put("imageId", report.imageId())
        .put("idKeyDigest", report.idKeyDigest())
        .put("authorKeyDigest", report.authorKeyDigest())
        .put("reportId", report.reportId())
        .put("reportIdMa", report.reportIdMa())
        .put("platformInfo", report.platformInfo())
        .put("platformInfoFields", platformInfo(report.platformInfo()))
        .put("flags", report.flags())
        .put("authorKeyEnabled", bit(report.flags(), 0))
        .put("chipKeyMasked", bit(report.flags(), 1))
        .put("signer", SigningKey.of(report.signingKey()).map(Enum::name).orElse("none"))
        .put("chipId", report.chipId())
        .put("chipIdMasked", report.chipIdMasked())
        .put("tcb", report.reportedTcb());
    putTcb(claims, "reportedTcb", report.reportedTcb(), layout);
    putTcb(claims, "currentTcb", report.currentTcb(), layout);
    putTcb(claims, "committedTcb", report.committedTcb(), layout);
    putTcb(claims, "launchTcb", report.launchTcb(), layout);
    claims
        .put("currentVer", version(report.currentVersion()))
        .put("committedVer", version(report.committedVersion()))
        .put("provisionalFirmware", isProvisional(report));
    if (report.hasCpuid()) {
      claims.put("cpuidFms", report.cpuid());
    }
    if (report.hasMitigations()) {
      claims.put("launchMit", report.launchMit()).put("currentMit", report.currentMit());
    }
  }

  /** Adds what the certificate of the endorsement key says. */
  static void put(ClaimSet.Builder claims, SnpExtensions extensions, X509Certificate certificate) {
    ClaimSet.Builder group =
        ClaimSet.builder()
            .put("issuer", certificate.getIssuerX500Principal().getName())
            .put("notBefore", certificate.getNotBefore().toInstant().toString())
            .put("notAfter", certificate.getNotAfter().toInstant().toString())
            .put("structVersion", extensions.structVersion())
            .put("product", extensions.product());
    extensions.hwid().ifPresent(hwid -> group.put("hwid", hwid));
    extensions.cspId().ifPresent(csp -> group.put("cspId", csp));
    claims.put("endorsement", group.build());
  }

  /** Firmware is provisional while the machine can still go back behind it. */
  private static boolean isProvisional(SnpReport report) {
    return !report.currentTcb().equals(report.committedTcb())
        || !report.currentVersion().equals(report.committedVersion());
  }

  private static void putTcb(
      ClaimSet.Builder claims, String name, Bytes raw, SnpTcb.Layout layout) {
    claims.put(name, new SnpTcb(layout, raw).claims()).put(name + "Raw", raw);
  }

  private static ClaimSet policy(long policy) {
    return ClaimSet.builder()
        .put("abiMinor", policy & 0xff)
        .put("abiMajor", (policy >>> 8) & 0xff)
        .put("smtAllowed", bit(policy, POLICY_SMT))
        .put("migrationAgentAllowed", bit(policy, POLICY_MIGRATION))
        .put("debugAllowed", bit(policy, POLICY_DEBUG))
        .put("singleSocketRequired", bit(policy, 20))
        .put("cxlAllowed", bit(policy, 21))
        .put("aes256XtsRequired", bit(policy, 22))
        .put("raplDisabled", bit(policy, 23))
        .put("ciphertextHidingRequired", bit(policy, 24))
        .put("pageSwapDisabled", bit(policy, 25))
        .build();
  }

  private static ClaimSet platformInfo(long info) {
    return ClaimSet.builder()
        .put("smtEnabled", bit(info, 0))
        .put("tsmeEnabled", bit(info, 1))
        .put("eccEnabled", bit(info, 2))
        .put("raplDisabled", bit(info, 3))
        .put("ciphertextHiding", bit(info, 4))
        .put("aliasCheckComplete", bit(info, 5))
        .put("tioEnabled", bit(info, 7))
        .build();
  }

  /** The report has build, minor, major; people say major, minor, build. */
  private static ClaimValue version(Bytes version) {
    byte[] parts = version.toArray();
    return new ClaimValue.Several(
        IntStream.rangeClosed(1, parts.length)
            .<ClaimValue>mapToObj(i -> new ClaimValue.Whole(parts[parts.length - i] & 0xff))
            .toList());
  }

  private static boolean bit(long value, int bit) {
    return ((value >>> bit) & 1) != 0;
  }
}
