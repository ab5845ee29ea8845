package org.sesemi.packer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.packer.internal.FunctionSlot.Placement;
import org.sesemi.packer.internal.Scheduler.Decision;
import org.sesemi.packer.internal.Scheduler.Dispatch;
import org.sesemi.packer.internal.Scheduler.Expire;
import org.sesemi.packer.internal.Scheduler.Job;
import org.sesemi.packer.internal.Scheduler.Outcome;
import org.sesemi.packer.internal.Scheduler.Refuse;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

class SchedulerTest {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private long lastId;
  private Scheduler scheduler = scheduler(2, 2, 1, 8);

  private static Scheduler scheduler(int functions, int concurrency, int spread, int queue) {
    return new Scheduler(
        new Scheduler.Limits(
            functions, concurrency, spread, queue, PATIENCE, Duration.ofMinutes(10)));
  }

  static ModelId model(int number) {
    return new ModelId(party(1000), "m" + number);
  }

  static PartyId party(int number) {
    return new PartyId(Digest.sha256(new byte[] {(byte) number, (byte) (number >> 8)}));
  }

  private Job job(int user, int model) {
    return new Job(++lastId, party(user), model(model), now.plusSeconds(60));
  }

  private List<Decision> submit(int user, int model) {
    return scheduler.submit(now, job(user, model));
  }

  private void later(long millis) {
    now = now.plusMillis(millis);
  }

  private static Dispatch dispatch(List<Decision> decisions) {
    assertThat(decisions).hasSize(1).first().isInstanceOf(Dispatch.class);
    return (Dispatch) decisions.getFirst();
  }

  private List<Decision> complete(Dispatch dispatch) {
    return scheduler.complete(now, dispatch.job().id(), Outcome.ANSWERED);
  }

  /** Sends one request and ends it a moment later. */
  private Dispatch serve(int model) {
    Dispatch dispatch = dispatch(submit(1, model));
    later(10);
    assertThat(complete(dispatch)).isEmpty();
    return dispatch;
  }

  @Test
  void aModelInFlightStaysOnItsFunction() {
    Dispatch first = dispatch(submit(1, 1));
    assertThat(first.reason()).isEqualTo(Placement.COLD);
    Dispatch second = dispatch(submit(2, 1));
    assertThat(second.function()).isEqualTo(first.function());
    assertThat(second.reason()).isEqualTo(Placement.IN_FLIGHT);
    assertThat(submit(3, 1)).as("its function is full").isEmpty();
    assertThat(dispatch(submit(3, 2)).function()).isNotEqualTo(first.function());
    assertThat(dispatch(complete(first)).function()).isEqualTo(first.function());
  }

  @Test
  void aModelMaySpreadWhenItIsAllowedTo() {
    scheduler = scheduler(2, 1, 2, 8);
    assertThat(dispatch(submit(1, 1)).function()).isZero();
    assertThat(dispatch(submit(1, 1)).function()).isEqualTo(1);
    assertThat(submit(1, 1)).isEmpty();
  }

  @Test
  void anIdleModelGoesBackToTheFunctionThatHoldsIt() {
    Dispatch one = dispatch(submit(1, 1));
    Dispatch two = dispatch(submit(1, 2));
    later(10);
    complete(one);
    complete(two);
    Dispatch again = dispatch(submit(1, 2));
    assertThat(again.function()).isEqualTo(two.function());
    assertThat(again.reason()).isEqualTo(Placement.WARM);
  }

  @Test
  void rareModelsShareAFunctionThatRunsAndLeaveHotOnesAlone() {
    assertThat(serve(1).function()).isZero();
    assertThat(dispatch(submit(1, 2)).reason())
        .as("model 1 may be back soon, the second function is free")
        .isEqualTo(Placement.COLD);
    scheduler = scheduler(2, 2, 1, 8);
    serve(1);
    later(5_000);
    Dispatch rare = serve(2);
    assertThat(rare.reason()).isEqualTo(Placement.SHARED);
    assertThat(rare.function()).isZero();
    assertThat(serve(1).reason()).as("both are remembered").isEqualTo(Placement.WARM);
  }

  @Test
  void aFunctionBeyondItsKeepAliveIsCold() {
    serve(1);
    later(Duration.ofMinutes(10).toMillis());
    assertThat(serve(1).reason()).isEqualTo(Placement.COLD);
  }

