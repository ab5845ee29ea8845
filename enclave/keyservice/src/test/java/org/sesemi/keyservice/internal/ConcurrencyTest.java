package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.wire.AuditItem;
import org.sesemi.wire.Digest;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;

/** Many owners, users and runtimes at once: nobody waits for ever, nothing is lost or mixed up. */
class ConcurrencyTest {

  private static final int USERS = 24;
  private static final int ROUNDS = 12;

  private final MemoryStore store = new MemoryStore();
  private final World world = new World(store, 4);
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  private void together(List<Runnable> work) throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (Runnable each : work) {
      threads.add(
          Thread.ofVirtual()
              .name("worker")
              .start(
                  () -> {
                    try {
                      start.await();
                      each.run();
                    } catch (InterruptedException | RuntimeException | Error e) {
                      failures.add(e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void everybodyGetsTheirOwnKeys() throws InterruptedException {
    Party owner = world.party();
    ModelId model = owner.model("m");
    world.publish(owner, "m", 1);
    List<Runnable> work = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      Party user = world.party();
      work.add(
          () -> {
            KeyId key = world.putRequestKey(user, model);
            GrantId grant = world.grantTo(owner, "m", user.id());
            var first = world.provision(model, user.id(), key);
            for (int round = 0; round < ROUNDS; round++) {
              var next = world.provision(model, user.id(), key);
              assertThat(next.requestKey()).isEqualTo(first.requestKey());
              assertThat(next.modelKey()).isEqualTo(first.modelKey());
            }
            world.send(owner, new Operation.RevokeGrant(model, grant));
            KeyServiceScene.refused("grant.revoked", () -> world.provision(model, user.id(), key));
          });
    }
    together(work);
    requireWholeLog();
  }

  @Test
  void ofOneStatementSentManyTimesOneTakesEffect() throws InterruptedException {
    Party owner = world.party();
    world.publish(owner, "m", 1);
    byte[] signed = world.sign(owner, World.grant(owner.model("m"), owner.id()));
    List<OperationAnswer> answers = Collections.synchronizedList(new ArrayList<>());
    List<Runnable> work = new ArrayList<>();
    for (int i = 0; i < USERS; i++) {
      work.add(
          () -> {
            try {
              answers.add(world.service.state(owner.key().publicKey(), signed));
            } catch (RefusedException e) {
              assertThat(e.code()).isEqualTo("statement.replayed");
            }
          });
    }
    together(work);
    assertThat(answers).hasSize(1);
  }

  @Test
  void versionsPublishedAtOnceStayInOrder() throws InterruptedException {
    Party owner = world.party();
    KeyId key = world.publish(owner, "m", 1);
    List<Runnable> work = new ArrayList<>();
    for (int i = 2; i < 40; i++) {
      int version = i;
      work.add(
          () -> {
            try {
              world.publish(owner, "m", version, key);
            } catch (RefusedException e) {
              assertThat(e.code()).isEqualTo("model.version-not-newer");
            }
          });
    }
    together(work);
    var model =
        (OperationAnswer.Model) world.send(owner, new Operation.ShowModel(owner.model("m")));
    assertThat(model.summary().currentVersion()).isEqualTo(39);
    requireWholeLog();
  }

  private void requireWholeLog() {
    Digest link = world.clusterId();
    for (Store.AuditRow row : store.readAudit(0, 1_000_000)) {
      link = AuditItem.link(link, Digest.sha256(row.entry().toArray()));
      assertThat(row.link()).isEqualTo(link);
    }
  }
}
