package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Signed;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.AuditItem;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.Statement;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** The decisions of the key service, without sockets and without a medium. */
class KeyServiceTest {

  private final MemoryStore store = new MemoryStore();
  private final World world = new World(store, 1);
  private final Party owner = world.party();
  private final Party user = world.party();
  private final Party stranger = world.party();
  private ModelId model = owner.model("m");
  private KeyId modelKey = KeyId.random(world.random);

  @BeforeEach
  void publish() {
    model = owner.model("m");
    modelKey = world.publish(owner, "m", 1);
  }

  static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private AuditEntry lastEntry() {
    return AuditEntry.decode(
        store.readAudit(store.readAudit(0, 100_000).size() - 1L, 1).getFirst().entry().toArray());
  }

  @Test
  void grantAndRequestKeyTogetherReleaseBothKeys() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Provisioned released = world.provision(model, user.id(), key);
    assertThat(released.allowed())
        .containsExactly(new Provisioned.AllowedVersion(1, World.manifest(1), modelKey));
    assertThat(released.modelKeyId()).isEqualTo(modelKey);
    assertThat(released.lease().serviceTime()).isEqualTo(World.START);
    assertThat(released.lease().duration()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void neitherPartyAloneWidensAccess() {
    KeyId key = world.putRequestKey(user, model);
    refused("grant.none", () -> world.provision(model, user.id(), key));
    world.grantTo(owner, "m", user.id());
    refused("key.unknown", () -> world.provision(model, user.id(), KeyId.random(world.random)));
    refused(
        "runtime.measurement-not-granted",
        () -> world.provision(World.runtime(World.OTHER_CODE), model, user.id(), key));

    world.send(
        owner,
        new Operation.Grant(
            model,
            UserPosition.of(user.id()),
            World.policy(World.OTHER_CODE),
            VersionRule.current(),
            Operation.Grant.NEVER,
            IsolationLevel.SHARED));
    refused(
        "runtime.measurement-not-accepted",
        () -> world.provision(World.runtime(World.OTHER_CODE), model, user.id(), key));
  }

  @Test
  void configurationRootAndDebugCountAsMuchAsTheMeasurement() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Digest otherConfig = Digest.sha256(new byte[] {66});
    Bytes otherRoot = Bytes.of(Digest.sha256(new byte[] {67}).bytes());
    refused(
        "runtime.measurement-not-granted",
        () ->
            world.provision(
                World.runtime(World.ROOT, World.GOOD_CODE, otherConfig, false),
                model,
                user.id(),
                key));
    refused(
        "runtime.measurement-not-granted",
        () ->
            world.provision(
                World.runtime(otherRoot, World.GOOD_CODE, World.GOOD_CONFIG, false),
                model,
                user.id(),
                key));
    refused(
        "runtime.debug",
        () ->
            world.provision(
                World.runtime(World.ROOT, World.GOOD_CODE, World.GOOD_CONFIG, true),
                model,
                user.id(),
                key));
  }

