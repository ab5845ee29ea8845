package org.sesemi.attestation.internal.tpm;

import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.PlatformVerifier;

/**
 * Judges quotes of TPM 2.0: the quote's structure and signature, the rules for attestation keys,
 * registers, event log, and the endorsement key's chain.
 *
 * <p>Documents alone cannot show that the attestation key is in the endorsed TPM; that needs the
 * live protocol of {@link CredentialChallenge}. The claim {@code akResidence} says which it was.
 */
public final class TpmVerifier implements PlatformVerifier {

  /** The one verifier; it has no state. */
  public static final TpmVerifier INSTANCE = new TpmVerifier();

  private TpmVerifier() {}

  @Override
  public PlatformKind platform() {
    return PlatformKind.TPM;
  }

  @Override
  public boolean recognises(Documents documents) {
    return QuoteDocuments.recognised(documents);
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    return new TpmRun(documents, expectation, anchors, Optional.empty()).judge();
  }

  /** Judges documents of a TPM that has answered a challenge. */
  public Judgement judge(
      Documents documents, Expectation expectation, Anchors anchors, Activation activation) {
    return new TpmRun(documents, expectation, anchors, Optional.of(activation)).judge();
  }
}
