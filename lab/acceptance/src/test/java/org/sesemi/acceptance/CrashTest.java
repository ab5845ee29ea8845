package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.UserPosition;

/** Each process of the stack is killed under load, and the stack mends itself. */
class CrashTest {

  private static final Duration RECOVERY = Duration.ofSeconds(60);

  @TempDir private Path folder;

  @Test
  void afterEachKillTheNextRequestWorksWithoutHands() throws Exception {
    try (LiveStack stack = LiveStack.up(folder);
        SesemiClient owner = stack.client("owner");
        SesemiClient user = stack.client("user")) {
      ModelId model = Forest.publish(stack, owner, user, "forest");
      float[] expected = Forest.ask(user, model, 0);
      for (String program :
          List.of(
              "org.sesemi.packer",
              "org.sesemi.runtime",
              "org.sesemi.keyservice",
              "org.sesemi.simulated")) {
        Load load = new Load(user, model, expected);
        kill(stack, program);
        assertThat(eventually(program, () -> Forest.ask(user, model, 0))).isEqualTo(expected);
        load.stop();
        assertThat(load.wrong).as("answers around the end of %s", program).isEmpty();
        assertThat(load.unclear).as("errors around the end of %s", program).isEmpty();
        assertThat(eventually(program, () -> owner.grants(model)))
            .as("grants after the end of %s", program)
            .filteredOn(grant -> grant.revoked().isEmpty())
            .hasSize(1);
        newUserIsServed(stack, owner, model, expected, program);
      }
    }
  }

  /** A new key and a new grant need the key service, which may have been the one that ended. */
  private static void newUserIsServed(
      LiveStack stack, SesemiClient owner, ModelId model, float[] expected, String program)
      throws InterruptedException {
    try (SesemiClient another = stack.client("after-" + program)) {
      LiveStack.grant(owner, stack.config().runtimePolicy(), model, another.id());
      assertThat(eventually(program, () -> Forest.ask(another, model, 0))).isEqualTo(expected);
      owner.grants(model).stream()
          .filter(grant -> grant.terms().user().equals(UserPosition.of(another.id())))
          .forEach(grant -> owner.revoke(model, grant.id()));
    }
  }

  private static void kill(LiveStack stack, String program) throws Exception {
    List<ProcessHandle> victims =
        stack.sesemi().processes().stream()
            .filter(process -> Sesemi.commandLine(process).contains(program + "/"))
            .toList();
    assertThat(victims).as("processes of %s", program).isNotEmpty();
    for (ProcessHandle victim : victims) {
      assertThat(victim.destroyForcibly()).isTrue();
      victim.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  /** Repeats a call as long as it fails with an error that says that repeating makes sense. */
  private static <T> T eventually(String program, Supplier<T> call) throws InterruptedException {
    long end = System.nanoTime() + RECOVERY.toNanos();
    CountDownLatch pause = new CountDownLatch(1);
    while (true) {
      try {
        return call.get();
      } catch (CodedException failure) {
        assertThat(failure.errorCode().retryable()).as("%s: %s", program, failure).isTrue();
        assertThat(System.nanoTime())
            .as("still failing after the end of %s: %s", program, failure)
            .isLessThan(end);
        assertThat(pause.await(200, TimeUnit.MILLISECONDS)).isFalse();
      }
    }
  }

  /** Four clients that ask without a pause. */
  private static final class Load {
    final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    final Queue<String> unclear = new ConcurrentLinkedQueue<>();
    final AtomicInteger right = new AtomicInteger();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final List<Thread> clients;

    Load(SesemiClient user, ModelId model, float[] expected) throws InterruptedException {
      CountDownLatch running = new CountDownLatch(20);
      this.clients =
          IntStream.range(0, 4)
              .mapToObj(
                  index ->
                      Thread.ofVirtual()
                          .name("load-" + index)
                          .start(() -> ask(user, model, expected, running)))
              .toList();
      assertThat(running.await(60, TimeUnit.SECONDS)).isTrue();
    }

    private void ask(SesemiClient user, ModelId model, float[] expected, CountDownLatch running) {
      while (!stopped.get()) {
        try {
          if (!java.util.Arrays.equals(Forest.ask(user, model, 0), expected)) {
            wrong.add("another answer");
          }
          right.incrementAndGet();
          running.countDown();
        } catch (CodedException failure) {
          if (!failure.errorCode().retryable()) {
            unclear.add(failure.code() + ": " + failure.detail());
          }
        } catch (RuntimeException failure) {
          unclear.add(failure.toString());
        }
      }
    }

    void stop() throws InterruptedException {
      stopped.set(true);
      for (Thread client : clients) {
        client.join(Duration.ofSeconds(90));
        assertThat(client.isAlive()).isFalse();
      }
    }
  }
}