  @Test
  void evidenceThatRanOutReleasesNothing() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    world.advance(Duration.ofDays(365));
    refused("runtime.evidence-expired", () -> world.provision(model, user.id(), key));
  }

  @Test
  void onlyTheAttestedReceiptKeyIsCertified() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Bytes attested = Bytes.of(Digest.sha256(new byte[] {1}).bytes());
    Bytes other = Bytes.of(Digest.sha256(new byte[] {2}).bytes());
    refused(
        "provision.receipt-key",
        () ->
            world.service.provision(
                World.runtime(World.GOOD_CODE),
                Bytes.of(new RuntimeClaims(attested).encode()),
                new Provision(model, user.id(), key, other, 1).encode()));
  }

  @Test
  void theCertificateNamesWhatWasAttested() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Provisioned released = world.provision(model, user.id(), key);
    InstanceCertificate certificate =
        InstanceCertificate.decode(
            Signed.decode(released.instanceCertificate().toArray())
                .verify(Signed.Label.INSTANCE, world.caKey.publicKey()));
    assertThat(certificate.measurement()).isEqualTo(World.GOOD_CODE);
    assertThat(certificate.configDigest()).isEqualTo(World.GOOD_CONFIG);
    assertThat(certificate.clusterId()).isEqualTo(world.clusterId());
    assertThat(certificate.epoch()).isEqualTo(1);
  }

  @Test
  void aRuntimeThatKnowsAHigherEpochIsNotServed() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Bytes receiptKey = Bytes.of(Digest.sha256(new byte[] {1}).bytes());
    refused(
        "epoch.behind",
        () ->
            world.service.provision(
                World.runtime(World.GOOD_CODE),
                Bytes.of(new RuntimeClaims(receiptKey).encode()),
                new Provision(model, user.id(), key, receiptKey, 2).encode()));
  }

  @Test
  void operationsOfAnOwnerNeedTheOwnersId() {
    GrantId grant = world.grantTo(owner, "m", user.id());
    List<Operation> all =
        List.of(
            new Operation.PublishModel(model, 2, World.manifest(2), modelKey),
            new Operation.PutModelKey(model, KeyId.random(world.random), world.secret()),
            new Operation.DeleteModelKey(model, modelKey),
            World.grant(model, stranger.id()),
            new Operation.ListGrants(model, 0),
            new Operation.RevokeGrant(model, grant));
    for (Operation operation : all) {
      refused("model.not-owned", () -> world.send(stranger, operation));
    }
  }

  @Test
  void versionsGrowAndAreNeverReplaced() {
    refused("model.version-not-newer", () -> world.publish(owner, "m", 1, modelKey));
    world.publish(owner, "m", 5, modelKey);
    refused("model.version-not-newer", () -> world.publish(owner, "m", 4, modelKey));
    refused("model.version-not-newer", () -> world.publish(owner, "m", 5, modelKey));
    world.publish(owner, "m", 6, modelKey);
  }

  @Test
  void aVersionNeedsAKeyThatWasPut() {
    refused("key.unknown", () -> world.publish(owner, "m", 2, KeyId.random(world.random)));
  }

  @Test
  void currentMovesWhenANewerVersionIsPublished() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    assertThat(versions(world.provision(model, user.id(), key))).containsExactly(1L);
    world.publish(owner, "m", 2, modelKey);
    assertThat(versions(world.provision(model, user.id(), key))).containsExactly(2L);
  }

  @Test
  void eachVersionRuleAllowsWhatItSays() {
    for (long version = 2; version <= 4; version++) {
      world.publish(owner, "m", version, modelKey);
    }
    assertThat(versionsUnder(new VersionRule.Exactly(2))).containsExactly(2L);
    assertThat(versionsUnder(new VersionRule.AtLeast(3))).containsExactly(4L, 3L);
    assertThat(versionsUnder(VersionRule.current())).containsExactly(4L);
    Party other = world.party();
    KeyId key = world.putRequestKey(other, model);
    world.send(owner, grantWith(other, new VersionRule.Exactly(9), IsolationLevel.SHARED));
    refused("model.version-not-allowed", () -> world.provision(model, other.id(), key));
  }

  private List<Long> versionsUnder(VersionRule rule) {
    Party other = world.party();
    KeyId key = world.putRequestKey(other, model);
    world.send(owner, grantWith(other, rule, IsolationLevel.SHARED));
    return versions(world.provision(model, other.id(), key));
  }

  private Operation.Grant grantWith(Party to, VersionRule rule, IsolationLevel isolation) {
    return new Operation.Grant(
        model,
        UserPosition.of(to.id()),
        World.policy(World.GOOD_CODE),
        rule,
        Operation.Grant.NEVER,
        isolation);
  }

  private static List<Long> versions(Provisioned released) {
    return released.allowed().stream().map(Provisioned.AllowedVersion::version).toList();
  }

  @Test
  void versionsUnderDifferentKeysEachComeWithTheirKey() {
    KeyId second = KeyId.random(world.random);
    world.send(owner, new Operation.PutModelKey(model, second, world.secret()));
    world.publish(owner, "m", 2, second);
    KeyId key = world.putRequestKey(user, model);
    world.send(owner, grantWith(user, new VersionRule.AtLeast(1), IsolationLevel.SHARED));
    Provisioned released = world.provision(model, user.id(), key);
    assertThat(released.modelKeys())
        .extracting(Provisioned.ReleasedKey::id)
        .containsExactly(second, modelKey);
    world.send(owner, new Operation.DeleteModelKey(model, second));
    assertThat(versions(world.provision(model, user.id(), key))).containsExactly(1L);
    world.send(owner, new Operation.DeleteModelKey(model, modelKey));
    refused("model.key-deleted", () -> world.provision(model, user.id(), key));
  }

  @Test
  void keysAreNeverReplaced() {
    refused(
        "key.exists",
        () -> world.send(owner, new Operation.PutModelKey(model, modelKey, world.secret())));
    KeyId key = world.putRequestKey(user, model);
    refused(
        "key.exists",
        () ->
            world.send(
                user,
                new Operation.PutRequestKey(
                    model,
                    key,
                    world.secret(),
                    World.policy(World.OTHER_CODE),
                    IsolationLevel.SHARED)));
    world.send(owner, new Operation.DeleteModelKey(model, modelKey));
    refused(
        "key.exists",
        () -> world.send(owner, new Operation.PutModelKey(model, modelKey, world.secret())));
  }

  @Test
  void aDeletedRequestKeyIsGone() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    world.send(user, new Operation.DeleteRequestKey(model, key));
    refused("key.unknown", () -> world.provision(model, user.id(), key));
    refused("key.unknown", () -> world.send(user, new Operation.DeleteRequestKey(model, key)));
  }

  @Test
  void aGrantMayComeBeforeTheUserEverConnected() {
    Party late = new Party(org.sesemi.crypto.IdentityKey.generate(world.random));
    world.grantTo(owner, "m", late.id());
    KeyId key = world.putRequestKey(late, model);
    assertThat(versions(world.provision(model, late.id(), key))).containsExactly(1L);
  }

  @Test
  void aGrantNeedsAPublishedModelAPolicyAndAFutureEnd() {
    refused("model.unknown", () -> world.send(owner, World.grant(owner.model("typo"), user.id())));
    refused(
        "attestation.malformed",
        () ->
            world.send(
                owner,
                new Operation.Grant(
                    model,
                    UserPosition.of(user.id()),
                    Bytes.of("no policy".getBytes(StandardCharsets.UTF_8)),
                    VersionRule.current(),
                    Operation.Grant.NEVER,
                    IsolationLevel.SHARED)));
    refused(
        "grant.expiry-past",
        () ->
            world.send(
                owner,
                new Operation.Grant(
                    model,
                    UserPosition.of(user.id()),
                    World.policy(World.GOOD_CODE),
                    VersionRule.current(),
                    World.START,
                    IsolationLevel.SHARED)));
  }

  @Test
  void anyoneAuthenticatedCoversEveryPartyAndIsLoudInTheLog() {
    world.send(
        owner,
        new Operation.Grant(
            model,
            new UserPosition.AnyoneAuthenticated(),
            World.policy(World.GOOD_CODE),
            VersionRule.current(),
            Operation.Grant.NEVER,
            IsolationLevel.SHARED));
    assertThat(lastEntry().reason()).contains("ANYONE");
    KeyId key = world.putRequestKey(stranger, model);
    world.provision(model, stranger.id(), key).close();
    assertThat(lastEntry().reason()).contains("anyone-authenticated");
  }

  @Test
  void revokingTakesEffectOnTheNextProvisioning() {
    KeyId key = world.putRequestKey(user, model);
    GrantId grant = world.grantTo(owner, "m", user.id());
    world.provision(model, user.id(), key).close();
    world.send(owner, new Operation.RevokeGrant(model, grant));
    refused("grant.revoked", () -> world.provision(model, user.id(), key));
    refused("grant.revoked", () -> world.send(owner, new Operation.RevokeGrant(model, grant)));
    refused(
        "grant.unknown",
        () -> world.send(owner, new Operation.RevokeGrant(model, GrantId.random(world.random))));
  }

  @Test
  void anExpiredGrantSaysSoAndTheLeaseEndsWithIt() {
    KeyId key = world.putRequestKey(user, model);
    Instant end = World.START.plusSeconds(60);
    world.send(
        owner,
        new Operation.Grant(
            model,
            UserPosition.of(user.id()),
            World.policy(World.GOOD_CODE),
            VersionRule.current(),
            end,
            IsolationLevel.SHARED));
    assertThat(world.provision(model, user.id(), key).lease().end()).isEqualTo(end);
    world.advance(Duration.ofSeconds(60));
    refused("grant.expired", () -> world.provision(model, user.id(), key));
    assertThat(lastEntry().reason()).contains(end.toString());
    world.clock.set(World.START);
    refused("grant.expired", () -> world.provision(model, user.id(), key));
  }

  @Test
  void severalGrantsForOneUserCoexist() {
    KeyId key = world.putRequestKey(user, model);
    GrantId first = world.grantTo(owner, "m", user.id());
    GrantId second = world.grantTo(owner, "m", user.id());
    assertThat(first).isNotEqualTo(second);
    world.send(owner, new Operation.RevokeGrant(model, first));
    world.provision(model, user.id(), key).close();
    assertThat(lastEntry().subject().grant()).contains(second);
    assertThat(lastEntry().reason()).contains(second.hex()).doesNotContain(first.hex());
  }

  @Test
  void theStrictestIsolationCounts() {
    KeyId key = KeyId.random(world.random);
    world.send(
        user,
        new Operation.PutRequestKey(
            model, key, world.secret(), World.policy(World.GOOD_CODE), IsolationLevel.SEQUENTIAL));
    world.send(owner, grantWith(user, VersionRule.current(), IsolationLevel.SHARED));
    assertThat(world.provision(model, user.id(), key).isolation())
        .isEqualTo(IsolationLevel.SEQUENTIAL);
    world.send(owner, grantWith(user, VersionRule.current(), IsolationLevel.EXCLUSIVE));
    assertThat(world.provision(model, user.id(), key).isolation())
        .isEqualTo(IsolationLevel.EXCLUSIVE);
  }

  @Test
  void theSameStatementTakesEffectOnce() {
    byte[] signed = world.sign(owner, World.grant(model, user.id()));
    world.service.state(owner.key().publicKey(), signed);
    refused("statement.replayed", () -> world.service.state(owner.key().publicKey(), signed));
    assertThat(grants()).hasSize(1);
    world.restart(store);
    refused("statement.replayed", () -> world.service.state(owner.key().publicKey(), signed));
    assertThat(grants()).hasSize(1);
  }

  private List<?> grants() {
    return ((OperationAnswer.Grants) world.send(owner, new Operation.ListGrants(model, 0)))
        .grants();
  }

  @Test
  void aRefusedStatementCannotBeReplayedEither() {
    byte[] signed = world.sign(owner, World.grant(owner.model("later"), user.id()));
    refused("model.unknown", () -> world.service.state(owner.key().publicKey(), signed));
    world.publish(owner, "later", 1);
    refused("statement.replayed", () -> world.service.state(owner.key().publicKey(), signed));
  }

  @Test
  void aStatementIsBoundToKeyClusterAndTime() {
    Operation list = new Operation.ListModels(0);
    byte[] signed = world.sign(owner, list);
    refused("statement.actor", () -> world.service.state(user.key().publicKey(), signed));

    Statement forOthers =
        Statement.of(
            list,
            Digest.sha256(new byte[0]),
            owner.key().publicKey().value(),
            World.START,
            world.random);
    refused(
        "statement.other-cluster",
        () -> world.service.state(owner.key().publicKey(), world.sign(owner, forOthers)));

    for (Duration away : List.of(Duration.ofMillis(300_001), Duration.ofMillis(-300_001))) {
      Statement atOtherTime =
          Statement.of(
              list,
              world.clusterId(),
              owner.key().publicKey().value(),
              World.START.plus(away),
              world.random);
      refused(
          "statement.time",
          () -> world.service.state(owner.key().publicKey(), world.sign(owner, atOtherTime)));
    }

    Statement named =
        Statement.of(
            list, world.clusterId(), owner.key().publicKey().value(), World.START, world.random);
    refused(
        "statement.signature",
        () -> world.service.state(owner.key().publicKey(), world.sign(user, named)));
  }

  @Test
  void noncesAreForgottenOnlyWhenTheirTimeIsOver() {
    byte[] signed = world.sign(owner, new Operation.ListModels(0));
    world.service.state(owner.key().publicKey(), signed);
    world.advance(Duration.ofMinutes(5));
    refused("statement.replayed", () -> world.service.state(owner.key().publicKey(), signed));
    world.advance(Duration.ofMillis(1));
    int before = store.recordCount();
    world.send(owner, new Operation.ListModels(0));
    assertThat(store.recordCount()).isLessThan(before);
    refused("statement.time", () -> world.service.state(owner.key().publicKey(), signed));
    world.clock.set(World.START);
    refused("statement.time", () -> world.service.state(owner.key().publicKey(), signed));
    world.restart(store);
    refused("statement.time", () -> world.service.state(owner.key().publicKey(), signed));
  }

  @Test
  void modelsAreSeenByOwnerAndGrantedUsersOnly() {
    assertThat(models(stranger)).isEmpty();
    assertThat(models(owner)).hasSize(1);
    refused("model.unknown", () -> world.send(stranger, new Operation.ShowModel(model)));
    refused(
        "model.unknown", () -> world.send(stranger, new Operation.ShowModel(owner.model("none"))));
    GrantId grant = world.grantTo(owner, "m", user.id());
    assertThat(models(user)).hasSize(1);
    var shown = (OperationAnswer.Model) world.send(user, new Operation.ShowModel(model));
    assertThat(shown.grants()).hasSize(1);
    assertThat(shown.summary().owned()).isFalse();
    world.send(owner, new Operation.RevokeGrant(model, grant));
    assertThat(models(user)).isEmpty();
  }

  private List<?> models(Party party) {
    return ((OperationAnswer.Models) world.send(party, new Operation.ListModels(0))).models();
  }

  @Test
  void aUserSeesOnlyTheVersionsThatAreGranted() {
    world.publish(owner, "m", 2, modelKey);
    world.send(owner, grantWith(user, new VersionRule.Exactly(1), IsolationLevel.SHARED));
    var seen = (OperationAnswer.Model) world.send(user, new Operation.ShowModel(model));
    assertThat(seen.versions()).extracting("version").containsExactly(1L);
    var owned = (OperationAnswer.Model) world.send(owner, new Operation.ShowModel(model));
    assertThat(owned.versions()).extracting("version").containsExactly(2L, 1L);
  }

  @Test
  void longListsComeInParts() {
    for (int i = 0; i < 150; i++) {
      world.grantTo(owner, "m", user.id());
    }
    List<Object> all = new ArrayList<>();
    int offset = 0;
    while (true) {
      var part =
          (OperationAnswer.Grants) world.send(owner, new Operation.ListGrants(model, offset));
      all.addAll(part.grants());
      if (part.next().isEmpty()) {
        break;
      }
      offset = part.next().getAsInt();
    }
    assertThat(all).hasSize(150).doesNotHaveDuplicates();
  }

  @Test
  void everyDecisionIsInTheLogWithItsReason() {
    KeyId key = world.putRequestKey(user, model);
    refused("grant.none", () -> world.provision(model, user.id(), key));
    AuditEntry denial = lastEntry();
    assertThat(denial.allowed()).isFalse();
    assertThat(denial.code()).isEqualTo("grant.none");
    assertThat(denial.action()).isEqualTo("provision");
    assertThat(denial.subject().measurement()).contains(World.GOOD_CODE);
    assertThat(denial.subject().user()).contains(user.id());

    assertThat(world.auditOf(owner)).extracting(AuditEntry::code).contains("grant.none");
    assertThat(world.auditOf(user)).extracting(AuditEntry::code).contains("grant.none");
    assertThat(world.auditOf(stranger))
        .allSatisfy(entry -> assertThat(entry.action()).isEqualTo("read-audit"));
  }

  @Test
  void theLogIsAChainThatAnybodyCanFollow() {
    world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    var page = (OperationAnswer.Audit) world.send(stranger, new Operation.ReadAudit(0));
    Digest link = page.previous();
    assertThat(link).isEqualTo(world.clusterId());
    for (AuditItem item : page.items()) {
      link = item.link(link);
      byte[] message = new byte[AuditItem.SIGNATURE_LABEL.length() + 32];
      System.arraycopy(
          AuditItem.SIGNATURE_LABEL.getBytes(StandardCharsets.US_ASCII),
          0,
          message,
          0,
          message.length - 32);
      System.arraycopy(link.bytes(), 0, message, message.length - 32, 32);
      assertThat(world.caKey.publicKey().verifies(message, item.signature().toArray())).isTrue();
      assertThat(item.entry()).isEqualTo(Optional.empty());
    }
    assertThat(page.items()).hasSize((int) page.total());
  }

  @Test
  void theLogKeepsSignedStatementsAsProofButNoKeys() {
    byte[] secret = world.random.bytes(32);
    KeyId key = KeyId.random(world.random);
    world.send(
        owner, new Operation.PutModelKey(model, key, org.sesemi.wire.SecretField.copyOf(secret)));
    assertThat(lastEntry().subject().statement()).isEmpty();
    assertThat(lastEntry().subject().statementDigest()).isPresent();
    byte[] signed = world.sign(owner, World.grant(model, user.id()));
    world.service.state(owner.key().publicKey(), signed);
    assertThat(lastEntry().subject().statement()).contains(Bytes.of(signed));
    String hex = Bytes.of(secret).hex();
    for (Store.AuditRow row : store.readAudit(0, 1000)) {
      assertThat(row.entry().hex()).doesNotContain(hex);
    }
  }

  @Test
  void boundsAreKeptPerParty() {
    World small =
        new World(
            new MemoryStore(),
            2,
            new Limits(
                2,
                2,
                2,
                2,
                2,
                Limits.DEFAULT.statementWindow(),
                Limits.DEFAULT.leaseDuration(),
                1,
                Limits.DEFAULT.certificateValidity()));
    Party party = small.party();
    KeyId key = small.publish(party, "a", 1);
    small.publish(party, "a", 2, key);
    refused("limit.reached", () -> small.publish(party, "a", 3, key));
    small.publish(party, "b", 1);
    refused("limit.reached", () -> small.publish(party, "c", 1));
    small.publish(small.party(), "c", 1);
    small.grantTo(party, "a", user.id());
    small.grantTo(party, "a", user.id());
    refused("limit.reached", () -> small.grantTo(party, "a", user.id()));
    small.putRequestKey(party, model);
    small.putRequestKey(party, model);
    refused("limit.reached", () -> small.putRequestKey(party, model));
  }

  @Test
  void nothingIsAnsweredOrChangedWhenItCouldNotBeKept() {
    store.failNext();
    refused("store.failed", () -> world.grantTo(owner, "m", user.id()));
    assertThat(grants()).isEmpty();
  }

  @Test
  void aRestartKeepsEverything() {
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    Provisioned before = world.provision(model, user.id(), key);
    world.restart(store);
    Provisioned after = world.provision(model, user.id(), key);
    assertThat(after.requestKey()).isEqualTo(before.requestKey());
    assertThat(after.modelKey()).isEqualTo(before.modelKey());
    assertThat(after.allowed()).isEqualTo(before.allowed());
  }
}
