package org.sesemi.runtime.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** A time of day and a monotonic clock that move only when told to. */
public final class FakeTime implements InstantSource, LongSupplier {

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public Instant instant() {
    return now.get();
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  /** Moves both clocks. */
  public void pass(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
    nanos.addAndGet(time.toNanos());
  }

  /** Moves the time of day alone. */
  public void jump(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }
}
