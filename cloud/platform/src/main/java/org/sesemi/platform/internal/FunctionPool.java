package org.sesemi.platform.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sesemi.platform.Deadline;
import org.sesemi.platform.FunctionPlatformException;
import org.sesemi.platform.FunctionPlatformException.Code;
import org.sesemi.platform.FunctionSpec;
import org.sesemi.platform.FunctionStatus;
import org.sesemi.platform.FunctionStatus.SandboxState;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformMessage;

/**
 * The sandboxes of one function: who serves the next request, when one more is started, and when an
 * idle one ends.
 *
 * <p>One lock guards the list of sandboxes and everything in them that changes. Nothing that blocks
 * happens under it. A sandbox stays in the list, and so counts, until its process is gone.
 */
final class FunctionPool {

  private static final Logger LOG = System.getLogger(FunctionPool.class.getName());

  private final FunctionSpec spec;
  private final DaemonLink link;
  private final MemoryGuard memory;
  private final InstantSource clock;
  private final Duration startTimeout;
  private final String labelPrefix;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Sandbox> sandboxes = new ArrayList<>();
  private final BackOff backOff = new BackOff();
  private int waiting;
  private long labels;
  private long starts;
  private long failures;
  private long startFailures;
  private @Nullable CodedException lastStartFailure;
  private Optional<String> lastFailure = Optional.empty();
  private boolean closed;

  FunctionPool(
      FunctionSpec spec,
      DaemonLink link,
      MemoryGuard memory,
      InstantSource clock,
      Duration startTimeout,
      String run) {
    this.spec = spec;
    this.link = link;
    this.memory = memory;
    this.clock = clock;
    this.startTimeout = startTimeout;
    this.labelPrefix = spec.name() + "." + run + "-";
  }

