package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Operation;
import org.sesemi.wire.Statement;

/** Signed statements take effect once, where and when they were meant to. */
class StatementTest extends KeyServiceScene {

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
}
