package org.sesemi.attestation.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** How claims are compared with a policy. */
class AppraisalTest {

  private static final EvidencePolicy SNP = Samples.policy(Samples.alternative(PlatformKind.SNP));

  @Test
  void goodClaimsPassEveryDemandOfTheDefaultPolicy() {
    for (PlatformKind platform : PlatformKind.values()) {
      if (platform != PlatformKind.SIMULATED) {
        Judgement appraised =
            appraise(
                Samples.policy(Samples.alternative(platform)),
                Samples.judgement(platform, Samples.claims(platform)));
        assertThat(appraised.verdict()).as(appraised.record().toString()).isEqualTo(Verdict.ACCEPT);
        assertThat(appraised.record().checks().getFirst().name()).isEqualTo("signature");
      }
    }
  }

  @Test
  void evidenceThatDoesNotVerifyIsNotSavedByAPolicy() {
    Judgement appraised =
        appraise(SNP, Samples.rejected(PlatformKind.SNP, Samples.claims(PlatformKind.SNP)));
    assertThat(appraised.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(appraised.failure()).contains(Code.SIGNATURE_INVALID);
  }

  @Test
  void aPlatformThatIsNotNamedIsRefused() {
    Judgement appraised =
        appraise(SNP, Samples.judgement(PlatformKind.TDX, Samples.claims(PlatformKind.TDX)));
    assertThat(appraised.failure()).contains(Code.PLATFORM_MISMATCH);
    assertThat(failing(appraised).name()).isEqualTo("policy-platform");
  }

  @Test
  void anotherMeasurementOrDebuggingHasItsOwnCode() {
    refused(
        SNP,
        "measurement",
        Samples.bytes(2, 48),
        "policy-measurement",
        Code.MEASUREMENT_NOT_ALLOWED);
    refused(SNP, "debug", Samples.flag(true), "policy-debug", Code.DEBUG_ENABLED);
    refused(SNP, "vmpl", Samples.number(1), "policy-vmpl", Code.POLICY_REFUSED);
    refused(SNP, "vmpl", Samples.number(0xffffffffL), "policy-vmpl", Code.POLICY_REFUSED);
    refused(SNP, "migrationAllowed", Samples.flag(true), "policy-migration", Code.POLICY_REFUSED);
  }

  @Test
  void aClaimThatIsMissingLeavesTheVerdictIncomplete() {
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SNP);
    claims.remove("debug");
    Judgement appraised = appraise(SNP, Samples.judgement(PlatformKind.SNP, claims));
    assertThat(appraised.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(appraised.failure()).contains(Code.INCOMPLETE);
    assertThat(failing(appraised).outcome()).isEqualTo(CheckOutcome.UNVERIFIED);
  }

  @Test
  void aFailedCheckCountsMoreThanOneThatCouldNotBeMade() {
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SNP);
    claims.remove("debug");
    claims.put("vmpl", Samples.number(3));
    Judgement appraised = appraise(SNP, Samples.judgement(PlatformKind.SNP, claims));
    assertThat(appraised.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(appraised.failure()).contains(Code.POLICY_REFUSED);
  }

  @Test
  void onlyUpToDatePassesByDefaultAndAStatusThatIsNotKnownDoesNot() {
    EvidencePolicy tdx = Samples.policy(Samples.alternative(PlatformKind.TDX));
    assertThat(status(tdx, "UpToDate").verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(status(tdx, "OutOfDate").failure()).contains(Code.TCB_REFUSED);
    assertThat(status(tdx, "").verdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void anExceptionHoldsForItsAdvisoriesAndItsTimeOnly() {
    EvidencePolicy tdx =
        Samples.policy(
            Samples.alternative(
                PlatformKind.TDX,
                "\"statuses\":[{\"status\":\"OutOfDate\",\"advisories\":[\"SA-1\",\"SA-2\"],"
                    + "\"until\":\"2026-02-01\"}]"));
    Judgement allowed = status(tdx, "OutOfDate", "SA-1");
    assertThat(allowed.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(allowed.validUntil()).contains(Instant.parse("2026-02-01T00:00:00Z"));
    assertThat(status(tdx, "OutOfDate", "SA-1", "SA-3").failure()).contains(Code.TCB_REFUSED);
    assertThat(status(tdx, "SWHardeningNeeded").failure()).contains(Code.TCB_REFUSED);
    Judgement judgement =
        Samples.judgement(PlatformKind.TDX, Samples.claims(PlatformKind.TDX), "OutOfDate");
    assertThat(tdx.appraise(judgement, Instant.parse("2026-01-31T23:59:59Z")).verdict())
        .isEqualTo(Verdict.ACCEPT);
    assertThat(tdx.appraise(judgement, Instant.parse("2026-02-01T00:00:00Z")).verdict())
        .isEqualTo(Verdict.REJECT);
  }

  @Test
  void oneOfSeveralAlternativesIsEnoughAndElseTheNearestExplains() {
    String other = "\"measurements\":[\"" + Samples.hex(7, 48) + "\"]";
    EvidencePolicy policy =
        Samples.policy(
            Samples.alternative(PlatformKind.SNP, other),
            Samples.alternative(PlatformKind.TDX),
            Samples.alternative(PlatformKind.SNP, "\"vmpl\":[1]"));
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SNP);
    claims.put("vmpl", Samples.number(1));
    assertThat(appraise(policy, Samples.judgement(PlatformKind.SNP, claims)).verdict())
        .isEqualTo(Verdict.ACCEPT);
    claims.put("vmpl", Samples.number(2));
    Judgement refused = appraise(policy, Samples.judgement(PlatformKind.SNP, claims));
    assertThat(refused.failure()).contains(Code.POLICY_REFUSED);
    assertThat(failing(refused).name()).isEqualTo("policy-vmpl");
    assertThat(refused.record().checks())
        .anySatisfy(
            check -> {
              assertThat(check.name()).isEqualTo("policy-alternative-0");
              assertThat(check.got()).isEqualTo("policy-measurement, policy-vmpl");
            })
        .anySatisfy(
            check -> {
              assertThat(check.name()).isEqualTo("policy-alternative-1");
              assertThat(check.got()).isEqualTo("it is for tdx");
            });
  }

  @Test
  void evidenceWithItsOwnTimeMayBeTooOldOrFromTheFuture() {
    EvidencePolicy nitro =
        Samples.policy(Samples.alternative(PlatformKind.NITRO, "\"max-age\":\"PT10M\""));
    assertThat(aged(nitro, 0)).isEqualTo(Verdict.ACCEPT);
    assertThat(aged(nitro, 599)).isEqualTo(Verdict.ACCEPT);
    assertThat(aged(nitro, 600)).isEqualTo(Verdict.REJECT);
    assertThat(aged(nitro, -60)).isEqualTo(Verdict.ACCEPT);
    assertThat(aged(nitro, -61)).isEqualTo(Verdict.REJECT);
  }

  private static Verdict aged(EvidencePolicy policy, long seconds) {
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.NITRO);
    claims.put("timestamp", Samples.number(Samples.AT.minusSeconds(seconds).toEpochMilli()));
    return appraise(policy, Samples.judgement(PlatformKind.NITRO, claims)).verdict();
  }

  private static Judgement status(EvidencePolicy policy, String status, String... advisories) {
    return appraise(
        policy,
        Samples.judgement(PlatformKind.TDX, Samples.claims(PlatformKind.TDX), status, advisories));
  }

  private static void refused(
      EvidencePolicy policy, String claim, ClaimValue value, String check, Code code) {
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SNP);
    claims.put(claim, value);
    Judgement appraised = appraise(policy, Samples.judgement(PlatformKind.SNP, claims));
    assertThat(appraised.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failing(appraised).name()).isEqualTo(check);
    assertThat(appraised.failure()).contains(code);
  }

  private static Judgement appraise(EvidencePolicy policy, Judgement judgement) {
    return policy.appraise(judgement, Samples.AT);
  }

  private static Check failing(Judgement judgement) {
    return judgement.record().failing().orElseThrow();
  }
}
