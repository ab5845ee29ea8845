package org.sesemi.cli.internal.supervisor;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformClient;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.PlatformMessage;

/**
 * A connection to the daemon of the simulated platform that remembers what became of launches, so
 * that one can wait for them.
 *
 * <p>The maps are guarded by this object's monitor. The end of the connection is taken as the end
 * of every launch, because the daemon's enclaves do not outlive it.
 */
public final class PlatformLink implements AutoCloseable {

  /** What the daemon listens on, in its folder. */
  public static final String SOCKET = "daemon.sock";

  private final PlatformClient client;
  private final Map<LaunchId, CompletableFuture<Map<String, String>>> ready = new HashMap<>();
  private final Map<LaunchId, CompletableFuture<Integer>> exited = new HashMap<>();
  private boolean over;

  private PlatformLink(PlatformClient client) {
    this.client = client;
  }

  /**
   * Connects to a daemon and asks for its news.
   *
   * @param folder the daemon's folder
   */
  public static PlatformLink connect(Path folder) {
    PlatformClient client = PlatformClient.connect(folder.resolve(SOCKET));
    PlatformLink link = new PlatformLink(client);
    client.onEnd(link::ended);
    client.subscribe(link::take);
    return link;
  }

  /**
   * Connects to a daemon that may not listen yet.
   *
   * @param folder the daemon's folder
   */
  static Optional<PlatformLink> tryConnect(Path folder) {
    try {
      return Optional.of(connect(folder));
    } catch (PlatformException e) {
      return Optional.empty();
    }
  }

  /** Returns what the platform is and what runs on it. */
  public PlatformMessage.StatusReport status() {
    return client.status();
  }

  /**
   * Starts an enclave.
   *
   * @param launch what to start
   */
  public PlatformMessage.Launched launch(PlatformMessage.Launch launch) {
    return client.launch(launch);
  }

  /**
   * Ends an enclave and waits until it is gone.
   *
   * @param launch the enclave
   */
  public void stop(LaunchId launch) {
    var _ = client.stop(launch);
  }

  /**
   * Waits until an enclave serves.
   *
   * @param launch the enclave
   * @param limit how long to wait
   * @return what it says about itself; empty when it has ended or is too late
   */
  public Optional<Map<String, String>> awaitReady(LaunchId launch, Duration limit)
      throws InterruptedException {
    CompletableFuture<Map<String, String>> serving = readyOf(launch);
    try {
      var _ =
          CompletableFuture.anyOf(serving, exitOf(launch))
              .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return serving.isDone() ? Optional.of(serving.get()) : Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    }
  }

  /**
   * Waits until an enclave has ended.
   *
   * @param launch the enclave
   * @return its exit code, or empty when the daemon itself is gone
   */
  Optional<Integer> awaitExit(LaunchId launch) throws InterruptedException {
    try {
      return Optional.of(exitOf(launch).get());
    } catch (ExecutionException e) {
      return Optional.empty();
    }
  }

  private void take(PlatformMessage.Event event) {
    var _ =
        switch (event) {
          case PlatformMessage.Ready serving ->
              readyOf(serving.launchId()).complete(serving.values());
          case PlatformMessage.Exited gone -> exitOf(gone.launchId()).complete(gone.exitCode());
        };
  }

  private synchronized CompletableFuture<Map<String, String>> readyOf(LaunchId launch) {
    return ready.computeIfAbsent(launch, _ -> fresh());
  }

  private synchronized CompletableFuture<Integer> exitOf(LaunchId launch) {
    return exited.computeIfAbsent(launch, _ -> fresh());
  }

  private <T> CompletableFuture<T> fresh() {
    return over ? CompletableFuture.failedFuture(gone()) : new CompletableFuture<>();
  }

  private synchronized void ended() {
    over = true;
    ready.values().forEach(future -> future.completeExceptionally(gone()));
    exited.values().forEach(future -> future.completeExceptionally(gone()));
  }

  private static PlatformException gone() {
    return new PlatformException(
        PlatformException.Code.CLOSED, "the connection to the simulated platform ended");
  }

  @Override
  public void close() {
    client.close();
  }
}
