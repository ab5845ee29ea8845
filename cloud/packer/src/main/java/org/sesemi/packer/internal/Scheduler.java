package org.sesemi.packer.internal;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sesemi.packer.internal.FunctionSlot.Placement;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

/**
 * Decides which function of a pool serves which request. It has no threads, no clock and no chance:
 * the same calls give the same decisions.
 *
 * <p>Placement, in this order:
 *
 * <ol>
 *   <li>A model with requests in flight stays on its function while that has a free place. When it
 *       has none, the request waits, unless the model may spread over more functions.
 *   <li>Otherwise a function without requests in flight takes it: one that holds the model from
 *       before, else one that runs and whose model is not likely to be asked for soon, else one
 *       that was not started yet, else the one that was idle for longest.
 *   <li>Otherwise the request waits.
 * </ol>
 *
 * <p>A model counts as likely to be asked for again within twice the time that its last request
 * took, at least {@link #LEAST_CLAIM}: so rare models share functions that run, by changing the
 * model there, and a busy model keeps its function for itself.
 *
 * <p>Waiting requests are served in turns, one per user, each user's in the order of arrival; a
 * request that cannot be placed yet does not hold up others. A model whose requests never cease
 * must not keep its function for ever: when a request of another model has waited for longer than
 * {@link Limits#patience}, one function takes no new requests until it is idle, and then takes that
 * one.
 *
 * <p>The queue is bounded. When it is full, a user with fewer waiting requests than the one with
 * most displaces the latest request of that one.
 */
final class Scheduler {

  /** The shortest time for which an idle function is kept for the model that it last served. */
  static final Duration LEAST_CLAIM = Duration.ofSeconds(1);

  /**
   * Bounds of a pool.
   *
   * @param functions how many functions there are
   * @param concurrency how many requests one function serves at a time
   * @param spread on how many functions one model may have requests in flight
   * @param queue how many requests may wait
   * @param patience how long a request may wait before a function is cleared for it
   * @param keepAlive after how long an idle function is gone, and its models with it
   */
  record Limits(
      int functions,
      int concurrency,
      int spread,
      int queue,
      Duration patience,
      Duration keepAlive) {}

  /**
   * A request as far as scheduling goes.
   *
   * @param id a number that is unique among the requests of a scheduler
   * @param user who sent it, as its header says
   * @param model the model asked for
   * @param deadline when it is not worth serving any more
   */
  record Job(long id, PartyId user, ModelId model, Instant deadline) {
    Job {
      requireNonNull(user, "user");
      requireNonNull(model, "model");
      requireNonNull(deadline, "deadline");
    }
  }

  /** What is to be done about a request. */
  sealed interface Decision {
    /** Returns the request. */
    Job job();
  }

  /** It goes to a function, for a reason. */
  record Dispatch(Job job, int function, Placement reason) implements Decision {}

  /** It is refused, because too many wait. */
  record Refuse(Job job, Duration retryAfter) implements Decision {}

  /** Its deadline passed while it waited. */
  record Expire(Job job) implements Decision {}

  /** How a dispatched request ended. */
  enum Outcome {
    /** The function answered; it holds the model now. */
    ANSWERED,
    /** It ended without an answer from the model, which says nothing about the function. */
    ABANDONED,
    /** The function failed; what it held is gone. */
    FAILED
  }

  private record Waiting(Job job, Instant since) {}

  private record Running(Job job, FunctionSlot function, Instant since) {}

  private final Limits limits;
  private final List<FunctionSlot> functions = new ArrayList<>();
  private final Map<Long, Running> running = new HashMap<>();

  /** The waiting requests of each user, users in the order of their turns. */
  private final Map<PartyId, Deque<Waiting>> queues = new LinkedHashMap<>();

  private int queued;
  private Duration usualTime = Duration.ofMillis(100);

  Scheduler(Limits limits) {
    this.limits = limits;
    for (int i = 0; i < limits.functions(); i++) {
      functions.add(new FunctionSlot(i));
    }
  }

  /** A request arrived. */
  List<Decision> submit(Instant now, Job job) {
    queues.computeIfAbsent(job.user(), _ -> new ArrayDeque<>()).addLast(new Waiting(job, now));
    queued++;
    List<Decision> decisions = new ArrayList<>(expire(now));
    place(now, decisions);
    if (queued > limits.queue()) {
      decisions.add(new Refuse(displace(job.user()), retryAfter()));
    }
    return decisions;
  }

  /** A dispatched request ended. */
  List<Decision> complete(Instant now, long id, Outcome outcome) {
    Running ended = running.remove(id);
    if (ended == null) {
      throw new IllegalStateException("request " + id + " is not running");
    }
    Duration took = Duration.between(ended.since, now);
    switch (outcome) {
      case ANSWERED -> {
        ended.function.answered(ended.job.model(), now, took);
        // A moving average over about eight requests.
        usualTime = usualTime.multipliedBy(7).plus(took).dividedBy(8);
      }
      case ABANDONED -> ended.function.abandoned(ended.job.model());
      case FAILED -> ended.function.failed(ended.job.model());
    }
    List<Decision> decisions = new ArrayList<>(expire(now));
    place(now, decisions);
    return decisions;
  }

  /** Time passed: refuses what waited for too long, and clears a function for who waited long. */
  List<Decision> tick(Instant now) {
    List<Decision> decisions = new ArrayList<>(expire(now));
    place(now, decisions);
    return decisions;
  }

