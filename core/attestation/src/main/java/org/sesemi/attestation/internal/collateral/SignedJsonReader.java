package org.sesemi.attestation.internal.collateral;

import java.security.cert.X509Certificate;
import java.util.List;
import org.sesemi.attestation.Anchors;

/** Reads TCB info and QE identity. */
@FunctionalInterface
interface SignedJsonReader {

  /**
   * Judges a signed document of Intel.
   *
   * @param item what was asked for
   * @param document the document
   * @param chain the chain of its signer
   * @param anchors where the chain may end
   * @throws org.sesemi.attestation.internal.Unreadable when it is not authentic, or something else
   */
  Stamp read(Item item, byte[] document, List<X509Certificate> chain, Anchors.Set anchors);
}
