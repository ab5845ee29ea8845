package org.sesemi.keyservice.internal;

import java.util.Optional;
import org.sesemi.attestation.Claims;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.UserPosition;

/** Collects whom and what an audit entry is about. */
final class SubjectBuilder {
  private Optional<PartyId> actor = Optional.empty();
  private Optional<ModelId> model = Optional.empty();
  private Optional<PartyId> user = Optional.empty();
  private Optional<Claims> peer = Optional.empty();
  private Optional<GrantId> grant = Optional.empty();
  private Optional<Digest> statementDigest = Optional.empty();
  private Optional<Bytes> statement = Optional.empty();

  SubjectBuilder actor(PartyId value) {
    actor = Optional.of(value);
    return this;
  }

  SubjectBuilder model(ModelId value) {
    model = Optional.of(value);
    return this;
  }

  SubjectBuilder user(PartyId value) {
    user = Optional.of(value);
    return this;
  }

  SubjectBuilder enclave(Claims value) {
    peer = Optional.of(value);
    return this;
  }

  SubjectBuilder grant(GrantId value) {
    grant = Optional.of(value);
    return this;
  }

  SubjectBuilder statementDigest(Digest value) {
    statementDigest = Optional.of(value);
    return this;
  }

  SubjectBuilder statement(Bytes value) {
    statement = Optional.of(value);
    return this;
  }

  /** Names what an operation is about. The model of a request key is the business of its user. */
  SubjectBuilder about(Operation operation) {
    return switch (operation) {
      case Operation.PublishModel publish -> model(publish.modelId());
      case Operation.PutModelKey put -> model(put.modelId());
      case Operation.DeleteModelKey delete -> model(delete.modelId());
      case Operation.Grant terms ->
          switch (terms.user()) {
            case UserPosition.One(PartyId one) -> model(terms.modelId()).user(one);
            case UserPosition.AnyoneAuthenticated _ -> model(terms.modelId());
          };
      case Operation.RevokeGrant revoke -> model(revoke.modelId()).grant(revoke.grantId());
      case Operation.ListGrants _,
          Operation.PutRequestKey _,
          Operation.DeleteRequestKey _,
          Operation.ListModels _,
          Operation.ShowModel _,
          Operation.ReadAudit _ ->
          this;
    };
  }

  AuditEntry.Subject build() {
    return new AuditEntry.Subject(
        actor,
        model,
        user,
        peer.map(Claims::measurement),
        peer.map(Claims::configDigest),
        grant,
        statementDigest,
        statement);
  }
}