  /** Refuses everything that waits. */
  List<Decision> refuseAll() {
    List<Decision> decisions = new ArrayList<>();
    Duration retryAfter = retryAfter();
    queues
        .values()
        .forEach(queue -> queue.forEach(w -> decisions.add(new Refuse(w.job, retryAfter))));
    queues.clear();
    queued = 0;
    return decisions;
  }

  int queued() {
    return queued;
  }

  int inFlight() {
    return running.size();
  }

  /** Returns since when the request that waits for longest waits. */
  Optional<Instant> oldestWaiting() {
    return queues.values().stream().map(queue -> queue.getFirst().since).min(Instant::compareTo);
  }

  List<FunctionSlot.View> functions(Instant now) {
    return functions.stream().map(f -> f.view(now, limits.keepAlive())).toList();
  }

  private List<Decision> expire(Instant now) {
    List<Decision> decisions = new ArrayList<>();
    for (Iterator<Deque<Waiting>> users = queues.values().iterator(); users.hasNext(); ) {
      Deque<Waiting> queue = users.next();
      queue.removeIf(
          waiting -> {
            boolean over = !now.isBefore(waiting.job.deadline());
            if (over) {
              decisions.add(new Expire(waiting.job));
              queued--;
            }
            return over;
          });
      if (queue.isEmpty()) {
        users.remove();
      }
    }
    return decisions;
  }

  /** Places what can be placed, in turns. */
  private void place(Instant now, List<Decision> decisions) {
    boolean placed;
    do {
      clearForTheImpatient(now);
      placed = placeOne(now, decisions);
    } while (placed);
  }

  private boolean placeOne(Instant now, List<Decision> decisions) {
    Set<ModelId> stuck = new HashSet<>();
    for (PartyId user : List.copyOf(queues.keySet())) {
      Deque<Waiting> queue = queueOf(user);
      for (Iterator<Waiting> each = queue.iterator(); each.hasNext(); ) {
        Job job = each.next().job;
        if (stuck.contains(job.model())) {
          continue;
        }
        Dispatch dispatch = choose(now, job);
        if (dispatch == null) {
          stuck.add(job.model());
          continue;
        }
        each.remove();
        queued--;
        // The user's next turn comes after those of all others.
        queues.remove(user);
        if (!queue.isEmpty()) {
          queues.put(user, queue);
        }
        FunctionSlot function = functions.get(dispatch.function());
        function.dispatched(job.model());
        running.put(job.id(), new Running(job, function, now));
        decisions.add(dispatch);
        return true;
      }
    }
    return false;
  }

  private @Nullable Dispatch choose(Instant now, Job job) {
    ModelId model = job.model();
    List<FunctionSlot> serving = functions.stream().filter(f -> f.serves(model)).toList();
    for (FunctionSlot function : serving) {
      if (function.inFlight() < limits.concurrency() && function.admits(model)) {
        return new Dispatch(job, function.index(), Placement.IN_FLIGHT);
      }
    }
    if (serving.size() >= limits.spread()) {
      return null;
    }
    FunctionSlot best = null;
    Placement reason = Placement.DISPLACED;
    for (FunctionSlot function : functions) {
      if (function.inFlight() > 0 || !function.admits(model)) {
        continue;
      }
      Placement candidate = function.placement(model, now, LEAST_CLAIM, limits.keepAlive());
      if (best == null
          || candidate.compareTo(reason) < 0
          || (candidate == reason && function.isBetterThan(best, model, candidate))) {
        best = function;
        reason = candidate;
      }
    }
    return best == null ? null : new Dispatch(job, best.index(), reason);
  }

  /** Reserves a function for the request that waits for longest, when it waits for too long. */
  private void clearForTheImpatient(Instant now) {
    functions.forEach(FunctionSlot::unreserve);
    Waiting oldest = null;
    for (Deque<Waiting> queue : queues.values()) {
      for (Waiting waiting : queue) {
        boolean older = oldest == null || waiting.since.isBefore(oldest.since);
        if (older && functions.stream().noneMatch(f -> f.serves(waiting.job.model()))) {
          oldest = waiting;
        }
      }
    }
    if (oldest == null || now.isBefore(oldest.since.plus(limits.patience()))) {
      return;
    }
    FunctionSlot leastBusy = functions.getFirst();
    for (FunctionSlot function : functions) {
      if (function.inFlight() < leastBusy.inFlight()) {
        leastBusy = function;
      }
    }
    leastBusy.reserve(oldest.job.model());
  }

  /** Removes a request so that the queue is within its bound, and returns it. */
  private Job displace(PartyId newcomer) {
    PartyId most = newcomer;
    for (Map.Entry<PartyId, Deque<Waiting>> user : queues.entrySet()) {
      // With one more for the newcomer counted already, equal shares leave the others alone.
      if (user.getValue().size() > queueOf(most).size()) {
        most = user.getKey();
      }
    }
    Deque<Waiting> queue = queueOf(most);
    Job last = queue.removeLast().job;
    queued--;
    if (queue.isEmpty()) {
      queues.remove(most);
    }
    return last;
  }

  private Deque<Waiting> queueOf(PartyId user) {
    return requireNonNull(queues.get(user), "a queue");
  }

  private Duration retryAfter() {
    long slots = (long) limits.functions() * limits.concurrency();
    Duration expected = usualTime.multipliedBy(Math.max(1, queued / slots));
    long seconds = Math.clamp(expected.toSeconds() + 1, 1, 30);
    return Duration.ofSeconds(seconds);
  }
}
