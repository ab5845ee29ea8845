package org.sesemi.keyservice.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.keyservice.internal.StoredRecord.RequestKeyName;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Lease;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;

/**
 * The decision whether keys leave the key service.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Model keys and request key leave together, only to an enclave whose verified claims satisfy
 *       both the policy of a live grant of the owner for this user and the policy that the user put
 *       beside this request key. Neither party alone can widen access.
 *   <li>Only versions that the version rules of such grants accept now come along, each with the
 *       digest that its package must have.
 *   <li>Several grants may be satisfied: then a version is allowed when one of them accepts it, the
 *       strictest isolation of them counts, and the lease ends no later than the first of them.
 *   <li>What the peer is comes from the claims that the channel verified, and from nowhere else.
 * </ul>
 */
final class Provisioning {

  private final Ledger ledger;
  private final InstanceCertifier certifier;
  private final Limits limits;

  Provisioning(Ledger ledger, InstanceCertifier certifier, Limits limits) {
    this.ledger = ledger;
    this.certifier = certifier;
    this.limits = limits;
  }

  Decision<Provisioned> decide(
      Provision ask, Claims peer, Bytes attestedReceiptKey, long epoch, Instant now) {
    if (!ask.receiptPublicKey().equals(attestedReceiptKey)) {
      throw new Refusal(
          Code.PROVISION_RECEIPT_KEY, "the receipt key is not the one of the evidence");
    }
    if (peer.debug()) {
      throw new Refusal(Code.RUNTIME_DEBUG, "the runtime runs in debug mode");
    }
    if (!now.isBefore(peer.notAfter())) {
      throw new Refusal(
          Code.RUNTIME_EVIDENCE_EXPIRED,
          "the evidence of the connection is no longer valid",
          "the evidence of the connection was valid until " + peer.notAfter());
    }
    if (ask.epoch() > epoch) {
      throw new Refusal(
          Code.EPOCH_BEHIND,
          "the epoch here is " + epoch,
          "the runtime has seen epoch " + ask.epoch() + ", here it is " + epoch);
    }
    ModelVersion current =
        ledger
            .current(ask.modelId())
            .orElseThrow(
                () -> new Refusal(Code.MODEL_UNKNOWN, "no version of the model was published"));
    List<GrantView> satisfied = satisfiedGrants(ask, peer, current, now);
    StoredRecord.RequestKey requestKey = acceptingRequestKey(ask, peer);
    return release(ask, satisfied, requestKey, current, epoch, now, peer);
  }

  private List<GrantView> satisfiedGrants(
      Provision ask, Claims peer, ModelVersion current, Instant now) {
    List<GrantView> covering = ledger.grantsFor(ask.modelId(), ask.user());
    List<GrantView> satisfied = new ArrayList<>();
    List<Refusal> failures = new ArrayList<>();
    for (GrantView grant : covering) {
      failure(grant, peer, current, now).ifPresentOrElse(failures::add, () -> satisfied.add(grant));
    }
    if (!satisfied.isEmpty()) {
      return satisfied;
    }
    // The one that came closest explains the denial best; the log has them all.
    Refusal closest =
        failures.stream()
            .max(Comparator.comparingInt(Provisioning::closeness))
            .orElseThrow(() -> new Refusal(Code.GRANT_NONE, "no grant covers the user"));
    throw new Refusal(
        closest.errorCode(),
        closest.detail(),
        AuditLog.shorten(String.join("; ", failures.stream().map(Refusal::reason).toList())));
  }

  private Optional<Refusal> failure(
      GrantView grant, Claims peer, ModelVersion current, Instant now) {
    String name = "grant " + grant.id();
    if (grant.revoked().isPresent()) {
      return Optional.of(
          new Refusal(
              Code.GRANT_REVOKED,
              "the owner revoked the grant",
              name + " was revoked at " + grant.revoked().get()));
    }
    if (!grant.terms().expiry().isAfter(now)) {
      return Optional.of(
          new Refusal(
              Code.GRANT_EXPIRED,
              "the grant has ended",
              name + " ended at " + grant.terms().expiry() + ", now is " + now));
    }
    if (!satisfies(peer, grant.terms().runtimePolicy())) {
      return Optional.of(
          new Refusal(
              Code.RUNTIME_NOT_GRANTED,
              "the owner's grant does not name this runtime",
              name
                  + " does not name measurement "
                  + peer.measurement()
                  + " with configuration "
                  + peer.configDigest()));
    }
    if (ledger.versions(grant.terms().modelId()).stream()
        .noneMatch(version -> accepts(grant, version, current))) {
      return Optional.of(
          new Refusal(
              Code.MODEL_VERSION_NOT_ALLOWED,
              "the grant covers no published version",
              name
                  + " covers versions "
                  + grant.terms().versionRule().text()
                  + ", current is "
                  + current.version()));
    }
    return Optional.empty();
  }