  /** Waits for a sandbox with a free place and takes the place. */
  Sandbox acquire(Deadline deadline) {
    lock.lock();
    waiting++;
    try {
      long failuresBefore = startFailures;
      while (true) {
        if (closed) {
          throw closedFailure();
        }
        Optional<Sandbox> free = free();
        if (free.isPresent()) {
          free.get().inFlight++;
          return free.get();
        }
        CodedException failure = lastStartFailure;
        if (startFailures > failuresBefore && failure != null && sandboxes.isEmpty()) {
          throw startFailure(failure);
        }
        startIfUseful();
        var _ = changed.awaitNanos(pause(deadline));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      changed.signal();
      throw closedFailure();
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private Optional<Sandbox> free() {
    // The fullest one with a place left, so that others can become idle and end.
    return sandboxes.stream()
        .filter(s -> s.state == SandboxState.READY && s.inFlight < spec.concurrency())
        .filter(s -> !s.ended().isDone())
        .max(Comparator.comparingInt(s -> s.inFlight));
  }

  private void startIfUseful() {
    long starting = sandboxes.stream().filter(s -> s.state == SandboxState.STARTING).count();
    if (starting * spec.concurrency() < waiting
        && sandboxes.size() < spec.maxInstances()
        && backOff.remaining(clock.instant()).isZero()) {
      Sandbox sandbox = new Sandbox(labelPrefix + ++labels, clock.instant());
      sandboxes.add(sandbox);
      var _ = sandbox.ended().thenAccept(end -> gone(sandbox, end));
      Thread.ofVirtual().name("start-" + sandbox.label()).start(() -> start(sandbox));
    }
  }

  /** Returns for how long a waiter can sleep before it has to look again. */
  private long pause(Deadline deadline) {
    Duration left = deadline.remaining(clock);
    if (left.isZero()) {
      throw new FunctionPlatformException(
          Code.DEADLINE, "no sandbox of " + spec.name() + " was free in time");
    }
    Duration pause = backOff.remaining(clock.instant());
    if (sandboxes.isEmpty() && pause.compareTo(left) > 0) {
      throw new FunctionPlatformException(
          Code.BACKING_OFF,
          "no sandbox of "
              + spec.name()
              + " is started for "
              + (pause.toSeconds() + 1)
              + " s, because "
              + lastFailure.orElse("the last ones failed"));
    }
    Duration sleep = pause.isZero() || pause.compareTo(left) > 0 ? left : pause;
    return sleep.toNanos() + 1;
  }

  private void start(Sandbox sandbox) {
    Instant begun = clock.instant();
    try {
      PlatformMessage.Launched launched =
          link.launch(
              new PlatformMessage.Launch(
                  spec.unit().toAbsolutePath().normalize().toString(),
                  spec.config(),
                  spec.parameters(),
                  sandbox.label()),
              sandbox);
      sandbox.launched(
          launched,
          memory.confine(
              sandbox.label(),
              launched.pid(),
              spec.memoryLimit(),
              () -> stopProcess(launched.launchId())));
      sandbox.readAddress(
          sandbox.ready().orTimeout(startTimeout.toMillis(), TimeUnit.MILLISECONDS).join());
      becomeReady(sandbox);
      LOG.log(
          Level.INFO,
          "sandbox {0} is ready after {1} ms",
          sandbox.label(),
          Duration.between(begun, clock.instant()).toMillis());
    } catch (CompletionException e) {
      startFailed(
          sandbox,
          e.getCause() instanceof CodedException coded
              ? coded
              : new FunctionPlatformException(
                  Code.START_FAILED,
                  "sandbox "
                      + sandbox.label()
                      + " was not ready in "
                      + startTimeout.toSeconds()
                      + " s",
                  e));
    } catch (CodedException e) {
      startFailed(sandbox, e);
    } catch (RuntimeException e) {
      startFailed(
          sandbox,
          new FunctionPlatformException(
              Code.START_FAILED, "sandbox " + sandbox.label() + " could not be started", e));
    }
  }

  private void becomeReady(Sandbox sandbox) {
    lock.lock();
    try {
      if (sandbox.ended().isDone()) {
        throw new FunctionPlatformException(
            Code.START_FAILED, "sandbox " + sandbox.label() + " ended when it was ready");
      }
      if (sandbox.state == SandboxState.STARTING) {
        sandbox.state = SandboxState.READY;
        sandbox.lastUsed = clock.instant();
        starts++;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void startFailed(Sandbox sandbox, CodedException failure) {
    LOG.log(Level.WARNING, "sandbox {0}: {1}", sandbox.label(), failure.detail());
    sandbox.notLaunched();
    lock.lock();
    try {
      sandbox.state = SandboxState.STOPPING;
      failures++;
      startFailures++;
      lastStartFailure = failure;
      lastFailure = Optional.of(failure.detail());
      backOff.failed(clock.instant());
      if (sandbox.launching().join().isEmpty() || sandbox.ended().isDone()) {
        sandboxes.remove(sandbox);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    stop(sandbox);
  }

  private static CodedException startFailure(CodedException failure) {
    // Each waiter gets a failure of its own; the daemon's code says more than ours.
    return failure instanceof FunctionPlatformException
        ? new FunctionPlatformException(Code.START_FAILED, failure.detail(), failure)
        : failure;
  }

  private void gone(Sandbox sandbox, Sandbox.End end) {
    lock.lock();
    try {
      if (sandbox.state == SandboxState.STARTING) {
        // The thread that starts it finds out and counts it before anybody starts another one.
        return;
      }
      sandboxes.remove(sandbox);
      if (sandbox.state == SandboxState.READY) {
        LOG.log(Level.WARNING, "{0}", end.message());
        failures++;
        lastFailure = Optional.of(end.message());
        backOff.failed(clock.instant());
      }
      sandbox.state = SandboxState.STOPPING;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Gives a place back. */
  void release(Sandbox sandbox, boolean answered) {
    boolean ends;
    lock.lock();
    try {
      sandbox.inFlight--;
      sandbox.lastUsed = clock.instant();
      if (answered) {
        sandbox.served++;
        backOff.succeeded();
      }
      ends = sandbox.state == SandboxState.STOPPING && sandbox.inFlight == 0;
      changed.signal();
    } finally {
      lock.unlock();
    }
    if (ends) {
      stopLater(sandbox);
    }
  }

  /**
   * Gives no more requests to a sandbox that misbehaved; it ends when those in flight have ended.
   */
  void retire(Sandbox sandbox, String reason) {
    lock.lock();
    try {
      if (sandbox.state != SandboxState.READY) {
        return;
      }
      sandbox.state = SandboxState.STOPPING;
      failures++;
      lastFailure = Optional.of("sandbox " + sandbox.label() + " was retired: " + reason);
      backOff.failed(clock.instant());
    } finally {
      lock.unlock();
    }
    LOG.log(Level.WARNING, "sandbox {0} gets no more requests: {1}", sandbox.label(), reason);
  }

  /** Ends sandboxes that had no request for longer than the keep-alive time. */
  void reap() {
    List<Sandbox> idle;
    lock.lock();
    try {
      Instant limit = clock.instant().minus(spec.keepAlive());
      idle =
          sandboxes.stream()
              .filter(s -> s.state == SandboxState.READY && s.inFlight == 0)
              .filter(s -> !s.lastUsed.isAfter(limit))
              .toList();
      idle.forEach(s -> s.state = SandboxState.STOPPING);
    } finally {
      lock.unlock();
    }
    for (Sandbox sandbox : idle) {
      LOG.log(Level.INFO, "sandbox {0} was idle and ends", sandbox.label());
      stopLater(sandbox);
    }
  }

  FunctionStatus status() {
    lock.lock();
    try {
      return new FunctionStatus(
          spec,
          sandboxes.stream().map(Sandbox::status).toList(),
          memory.kind(),
          waiting,
          starts,
          failures,
          lastFailure,
          backOff.remaining(clock.instant()));
    } finally {
      lock.unlock();
    }
  }

  /** Refuses further requests and ends all sandboxes; returns when their processes are gone. */
  void close() {
    List<Sandbox> all;
    lock.lock();
    try {
      closed = true;
      all = List.copyOf(sandboxes);
      all.forEach(s -> s.state = SandboxState.STOPPING);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    List<Thread> stopping = all.stream().map(this::stopLater).toList();
    for (Thread thread : stopping) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private Thread stopLater(Sandbox sandbox) {
    return Thread.ofVirtual().name("stop-" + sandbox.label()).start(() -> stop(sandbox));
  }

  private void stop(Sandbox sandbox) {
    sandbox.launching().join().ifPresent(this::stopProcess);
  }

  private void stopProcess(LaunchId launch) {
    try {
      link.stop(launch);
    } catch (CodedException | IllegalStateException e) {
      // It is gone already, or the daemon is, which ends it too.
      LOG.log(Level.DEBUG, "a sandbox was not stopped", e);
    }
  }

  private FunctionPlatformException closedFailure() {
    return new FunctionPlatformException(
        Code.CLOSED, "function " + spec.name() + " accepts no more requests");
  }
}
