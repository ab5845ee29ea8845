package org.sesemi.keyservice.internal;

import java.time.Duration;
import java.time.Instant;
import org.sesemi.attestation.Claims;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * Certifies receipt keys with the CA key of the cluster. A certificate names what was attested and
 * is not valid longer than the evidence.
 */
final class CaCertifier implements InstanceCertifier {

  private final IdentityKey caKey;
  private final Digest clusterId;
  private final Duration validity;

  CaCertifier(IdentityKey caKey, Digest clusterId, Duration validity) {
    this.caKey = caKey;
    this.clusterId = clusterId;
    this.validity = validity;
  }

  @Override
  public Bytes certify(Bytes receiptPublicKey, Claims peer, long epoch, Instant now) {
    Instant longest = now.plus(validity);
    Instant end = peer.notAfter().isBefore(longest) ? peer.notAfter() : longest;
    InstanceCertificate certificate =
        new InstanceCertificate(
            new IdentityPublicKey(receiptPublicKey),
            peer.measurement(),
            peer.configDigest(),
            clusterId,
            epoch,
            now,
            end);
    return Bytes.of(Signed.sign(Signed.Label.INSTANCE, certificate.encode(), caKey).encode());
  }
}
