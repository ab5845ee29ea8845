package org.sesemi.attestation.internal.azure;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Verdict;

/**
 * Judges evidence of Azure confidential machines: a quote of the virtual TPM, whose key is in
 * runtime data, whose digest is in the report data of an SEV-SNP report or TD quote. The record has
 * the steps of this verifier, then those of the hardware's with {@code snp-} or {@code tdx-} before
 * their names; the claims are those of both, where the caller's bytes are those in the quote.
 */
public final class AzureVtpmVerifier implements PlatformVerifier {

  @Override
  public PlatformKind platform() {
    return PlatformKind.AZURE_VTPM;
  }

  @Override
  public boolean recognises(Documents documents) {
    return AzureEvidence.recognised(documents);
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Checks<AzureStep> checks = new Checks<>("azure-vtpm evidence", AzureStep.class);
    Optional<Judgement> hardware = Optional.empty();
    if (documents.get("evidence.json").isEmpty()) {
      checks.unverified(
          AzureStep.EVIDENCE, "the evidence of the machine", "no evidence.json was supplied");
    } else {
      try {
        AzureEvidence evidence = AzureEvidence.read(documents);
        checks.pass(AzureStep.EVIDENCE, "quote and report", "quote and report");
        hardware = new AzureRun(evidence, documents, expectation, anchors, checks).judge();
      } catch (Unreadable e) {
        checks.fail(AzureStep.EVIDENCE, "quote and report", e);
      }
    }
    Judgement own = checks.judge(PlatformKind.AZURE_VTPM);
    return hardware.map(beneath -> together(own, beneath)).orElse(own);
  }

  private static Judgement together(Judgement own, Judgement hardware) {
    ClaimSet.Builder claims = ClaimSet.builder();
    hardware.claims().values().forEach(claims::put);
    own.claims().values().forEach(claims::put);
    Optional<Instant> validUntil =
        Stream.concat(own.validUntil().stream(), hardware.validUntil().stream())
            .min(Instant::compareTo);
    return new Judgement(
        PlatformKind.AZURE_VTPM,
        own.record().and(hardware.record()),
        claims.build(),
        hardware.tcbStatus(),
        hardware.advisories(),
        validUntil,
        failure(own, hardware));
  }

  /** A failed check counts before one that could not be made. */
  private static Optional<Code> failure(Judgement own, Judgement hardware) {
    return Stream.of(own, hardware)
        .filter(each -> each.verdict() == Verdict.REJECT)
        .findFirst()
        .or(() -> Stream.of(own, hardware).filter(each -> each.failure().isPresent()).findFirst())
        .flatMap(Judgement::failure);
  }
}
