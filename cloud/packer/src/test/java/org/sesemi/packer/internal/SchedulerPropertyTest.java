package org.sesemi.packer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.packer.internal.Scheduler.Decision;
import org.sesemi.packer.internal.Scheduler.Dispatch;
import org.sesemi.packer.internal.Scheduler.Expire;
import org.sesemi.packer.internal.Scheduler.Job;
import org.sesemi.packer.internal.Scheduler.Limits;
import org.sesemi.packer.internal.Scheduler.Outcome;
import org.sesemi.packer.internal.Scheduler.Refuse;
import org.sesemi.property.Property;
import org.sesemi.wire.ModelId;

/** Drives a scheduler with random events and keeps books of its own beside it. */
class SchedulerPropertyTest {

  @Test
  void whateverHappensTheRulesHold() {
    Property.check("the rules of the scheduler hold", 150, random -> new Books(random).run(300));
  }

  @Test
  void theSameEventsGiveTheSameDecisions() {
    Property.check(
        "decisions repeat",
        30,
        random -> {
          long seed = random.nextLong();
          assertThat(trace(seed)).isEqualTo(trace(seed));
        });
  }

  private static List<Decision> trace(long seed) {
    Books books = new Books(new SplittableRandom(seed));
    books.run(200);
    return books.all;
  }

  private static final class Books {

    private final RandomGenerator random;
    private final Limits limits;
    private final Scheduler scheduler;
    private final int models;
    private final int users;
    private final Map<Long, Job> waiting = new HashMap<>();
    private final Map<Long, Instant> since = new HashMap<>();
    private final Map<Long, Dispatch> running = new HashMap<>();
    private final Set<Long> answered = new HashSet<>();
    private final List<Decision> all = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private long submitted;

    Books(RandomGenerator random) {
      this.random = random;
      int functions = random.nextInt(1, 6);
      this.limits =
          new Limits(
              functions,
              random.nextInt(1, 5),
              random.nextInt(1, functions + 1),
              random.nextInt(0, 12),
              Duration.ofMillis(random.nextInt(0, 3000)),
              Duration.ofMillis(random.nextInt(1, 20_000)));
      this.scheduler = new Scheduler(limits);
      this.models = random.nextInt(1, 9);
      this.users = random.nextInt(1, 5);
    }

    void run(int events) {
      for (int i = 0; i < events; i++) {
        now = now.plusMillis(random.nextInt(0, 400));
        switch (random.nextInt(5)) {
          case 0, 1 -> submit();
          case 2, 3 -> completeOne();
          default -> take(scheduler.tick(now));
        }
        check();
      }
      while (!running.isEmpty()) {
        now = now.plusMillis(10);
        completeOne();
        check();
      }
      now = now.plusSeconds(3600);
      take(scheduler.tick(now));
      assertThat(waiting).isEmpty();
      assertThat(scheduler.queued()).isZero();
      assertThat(scheduler.inFlight()).isZero();
      assertThat(answered).hasSize((int) submitted);
      assertThat(scheduler.functions(now))
          .allSatisfy(
              f -> {
                assertThat(f.inFlight()).isZero();
                assertThat(f.serving()).isEmpty();
                assertThat(f.reservedFor()).isEmpty();
              });
    }

    private void submit() {
      Job job =
          new Job(
              ++submitted,
              SchedulerTest.party(random.nextInt(users)),
              SchedulerTest.model(random.nextInt(models)),
              now.plusMillis(random.nextInt(0, 5000)));
      waiting.put(job.id(), job);
      since.put(job.id(), now);
      take(scheduler.submit(now, job));
    }

    private void completeOne() {
      if (running.isEmpty()) {
        return;
      }
      List<Long> ids = running.keySet().stream().sorted().toList();
      long id = ids.get(random.nextInt(ids.size()));
      running.remove(id);
      Outcome[] outcomes = Outcome.values();
      take(scheduler.complete(now, id, outcomes[random.nextInt(outcomes.length)]));
    }

    private void take(List<Decision> decisions) {
      all.addAll(decisions);
      for (Decision decision : decisions) {
        long id = decision.job().id();
        assertThat(waiting.remove(id)).as("decided once").isEqualTo(decision.job());
        assertThat(answered.add(id)).isTrue();
        switch (decision) {
          case Dispatch dispatch -> dispatched(dispatch);
          case Expire expire -> assertThat(expire.job().deadline()).isBeforeOrEqualTo(now);
          case Refuse refuse -> assertThat(refuse.retryAfter()).isPositive();
        }
      }
      since.keySet().retainAll(waiting.keySet());
    }

    private void dispatched(Dispatch dispatch) {
      ModelId model = dispatch.job().model();
      assertThat(dispatch.job().deadline()).isAfter(now);
      Set<Integer> serving = functionsOf(model);
      if (!serving.contains(dispatch.function())) {
        assertThat(serving.size()).as("in-flight affinity").isLessThan(limits.spread());
        assertThat(load(dispatch.function())).as("a function takes over idle").isZero();
        assertThat(serving)
            .as("a free place there comes first, unless it is being cleared")
            .allMatch(f -> load(f) == limits.concurrency() || isSomebodyImpatient());
      }
      running.put(dispatch.job().id(), dispatch);
      assertThat(load(dispatch.function())).isLessThanOrEqualTo(limits.concurrency());
    }

    /** Tells whether somebody waited for so long that functions are cleared. */
    private boolean isSomebodyImpatient() {
      return since.values().stream().anyMatch(t -> !now.isBefore(t.plus(limits.patience())));
    }

    private Set<Integer> functionsOf(ModelId model) {
      Set<Integer> functions = new HashSet<>();
      for (Dispatch dispatch : running.values()) {
        if (dispatch.job().model().equals(model)) {
          functions.add(dispatch.function());
        }
      }
      return functions;
    }

    private long load(int function) {
      return running.values().stream().filter(d -> d.function() == function).count();
    }

    private void check() {
      assertThat(scheduler.queued()).isEqualTo(waiting.size()).isLessThanOrEqualTo(limits.queue());
      assertThat(scheduler.inFlight()).isEqualTo(running.size());
      for (int f = 0; f < limits.functions(); f++) {
        FunctionSlot.View view = scheduler.functions(now).get(f);
        assertThat((long) view.inFlight()).isEqualTo(load(f));
        assertThat(view.serving().size()).as("one model at a time").isLessThanOrEqualTo(1);
      }
      boolean idleFunction = scheduler.functions(now).stream().anyMatch(f -> f.inFlight() == 0);
      if (idleFunction) {
        assertThat(waiting.values())
            .as("nobody waits beside an idle function who may have it")
            .noneMatch(job -> functionsOf(job.model()).size() < limits.spread());
      }
    }
  }
}
