package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.sesemi.keyservice.internal.KeyServiceScene.refused;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.sesemi.wire.Bytes;

/** Bounds per peer and for all peers together. */
class RateLimiterTest {

  private static final Bytes ONE = Bytes.of(new byte[] {1});
  private static final Bytes TWO = Bytes.of(new byte[] {2});

  private final AtomicReference<Instant> clock = new AtomicReference<>(World.START);

  private RateLimiter limiter(int perPeer, int together, int peers) {
    return new RateLimiter(
        new RateLimiter.Rate(1, perPeer), new RateLimiter.Rate(10, together), peers, clock::get);
  }

  private void pass(Duration duration) {
    clock.updateAndGet(now -> now.plus(duration));
  }

  @Test
  void oneGreedyPeerDoesNotStopAnother() {
    RateLimiter limiter = limiter(2, 100, 10);
    limiter.take(ONE);
    limiter.take(ONE);
    refused("rate.exceeded", () -> limiter.take(ONE));
    limiter.take(TWO);
    pass(Duration.ofSeconds(1));
    limiter.take(ONE);
    refused("rate.exceeded", () -> limiter.take(ONE));
  }

  @Test
  void allPeersTogetherAreBounded() {
    RateLimiter limiter = limiter(100, 3, 10);
    limiter.take(ONE);
    limiter.take(TWO);
    limiter.take(ONE);
    refused("rate.exceeded", () -> limiter.take(TWO));
  }

  @Test
  void aPauseRefillsNoMoreThanTheBurst() {
    RateLimiter limiter = limiter(2, 100, 10);
    pass(Duration.ofDays(1));
    limiter.take(ONE);
    limiter.take(ONE);
    refused("rate.exceeded", () -> limiter.take(ONE));
  }

  @Test
  void aClockTurnedBackStopsNobodyForLong() {
    RateLimiter limiter = limiter(1, 100, 10);
    limiter.take(ONE);
    pass(Duration.ofDays(-1));
    refused("rate.exceeded", () -> limiter.take(ONE));
    pass(Duration.ofSeconds(1));
    assertThatCode(() -> limiter.take(ONE)).doesNotThrowAnyException();
  }

  @Test
  void manyPeersTakeBoundedMemory() {
    RateLimiter limiter = limiter(1, 1_000_000, 2);
    limiter.take(ONE);
    limiter.take(TWO);
    limiter.take(Bytes.of(new byte[] {3}));
    // The one that was away longest is forgotten, and so has its permit again.
    assertThatCode(() -> limiter.take(ONE)).doesNotThrowAnyException();
    refused("rate.exceeded", () -> limiter.take(ONE));
  }
}
