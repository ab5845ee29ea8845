package org.sesemi.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A connection to the control socket of a platform daemon. Safe for use by several threads; each
 * call blocks until its reply is there.
 *
 * <p>Refusals of the daemon are thrown as {@link RemoteException}, failures of the connection as
 * {@link PlatformException}.
 */
public final class PlatformClient implements AutoCloseable {

  /** How long a call waits: the first launch of a unit copies and hashes it. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  private final SocketChannel channel;
  private final OutputStream out;
  private final Duration timeout;
  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong lastExchange = new AtomicLong();
  private final Map<Long, CompletableFuture<PlatformMessage.Reply>> waiting =
      new ConcurrentHashMap<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile Consumer<PlatformMessage.Event> listener = _ -> {};

  private PlatformClient(SocketChannel channel, Duration timeout) {
    this.channel = channel;
    this.out = Channels.newOutputStream(channel);
    this.timeout = timeout;
  }

  /**
   * Connects.
   *
   * @param socket the daemon's control socket, of any length
   * @return the connection
   * @throws PlatformException with {@code platform.unavailable} when nothing listens there
   */
  public static PlatformClient connect(Path socket) {
    return connect(socket, DEFAULT_TIMEOUT);
  }

  /**
   * Connects.
   *
   * @param socket the daemon's control socket, of any length
   * @param timeout how long each call waits for its reply
   * @return the connection
   * @throws PlatformException with {@code platform.unavailable} when nothing listens there
   */
  public static PlatformClient connect(Path socket, Duration timeout) {
    try {
      PlatformClient client = new PlatformClient(UnixSockets.connect(socket), timeout);
      Thread.ofVirtual().name("platform-client").start(client::read);
      return client;
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.UNAVAILABLE, "no platform daemon answers at " + socket, e);
    }
  }

  /**
   * Starts an enclave.
   *
   * @param launch what to start
   * @return the launch, whose enclave is not ready yet
   */
  public PlatformMessage.Launched launch(PlatformMessage.Launch launch) {
    return ask(launch, PlatformMessage.Launched.class);
  }

  /**
   * Ends an enclave and waits until its process is gone.
   *
   * @param launchId the launch
   * @return how it ended
   */
  public PlatformMessage.Stopped stop(LaunchId launchId) {
    return ask(new PlatformMessage.Stop(launchId), PlatformMessage.Stopped.class);
  }

  /** {@return what the platform is and what runs on it} */
  public PlatformMessage.StatusReport status() {
    return ask(new PlatformMessage.Status(), PlatformMessage.StatusReport.class);
  }

  /**
   * Measures a launch folder without starting it.
   *
   * @param folder the launch folder
   * @return its measurement
   */
  public PlatformMessage.Measured measure(Path folder) {
    return ask(
        new PlatformMessage.Measure(folder.toAbsolutePath().normalize().toString()),
        PlatformMessage.Measured.class);
  }

  /**
   * Asks for events. The listener is called in the order in which things happened, by the thread
   * that reads the connection: it must not call this client, and may hear of a launch before the
   * call that made it has returned.
   *
   * @param listener what to call; replaces an earlier one
   */
  public void subscribe(Consumer<PlatformMessage.Event> listener) {
    this.listener = listener;
    ask(new PlatformMessage.Subscribe(), PlatformMessage.Subscribed.class);
  }

  /**
   * Registers what to do when the connection has ended, for whatever reason.
   *
   * @param action called once; at once when it has ended already
   */
  public void onEnd(Runnable action) {
    var _ = ended.thenRun(action);
  }

  /** Ends the connection. Enclaves that it started go on. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.CLOSED, "the control connection did not close", e);
    }
  }

  private <R extends PlatformMessage.Reply> R ask(PlatformMessage.Request request, Class<R> type) {
    long exchange = lastExchange.incrementAndGet();
    CompletableFuture<PlatformMessage.Reply> reply = new CompletableFuture<>();
    waiting.put(exchange, reply);
    try {
      if (ended.isDone()) {
        throw closed();
      }
      send(new PlatformFrame(exchange, request));
      PlatformMessage.Reply received = reply.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (received instanceof PlatformMessage.Failed(PlatformFailure failure)) {
        throw failure.toException();
      }
      if (!type.isInstance(received)) {
        close();
        throw new PlatformException(
            PlatformException.Code.PROTOCOL, "the platform daemon answered something else");
      }
      return type.cast(received);
    } catch (TimeoutException e) {
      throw new PlatformException(
          PlatformException.Code.TIMEOUT, "no answer of the platform daemon in " + timeout, e);
    } catch (ExecutionException e) {
      throw closed();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException(
          PlatformException.Code.CLOSED, "interrupted while waiting for the platform daemon", e);
    } finally {
      waiting.remove(exchange);
    }
  }

  private void send(PlatformFrame frame) {
    writing.lock();
    try {
      Frames.write(out, frame.encode());
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.CLOSED, "the connection to the platform daemon broke", e);
    } finally {
      writing.unlock();
    }
  }

  private void read() {
    try (InputStream in = Channels.newInputStream(channel)) {
      while (true) {
        Optional<byte[]> bytes = Frames.read(in, PlatformMessage.MAX_LENGTH);
        if (bytes.isEmpty()) {
          return;
        }
        take(PlatformFrame.decode(bytes.get()));
      }
    } catch (IOException | CodedException _) {
      // The connection is over either way; whoever waits is told below.
    } finally {
      ended.complete(null);
      waiting.values().forEach(reply -> reply.completeExceptionally(closed()));
    }
  }

  private void take(PlatformFrame frame) {
    switch (frame.message()) {
      case PlatformMessage.Event event -> listener.accept(event);
      case PlatformMessage.Reply reply -> {
        CompletableFuture<PlatformMessage.Reply> waiter = waiting.get(frame.exchange());
        if (waiter != null) {
          waiter.complete(reply);
        }
      }
      case PlatformMessage.Request _ ->
          throw new PlatformException(
              PlatformException.Code.PROTOCOL, "a platform daemon does not ask");
    }
  }

  private static PlatformException closed() {
    return new PlatformException(
        PlatformException.Code.CLOSED, "the connection to the platform daemon ended");
  }
}
