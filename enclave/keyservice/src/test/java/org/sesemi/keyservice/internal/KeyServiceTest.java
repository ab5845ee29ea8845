package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.AuditEntry;
import org.sesemi.wire.AuditItem;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.VersionRule;

/** What the key service shows, logs, bounds and keeps. */
class KeyServiceTest extends KeyServiceScene {

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
