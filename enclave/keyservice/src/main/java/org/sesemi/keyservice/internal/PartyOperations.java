package org.sesemi.keyservice.internal;

import java.time.Instant;
import java.util.Optional;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.keyservice.internal.Store.Change;
import org.sesemi.keyservice.internal.StoredRecord.RequestKeyName;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.UserPosition;

/**
 * What owners and users may change, and what changes when they do.
 *
 * <p>Guarantees: an operation on a model needs the actor's own party id in front of the model's
 * name; a request key is the actor's own. Versions and keys are never replaced.
 */
final class PartyOperations {

  private final Ledger ledger;
  private final PlatformKind platform;
  private final RandomSource random;
  private final Limits limits;

  PartyOperations(Ledger ledger, PlatformKind platform, RandomSource random, Limits limits) {
    this.ledger = ledger;
    this.platform = platform;
    this.random = random;
    this.limits = limits;
  }

  Decision<OperationAnswer> publish(Operation.PublishModel publish, PartyId actor, Instant now) {
    ModelId model = publish.modelId();
    requireOwner(model, actor);
    requireModelSlot(model, actor);
    Optional<ModelVersion> current = ledger.current(model);
    if (current.isPresent() && publish.version() <= current.get().version()) {
      throw new Refusal(
          Code.MODEL_VERSION_NOT_NEWER,
          "version "
              + publish.version()
              + " is not above the current version "
              + current.get().version());
    }
    requireBelow(ledger.versions(model).size(), limits.maxVersions(), "versions of one model");
    if (ledger.modelKey(model, publish.keyId()).isEmpty()) {
      throw new Refusal(Code.KEY_UNKNOWN, "the model has no key " + publish.keyId());
    }
    ModelVersion version =
        new ModelVersion(publish.version(), publish.manifestDigest(), publish.keyId(), now);
    return Decision.of(
        new OperationAnswer.Done(),
        "version "
            + publish.version()
            + " is current, manifest "
            + publish.manifestDigest()
            + ", key "
            + publish.keyId(),
        new Change.Put(new StoredRecord.Version(model, version)));
  }

  Decision<OperationAnswer> putModelKey(Operation.PutModelKey put, PartyId actor) {
    requireOwner(put.modelId(), actor);
    requireModelSlot(put.modelId(), actor);
    if (ledger.modelKey(put.modelId(), put.keyId()).isPresent()
        || ledger.versions(put.modelId()).stream()
            .anyMatch(version -> version.keyId().equals(put.keyId()))) {
      throw new Refusal(Code.KEY_EXISTS, "the model has or had a key " + put.keyId());
    }
    requireBelow(ledger.modelKeyCount(put.modelId()), limits.maxModelKeys(), "keys of one model");
    return Decision.of(
        new OperationAnswer.Done(),
        "model key " + put.keyId() + " is there",
        new Change.Put(
            new StoredRecord.ModelKey(put.modelId(), put.keyId(), Secrets.fromMessage(put.key()))));
  }

  Decision<OperationAnswer> deleteModelKey(Operation.DeleteModelKey delete, PartyId actor) {
    ModelId model = delete.modelId();
    KeyId id = delete.keyId();
    requireOwner(model, actor);
    return ledger
        .modelKey(model, id)
        .map(
            key ->
                Decision.<OperationAnswer>of(
                    new OperationAnswer.Done(),
                    "model key " + id + " is deleted",
                    new Change.Delete(new StoredRecord.ModelKey(model, id, key))))
        .orElseThrow(() -> new Refusal(Code.KEY_UNKNOWN, "the model has no key " + id));
  }

  Decision<OperationAnswer> grant(Operation.Grant terms, PartyId actor, Instant now) {
    ModelId model = terms.modelId();
    requireOwner(model, actor);
    if (ledger.current(model).isEmpty()) {
      throw new Refusal(Code.MODEL_UNKNOWN, "no version of " + model.name() + " was published");
    }
    requirePolicy(terms.runtimePolicy());
    if (!terms.expiry().isAfter(now)) {
      throw new Refusal(
          Code.GRANT_EXPIRY_PAST, "the grant would end at " + terms.expiry() + ", now is " + now);
    }
    requireBelow(ledger.grants(model).size(), limits.maxGrants(), "grants of one model");
    GrantView view = new GrantView(GrantId.random(random), terms, now, Optional.empty());
    String whom =
        switch (terms.user()) {
          case UserPosition.One(PartyId user) -> "user " + user;
          case UserPosition.AnyoneAuthenticated _ ->
              "ANYONE WHO CAN PROVE AN IDENTITY, KNOWN TO THE OWNER OR NOT";
        };
    return Decision.<OperationAnswer>of(
            new OperationAnswer.Granted(view.id()),
            "grant "
                + view.id()
                + " to "
                + whom
                + ", versions "
                + terms.versionRule().text()
                + ", until "
                + terms.expiry()
                + ", at least "
                + terms.isolation().text(),
            new Change.Put(new StoredRecord.Grant(view)))
        .about(view.id());
  }

