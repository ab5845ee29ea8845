package org.sesemi.packer.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.ModelId;

/**
 * What the {@link Scheduler} knows about one function: what it serves now, what it served before,
 * and for which model it is reserved.
 */
final class FunctionSlot {

  /** How many models a function is remembered to hold. */
  static final int REMEMBERED_MODELS = 8;

  /** Why a request goes to a function, from the best reason to the worst. */
  enum Placement {
    /** Requests for the model are in flight there. */
    IN_FLIGHT,
    /** The function is idle and held the model last. */
    WARM,
    /** The function is idle and runs; its model is not expected back soon. */
    SHARED,
    /** The function was not started yet, or is gone after its keep-alive time. */
    COLD,
    /** The function is idle, though its model may be asked for again soon. */
    DISPLACED;

    /** Returns the name used in headers, metrics and status documents. */
    String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * What a status document shows of a function.
   *
   * @param index its number
   * @param inFlight how many requests it serves
   * @param serving the models of these, with their numbers
   * @param holds the models that it held before, latest first
   * @param reservedFor the model that it is being cleared for
   */
  record View(
      int index,
      int inFlight,
      Map<ModelId, Integer> serving,
      List<ModelId> holds,
      Optional<ModelId> reservedFor) {}

  private record Use(Instant last, Duration took) {}

  private final int index;
  private final Map<ModelId, Integer> serving = new HashMap<>();

  /** Models that it answered for since it was started, the latest last. */
  private final LinkedHashMap<ModelId, Use> held = new LinkedHashMap<>();

  private int inFlight;
  private @Nullable ModelId reservedFor;

  FunctionSlot(int index) {
    this.index = index;
  }

  int index() {
    return index;
  }

  int inFlight() {
    return inFlight;
  }

  boolean serves(ModelId model) {
    return serving.containsKey(model);
  }

  /** Tells whether the function takes requests for a model, places left aside. */
  boolean admits(ModelId model) {
    ModelId reserved = reservedFor;
    return reserved == null || reserved.equals(model);
  }

  void reserve(ModelId model) {
    reservedFor = model;
  }

  void unreserve() {
    reservedFor = null;
  }

  void dispatched(ModelId model) {
    serving.merge(model, 1, Integer::sum);
    inFlight++;
  }

  void answered(ModelId model, Instant now, Duration took) {
    ended(model);
    held.remove(model);
    held.put(model, new Use(now, took));
    if (held.size() > REMEMBERED_MODELS) {
      held.remove(held.firstEntry().getKey());
    }
  }

  void abandoned(ModelId model) {
    ended(model);
  }

  void failed(ModelId model) {
    ended(model);
    held.clear();
  }

  private void ended(ModelId model) {
    inFlight--;
    serving.computeIfPresent(model, (_, count) -> count == 1 ? null : count - 1);
  }

  /** Returns why an idle function would take a model. */
  Placement placement(ModelId model, Instant now, Duration leastClaim, Duration keepAlive) {
    Map.Entry<ModelId, Use> last = held.lastEntry();
    if (last == null || gone(now, keepAlive)) {
      return Placement.COLD;
    }
    if (held.containsKey(model)) {
      return Placement.WARM;
    }
    Duration claim = last.getValue().took.multipliedBy(2);
    Duration kept = claim.compareTo(leastClaim) < 0 ? leastClaim : claim;
    return now.isBefore(last.getValue().last.plus(kept)) ? Placement.DISPLACED : Placement.SHARED;
  }

  /** Breaks ties between two idle functions with the same placement. */
  boolean isBetterThan(FunctionSlot other, ModelId model, Placement placement) {
    return switch (placement) {
      // The one that held this model last: the other one may have let go of it.
      case WARM -> lastUse(model).isAfter(other.lastUse(model));
      // The one that was idle for longest.
      case SHARED, DISPLACED -> lastUse().isBefore(other.lastUse());
      // The first one, so that the last ones stay unused.
      case COLD, IN_FLIGHT -> false;
    };
  }

  View view(Instant now, Duration keepAlive) {
    List<ModelId> holds =
        gone(now, keepAlive) ? List.of() : List.copyOf(held.sequencedKeySet().reversed());
    return new View(index, inFlight, Map.copyOf(serving), holds, Optional.ofNullable(reservedFor));
  }

  private boolean gone(Instant now, Duration keepAlive) {
    return inFlight == 0 && !now.isBefore(lastUse().plus(keepAlive));
  }

  private Instant lastUse(ModelId model) {
    Use use = held.get(model);
    return use == null ? Instant.EPOCH : use.last;
  }

  private Instant lastUse() {
    return held.values().stream()
        .map(Use::last)
        .max(Comparator.naturalOrder())
        .orElse(Instant.EPOCH);
  }
}
