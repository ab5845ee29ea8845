package org.sesemi.attestation.internal.policy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.VerificationRecord;

/** Judgements and policies of tests. */
final class Samples {

  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private Samples() {}

  /** Returns bytes in hex that are the same all along. */
  static String hex(int value, int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return Bytes.of(bytes).hex();
  }

  static ClaimValue bytes(int value, int length) {
    return new ClaimValue.Hex(Bytes.parse(hex(value, length)));
  }

  static ClaimValue flag(boolean set) {
    return new ClaimValue.Flag(set);
  }

  static ClaimValue number(long number) {
    return new ClaimValue.Whole(number);
  }

  static ClaimValue text(String text) {
    return new ClaimValue.Text(text);
  }

  static ClaimValue tcb(long... components) {
    ClaimSet.Builder group = ClaimSet.builder();
    List<String> names = List.of("bootloader", "tee", "snp", "microcode");
    for (int i = 0; i < components.length; i++) {
      group.put(names.get(i), components[i]);
    }
    return new ClaimValue.Group(group.build());
  }

  /** Returns claims of a platform that weaken nothing. */
  static Map<String, ClaimValue> claims(PlatformKind platform) {
    Map<String, ClaimValue> claims = new LinkedHashMap<>();
    claims.put("measurement", bytes(1, length(platform)));
    claims.put("debug", flag(false));
    switch (platform) {
      case SNP -> snp(claims);
      case TDX -> tdx(claims);
      case SGX -> claims.put("provisionKey", flag(false));
      case AZURE_VTPM -> {
        claims.put("hardware", text("snp"));
        snp(claims);
      }
      case TPM -> claims.put("knownSoftwareTpm", flag(false));
      case NVIDIA -> claims.put("secureBoot", flag(true));
      case CCA -> claims.put("platformLifecycleState", text("secured"));
      case NITRO, SIMULATED -> {}
    }
    return claims;
  }

  private static void snp(Map<String, ClaimValue> claims) {
    claims.put("vmpl", number(0));
    claims.put("migrationAllowed", flag(false));
    claims.put("provisionalFirmware", flag(false));
    claims.put("productLine", text("Milan"));
  }

  private static void tdx(Map<String, ClaimValue> claims) {
    claims.put("migratable", flag(false));
    claims.put("perfmon", flag(false));
    claims.put("serviceTd", flag(false));
    claims.put("septVeDisable", flag(true));
  }

  /** Returns the length of a platform's measurement in bytes. */
  static int length(PlatformKind platform) {
    return switch (platform) {
      case SNP, TDX, NITRO, AZURE_VTPM, NVIDIA -> 48;
      case SGX, TPM, CCA, SIMULATED -> 32;
    };
  }

  static Judgement judgement(PlatformKind platform, Map<String, ClaimValue> claims) {
    return judgement(platform, claims, "UpToDate");
  }

  static Judgement judgement(
      PlatformKind platform, Map<String, ClaimValue> claims, String status, String... advisories) {
    return new Judgement(
        platform,
        new VerificationRecord("evidence", List.of(Check.passed("signature", "good", "good"))),
        new ClaimSet(claims),
        status.isEmpty() ? Optional.empty() : Optional.of(status),
        List.of(advisories),
        Optional.empty(),
        Optional.empty());
  }

  static Judgement rejected(PlatformKind platform, Map<String, ClaimValue> claims) {
    return new Judgement(
        platform,
        new VerificationRecord(
            "evidence", List.of(Check.failed("signature", "good", "bad", "not signed"))),
        new ClaimSet(claims),
        Optional.of("UpToDate"),
        List.of(),
        Optional.empty(),
        Optional.of(Code.SIGNATURE_INVALID));
  }

  /** Returns one alternative for the measurement of {@link #claims}, with further members. */
  static String alternative(PlatformKind platform, String... members) {
    StringBuilder json = new StringBuilder("{\"platform\":\"" + platform.text() + "\"");
    if (java.util.Arrays.stream(members).noneMatch(member -> member.startsWith("\"meas"))) {
      json.append(",\"measurements\":[\"").append(hex(1, length(platform))).append("\"]");
    }
    if (platform == PlatformKind.AZURE_VTPM
        && java.util.Arrays.stream(members).noneMatch(member -> member.startsWith("\"hardw"))) {
      json.append(",\"hardware\":\"snp\"");
    }
    for (String member : members) {
      json.append(',').append(member);
    }
    return json.append('}').toString();
  }

  static EvidencePolicy policy(String... alternatives) {
    return parse(
        "{\"apiVersion\":\"sesemi/v1\",\"any-of\":[" + String.join(",", alternatives) + "]}");
  }

  static EvidencePolicy parse(String json) {
    return EvidencePolicy.parse(json.getBytes(StandardCharsets.UTF_8), "policy.json");
  }
}
