package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.sesemi.runtime.FunctionException;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.TensorMetadata;

class ModelCacheTest {

  private final ModelCache cache = new ModelCache(100);
  private final AtomicInteger closed = new AtomicInteger();

  private static Digest digest(int n) {
    return Digest.sha256(new byte[] {(byte) n});
  }

  private static Deadline soon() {
    return Deadline.after(System::nanoTime, Duration.ofSeconds(20));
  }

  /** A model without content. */
  private final class Model implements LoadedModel {
    private final long bytes;

    private Model(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public List<TensorMetadata> inputs() {
      return List.of();
    }

    @Override
    public List<TensorMetadata> outputs() {
      return List.of();
    }

    @Override
    public long memoryBytes() {
      return bytes;
    }

    @Override
    public InferenceContext openContext() {
      return new InferenceContext() {
        @Override
        public List<Tensor> run(List<Tensor> inputs, List<String> outputs) {
          return List.of();
        }

        @Override
        public void terminate() {}

        @Override
        public void close() {}
      };
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  private Supplier<ModelCache.Loader> loader(long bytes) {
    return () ->
        room -> {
          room.reserve(bytes);
          return new Model(bytes);
        };
  }

  @Test
  void aModelIsLoadedOnceForAllWhoWait() throws Exception {
    AtomicInteger loads = new AtomicInteger();
    CountDownLatch go = new CountDownLatch(1);
    List<FutureTask<ModelCache.Use>> tasks = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      FutureTask<ModelCache.Use> task =
          new FutureTask<>(
              () ->
                  cache.acquire(
                      digest(1),
                      () ->
                          room -> {
                            loads.incrementAndGet();
                            awaitLatch(go);
                            return loader(10).get().load(room);
                          },
                      soon()));
      tasks.add(task);
      Thread.ofVirtual().name("test").start(task);
    }
    go.countDown();
    for (FutureTask<ModelCache.Use> task : tasks) {
      task.get().close();
    }
    assertThat(loads).hasValue(1);
    try (ModelCache.Use use = cache.acquire(digest(1), loader(10), soon())) {
      assertThat(use.hot()).isTrue();
    }
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFailedLoadReachesAllWaitersAndTheNextRequestWorks() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Supplier<ModelCache.Loader> failing =
        () ->
            room -> {
              room.reserve(60);
              awaitLatch(go);
              throw new ModelException(ModelException.Code.MALFORMED, "broken");
            };
    List<FutureTask<String>> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      FutureTask<String> task =
          new FutureTask<>(
              () -> {
                try (ModelCache.Use use = cache.acquire(digest(1), failing, soon())) {
                  return "loaded " + use.hot();
                } catch (ModelException e) {
                  return e.code();
                }
              });
      tasks.add(task);
      Thread.ofVirtual().name("test").start(task);
    }
    go.countDown();
    for (FutureTask<String> task : tasks) {
      assertThat(task.get()).isEqualTo("model.malformed");
    }
    assertThat(cache.size()).isZero();
    assertThat(cache.usedBytes()).isZero();
    try (ModelCache.Use use = cache.acquire(digest(1), loader(60), soon())) {
      assertThat(use.hot()).isFalse();
    }
  }

  @Test
  void unexpectedFailuresLeaveNothingBehindEither() {
    Supplier<ModelCache.Loader> broken =
        () ->
            _ -> {
              throw new IllegalStateException("secret detail");
            };
    assertThatThrownBy(() -> cache.acquire(digest(1), broken, soon()))
        .isInstanceOf(FunctionException.class)
        .hasMessage("the model could not be loaded");
    Supplier<ModelCache.Loader> exhausted =
        () ->
            _ -> {
              throw new OutOfMemoryError();
            };
    assertThatThrownBy(() -> cache.acquire(digest(1), exhausted, soon()))
        .hasMessage("the memory does not suffice for the model");
    assertThat(cache.size()).isZero();
  }

  @Test
  void theLongestUnusedIdleModelMakesRoom() {
    cache.acquire(digest(1), loader(40), soon()).close();
    cache.acquire(digest(2), loader(40), soon()).close();
    cache.acquire(digest(1), loader(40), soon()).close();
    try (ModelCache.Use use = cache.acquire(digest(3), loader(40), soon())) {
      assertThat(use.hot()).isFalse();
      assertThat(cache.contains(digest(1))).isTrue();
      assertThat(cache.contains(digest(2))).isFalse();
      assertThat(cache.usedBytes()).isEqualTo(80);
      assertThat(closed).hasValue(1);
    }
  }

  @Test
  void modelsInUseAreNeverEvicted() throws Exception {
    ModelCache.Use first = cache.acquire(digest(1), loader(80), soon());
    FutureTask<ModelCache.Use> second =
        new FutureTask<>(() -> cache.acquire(digest(2), loader(80), soon()));
    Thread.ofVirtual().name("test").start(second);
    assertThat(closed).hasValue(0);
    first.close();
    second.get().close();
    assertThat(closed).hasValue(1);
    assertThat(cache.usedBytes()).isEqualTo(80);
  }

  @Test
  void aModelLargerThanTheBudgetIsRefusedAtOnce() {
    assertThatThrownBy(() -> cache.acquire(digest(1), loader(101), soon()))
        .isInstanceOfSatisfying(
            FunctionException.class, e -> assertThat(e.code()).isEqualTo("model.too-large"));
    assertThat(cache.size()).isZero();
  }

  @Test
  void whoWaitsTooLongLeavesTheLoadToOthers() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    Supplier<ModelCache.Loader> slow =
        () ->
            room -> {
              awaitLatch(go);
              return loader(10).get().load(room);
            };
    Deadline over = Deadline.after(System::nanoTime, Duration.ofMillis(-1));
    assertThatThrownBy(() -> cache.acquire(digest(1), slow, over))
        .isInstanceOfSatisfying(
            FunctionException.class, e -> assertThat(e.code()).isEqualTo("request.deadline"));
    FutureTask<ModelCache.Use> patient =
        new FutureTask<>(() -> cache.acquire(digest(1), loader(10), soon()));
    Thread.ofVirtual().name("test").start(patient);
    go.countDown();
    patient.get().close();
    cache.close();
    assertThat(closed).hasValue(1);
    assertThat(cache.usedBytes()).isZero();
  }
}
