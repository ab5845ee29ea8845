package org.sesemi.attestation.internal.snp;

import java.security.cert.X509Certificate;
import java.util.stream.IntStream;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.wire.Bytes;

/** What a report and its endorsement say, as claims. */
final class SnpClaims {

  private SnpClaims() {}

  /** Adds everything that the report says; what its version has no field for is zero. */
  static void put(ClaimSet.Builder claims, SnpReport report, SnpTcb.Layout layout) {
    claims
        .put("version", report.version())
        .put("measurement", report.measurement())
        .put("reportData", report.reportData())
        .put("hostData", report.hostData())
        .put("debug", bit(report.policy(), 19))
        .put("vmpl", report.vmpl())
        .put("guestSvn", report.guestSvn())
        .put("familyId", report.familyId())
        .put("imageId", report.imageId())
        .put("idKeyDigest", report.idKeyDigest())
        .put("authorKeyDigest", report.authorKeyDigest())
        .put("reportId", report.reportId())
        .put("reportIdMa", report.reportIdMa())
        .put("flags", report.flags())
        .put("authorKeyEnabled", bit(report.flags(), 0))
        .put("chipKeyMasked", bit(report.flags(), 1))
        .put("signer", SigningKey.of(report.signingKey()).map(Enum::name).orElse("none"))
        .put("chipId", report.chipId())
        .put("chipIdMasked", report.chipIdMasked())
        .put("tcb", report.reportedTcb());
    putPolicy(claims, report.policy());
    putPlatformInfo(claims, report.platformInfo());
    putTcb(claims, "reportedTcb", report.reportedTcb(), layout);
    putTcb(claims, "currentTcb", report.currentTcb(), layout);
    putTcb(claims, "committedTcb", report.committedTcb(), layout);
    putTcb(claims, "launchTcb", report.launchTcb(), layout);
    claims
        .put("currentVer", version(report.currentVersion()))
        .put("committedVer", version(report.committedVersion()))
        .put("provisionalFirmware", isProvisional(report))
        .put("cpuidFms", report.cpuid())
        .put("launchMit", report.launchMit())
        .put("currentMit", report.currentMit());
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
    claims.put("endorsement", group.build()).put("product", extensions.product());
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

  private static void putPolicy(ClaimSet.Builder claims, long policy) {
    claims
        .put("policy", policy)
        .put("abiMinor", policy & 0xff)
        .put("abiMajor", (policy >>> 8) & 0xff)
        .put("smtAllowed", bit(policy, 16))
        .put("migrationAllowed", bit(policy, 18))
        .put("singleSocket", bit(policy, 20))
        .put("cxlAllowed", bit(policy, 21))
        .put("aes256XtsRequired", bit(policy, 22))
        .put("raplDisableRequired", bit(policy, 23))
        .put("ciphertextHidingRequired", bit(policy, 24))
        .put("pageSwapDisabled", bit(policy, 25));
  }

  private static void putPlatformInfo(ClaimSet.Builder claims, long info) {
    claims
        .put("platformInfo", info)
        .put("smt", bit(info, 0))
        .put("tsme", bit(info, 1))
        .put("ecc", bit(info, 2))
        .put("raplDisabled", bit(info, 3))
        .put("ciphertextHiding", bit(info, 4))
        .put("aliasCheckComplete", bit(info, 5))
        .put("tio", bit(info, 7));
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
