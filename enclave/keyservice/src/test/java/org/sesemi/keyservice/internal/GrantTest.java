package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** Grants: what they need, cover and lose. */
class GrantTest extends KeyServiceScene {

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
}