  Decision<OperationAnswer> revoke(Operation.RevokeGrant revoke, PartyId actor, Instant now) {
    requireOwner(revoke.modelId(), actor);
    GrantView view =
        ledger
            .grant(revoke.modelId(), revoke.grantId())
            .orElseThrow(
                () ->
                    new Refusal(Code.GRANT_UNKNOWN, "the model has no grant " + revoke.grantId()));
    if (view.revoked().isPresent()) {
      throw new Refusal(
          Code.GRANT_REVOKED, "the grant was revoked at " + view.revoked().get() + " already");
    }
    GrantView ended = new GrantView(view.id(), view.terms(), view.created(), Optional.of(now));
    return Decision.<OperationAnswer>of(
            new OperationAnswer.Done(),
            "grant " + view.id() + " to " + view.terms().user() + " is revoked",
            new Change.Put(new StoredRecord.Grant(ended)))
        .about(view.id());
  }

  Decision<OperationAnswer> putRequestKey(Operation.PutRequestKey put, PartyId actor) {
    RequestKeyName name = new RequestKeyName(actor, put.modelId(), put.keyId());
    requirePolicy(put.runtimePolicy());
    if (ledger.requestKey(name).isPresent()) {
      throw new Refusal(Code.KEY_EXISTS, "you have a request key " + put.keyId() + " already");
    }
    requireBelow(
        ledger.requestKeyCount(actor), limits.maxRequestKeys(), "request keys of one user");
    return Decision.of(
        new OperationAnswer.Done(),
        "request key "
            + put.keyId()
            + " for "
            + put.modelId()
            + " is there, at least "
            + put.isolation().text(),
        new Change.Put(
            new StoredRecord.RequestKey(
                name, Secrets.fromMessage(put.key()), put.runtimePolicy(), put.isolation())));
  }

  Decision<OperationAnswer> deleteRequestKey(Operation.DeleteRequestKey delete, PartyId actor) {
    RequestKeyName name = new RequestKeyName(actor, delete.modelId(), delete.keyId());
    return ledger
        .requestKey(name)
        .map(
            key ->
                Decision.<OperationAnswer>of(
                    new OperationAnswer.Done(),
                    "request key " + delete.keyId() + " for " + delete.modelId() + " is deleted",
                    new Change.Delete(key)))
        .orElseThrow(
            () -> new Refusal(Code.KEY_UNKNOWN, "you have no request key " + delete.keyId()));
  }

  static void requireOwner(ModelId model, PartyId actor) {
    if (!model.owner().equals(actor)) {
      throw new Refusal(
          Code.MODEL_NOT_OWNED,
          "the model belongs to another party",
          "the model belongs to " + model.owner() + ", asked by " + actor);
    }
  }

  private void requirePolicy(Bytes encoded) {
    try {
      RuntimePolicy policy = RuntimePolicy.decode(encoded.toArray());
      if (!policy.platforms().contains(platform)) {
        throw new Refusal(
            Code.CONFIG_INVALID,
            "the policy is for platform "
                + policy.platform().text()
                + ", this key service is for "
                + platform.text());
      }
    } catch (AttestationException e) {
      throw new Refusal(e.errorCode(), e.detail());
    }
  }

  private void requireModelSlot(ModelId model, PartyId actor) {
    if (ledger.current(model).isEmpty() && ledger.modelKeyCount(model) == 0) {
      requireBelow(ledger.modelCount(actor), limits.maxModels(), "models of one owner");
    }
  }

  private static void requireBelow(int count, int limit, String what) {
    if (count >= limit) {
      throw new Refusal(Code.LIMIT_REACHED, "there are " + count + " " + what + ", the limit");
    }
  }
}
