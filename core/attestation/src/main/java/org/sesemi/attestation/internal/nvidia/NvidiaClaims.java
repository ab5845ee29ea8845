package org.sesemi.attestation.internal.nvidia;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.Chain;

/** What a report says, as claims. */
final class NvidiaClaims {

  private NvidiaClaims() {}

  static void put(ClaimSet.Builder claims, SpdmReport report, DeviceEvidence evidence) {
    claims
        .put("measurement", sha384(report.values()))
        .put("reportData", report.requestNonce())
        .put("spdmRequestNonce", report.requestNonce())
        .put("responseNonce", report.responseNonce())
        .put("measurementBlocks", report.blocks().size())
        .put("signatureTrailingBytes", report.trailing());
    report.driverVersion().ifPresent(version -> claims.put("driverVersion", version));
    report.vbiosVersion().ifPresent(version -> claims.put("vbiosVersion", version));
    ClaimSet.Builder opaque = ClaimSet.builder();
    report
        .opaque()
        .forEach(
            (type, value) -> {
              String name = SpdmReport.names().getOrDefault(type, "type" + type);
              if (SpdmReport.isText(type)) {
                opaque.put(name, SpdmReport.text(value));
              } else {
                opaque.put(name, value);
              }
            });
    claims.put("opaque", opaque.build());
    evidence.architecture().ifPresent(name -> claims.put("arch", name));
    claims.putTexts(
        "certificateSubjects", evidence.certificates().stream().map(Chain::name).toList());
  }

  private static byte[] sha384(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-384", "SUN").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-384", e);
    }
  }
}
