package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Lease;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;

class KeyCacheTest {

  private final FakeTime time = new FakeTime();
  private final KeyCache<Keys> cache = new KeyCache<>(time, time, 3);
  private final AtomicInteger fetches = new AtomicInteger();

  /** Keys that say whether they were wiped. */
  private static final class Keys implements AutoCloseable {
    private boolean wiped;

    @Override
    public void close() {
      wiped = true;
    }
  }

  private static KeyCache.Slot slot(int n) {
    PartyId user = new PartyId(Digest.sha256(new byte[] {(byte) n}));
    return new KeyCache.Slot(user, new ModelId(user, "m"), KeyId.of(new byte[16]));
  }

  private KeyCache.Fetched<Keys> fetch() {
    fetches.incrementAndGet();
    return new KeyCache.Fetched<>(
        new Keys(), new Lease(time.instant(), Duration.ofMinutes(1), 3), 1);
  }

  private KeyCache<Keys>.Use acquire(int n) {
    return cache.acquire(
        slot(n), this::fetch, Deadline.after(System::nanoTime, Duration.ofSeconds(20)));
  }

  @Test
  void keysAreUsedAgainWithinTheirLease() {
    try (KeyCache<Keys>.Use first = acquire(1)) {
      assertThat(first.hot()).isFalse();
    }
    try (KeyCache<Keys>.Use second = acquire(1)) {
      assertThat(second.hot()).isTrue();
    }
    assertThat(fetches).hasValue(1);
  }

  @Test
  void aLeaseEndsOnEitherClock() {
    Keys keys;
    try (KeyCache<Keys>.Use use = acquire(1)) {
      keys = use.keys();
    }
    time.jump(Duration.ofMinutes(1));
    try (KeyCache<Keys>.Use use = acquire(1)) {
      assertThat(use.hot()).isFalse();
    }
    assertThat(keys.wiped).isTrue();
    time.jump(Duration.ofMillis(-900));
    time.pass(Duration.ofSeconds(59));
    time.jump(Duration.ofMillis(-900));
    time.pass(Duration.ofSeconds(1));
    try (KeyCache<Keys>.Use use = acquire(1)) {
      assertThat(use.hot()).isFalse();
    }
    assertThat(fetches).hasValue(3);
  }

  @Test
  void aClockThatGoesBackDropsAllKeys() {
    acquire(1).close();
    acquire(2).close();
    time.jump(Duration.ofSeconds(-2));
    try (KeyCache<Keys>.Use use = acquire(1)) {
      assertThat(use.hot()).isFalse();
    }
    try (KeyCache<Keys>.Use use = acquire(2)) {
      assertThat(use.hot()).isFalse();
    }
  }

  @Test
  void aSpentBudgetDropsTheKeysButNotUnderAUser() {
    try (KeyCache<Keys>.Use use = acquire(1)) {
      assertThat(use.spend()).isTrue();
      assertThat(use.spend()).isTrue();
      assertThat(use.spend()).isTrue();
      assertThat(use.spend()).isFalse();
      assertThat(use.keys().wiped).isFalse();
      try (KeyCache<Keys>.Use next = acquire(1)) {
        assertThat(next.keys()).isNotSameAs(use.keys());
      }
    }
    assertThat(fetches).hasValue(2);
  }

  @Test
  void aFailedFetchReachesAllWaitersAndTheNextRequestWorks() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    List<FutureTask<String>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FutureTask<String> task =
          new FutureTask<>(
              () -> {
                try (KeyCache<Keys>.Use use =
                    cache.acquire(
                        slot(1),
                        () -> {
                          awaitLatch(go);
                          throw new FunctionException(
                              FunctionException.Code.KEYSERVICE_UNAVAILABLE, "away");
                        },
                        Deadline.after(System::nanoTime, Duration.ofSeconds(20)))) {
                  return "fetched " + use.hot();
                } catch (FunctionException e) {
                  return e.code();
                }
              });
      tasks.add(task);
      Thread.ofVirtual().name("test").start(task);
    }
    go.countDown();
    for (FutureTask<String> task : tasks) {
      assertThat(task.get()).isEqualTo("keyservice.unavailable");
    }
    assertThat(cache.size()).isZero();
    acquire(1).close();
    assertThat(fetches).hasValue(1);
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theLongestUnusedIdleKeysMakeRoom() {
    acquire(1).close();
    acquire(2).close();
    KeyCache<Keys>.Use third = acquire(3);
    Keys wipedNext;
    try (KeyCache<Keys>.Use first = acquire(1);
        KeyCache<Keys>.Use second = acquire(2)) {
      wipedNext = first.keys();
      assertThat(second.hot()).isTrue();
      assertThatThrownBy(() -> acquire(4))
          .isInstanceOfSatisfying(
              FunctionException.class, e -> assertThat(e.code()).isEqualTo("runtime.busy"));
    }
    acquire(4).close();
    assertThat(wipedNext.wiped).isTrue();
    assertThat(cache.size()).isEqualTo(3);
    cache.close();
    assertThat(third.keys().wiped).isFalse();
    third.close();
    assertThat(third.keys().wiped).isTrue();
  }
}
