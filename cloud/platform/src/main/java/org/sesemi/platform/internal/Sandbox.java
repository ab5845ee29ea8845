package org.sesemi.platform.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.sesemi.platform.FunctionPlatformException;
import org.sesemi.platform.FunctionStatus.SandboxState;
import org.sesemi.platform.FunctionStatus.SandboxStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformMessage;

/**
 * One sandbox of a function: an enclave process, the address that it listens on, and the kept-alive
 * connections to it.
 *
 * <p>State, counters and times are guarded by the lock of the {@link FunctionPool}; what happened
 * to the process arrives through futures from the thread that reads the daemon's events.
 */
final class Sandbox implements DaemonLink.Listener {

  /** A connection unused for longer is not trusted to be open at the other end. */
  private static final long MAX_IDLE_NANOS = 5_000_000_000L;

  /** How a sandbox ended. */
  record End(FunctionPlatformException.Code code, String message) {}

  private record Idle(FunctionConnection connection, long sinceNanos) {}

  private final String label;
  private final Instant since;
  private final CompletableFuture<Optional<LaunchId>> launching = new CompletableFuture<>();
  private final CompletableFuture<Map<String, String>> ready = new CompletableFuture<>();
  private final CompletableFuture<End> ended = new CompletableFuture<>();
  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final ConcurrentLinkedDeque<FunctionConnection> busy = new ConcurrentLinkedDeque<>();

  private volatile PlatformMessage.@Nullable Launched launched;
  private volatile MemoryGuard.@Nullable Confinement confinement;
  private volatile @Nullable InetSocketAddress address;

  SandboxState state = SandboxState.STARTING;
  int inFlight;
  long served;
  Instant lastUsed;

  Sandbox(String label, Instant since) {
    this.label = label;
    this.since = since;
    this.lastUsed = since;
  }

  String label() {
    return label;
  }

  CompletableFuture<Map<String, String>> ready() {
    return ready;
  }

  CompletableFuture<End> ended() {
    return ended;
  }

  /** Returns the launch, once it is known, or nothing when there is none. */
  CompletableFuture<Optional<LaunchId>> launching() {
    return launching;
  }

  /** Says that no launch will come when none has come yet. */
  void notLaunched() {
    launching.complete(Optional.empty());
  }

  void launched(PlatformMessage.Launched launch, MemoryGuard.Confinement limit) {
    launched = launch;
    confinement = limit;
    launching.complete(Optional.of(launch.launchId()));
    // It may have ended meanwhile, when nobody could release the limit yet.
    if (ended.isDone()) {
      limit.close();
    }
  }

  /** Takes the address out of what the function said when it became ready. */
  void readAddress(Map<String, String> values) {
    String text = values.getOrDefault(PlatformMessage.ADDRESS_VALUE, "");
    int colon = text.lastIndexOf(':');
    try {
      InetAddress host = InetAddress.ofLiteral(text.substring(0, Math.max(0, colon)));
      address = new InetSocketAddress(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (IllegalArgumentException e) {
      throw new FunctionPlatformException(
          FunctionPlatformException.Code.START_FAILED,
          "sandbox " + label + " became ready without an address",
          e);
    }
  }

  /** Returns an open connection, from the pool when one is there. */
  FunctionConnection connection() throws IOException {
    for (Idle kept = idle.pollLast(); kept != null; kept = idle.pollLast()) {
      if (System.nanoTime() - kept.sinceNanos < MAX_IDLE_NANOS && kept.connection.isFresh()) {
        return use(kept.connection);
      }
      kept.connection.close();
    }
    InetSocketAddress target = address;
    if (target == null) {
      throw new IOException("the sandbox has no address");
    }
    return use(FunctionConnection.connect(target));
  }

  private FunctionConnection use(FunctionConnection connection) {
    busy.add(connection);
    if (ended.isDone()) {
      connection.close();
    }
    return connection;
  }

  void giveBack(FunctionConnection connection, boolean reusable) {
    busy.remove(connection);
    if (reusable && !ended.isDone()) {
      idle.addLast(new Idle(connection, System.nanoTime()));
    } else {
      connection.close();
    }
  }

  @Override
  public void ready(Map<String, String> values) {
    ready.complete(values);
  }

  @Override
  public void exited(int exitCode) {
    MemoryGuard.Confinement limit = confinement;
    boolean exceeded = limit != null && limit.exceeded();
    end(
        exceeded
            ? new End(
                FunctionPlatformException.Code.MEMORY_EXCEEDED,
                "sandbox " + label + " went beyond its memory limit")
            : new End(
                FunctionPlatformException.Code.CRASHED,
                "sandbox " + label + " ended with exit code " + exitCode));
  }

  @Override
  public void daemonLost() {
    end(
        new End(
            FunctionPlatformException.Code.CRASHED,
            "the platform daemon is gone, and sandbox " + label + " with it"));
  }

  private void end(End end) {
    if (!ended.complete(end)) {
      return;
    }
    ready.completeExceptionally(
        new FunctionPlatformException(
            FunctionPlatformException.Code.START_FAILED, end.message() + " before it was ready"));
    busy.forEach(FunctionConnection::close);
    idle.forEach(kept -> kept.connection.close());
    MemoryGuard.Confinement limit = confinement;
    if (limit != null) {
      limit.close();
    }
  }

  SandboxStatus status() {
    PlatformMessage.Launched launch = launched;
    return new SandboxStatus(
        label,
        state,
        Optional.ofNullable(launch).map(PlatformMessage.Launched::pid),
        Optional.ofNullable(launch).<Digest>map(PlatformMessage.Launched::measurement),
        inFlight,
        served,
        since);
  }
}
