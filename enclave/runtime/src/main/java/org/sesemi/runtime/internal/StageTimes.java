package org.sesemi.runtime.internal;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** How long each stage of one request took. Thread-safe: stages run in several threads. */
public final class StageTimes {

  private final LongSupplier ticker;
  private final Map<Stage, Long> nanos = new EnumMap<>(Stage.class);

  /**
   * Makes an empty record.
   *
   * @param ticker a clock in nanoseconds that never goes back
   */
  public StageTimes(LongSupplier ticker) {
    this.ticker = ticker;
  }

  /**
   * Runs a stage and adds its time, also when it fails.
   *
   * @param stage the stage
   * @param work what it does
   */
  public <T> T time(Stage stage, Supplier<T> work) {
    long start = ticker.getAsLong();
    try {
      return work.get();
    } finally {
      add(stage, ticker.getAsLong() - start);
    }
  }

  /** Adds time to a stage. */
  public synchronized void add(Stage stage, long duration) {
    nanos.merge(stage, duration, Long::sum);
  }

  /** Returns what was recorded so far. */
  public synchronized Map<Stage, Long> nanos() {
    return new EnumMap<>(nanos);
  }

  /** Returns the value of a {@code Server-Timing} header, in milliseconds. */
  public String header() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<Stage, Long> entry : nanos().entrySet()) {
      text.append(text.isEmpty() ? "" : ", ")
          .append(entry.getKey().text())
          .append(String.format(Locale.ROOT, ";dur=%.3f", entry.getValue() / 1e6));
    }
    return text.toString();
  }
}
