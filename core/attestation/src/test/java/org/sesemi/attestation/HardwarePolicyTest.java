package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.Check;
import org.sesemi.wire.Digest;
import org.sesemi.wire.VerificationRecord;

/** The policy for hardware as the attested channel and the key service use it. */
class HardwarePolicyTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final String MEASUREMENT = "01".repeat(48);
  private static final byte[] REPORT_DATA = new byte[Claims.REPORT_DATA_LENGTH];

  static {
    Arrays.fill(REPORT_DATA, (byte) 5);
  }

  private static EvidencePolicy policy(String platform, String members) {
    return EvidencePolicy.parse(
        ("{\"apiVersion\":\"sesemi/v1\",\"any-of\":[{\"platform\":\""
                + platform
                + "\",\"measurements\":\""
                + MEASUREMENT
                + "\""
                + members
                + "}]}")
            .getBytes(StandardCharsets.UTF_8),
        "policy");
  }

  private static Anchors own() {
    return Anchors.of(
        new Anchors.Set(
            List.of(
                Authority.root("CN=Own", Authority.ecKeys("secp256r1"), "SHA256withECDSA")
                    .certificate()),
            List.of(),
            List.of(Authority.ecKeys("secp384r1").getPublic())));
  }

  @Test
  void encodingAndDecodingAreInverse() {
    Anchors own = own();
    for (HardwarePolicy policy :
        List.of(
            HardwarePolicy.of(policy("snp", "")),
            HardwarePolicy.of(policy("tdx", ",\"rtmr0\":\"" + MEASUREMENT + "\""), own))) {
      RuntimePolicy decoded = RuntimePolicy.decode(policy.encode());
      assertThat(decoded).isEqualTo(policy).hasSameHashCodeAs(policy);
      assertThat(decoded.encode()).isEqualTo(policy.encode());
      assertThat(decoded.digest()).isEqualTo(policy.digest());
    }
    assertThat(HardwarePolicy.of(policy("snp", "")))
        .isEqualTo(HardwarePolicy.of(policy("snp", ",\"vmpl\":0,\"comment\":\"x\"")))
        .isNotEqualTo(HardwarePolicy.of(policy("snp", ""), own));
  }

  @Test
  void aMutatedEncodingIsRefusedOrAnotherPolicy() {
    Property.check(
        "mutated hardware policies",
        1,
        random -> {
          byte[] encoded = HardwarePolicy.of(policy("snp", ""), own()).encode();
          Mutation.all(encoded, random)
              .forEach(
                  mutation -> {
                    try {
                      assertThat(RuntimePolicy.decode(mutation.bytes()).encode())
                          .as(mutation.what())
                          .isEqualTo(mutation.bytes());
                    } catch (AttestationException refused) {
                      assertThat(refused.code()).startsWith("attestation.");
                    }
                  });
        });
  }

  @Test
  void aPolicyInAnotherSpellingOrForOneKindOfHardwareIsRefused() {
    String canonical = policy("snp", "").toJson();
    coded(Code.MALFORMED, CborMap.versioned().put(1, "hardware").put(2, canonical + " "));
    coded(Code.PLATFORM_UNKNOWN, CborMap.versioned().put(1, "snp").put(2, canonical));
    coded(
        Code.POLICY_EMPTY,
        CborMap.versioned().put(1, "hardware").put(2, "{\"apiVersion\":\"sesemi/v1\"}"));
  }

  @Test
  void claimsAreComparedWithThePolicy() {
    HardwarePolicy policy = HardwarePolicy.of(policy("snp", ""));
    assertThat(policy.validate(claims(Anchors.pinned(), "0")).require().debug()).isFalse();
    Verification refused = policy.validate(claims(Anchors.pinned(), "1"));
    assertThat(refused.failure()).contains(Code.POLICY_REFUSED);
    assertThat(
            HardwarePolicy.of(policy("tdx", "")).validate(claims(Anchors.pinned(), "0")).failure())
        .contains(Code.PLATFORM_MISMATCH);
  }

  @Test
  void claimsOfAnotherVerifierAreRefused() {
    HardwarePolicy policy = HardwarePolicy.of(policy("snp", ""));
    assertThat(policy.validate(claims(own(), "0")).failure()).contains(Code.ROOT_UNTRUSTED);
    Claims simulated =
        new SimulatedVerifier(Set.of(Fixtures.ROOT.publicKey().value()))
            .verify(
                Fixtures.launch().attest(Fixtures.REPORT_DATA), Fixtures.REPORT_DATA, Fixtures.NOW)
            .require();
    assertThat(policy.validate(simulated).failure()).contains(Code.ROOT_UNTRUSTED);
  }

  @Test
  void evidenceOfAnotherPlatformOrFormIsRefused() {
    HardwarePolicy policy = HardwarePolicy.of(policy("snp", ""));
    assertThat(
            policy
                .appraise(
                    new Evidence(PlatformKind.SIMULATED, Bytes.of(new byte[9])), REPORT_DATA, AT)
                .failure())
        .contains(Code.PLATFORM_MISMATCH);
    assertThat(
            policy
                .appraise(new Evidence(PlatformKind.SNP, Bytes.of(new byte[9])), REPORT_DATA, AT)
                .failure())
        .contains(Code.MALFORMED);
    assertThatThrownBy(() -> new HardwareVerifier(Set.of(), Anchors.pinned()))
        .isInstanceOf(AttestationException.class);
    assertThatThrownBy(() -> new HardwareVerifier(Set.of(PlatformKind.SIMULATED), Anchors.pinned()))
        .isInstanceOf(AttestationException.class);
  }

  @Test
  void everyPlatformHasItsOwnBinding() {
    assertThat(EvidenceBinding.of(PlatformKind.SNP, REPORT_DATA).toArray()).isEqualTo(REPORT_DATA);
    assertThat(EvidenceBinding.of(PlatformKind.NITRO, REPORT_DATA).toArray())
        .isEqualTo(REPORT_DATA);
    assertThat(EvidenceBinding.of(PlatformKind.TPM, REPORT_DATA))
        .isEqualTo(EvidenceBinding.of(PlatformKind.AZURE_VTPM, REPORT_DATA))
        .isEqualTo(Digest.sha256(REPORT_DATA).value());
    assertThat(EvidenceBinding.of(PlatformKind.NVIDIA, REPORT_DATA))
        .isEqualTo(
            Digest.sha256("sesemi/v1/gpu-nonce".getBytes(StandardCharsets.US_ASCII), REPORT_DATA)
                .value());
    assertThatThrownBy(() -> EvidenceBinding.of(PlatformKind.SNP, new byte[63]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void documentsSurviveTheirEncodingAndNothingElseDoes() {
    Property.check(
        "documents",
        1,
        random -> {
          byte[] content = new byte[40];
          random.nextBytes(content);
          Documents documents =
              new Documents(
                  Map.of("report.bin", Bytes.of(content), "vcek.der", Bytes.of(new byte[0])));
          byte[] encoded = documents.encode();
          assertThat(Documents.decode(encoded)).isEqualTo(documents);
          Mutation.all(encoded, random)
              .forEach(
                  mutation -> {
                    try {
                      assertThat(Documents.decode(mutation.bytes()).encode())
                          .as(mutation.what())
                          .isEqualTo(mutation.bytes());
                    } catch (AttestationException refused) {
                      assertThat(refused.code()).startsWith("attestation.");
                    }
                  });
        });
  }

  private static Claims claims(Anchors anchors, String vmpl) {
    ClaimSet claims =
        ClaimSet.builder()
            .put("measurement", Bytes.parse(MEASUREMENT))
            .put("debug", false)
            .put("vmpl", Long.parseLong(vmpl))
            .put("migrationAllowed", false)
            .put("provisionalFirmware", false)
            .build();
    Judgement judgement =
        new Judgement(
            PlatformKind.SNP,
            new VerificationRecord("evidence", List.of(Check.passed("signature", "a", "a"))),
            claims,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty());
    return new Claims(
        PlatformKind.SNP,
        anchors.digest(PlatformKind.SNP).value(),
        HardwareVerifier.measurement(PlatformKind.SNP, claims),
        Digest.of(new byte[32]),
        Bytes.of(REPORT_DATA),
        Bytes.empty(),
        0,
        false,
        AT.plusSeconds(60),
        Optional.of(new HardwareClaims(judgement, AT)));
  }

  private static void coded(Code code, CborMap.Builder encoded) {
    assertThatThrownBy(() -> RuntimePolicy.decode(encoded.build().encode()))
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }
}
