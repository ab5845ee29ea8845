package org.sesemi.wire;

import java.time.Duration;
import java.time.Instant;

/**
 * The bounds within which a runtime may use released keys before it has to ask again.
 *
 * @param serviceTime the time of the key service when it released them
 * @param duration how long from then, at least a millisecond and at most a day
 * @param requestBudget how many requests, at least 1
 */
public record Lease(Instant serviceTime, Duration duration, long requestBudget) {

  private static final long MAX_MILLIS = Duration.ofDays(1).toMillis();

  /** Checks the ranges. */
  public Lease {
    serviceTime = Instants.toMillis(serviceTime);
    duration = Duration.ofMillis(duration.toMillis());
    if (!duration.isPositive() || duration.toMillis() > MAX_MILLIS || requestBudget < 1) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "a lease is out of range");
    }
  }

  /** {@return when the lease ends by the clock of the key service} */
  public Instant end() {
    return serviceTime.plus(duration);
  }

  CborMap toCbor() {
    return CborMap.builder()
        .put(1, serviceTime.toEpochMilli())
        .put(2, duration.toMillis())
        .put(3, requestBudget)
        .build();
  }

  static Lease fromCbor(CborReader reader) {
    Lease lease =
        new Lease(
            Instants.read(reader, 1),
            Duration.ofMillis(reader.integer(2, 1, MAX_MILLIS)),
            reader.integer(3, 1, Long.MAX_VALUE));
    reader.finish();
    return lease;
  }
}
