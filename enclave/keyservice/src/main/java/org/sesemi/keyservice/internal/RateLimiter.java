package org.sesemi.keyservice.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sesemi.keyservice.KeyServiceException;
import org.sesemi.keyservice.KeyServiceException.Code;
import org.sesemi.wire.Bytes;

/**
 * Bounds how often peers may ask, since each answer costs an entry of the audit log. Every peer has
 * a bucket of permits that refills with time, and all peers together have a bigger one.
 *
 * <p>Buckets of peers that were away longest are forgotten when there are too many: such a bucket
 * is full again anyway, unless more peers than are remembered ask at once, and then the common
 * bucket decides.
 *
 * <p>Thread-safe.
 */
final class RateLimiter {

  /**
   * How often something may happen.
   *
   * @param perSecond the steady rate
   * @param burst how many at once after a pause
   */
  record Rate(double perSecond, int burst) {
    /** Checks that something may happen. */
    public Rate {
      if (perSecond <= 0 || burst < 1) {
        throw new IllegalArgumentException("a rate allows something");
      }
    }
  }

  private static final class Bucket {
    private double permits;
    private Instant filled;

    Bucket(Rate rate, Instant now) {
      this.permits = rate.burst();
      this.filled = now;
    }

    boolean take(Rate rate, Instant now) {
      Duration passed = Duration.between(filled, now);
      if (passed.isPositive()) {
        double seconds = passed.toMillis() / 1e3;
        permits = Math.min(rate.burst(), permits + seconds * rate.perSecond());
      }
      if (!passed.isZero()) {
        filled = now;
      }
      if (permits < 1) {
        return false;
      }
      permits--;
      return true;
    }
  }

  private final Rate perPeer;
  private final Rate together;
  private final InstantSource clock;
  private final Bucket common;
  private final Map<Bytes, Bucket> peers;

  RateLimiter(Rate perPeer, Rate together, int maxPeers, InstantSource clock) {
    this.perPeer = perPeer;
    this.together = together;
    this.clock = clock;
    this.common = new Bucket(together, clock.instant());
    this.peers =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Bytes, Bucket> eldest) {
            return size() > maxPeers;
          }
        };
  }

  /**
   * Takes a permit.
   *
   * @param peer the key of the peer
   * @throws KeyServiceException with {@code rate.exceeded} when there is none
   */
  synchronized void take(Bytes peer) {
    Instant now = clock.instant();
    if (!peers.computeIfAbsent(peer, _ -> new Bucket(perPeer, now)).take(perPeer, now)
        || !common.take(together, now)) {
      throw new KeyServiceException(Code.RATE_EXCEEDED, "more requests than are served at a time");
    }
  }
}
