package org.sesemi.keyservice.internal;

import java.time.Duration;
import java.time.Instant;
import org.sesemi.crypto.CryptoException;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.Signed;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Operation;
import org.sesemi.wire.Statement;
import org.sesemi.wire.WireException;

/**
 * Decides whether a statement comes from whom it says, now, and for this cluster.
 *
 * <p>Guarantees: what it lets through is signed by the key of the connection that it came on, in
 * its one encoding; whether it came before is for the ledger to say.
 */
final class StatementGate {

  /**
   * A statement that was let through.
   *
   * @param statement the statement
   * @param operation what it asks for
   */
  record Admitted(Statement statement, Operation operation) {}

  private final Digest clusterId;
  private final Duration window;

  StatementGate(Digest clusterId, Duration window) {
    this.clusterId = clusterId;
    this.window = window;
  }

  Admitted admit(IdentityPublicKey peer, byte[] signedBytes, Instant now) {
    try {
      Signed signed = Signed.decode(signedBytes);
      Statement statement = Statement.decode(signed.unverifiedPayload());
      if (!statement.actorKey().equals(peer.value())) {
        throw new Refusal(
            Code.STATEMENT_ACTOR,
            "the statement names another party than the connection",
            "the statement names " + statement.actor() + ", the connection " + peer.id());
      }
      if (!signed.isSignedBy(Signed.Label.STATEMENT, peer)) {
        throw new Refusal(Code.STATEMENT_SIGNATURE, "the signature does not verify");
      }
      if (!statement.clusterId().equals(clusterId)) {
        throw new Refusal(
            Code.STATEMENT_OTHER_CLUSTER,
            "the statement is meant for cluster " + statement.clusterId());
      }
      if (Duration.between(statement.time(), now).abs().compareTo(window) > 0) {
        throw new Refusal(
            Code.STATEMENT_TIME,
            "the statement was made at " + statement.time() + ", now is " + now);
      }
      return new Admitted(statement, statement.readOperation());
    } catch (WireException e) {
      throw new Refusal(e.errorCode(), e.detail());
    } catch (CryptoException e) {
      throw new Refusal(e.errorCode(), e.detail());
    }
  }
}