  private static int closeness(Refusal refusal) {
    return List.of(
            Code.GRANT_REVOKED,
            Code.GRANT_EXPIRED,
            Code.RUNTIME_NOT_GRANTED,
            Code.MODEL_VERSION_NOT_ALLOWED)
        .indexOf(refusal.errorCode());
  }

  private StoredRecord.RequestKey acceptingRequestKey(Provision ask, Claims peer) {
    StoredRecord.RequestKey key =
        ledger
            .requestKey(new RequestKeyName(ask.user(), ask.modelId(), ask.requestKeyId()))
            .orElseThrow(
                () ->
                    new Refusal(
                        Code.KEY_UNKNOWN,
                        "the user has no such request key for the model",
                        "the user has no request key " + ask.requestKeyId() + " for the model"));
    if (!satisfies(peer, key.runtimePolicy())) {
      throw new Refusal(
          Code.RUNTIME_NOT_ACCEPTED,
          "the user's request key does not name this runtime",
          "request key "
              + ask.requestKeyId()
              + " does not name measurement "
              + peer.measurement()
              + " with configuration "
              + peer.configDigest());
    }
    return key;
  }

  private Decision<Provisioned> release(
      Provision ask,
      List<GrantView> grants,
      StoredRecord.RequestKey requestKey,
      ModelVersion current,
      long epoch,
      Instant now,
      Claims peer) {
    Map<KeyId, Provisioned.ReleasedKey> keys = new LinkedHashMap<>();
    List<Provisioned.AllowedVersion> allowed = new ArrayList<>();
    for (ModelVersion version : ledger.versions(ask.modelId())) {
      Optional<SecretBytes> key = ledger.modelKey(ask.modelId(), version.keyId());
      if (allowed.size() < Provisioned.MAX_VERSIONS
          && key.isPresent()
          && grants.stream().anyMatch(grant -> accepts(grant, version, current))) {
        allowed.add(
            new Provisioned.AllowedVersion(
                version.version(), version.manifestDigest(), version.keyId()));
        keys.computeIfAbsent(
            version.keyId(), id -> new Provisioned.ReleasedKey(id, Secrets.toMessage(key.get())));
      }
    }
    if (allowed.isEmpty()) {
      throw new Refusal(
          Code.MODEL_KEY_DELETED, "the keys of all versions that the grant covers were deleted");
    }
    IsolationLevel isolation =
        grants.stream()
            .map(grant -> grant.terms().isolation())
            .reduce(requestKey.isolation(), IsolationLevel::strictest);
    Instant end =
        grants.stream()
            .map(grant -> grant.terms().expiry())
            .reduce(now.plus(limits.leaseDuration()), (a, b) -> a.isBefore(b) ? a : b);
    Provisioned released =
        new Provisioned(
            List.copyOf(keys.values()),
            Secrets.toMessage(requestKey.key()),
            allowed,
            isolation,
            new Lease(now, Duration.between(now, end), limits.leaseBudget()),
            certifier.certify(ask.receiptPublicKey(), peer, epoch, now),
            epoch);
    return new Decision<>(
        released,
        List.of(),
        reason(grants, allowed, isolation),
        Optional.of(grants.getFirst().id()));
  }

  private static String reason(
      List<GrantView> grants, List<Provisioned.AllowedVersion> allowed, IsolationLevel isolation) {
    List<String> names =
        grants.stream()
            .map(grant -> grant.id() + " (" + grant.terms().user().text() + ")")
            .toList();
    return AuditLog.shorten(
        "versions "
            + allowed.getLast().version()
            + " to "
            + allowed.getFirst().version()
            + ", "
            + isolation.text()
            + ", by grant "
            + String.join(", ", names));
  }

  private static boolean accepts(GrantView grant, ModelVersion version, ModelVersion current) {
    return grant.terms().versionRule().accepts(version.version(), current.version());
  }

  /** The one place where a peer meets a policy. */
  private static boolean satisfies(Claims peer, Bytes policy) {
    try {
      return RuntimePolicy.decode(policy.toArray()).validate(peer).claims().isPresent();
    } catch (AttestationException e) {
      return false;
    }
  }
}
