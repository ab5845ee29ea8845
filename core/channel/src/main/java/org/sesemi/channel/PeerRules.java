package org.sesemi.channel;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * Whom an attested server lets in.
 *
 * @param parties whether peers may come that prove a key only
 * @param enclaves how the evidence of enclaves is judged; absent when none may come
 */
public record PeerRules(boolean parties, Optional<EvidenceAppraisal> enclaves) {

  /** Refuses rules that let nobody in. */
  public PeerRules {
    requireNonNull(enclaves, "enclaves");
    if (!parties && enclaves.isEmpty()) {
      throw new IllegalArgumentException("a server that lets nobody in");
    }
  }

  /** {@return rules that let in whoever proves a key} */
  public static PeerRules partiesOnly() {
    return new PeerRules(true, Optional.empty());
  }

  /**
   * {@return rules that let in enclaves whose evidence is accepted}
   *
   * @param appraisal how it is judged
   */
  public static PeerRules enclavesOnly(EvidenceAppraisal appraisal) {
    return new PeerRules(false, Optional.of(appraisal));
  }

  /**
   * {@return rules that let in both}
   *
   * @param appraisal how the evidence of enclaves is judged
   */
  public static PeerRules both(EvidenceAppraisal appraisal) {
    return new PeerRules(true, Optional.of(appraisal));
  }
}
