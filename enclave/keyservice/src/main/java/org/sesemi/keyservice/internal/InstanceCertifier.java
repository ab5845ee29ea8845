package org.sesemi.keyservice.internal;

import java.time.Instant;
import org.sesemi.attestation.Claims;
import org.sesemi.wire.Bytes;

/** Certifies the receipt key of a runtime whose claims were verified. */
@FunctionalInterface
interface InstanceCertifier {

  /**
   * Signs a certificate.
   *
   * @param receiptPublicKey the raw key to be certified
   * @param peer what was verified about its holder
   * @param epoch the epoch
   * @param now the present time
   * @return the signed certificate
   */
  Bytes certify(Bytes receiptPublicKey, Claims peer, long epoch, Instant now);
}
