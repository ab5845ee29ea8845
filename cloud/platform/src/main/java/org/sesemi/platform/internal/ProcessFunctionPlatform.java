package org.sesemi.platform.internal;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sesemi.platform.Deadline;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.FunctionPlatformException;
import org.sesemi.platform.FunctionPlatformException.Code;
import org.sesemi.platform.FunctionSpec;
import org.sesemi.platform.FunctionStatus;
import org.sesemi.platform.InvokeResult;
import org.sesemi.platform.ProcessPlatform;
import org.sesemi.wire.CodedException;

/**
 * The process platform: requests over pooled loopback connections to enclave processes that a
 * daemon launches.
 *
 * <p>A request that fails is told apart by what the process did: when it ended, its end is the
 * reason that callers get; when it lives, it broke the connection and is retired.
 */
public final class ProcessFunctionPlatform implements FunctionPlatform {

  private static final Logger LOG = System.getLogger(ProcessFunctionPlatform.class.getName());

  private static final long REAP_MILLIS = 500;

  /** How long a broken connection waits for the news that the process is gone. */
  private static final long END_NEWS_MILLIS = 1000;

  private final InstantSource clock;
  private final ProcessPlatform config;
  private final DaemonLink link;
  private final ScheduledThreadPoolExecutor timer;
  private final MemoryGuard memory;
  private final Map<String, FunctionPool> pools = new ConcurrentHashMap<>();
  private final String run;
  private volatile boolean closed;

  /**
   * Opens the platform.
   *
   * @param config how
   */
  public ProcessFunctionPlatform(ProcessPlatform config) {
    this.config = config;
    this.clock = config.clock();
    this.link = new DaemonLink(config.daemonSocket());
    this.timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("platform-timer").factory());
    this.timer.setRemoveOnCancelPolicy(true);
    this.memory = MemoryGuard.choose(config.limitBy(), timer);
    // Labels of one run never equal those of an earlier one, whose processes may still be there.
    this.run = Long.toString(ProcessHandle.current().pid(), 36) + nowInBase36();
    var _ =
        timer.scheduleWithFixedDelay(this::reap, REAP_MILLIS, REAP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private String nowInBase36() {
    return Long.toString(clock.millis() & 0xff_ffff, 36);
  }

  @Override
  public void deploy(FunctionSpec spec) {
    if (closed) {
      throw new FunctionPlatformException(Code.CLOSED, "the platform is closed");
    }
    FunctionPool pool = new FunctionPool(spec, link, memory, clock, config.startTimeout(), run);
    if (pools.putIfAbsent(spec.name(), pool) != null) {
      throw new FunctionPlatformException(
          Code.EXISTS, "there is a function " + spec.name() + " already");
    }
    link.own(spec.name() + ".");
  }

  @Override
  public InvokeResult invoke(String function, byte[] request, Deadline deadline) {
    FunctionPool pool = pool(function);
    Instant begun = clock.instant();
    for (boolean again = false; ; again = true) {
      Sandbox sandbox = pool.acquire(deadline);
      Instant acquired = clock.instant();
      boolean answered = false;
      AtomicBoolean sent = new AtomicBoolean();
      try {
        FunctionConnection.Answer answer = call(sandbox, request, deadline, sent);
        answered = true;
        return new InvokeResult(
            answer.status(),
            answer.headers(),
            answer.body(),
            sandbox.label(),
            Duration.between(begun, acquired),
            Duration.between(acquired, clock.instant()));
      } catch (IOException e) {
        if (deadline.remaining(clock).isZero()) {
          throw new FunctionPlatformException(
              Code.DEADLINE, function + " did not answer in time", e);
        }
        CodedException failure = reason(pool, sandbox, e);
        if (again || sent.get()) {
          throw failure;
        }
      } finally {
        pool.release(sandbox, answered);
      }
    }
  }

  private FunctionConnection.Answer call(
      Sandbox sandbox, byte[] request, Deadline deadline, AtomicBoolean sent) throws IOException {
    FunctionConnection connection = sandbox.connection();
    boolean reusable = false;
    try {
      Duration left = deadline.remaining(clock);
      ScheduledFuture<?> end =
          timer.schedule(connection::close, left.toMillis() + 1, TimeUnit.MILLISECONDS);
      FunctionConnection.Answer answer =
          connection.call(request, left.toMillis(), config.maxAnswerBytes());
      reusable = end.cancel(false) && answer.reusable();
      return answer;
    } catch (RejectedExecutionException e) {
      throw new FunctionPlatformException(Code.CLOSED, "the platform is closed", e);
    } finally {
      sent.set(connection.sent());
      sandbox.giveBack(connection, reusable);
    }
  }

  private CodedException reason(FunctionPool pool, Sandbox sandbox, IOException cause) {
    if (!(cause instanceof FunctionConnection.ProtocolException)) {
      try {
        Sandbox.End end = sandbox.ended().get(END_NEWS_MILLIS, TimeUnit.MILLISECONDS);
        return new FunctionPlatformException(end.code(), end.message(), cause);
      } catch (TimeoutException | ExecutionException e) {
        LOG.log(Level.DEBUG, "the process of a broken connection lives", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    pool.retire(sandbox, "it broke a connection");
    return new FunctionPlatformException(
        Code.CONNECTION_LOST, "sandbox " + sandbox.label() + " broke the connection", cause);
  }

  @Override
  public List<String> list() {
    return List.copyOf(new TreeSet<>(pools.keySet()));
  }

  @Override
  public FunctionStatus describe(String function) {
    return pool(function).status();
  }

  @Override
  public void delete(String function) {
    FunctionPool pool = pools.remove(function);
    if (pool == null) {
      throw unknown(function);
    }
    pool.close();
    link.disown(function + ".");
  }

  @Override
  public Optional<String> obstacle() {
    try {
      link.connection().status();
      return Optional.empty();
    } catch (CodedException e) {
      return Optional.of(e.detail());
    } catch (IllegalStateException _) {
      return Optional.of("the platform is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    List<Thread> closing =
        pools.values().stream()
            .map(pool -> Thread.ofVirtual().name("close-pool").start(pool::close))
            .toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    timer.shutdownNow();
    link.close();
  }

  private void reap() {
    pools.values().forEach(FunctionPool::reap);
  }

  private FunctionPool pool(String function) {
    FunctionPool pool = pools.get(function);
    if (pool == null) {
      throw unknown(function);
    }
    return pool;
  }

  private static FunctionPlatformException unknown(String function) {
    return new FunctionPlatformException(Code.UNKNOWN, "there is no function " + function);
  }
}