  @Test
  void aFailureForgetsWhatTheFunctionHeld() {
    Dispatch dispatch = serve(1);
    Dispatch failing = dispatch(submit(1, 1));
    scheduler.complete(now, failing.job().id(), Outcome.FAILED);
    assertThat(scheduler.inFlight()).isZero();
    assertThat(scheduler.functions(now).get(dispatch.function()).holds()).isEmpty();
    Dispatch abandoned = dispatch(submit(1, 2));
    scheduler.complete(now, abandoned.job().id(), Outcome.ABANDONED);
    assertThat(scheduler.functions(now).get(abandoned.function()).holds()).isEmpty();
  }

  @Test
  void usersTakeTurns() {
    scheduler = scheduler(1, 1, 1, 100);
    Dispatch running = dispatch(submit(1, 1));
    for (int i = 0; i < 10; i++) {
      submit(1, 1);
    }
    submit(2, 1);
    submit(3, 1);
    List<PartyId> order = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      running = dispatch(complete(running));
      order.add(running.job().user());
    }
    assertThat(order).containsExactly(party(1), party(2), party(3), party(1), party(1));
  }

  @Test
  void aFullQueueRefusesWhoeverHasMost() {
    scheduler = scheduler(1, 1, 1, 4);
    submit(1, 1);
    for (int i = 0; i < 4; i++) {
      assertThat(submit(1, 1)).isEmpty();
    }
    assertThat(submit(1, 1))
        .singleElement()
        .isInstanceOfSatisfying(
            Refuse.class, refuse -> assertThat(refuse.job().id()).isEqualTo(lastId));
    for (int share = 1; share <= 2; share++) {
      assertThat(submit(2, 1))
          .singleElement()
          .isInstanceOfSatisfying(
              Refuse.class,
              refuse -> {
                assertThat(refuse.job().user()).isEqualTo(party(1));
                assertThat(refuse.retryAfter()).isBetween(Duration.ofSeconds(1), PATIENCE);
              });
    }
    assertThat(submit(2, 1))
        .singleElement()
        .isInstanceOfSatisfying(
            Refuse.class, refuse -> assertThat(refuse.job().user()).isEqualTo(party(2)));
    assertThat(scheduler.queued()).isEqualTo(4);
  }

  @Test
  void aQueueOfZeroServesAndRefuses() {
    scheduler = scheduler(1, 1, 1, 0);
    dispatch(submit(1, 1));
    assertThat(submit(1, 1)).singleElement().isInstanceOf(Refuse.class);
  }

  @Test
  void aBusyModelDoesNotKeepItsFunctionForEver() {
    scheduler = scheduler(1, 2, 1, 100);
    Dispatch[] busy = {dispatch(submit(1, 1)), dispatch(submit(1, 1))};
    Job rare = job(2, 2);
    assertThat(scheduler.submit(now, rare)).isEmpty();
    List<Job> served = new ArrayList<>();
    List<Dispatch> running = new ArrayList<>(List.of(busy));
    for (int i = 0; i < 60 && !served.contains(rare); i++) {
      later(50);
      collect(scheduler.submit(now, job(1, 1)), running, served);
      collect(complete(running.removeFirst()), running, served);
      if (running.isEmpty()) {
        break;
      }
    }
    assertThat(served).contains(rare);
    assertThat(Duration.between(Instant.parse("2026-01-01T00:00:00Z"), now))
        .isBetween(PATIENCE, PATIENCE.plusMillis(500));
  }

  private static void collect(List<Decision> decisions, List<Dispatch> running, List<Job> served) {
    for (Decision decision : decisions) {
      if (decision instanceof Dispatch dispatch) {
        running.add(dispatch);
        served.add(dispatch.job());
      }
    }
  }

  @Test
  void whatWaitsTooLongExpires() {
    scheduler = scheduler(1, 1, 1, 4);
    submit(1, 1);
    submit(1, 1);
    assertThat(scheduler.oldestWaiting()).contains(now);
    later(59_999);
    assertThat(scheduler.tick(now)).isEmpty();
    later(1);
    assertThat(scheduler.tick(now)).singleElement().isInstanceOf(Expire.class);
    assertThat(scheduler.queued()).isZero();
    assertThat(scheduler.oldestWaiting()).isEmpty();
  }

  @Test
  void aRequestEndsOnce() {
    Dispatch dispatch = dispatch(submit(1, 1));
    complete(dispatch);
    assertThatThrownBy(() -> complete(dispatch)).isInstanceOf(IllegalStateException.class);
  }
}
