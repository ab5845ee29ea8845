package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.keyservice.internal.Store.Change;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ErrorCode;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.Statement;
import org.sesemi.wire.WireException;

/**
 * The key service without its sockets: it decides who may use which model where.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Every decision, for or against, is an entry of the audit log, kept before anybody hears of
 *       the decision; what changes is kept together with its entry.
 *   <li>A statement takes effect once. Its nonce is kept with its effect for as long as its time
 *       would be accepted.
 *   <li>Whoever is refused gets a stable code and a short sentence; the reason in full is in the
 *       log, for those whom the entry concerns.
 *   <li>When keeping a decision fails, nothing is answered and nothing more is decided: the process
 *       has to start again from what is kept.
 * </ul>
 *
 * <p>Thread-safe: one lock orders all decisions, and guards ledger, log and store. It starts no
 * threads; time and randomness are handed in.
 */
public final class KeyService implements AutoCloseable {

  private static final int NONCES_FORGOTTEN_AT_ONCE = 64;

  /**
   * What makes one key service of its cluster.
   *
   * @param genesis the bytes of the genesis statement
   * @param platform the kind of platform that runtimes must be on
   * @param caKey the key that certificates and the audit log are signed with
   * @param time the clock
   * @param random where ids and salts come from
   * @param limits the bounds to keep
   */
  record Setting(
      Bytes genesis,
      PlatformKind platform,
      IdentityKey caKey,
      InstantSource time,
      RandomSource random,
      Limits limits) {
    Setting {
      requireNonNull(genesis, "genesis");
      requireNonNull(platform, "platform");
      requireNonNull(caKey, "caKey");
    }

    Digest clusterId() {
      return Digest.sha256(genesis.toArray());
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Ledger ledger = new Ledger();
  private final Setting setting;
  private final Store store;
  private final AuditLog log;
  private final ServiceTime time;
  private final long epoch;
  private final StatementGate gate;
  private final PartyOperations operations;
  private final PartyQueries queries;
  private final Provisioning provisioning;

  private KeyService(Setting setting, Store store) {
    this.setting = setting;
    this.store = store;
    Digest clusterId = setting.clusterId();
    Store.Header header =
        store.load(ledger::put).orElseGet(() -> new Store.Header(0, clusterId, Instant.EPOCH, 1));
    this.epoch = header.epoch();
    this.time = new ServiceTime(setting.time(), header.serviceTime());
    this.log =
        new AuditLog(setting.caKey(), setting.random(), header.auditCount(), header.auditLink());
    this.gate = new StatementGate(clusterId, setting.limits().statementWindow());
    this.operations =
        new PartyOperations(ledger, setting.platform(), setting.random(), setting.limits());
    this.queries = new PartyQueries(ledger, store, clusterId);
    this.provisioning =
        new Provisioning(
            ledger,
            new CaCertifier(setting.caKey(), clusterId, setting.limits().certificateValidity()),
            setting.limits());
  }

  /**
   * Loads the state and makes the start itself the first decision of this run.
   *
   * @param setting what makes this key service
   * @param store where the state is; closed with the key service
   */
  static KeyService start(Setting setting, Store store) {
    KeyService service = new KeyService(setting, store);
    service.lock.lock();
    try {
      service.keep(
          service.time.now(),
          List.of(),
          "start",
          Optional.empty(),
          "the key service started",
          AuditEntry.Subject.NONE);
    } finally {
      service.lock.unlock();
    }
    return service;
  }

  /** {@return what the key service says about itself} */
  public ClusterStatus status() {
    return new ClusterStatus(setting.genesis(), epoch, time.now());
  }

  /**
   * Carries out a statement of a party.
   *
   * @param peer the key of the connection
   * @param signedBytes the signed statement
   * @return the answer
   * @throws CodedException when it is refused
   */
  public OperationAnswer state(IdentityPublicKey peer, byte[] signedBytes) {
    Instant now = time.now();
    Digest digest = Digest.sha256(signedBytes);
    StatementGate.Admitted admitted;
    try {
      admitted = gate.admit(peer, signedBytes, now);
    } catch (Refusal refusal) {
      AuditEntry.Subject subject =
          new SubjectBuilder().actor(peer.id()).statementDigest(digest).build();
      throw refuse("statement", refusal, subject, List.of());
    }
    lock.lock();
    try {
      return decide(admitted, peer, signedBytes, digest);
    } finally {
      lock.unlock();
      wipe(admitted.operation());
    }
  }

  private static void wipe(Operation operation) {
    switch (operation) {
      case Operation.PutModelKey put -> put.key().close();
      case Operation.PutRequestKey put -> put.key().close();
      case Operation.PublishModel _,
          Operation.DeleteModelKey _,
          Operation.Grant _,
          Operation.ListGrants _,
          Operation.RevokeGrant _,
          Operation.DeleteRequestKey _,
          Operation.ListModels _,
          Operation.ShowModel _,
          Operation.ReadAudit _ -> {}
    }
  }

  private OperationAnswer decide(
      StatementGate.Admitted admitted,
      IdentityPublicKey peer,
      byte[] signedBytes,
      Digest statementDigest) {
    PartyId actor = peer.id();
    Statement statement = admitted.statement();
    Operation operation = admitted.operation();
    SubjectBuilder subject =
        new SubjectBuilder().actor(actor).about(operation).statementDigest(statementDigest);
    if (ledger.isUsed(actor, statement.nonce())) {
      Refusal replay = new Refusal(Code.STATEMENT_REPLAYED, "the statement came before");
      throw refuse(operation.name(), replay, subject.build(), List.of());
    }
    if (!operation.holdsKey()) {
      subject.statement(Bytes.of(signedBytes));
    }
    Instant now = time.now();
    List<Change> changes = new ArrayList<>();
    changes.add(
        new Change.Put(
            new StoredRecord.Nonce(
                actor,
                statement.nonce(),
                statement.time().plus(setting.limits().statementWindow()))));
    if (!ledger.knows(actor)) {
      changes.add(new Change.Put(new StoredRecord.Party(peer.value(), now)));
    }
    for (StoredRecord.Nonce old : ledger.expiredNonces(now, NONCES_FORGOTTEN_AT_ONCE)) {
      changes.add(new Change.Delete(old));
    }
    Decision<OperationAnswer> decision;
    try {
      decision = decide(operation, actor, now);
    } catch (Refusal refusal) {
      throw refuse(operation.name(), refusal, subject.build(), changes);
    }
    changes.addAll(decision.changes());
    decision.grant().ifPresent(subject::grant);
    keep(now, changes, operation.name(), Optional.empty(), decision.reason(), subject.build());
    return decision.answer();
  }

  private Decision<OperationAnswer> decide(Operation operation, PartyId actor, Instant now) {
    return switch (operation) {
      case Operation.PublishModel publish -> operations.publish(publish, actor, now);
      case Operation.PutModelKey put -> operations.putModelKey(put, actor);
      case Operation.DeleteModelKey delete -> operations.deleteModelKey(delete, actor);
      case Operation.Grant terms -> operations.grant(terms, actor, now);
      case Operation.ListGrants list -> queries.listGrants(list, actor);
      case Operation.RevokeGrant revoke -> operations.revoke(revoke, actor, now);
      case Operation.PutRequestKey put -> operations.putRequestKey(put, actor);
      case Operation.DeleteRequestKey delete -> operations.deleteRequestKey(delete, actor);
      case Operation.ListModels list -> queries.listModels(list, actor, now);
      case Operation.ShowModel show -> queries.showModel(show, actor, now);
      case Operation.ReadAudit read -> queries.readAudit(read, actor, log.count());
    };
  }

  /**
   * Releases keys to a runtime.
   *
   * @param peer what the channel verified about the runtime
   * @param claimsBytes what the evidence of the runtime covers beside
   * @param message what it asks for
   * @return the keys, to be closed by the caller
   * @throws CodedException when it is refused
   */
  public Provisioned provision(Claims peer, Bytes claimsBytes, byte[] message) {
    SubjectBuilder subject = new SubjectBuilder().enclave(peer);
    RuntimeClaims claims;
    Provision ask;
    try {
      claims = RuntimeClaims.decode(claimsBytes.toArray());
      ask = Provision.decode(message);
    } catch (WireException e) {
      throw refuse("provision", new Refusal(e.errorCode(), e.detail()), subject.build(), List.of());
    }
    subject.model(ask.modelId()).user(ask.user());
    lock.lock();
    try {
      Instant now = time.now();
      Decision<Provisioned> decision;
      try {
        decision = provisioning.decide(ask, peer, claims.receiptPublicKey(), epoch, now);
      } catch (Refusal refusal) {
        throw refuse("provision", refusal, subject.build(), List.of());
      }
      decision.grant().ifPresent(subject::grant);
      try {
        keep(now, List.of(), "provision", Optional.empty(), decision.reason(), subject.build());
      } catch (RuntimeException e) {
        decision.answer().close();
        throw e;
      }
      return decision.answer();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses a party that asks for what runtimes may ask.
   *
   * @param party the party
   * @return what it gets to see
   */
  public CodedException refuseRole(PartyId party) {
    return refuseRole("provision", new SubjectBuilder().actor(party));
  }

  /**
   * Refuses an enclave that asks for what parties may ask.
   *
   * @param peer what the channel verified about it
   * @return what it gets to see
   */
  public CodedException refuseRole(Claims peer) {
    return refuseRole("statement", new SubjectBuilder().enclave(peer));
  }

  private CodedException refuseRole(String action, SubjectBuilder subject) {
    Refusal refusal = new Refusal(Code.PEER_ROLE, "this kind of peer may not ask for this");
    return refuse(action, refusal, subject.build(), List.of());
  }

  /** Keeps a refusal and returns what whoever asked gets to see of it. */
  private CodedException refuse(
      String action, Refusal refusal, AuditEntry.Subject subject, List<Change> changes) {
    lock.lock();
    try {
      keep(
          time.now(), changes, action, Optional.of(refusal.errorCode()), refusal.reason(), subject);
    } finally {
      lock.unlock();
    }
    return new RefusedException(refusal.errorCode(), refusal.detail());
  }

  private void keep(
      Instant now,
      List<Change> changes,
      String action,
      Optional<ErrorCode> refused,
      String reason,
      AuditEntry.Subject subject) {
    String code = refused.map(ErrorCode::code).orElse(AuditEntry.OK);
    Store.AuditRow row = log.next(now, action, refused.isEmpty(), code, reason, subject);
    store.commit(
        new Store.Batch(changes, row, new Store.Header(row.index() + 1, row.link(), now, epoch)));
    changes.forEach(ledger::apply);
    log.moveTo(row);
  }

  /** Waits for the decision under way and closes the store. */
  @Override
  public void close() {
    lock.lock();
    try {
      store.close();
    } finally {
      lock.unlock();
    }
  }
}
