package org.sesemi.attestation.internal;

import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;

/**
 * Judges the evidence of one platform. Implementations have no state, keep to the arguments (no
 * clock, no network, no security provider but the JDK's own), and end every input in a judgement.
 */
public interface PlatformVerifier {

  /** {@return whose evidence is understood} */
  PlatformKind platform();

  /** {@return whether documents have the names, and evidence the first bytes, of this platform} */
  boolean recognises(Documents documents);

  /** Judges documents. */
  Judgement judge(Documents documents, Expectation expectation, Anchors anchors);
}
