package org.sesemi.cli.internal.supervisor;

import static java.util.Objects.requireNonNull;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sesemi.wire.CodedException;

/**
 * A part of the stack that is kept alive: whenever it ends it is started again, after a wait that
 * grows with each short life.
 *
 * <p>One thread of its own runs all lives one after the other. The fields that others read are
 * guarded by this object's monitor; the thread alone writes them.
 */
final class Part {

  /**
   * What others may know of a part.
   *
   * @param name its name
   * @param state where it stands
   * @param process the process that serves, while there is one
   * @param restarts how many lives it has had beyond the first
   * @param sinceMillis since when it is in this state
   * @param facts what the present life said of itself
   * @param trouble why the last start failed, empty while all is well
   */
  record View(
      String name,
      PartState state,
      Optional<ProcessId> process,
      int restarts,
      long sinceMillis,
      Map<String, String> facts,
      String trouble) {}

  private static final Logger LOGGER = System.getLogger(Part.class.getName());

  private final String name;
  private final Starter starter;
  private final InstantSource clock;
  private final Runnable onChange;
  private final Backoff backoff = new Backoff();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch firstReady = new CountDownLatch(1);

  private PartState state = PartState.STOPPED;
  private @Nullable Running running;
  private @Nullable Thread thread;
  private @Nullable CodedException firstFailure;
  private int lives;
  private long since;
  private String trouble = "";

  Part(String name, Starter starter, InstantSource clock, Runnable onChange) {
    this.name = name;
    this.starter = starter;
    this.clock = clock;
    this.onChange = onChange;
  }

  /** Begins to keep the part alive. */
  synchronized void keep() {
    if (thread != null) {
      throw new IllegalStateException(name + " is kept already");
    }
    thread = Thread.ofPlatform().name("keep-" + name).daemon(true).start(this::lives);
  }

  /**
   * Waits until the part serves for the first time.
   *
   * @param limit how long to wait
   * @return whether it serves
   */
  boolean awaitReady(Duration limit) throws InterruptedException {
    return firstReady.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Returns why the part did not start, when the reason is one that will not go away. */
  synchronized Optional<CodedException> failure() {
    return Optional.ofNullable(firstFailure);
  }

  /** Returns the present life while the part serves. */
  synchronized Optional<Running> running() {
    return state == PartState.READY ? Optional.ofNullable(running) : Optional.empty();
  }

  synchronized View view() {
    @Nullable Running present = running;
    return new View(
        name,
        state,
        present == null ? Optional.empty() : Optional.of(present.process()),
        Math.max(0, lives - 1),
        since,
        present == null ? Map.of() : present.facts(),
        trouble);
  }

  /**
   * Stops the part for good.
   *
   * @param grace how long the process may take by itself
   */
  void stop(Duration grace) throws InterruptedException {
    stopping.countDown();
    @Nullable Running present;
    @Nullable Thread keeper;
    synchronized (this) {
      present = running;
      keeper = thread;
    }
    if (present != null) {
      present.stop(grace);
    }
    if (keeper != null) {
      keeper.interrupt();
      var _ = keeper.join(Duration.ofSeconds(10));
    }
    change(PartState.STOPPED, null, "");
  }

  private void lives() {
    try {
      while (stopping.getCount() > 0) {
        long begin = System.nanoTime();
        oneLife();
        if (stopping.getCount() == 0) {
          return;
        }
        Duration wait = backoff.afterLife(Duration.ofNanos(System.nanoTime() - begin));
        LOGGER.log(Level.WARNING, "{0} ended; next start in {1} ms", name, wait.toMillis());
        if (stopping.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      // Only stop() interrupts, and it looks after the process itself.
      LOGGER.log(Level.DEBUG, "{0} is no longer kept", name);
    }
  }

  private void oneLife() throws InterruptedException {
    synchronized (this) {
      lives++;
    }
    change(PartState.STARTING, null, view().trouble());
    try {
      Running life = requireNonNull(starter.start(), "life");
      if (stopping.getCount() == 0) {
        life.stop(Duration.ofSeconds(1));
        return;
      }
      change(PartState.READY, life, "");
      firstReady.countDown();
      LOGGER.log(Level.INFO, "{0} serves as process {1}", name, "" + life.process().pid());
      Optional<Integer> code = life.awaitEnd();
      change(PartState.WAITING, null, "ended" + code.map(c -> " with exit code " + c).orElse(""));
    } catch (CodedException e) {
      LOGGER.log(Level.ERROR, name + " does not start", e);
      synchronized (this) {
        if (firstReady.getCount() > 0 && !e.errorCode().retryable() && firstFailure == null) {
          firstFailure = e;
        }
      }
      change(PartState.WAITING, null, e.code() + ": " + e.detail());
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, name + " does not start", e);
      change(PartState.WAITING, null, String.valueOf(e.getMessage()));
    }
  }

  private void change(PartState to, @Nullable Running life, String why) {
    synchronized (this) {
      state = to;
      running = life;
      trouble = why;
      since = clock.millis();
    }
    onChange.run();
  }
}
