package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;

/**
 * A first policy made from genuine evidence accepts just that evidence, unless the evidence has a
 * weakness that is refused by default; then for that weakness and for nothing else.
 */
class DraftedPolicyTest {

  private record Case(String name, String at, List<String> unmet) {}

  private static final List<Case> CASES =
      List.of(
          new Case("snp/milan-v2", "2025-07-01T00:00:00Z", List.of()),
          new Case("snp/milan-v2-debug", "2025-07-01T00:00:00Z", List.of("policy-debug")),
          new Case(
              "snp/milan-v2-azure", "2025-07-01T00:00:00Z", List.of("policy-provisional-firmware")),
          new Case(
              "snp/milan-v3-vlek-aws",
              "2025-07-01T00:00:00Z",
              List.of("policy-vmpl", "policy-provisional-firmware")),
          new Case("snp/genoa-v5", "2026-01-01T00:00:00Z", List.of()),
          new Case("snp/turin-v5", "2026-01-01T00:00:00Z", List.of()),
          new Case("tdx/v4-uptodate", "2025-07-01T00:00:00Z", List.of()),
          new Case("tdx/v5-uptodate", "2026-02-25T00:00:00Z", List.of()),
          new Case("tdx/v4-outofdate", "2025-07-20T00:00:00Z", List.of("policy-tcb-status")),
          new Case("tdx/v5-relaunch", "2025-03-15T00:00:00Z", List.of("policy-tcb-status")),
          new Case("tdx/v4-debug", "2023-07-01T00:00:00Z", List.of("policy-debug")),
          new Case("tdx/v4-gcp-cos-ccel", "2025-07-20T00:00:00Z", List.of()),
          new Case(
              "sgx/v3-config-and-hardening", "2025-07-01T00:00:00Z", List.of("policy-tcb-status")),
          new Case("sgx/v3-hardening", "2025-09-01T00:00:00Z", List.of("policy-tcb-status")),
          new Case(
              "sgx/v3-occlum-debug",
              "2025-09-01T00:00:00Z",
              List.of("policy-debug", "policy-tcb-status")),
          new Case("nitro/prod-nonce", "2022-10-13T08:58:02.136Z", List.of()),
          new Case("nitro/in-certificate", "2023-01-18T13:07:19.280Z", List.of()),
          new Case("nitro/public-key-rsa", "2021-03-24T16:10:41.734Z", List.of()),
          new Case("nitro/public-key-raw32", "2024-02-26T07:02:01.439Z", List.of()),
          new Case("tpm/swtpm-rsassa", "2026-11-21T12:00:00Z", List.of("policy-software-tpm")),
          new Case("azure-vtpm/snp-live", "2026-01-01T00:00:00Z", List.of()),
          new Case("azure-vtpm/tdx-v1", "2025-07-01T00:00:00Z", List.of("policy-tcb-status")));

  @TestFactory
  Stream<DynamicTest> acceptsItsOwnEvidence() {
    return CASES.stream()
        .filter(one -> EvidenceData.documents(one.name()).isPresent())
        .filter(one -> EvidenceVerifier.detect(documents(one)).isPresent())
        .map(one -> DynamicTest.dynamicTest(one.name(), () -> judge(one)));
  }

  private static void judge(Case one) {
    Instant at = Instant.parse(one.at());
    Anchors anchors =
        one.name().startsWith("tpm/")
            ? Anchors.read(EvidenceData.folder().orElseThrow().resolve(one.name()))
            : Anchors.pinned();
    Judgement judgement = EvidenceVerifier.with(anchors).verify(documents(one), Expectation.at(at));
    assertThat(judgement.record().accepted()).as(judgement.record().toString()).isTrue();
    String draft = EvidencePolicy.draft(judgement);
    EvidencePolicy policy =
        EvidencePolicy.parse(draft.getBytes(StandardCharsets.UTF_8), one.name());
    Judgement appraised = policy.appraise(judgement, at);
    assertThat(
            appraised.record().checks().stream()
                .filter(check -> check.outcome() != CheckOutcome.PASSED)
                .map(Check::name))
        .as(draft)
        .containsExactlyInAnyOrderElementsOf(one.unmet());
  }

  private static Documents documents(Case one) {
    return EvidenceData.documents(one.name()).orElseThrow();
  }
}
