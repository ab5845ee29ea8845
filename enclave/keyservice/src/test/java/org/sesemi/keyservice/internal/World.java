package org.sesemi.keyservice.internal;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.Signed;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Statement;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** A small world around a key service without sockets: parties, runtimes, a clock. */
final class World {

  static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
  static final Bytes ROOT = Bytes.of(Digest.sha256(new byte[] {77}).bytes());
  static final Digest GOOD_CODE = Digest.sha256(new byte[] {1});
  static final Digest GOOD_CONFIG = Digest.sha256(new byte[] {2});
  static final Digest OTHER_CODE = Digest.sha256(new byte[] {3});

  final AtomicReference<Instant> clock = new AtomicReference<>(START);
  final RandomSource random;
  final IdentityKey caKey;
  final Bytes genesis;
  final KeyService.Setting setting;
  KeyService service;

  /** A party with a key of its own. */
  record Party(IdentityKey key) {
    PartyId id() {
      return key.id();
    }

    ModelId model(String name) {
      return new ModelId(id(), name);
    }
  }

  World(Store store, long seed) {
    this(store, seed, Limits.DEFAULT);
  }

  World(Store store, long seed, Limits limits) {
    this.random = seeded(seed);
    this.caKey = IdentityKey.generate(random);
    this.genesis =
        Bytes.of(
            new Genesis(
                    caKey.publicKey(),
                    START,
                    Digest.sha256(new byte[] {9}),
                    Digest.sha256(new byte[] {8}),
                    "simulated",
                    ROOT,
                    1,
                    Bytes.random(random, 32))
                .encode());
    this.setting =
        new KeyService.Setting(genesis, PlatformKind.SIMULATED, caKey, clock::get, random, limits);
    this.service = KeyService.start(setting, store);
  }

  static RandomSource seeded(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return new RandomSource() {
      @Override
      public synchronized void nextBytes(byte[] target) {
        random.nextBytes(target);
      }
    };
  }

  /** Starts again on a store, as after the death of the process. */
  void restart(Store store) {
    service = KeyService.start(setting, store);
  }

  Digest clusterId() {
    return Digest.sha256(genesis.toArray());
  }

  void advance(Duration duration) {
    clock.updateAndGet(now -> now.plus(duration));
  }

  Party party() {
    return new Party(IdentityKey.generate(random));
  }

  byte[] sign(Party party, Operation operation) {
    Statement statement =
        Statement.of(operation, clusterId(), party.key().publicKey().value(), clock.get(), random);
    return sign(party, statement);
  }

  byte[] sign(Party party, Statement statement) {
    return Signed.sign(Signed.Label.STATEMENT, statement.encode(), party.key()).encode();
  }

  OperationAnswer send(Party party, Operation operation) {
    return service.state(party.key().publicKey(), sign(party, operation));
  }

  static Bytes policy(Digest code) {
    return Bytes.of(SimulatedPolicy.of(ROOT, code, GOOD_CONFIG).encode());
  }

  static Claims runtime(Digest code) {
    return runtime(ROOT, code, GOOD_CONFIG, false);
  }

  static Claims runtime(Bytes root, Digest code, Digest config, boolean debug) {
    return new Claims(
        PlatformKind.SIMULATED,
        root,
        code,
        config,
        Bytes.of(new byte[64]),
        Bytes.of(new byte[16]),
        1,
        debug,
        START.plus(Duration.ofDays(365)));
  }

  /** Publishes a version, under a key of its own when it is the first. */
  KeyId publish(Party owner, String name, long version) {
    KeyId key = KeyId.random(random);
    send(owner, new Operation.PutModelKey(owner.model(name), key, secret()));
    publish(owner, name, version, key);
    return key;
  }

  void publish(Party owner, String name, long version, KeyId key) {
    send(owner, new Operation.PublishModel(owner.model(name), version, manifest(version), key));
  }

  static Digest manifest(long version) {
    return Digest.sha256("manifest".getBytes(StandardCharsets.UTF_8), new byte[] {(byte) version});
  }

  SecretField secret() {
    return SecretField.copyOf(random.bytes(32));
  }

  static Operation.Grant grant(ModelId model, PartyId user) {
    return new Operation.Grant(
        model,
        UserPosition.of(user),
        policy(GOOD_CODE),
        VersionRule.current(),
        Operation.Grant.NEVER,
        IsolationLevel.SHARED);
  }

  GrantId grantTo(Party owner, String name, PartyId user) {
    return granted(send(owner, grant(owner.model(name), user)));
  }

  static GrantId granted(OperationAnswer answer) {
    return ((OperationAnswer.Granted) answer).id();
  }

  KeyId putRequestKey(Party user, ModelId model) {
    KeyId key = KeyId.random(random);
    send(
        user,
        new Operation.PutRequestKey(
            model, key, secret(), policy(GOOD_CODE), IsolationLevel.SHARED));
    return key;
  }

  Provisioned provision(ModelId model, PartyId user, KeyId requestKey) {
    return provision(runtime(GOOD_CODE), model, user, requestKey);
  }

  Provisioned provision(Claims runtime, ModelId model, PartyId user, KeyId requestKey) {
    Bytes receiptKey = Bytes.of(Digest.sha256(new byte[] {42}).bytes());
    return service.provision(
        runtime,
        Bytes.of(new RuntimeClaims(receiptKey).encode()),
        new Provision(model, user, requestKey, receiptKey, 1).encode());
  }

  /** Reads all entries of the audit log that a party may see. */
  List<AuditEntry> auditOf(Party party) {
    List<AuditEntry> entries = new ArrayList<>();
    long from = 0;
    while (true) {
      var page = (OperationAnswer.Audit) send(party, new Operation.ReadAudit(from));
      if (page.items().isEmpty()) {
        return entries;
      }
      page.items().forEach(item -> item.readEntry().ifPresent(entries::add));
      from += page.items().size();
      if (from >= page.total()) {
        return entries;
      }
    }
  }
}
