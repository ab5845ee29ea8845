package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.VersionRule;

/** Versions of models and their keys. */
class ModelVersionTest extends KeyServiceScene {

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
}
