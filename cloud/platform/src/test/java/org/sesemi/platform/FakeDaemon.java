package org.sesemi.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformFailure;
import org.sesemi.wire.PlatformFrame;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.UnixSockets;

/** A platform daemon whose enclaves are fake functions in this process. */
final class FakeDaemon implements AutoCloseable {

  /** What a launch of the daemon does. */
  @FunctionalInterface
  interface Launcher {
    /** Returns the function that becomes ready, or nothing when the enclave ends before. */
    Optional<FakeFunction> start(int number, PlatformMessage.Launch launch) throws IOException;
  }

  private record Running(
      LaunchId id, PlatformMessage.Launch launch, long pid, Optional<FakeFunction> function) {}

  private record Connection(SocketChannel channel, OutputStream out) {}

  private final Path socket;
  private final ServerSocketChannel listener;
  private final Launcher launcher;
  private final AtomicInteger launches = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();
  private final Map<LaunchId, Running> running = new ConcurrentHashMap<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final List<PlatformMessage.Launch> seen = new CopyOnWriteArrayList<>();
  private volatile long pid = ProcessHandle.current().pid();

  FakeDaemon(Path socket, Launcher launcher) throws IOException {
    this.socket = socket;
    this.launcher = launcher;
    this.listener = UnixSockets.listen(socket);
    Thread.ofVirtual().name("fake-daemon").start(this::accept);
  }

  /** A daemon whose functions all behave the same. */
  static FakeDaemon of(Path socket, FakeFunction.Behaviour behaviour) throws IOException {
    return new FakeDaemon(socket, (_, _) -> Optional.of(new FakeFunction(behaviour)));
  }

  /** Says that enclaves launched from now on are a certain process. */
  void enclavesAre(long process) {
    this.pid = process;
  }

  List<PlatformMessage.Launch> launches() {
    return List.copyOf(seen);
  }

  int running() {
    return running.size();
  }

  int mostRunning() {
    return mostRunning.get();
  }

  List<FakeFunction> functions() {
    return running.values().stream().flatMap(r -> r.function.stream()).toList();
  }

  /** Kills all enclaves, as kill -9 does. */
  void killAll() {
    running.keySet().forEach(id -> end(id, 137));
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().name("fake-daemon-connection").start(() -> serve(channel));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(SocketChannel channel) {
    Connection connection = new Connection(channel, Channels.newOutputStream(channel));
    try (channel;
        InputStream in = Channels.newInputStream(channel)) {
      while (true) {
        Optional<byte[]> bytes = Frames.read(in, PlatformMessage.MAX_LENGTH);
        if (bytes.isEmpty()) {
          return;
        }
        PlatformFrame frame = PlatformFrame.decode(bytes.get());
        if (frame.message() instanceof PlatformMessage.Request request) {
          answer(connection, frame.exchange(), request);
        }
      }
    } catch (IOException _) {
      // The client is gone.
    } finally {
      connections.remove(connection);
    }
  }

  private void answer(Connection connection, long exchange, PlatformMessage.Request request)
      throws IOException {
    switch (request) {
      case PlatformMessage.Subscribe _ -> {
        connections.add(connection);
        send(connection, exchange, new PlatformMessage.Subscribed());
      }
      case PlatformMessage.Status _ -> send(connection, exchange, report());
      case PlatformMessage.Launch launch -> launch(connection, exchange, launch);
      case PlatformMessage.Stop(LaunchId id) -> {
        end(id, 0);
        send(connection, exchange, new PlatformMessage.Stopped(id, 0));
      }
      case PlatformMessage.Measure _ ->
          send(
              connection,
              exchange,
              new PlatformMessage.Failed(
                  new PlatformFailure(
                      "launch.unit", ErrorCategory.INVALID, false, "None.", "not here")));
    }
  }

  private void launch(Connection connection, long exchange, PlatformMessage.Launch launch)
      throws IOException {
    seen.add(launch);
    LaunchId id = LaunchId.random(RandomSource.secure());
    Optional<FakeFunction> function = launcher.start(launches.incrementAndGet(), launch);
    running.put(id, new Running(id, launch, pid, function));
    mostRunning.accumulateAndGet(running.size(), Math::max);
    // Events may come before the reply; that is the harder order.
    if (function.isPresent()) {
      event(
          new PlatformMessage.Ready(
              id, launch.label(), Map.of(PlatformMessage.ADDRESS_VALUE, function.get().address())));
    } else {
      end(id, 1);
    }
    send(
        connection,
        exchange,
        new PlatformMessage.Launched(id, pid, Digest.sha256(), Digest.sha256()));
  }

  private PlatformMessage.StatusReport report() {
    List<PlatformMessage.LaunchView> views =
        running.values().stream()
            .map(
                r ->
                    new PlatformMessage.LaunchView(
                        r.id,
                        r.launch.label(),
                        r.pid,
                        Digest.sha256(),
                        Digest.sha256(),
                        PlatformMessage.LaunchState.READY,
                        Instant.EPOCH,
                        Map.of()))
            .toList();
    return new PlatformMessage.StatusReport(
        "simulated", "", Bytes.of(new byte[32]), 1, Instant.EPOCH, 16, views, List.of());
  }

  private void end(LaunchId id, int code) {
    Running gone = running.remove(id);
    if (gone != null) {
      gone.function.ifPresent(FakeFunction::close);
      event(new PlatformMessage.Exited(id, gone.launch.label(), code));
    }
  }

  private void event(PlatformMessage.Event event) {
    for (Connection connection : connections) {
      try {
        send(connection, 0, event);
      } catch (IOException _) {
        // Its own thread finds out and forgets it.
      }
    }
  }

  private static void send(Connection connection, long exchange, PlatformMessage message)
      throws IOException {
    byte[] frame = new PlatformFrame(exchange, message).encode();
    synchronized (connection) {
      Frames.write(connection.out, frame);
    }
  }

  /** Ends the daemon and with it all enclaves. */
  @Override
  public void close() throws IOException {
    listener.close();
    Files.deleteIfExists(socket);
    for (Connection connection : connections) {
      connection.channel.close();
    }
    running.values().forEach(r -> r.function.ifPresent(FakeFunction::close));
    running.clear();
  }
}
