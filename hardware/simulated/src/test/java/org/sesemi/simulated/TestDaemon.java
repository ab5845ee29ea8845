package org.sesemi.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformClient;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.RandomSource;

/** A platform with its control socket inside the test process, and a client connected to it. */
final class TestDaemon implements AutoCloseable {

  final PlatformHome home;
  final SimulatedPlatform platform;
  final PlatformClient client;
  final Path socket;
  private final ControlServer server;
  private final LinkedBlockingQueue<PlatformMessage.Event> events = new LinkedBlockingQueue<>();
  private final List<PlatformMessage.Event> seen = new ArrayList<>();

  TestDaemon(Path folder) throws IOException {
    this(folder, 8);
  }

  TestDaemon(Path folder, int maxLaunches) throws IOException {
    Settings settings = new Settings(folder, maxLaunches, Duration.ofSeconds(2));
    home = PlatformHome.open(settings.home());
    platform =
        SimulatedPlatform.open(settings, home, InstantSource.system(), RandomSource.secure());
    server = new ControlServer(home.listen(), platform);
    server.start();
    socket = folder.resolve(PlatformHome.SOCKET);
    client = PlatformClient.connect(socket);
    client.subscribe(events::add);
  }

  static Bytes config(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static PlatformMessage.Launch request(Path unit, String config, Map<String, String> parameters) {
    return new PlatformMessage.Launch(unit.toString(), config(config), parameters, "enclave");
  }

  PlatformMessage.Launched launch(Path unit, Map<String, String> parameters) {
    return client.launch(request(unit, "{}", parameters));
  }

  /** Launches and waits until the enclave is ready. */
  Map<String, String> results(Path unit, Map<String, String> parameters)
      throws InterruptedException {
    return ready(launch(unit, parameters).launchId()).values();
  }

  PlatformMessage.Ready ready(LaunchId id) throws InterruptedException {
    return (PlatformMessage.Ready)
        await(event -> event instanceof PlatformMessage.Ready && event.launchId().equals(id));
  }

  PlatformMessage.Exited exited(LaunchId id) throws InterruptedException {
    return (PlatformMessage.Exited)
        await(event -> event instanceof PlatformMessage.Exited && event.launchId().equals(id));
  }

  private PlatformMessage.Event await(Predicate<PlatformMessage.Event> wanted)
      throws InterruptedException {
    for (PlatformMessage.Event event : seen) {
      if (wanted.test(event)) {
        return event;
      }
    }
    while (true) {
      PlatformMessage.Event event = events.poll(30, TimeUnit.SECONDS);
      if (event == null) {
        throw new AssertionError("the event did not come; came: " + seen);
      }
      seen.add(event);
      if (wanted.test(event)) {
        return event;
      }
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    server.close();
    platform.close();
    home.close();
  }
}
