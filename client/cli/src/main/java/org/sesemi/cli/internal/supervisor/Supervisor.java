package org.sesemi.cli.internal.supervisor;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.sesemi.cli.internal.CliException;
import org.sesemi.wire.CodedException;

/**
 * Keeps one stack alive: the simulated platform, the key service that the platform launches, and
 * the packer, whose process platform looks after the functions itself.
 *
 * <p>Parts are started in this order, each when the one before it serves, and stopped in the
 * opposite order. A part that ends later is started again by itself; the key service waits for the
 * platform. What the stack looks like is written down at every change.
 */
public final class Supervisor {

  /** How long one part may take to serve for the first time. */
  public static final Duration START_LIMIT = Duration.ofSeconds(60);

  private static final Logger LOGGER = System.getLogger(Supervisor.class.getName());
  private static final Duration GRACE = Duration.ofSeconds(8);

  private final StackParts stack;
  private final RunFolder run;
  private final ProcessId self = ProcessId.of(ProcessHandle.current());
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<Part> parts;

  private StackStatus.State state = StackStatus.State.STARTING;
  private String phase = "starting";
  private @Nullable CodedException failure;

  /**
   * Makes a supervisor.
   *
   * @param stack the parts and how to start them
   * @param run where to write down what the stack looks like
   * @param clock the time
   */
  Supervisor(StackParts stack, RunFolder run, InstantSource clock) {
    this.stack = stack;
    this.run = run;
    this.parts =
        stack.starters().stream()
            .map(named -> new Part(named.name(), named.starter(), clock, this::write))
            .toList();
    stack.bind(name -> part(name).running());
  }

  /** Asks the supervisor to stop everything, and waits until it has. */
  void stopAndWait() {
    stop.countDown();
    try {
      var _ = stopped.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts the stack and keeps it alive until it is asked to stop or cannot start.
   *
   * @return whether it had started
   */
  boolean run() {
    boolean started = false;
    try {
      started = startAll();
      if (started) {
        become(StackStatus.State.READY, "ready");
        stop.await();
      }
    } catch (InterruptedException e) {
      LOGGER.log(Level.INFO, "interrupted");
    } catch (CodedException e) {
      fail(e);
    } catch (RuntimeException e) {
      LOGGER.log(Level.ERROR, "the stack does not start", e);
      fail(new CliException(CliException.Code.START_FAILED, "the stack does not start: " + e, e));
    } finally {
      stopAll();
      stopped.countDown();
    }
    return started;
  }

  private boolean startAll() throws InterruptedException {
    for (Part part : parts) {
      become(StackStatus.State.STARTING, stack.before(part.view().name()));
      part.keep();
      long end = System.nanoTime() + START_LIMIT.toNanos();
      while (!part.awaitReady(Duration.ofMillis(20))) {
        if (stop.getCount() == 0) {
          return false;
        }
        Optional<CodedException> reason = part.failure();
        if (reason.isPresent()) {
          throw reason.get();
        }
        if (System.nanoTime() > end) {
          Part.View view = part.view();
          throw new CliException(
              CliException.Code.NOT_READY,
              "the "
                  + view.name()
                  + " did not become ready in "
                  + START_LIMIT.toSeconds()
                  + " s"
                  + (view.trouble().isEmpty() ? "" : " (" + view.trouble() + ")"));
        }
      }
      stack.after(part.view().name());
    }
    return true;
  }

  private void stopAll() {
    if (failure == null) {
      become(StackStatus.State.STOPPING, "stopping");
    }
    for (Part part : parts.reversed()) {
      try {
        part.stop(GRACE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOGGER.log(Level.ERROR, "a part did not stop", e);
      }
    }
    write();
  }

  private Part part(String name) {
    return parts.stream()
        .filter(part -> part.view().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no part " + name));
  }

  private void fail(CodedException reason) {
    LOGGER.log(Level.ERROR, "the stack does not start", reason);
    synchronized (this) {
      failure = reason;
    }
    become(StackStatus.State.FAILED, "failed");
  }

  private void become(StackStatus.State to, String words) {
    synchronized (this) {
      state = to;
      phase = words;
    }
    LOGGER.log(Level.INFO, "{0}", words);
    write();
  }

  /** Written by many threads; the file is replaced as a whole, under this object's monitor. */
  private synchronized void write() {
    @Nullable CodedException reason = failure;
    run.write(
        new StackStatus(
            state,
            phase,
            self,
            parts.stream().map(part -> status(part.view())).toList(),
            Optional.ofNullable(reason).map(StackStatus.Failure::of)));
  }

  private static StackStatus.PartStatus status(Part.View view) {
    return new StackStatus.PartStatus(
        view.name(),
        view.state().text(),
        view.process(),
        view.restarts(),
        view.sinceMillis(),
        view.facts(),
        view.trouble());
  }
}
