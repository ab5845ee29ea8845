package org.sesemi.simulated;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.sesemi.attestation.LaunchComponent;
import org.sesemi.attestation.LaunchManifest;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnclaveMessage;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.RandomSource;

/**
 * A platform that behaves like confidential hardware and protects nothing.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>It starts enclaves itself, from copies of its own that it measured; nobody can name a
 *       measurement to it, and no process that it did not start can get evidence from it.
 *   <li>Each launch has a quoting key of its own; sealing keys and counters belong to a
 *       measurement.
 *   <li>When it ends, in whatever way, its enclaves end.
 * </ul>
 */
final class SimulatedPlatform implements AutoCloseable {

  /** What every person who looks at a simulated platform must be told. */
  static final String BANNER = "SIMULATION: protects nothing";

  static final List<String> LIMITS =
      List.of(
          "The root key lies in a file that the operator can read.",
          "Memory of enclaves is not encrypted; root can read it.",
          "Enclaves run under the user id of the daemon.",
          "The kernel, the C library and /etc/ld.so.preload are not measured.");

  private static final System.Logger LOG = System.getLogger("org.sesemi.simulated");
  private static final Duration DESTROY_TIME = Duration.ofSeconds(20);

  private final Settings settings;
  private final PlatformHome home;
  private final PlatformRoot root;
  private final UnitStore store;
  private final CounterStore counters;
  private final InstantSource clock;
  private final RandomSource random;
  private final Instant started;
  private final Semaphore places;
  private final Map<LaunchId, EnclaveSession> sessions = new ConcurrentHashMap<>();
  private final List<Consumer<PlatformMessage.Event>> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  private SimulatedPlatform(
      Settings settings,
      PlatformHome home,
      PlatformRoot root,
      UnitStore store,
      InstantSource clock,
      RandomSource random) {
    this.settings = settings;
    this.home = home;
    this.root = root;
    this.store = store;
    this.counters = new CounterStore(home.counters());
    this.clock = clock;
    this.random = random;
    this.started = clock.instant();
    this.places = new Semaphore(settings.maxLaunches());
  }

  static SimulatedPlatform open(
      Settings settings, PlatformHome home, InstantSource clock, RandomSource random)
      throws IOException {
    PlatformRoot root = PlatformRoot.open(home.rootKey(), random);
    return new SimulatedPlatform(
        settings, home, root, new UnitStore(home.store(), clock, random), clock, random);
  }

  /** How many files of launch folders were read since the start. */
  long filesRead() {
    return store.filesRead();
  }

  PlatformMessage.Launched launch(PlatformMessage.Launch launch) throws IOException {
    if (closing || !places.tryAcquire()) {
      throw new PlatformException(
          PlatformException.Code.FULL,
          "the platform runs " + settings.maxLaunches() + " enclaves, or is about to end");
    }
    boolean running = false;
    try {
      UnitStore.StoredUnit stored = store.prepare(Path.of(launch.unit()));
      EnclaveSession session = start(launch, stored);
      running = true;
      EnclaveSession.Identity identity = session.identity();
      return new PlatformMessage.Launched(
          identity.launchId(), session.pid(), identity.measurement(), identity.configDigest());
    } finally {
      if (!running) {
        places.release();
      }
    }
  }

  private EnclaveSession start(PlatformMessage.Launch launch, UnitStore.StoredUnit stored)
      throws IOException {
    EnclaveSession.Identity identity =
        new EnclaveSession.Identity(
            LaunchId.random(random),
            launch.label(),
            stored.unit().measurement(),
            LaunchManifest.configDigest(launch.config().toArray()));
    String heading =
        "== "
            + BANNER
            + "; "
            + clock.instant()
            + ", launch "
            + identity.launchId()
            + ", measurement "
            + identity.measurement()
            + ", configuration "
            + identity.configDigest();
    Process process = EnclaveProcess.start(stored, home.log(launch.label()), heading);
    EnclaveSession session =
        new EnclaveSession(identity, process, root, counters, clock, IdentityKey.generate(random));
    sessions.put(identity.launchId(), session);
    LOG.log(
        System.Logger.Level.INFO,
        "{0}: launched {1} as process {2}, measurement {3}",
        BANNER,
        identity.label(),
        Long.toString(session.pid()),
        identity.measurement());
    session.open(hello(identity, launch), new News());
    if (closing) {
      session.destroy();
    }
    return session;
  }

  private EnclaveMessage.Hello hello(
      EnclaveSession.Identity identity, PlatformMessage.Launch launch) {
    return new EnclaveMessage.Hello(
        PlatformKind.SIMULATED.text(),
        identity.launchId(),
        identity.measurement(),
        identity.configDigest(),
        root.publicKey(),
        launch.config(),
        launch.parameters());
  }

  PlatformMessage.Stopped stop(LaunchId launchId) {
    EnclaveSession session = sessions.get(launchId);
    if (session == null) {
      throw new PlatformException(
          PlatformException.Code.LAUNCH_UNKNOWN, "no enclave runs as launch " + launchId);
    }
    session.shutDown();
    try {
      return new PlatformMessage.Stopped(launchId, end(session, settings.stopGrace()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException(PlatformException.Code.CLOSED, "the platform is ending", e);
    }
  }

  private static int end(EnclaveSession session, Duration grace) throws InterruptedException {
    try {
      return session.exit().get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      session.destroy();
    } catch (ExecutionException e) {
      throw new IllegalStateException("an exit code is never a failure", e);
    }
    try {
      return session.exit().get(DESTROY_TIME.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new PlatformException(
          PlatformException.Code.INTERNAL, "process " + session.pid() + " does not end", e);
    }
  }

  PlatformMessage.StatusReport status() {
    List<PlatformMessage.LaunchView> views = new ArrayList<>();
    sessions.values().forEach(session -> views.add(session.view()));
    views.sort(
        Comparator.comparing(PlatformMessage.LaunchView::started)
            .thenComparingLong(PlatformMessage.LaunchView::pid));
    return new PlatformMessage.StatusReport(
        PlatformKind.SIMULATED.text(),
        BANNER,
        root.publicKey(),
        ProcessHandle.current().pid(),
        started,
        settings.maxLaunches(),
        views,
        LIMITS);
  }

  PlatformMessage.Measured measure(Path folder) throws IOException {
    LaunchManifest manifest = store.prepare(folder).unit().manifest();
    Digest measurement = manifest.measurement();
    List<PlatformMessage.Component> components =
        manifest.components().stream().map(SimulatedPlatform::component).toList();
    return new PlatformMessage.Measured(measurement, components);
  }

  private static PlatformMessage.Component component(LaunchComponent component) {
    return new PlatformMessage.Component(
        component.kind().text(), component.name(), component.digest(), component.size());
  }

  /** Lets a listener hear all events until the returned action is run. It must not block. */
  Runnable subscribe(Consumer<PlatformMessage.Event> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Ends all enclaves: asks them, waits a moment, destroys those that are left. */
  @Override
  public void close() {
    closing = true;
    List<EnclaveSession> running = List.copyOf(sessions.values());
    running.forEach(EnclaveSession::shutDown);
    try {
      for (EnclaveSession session : running) {
        end(session, settings.stopGrace());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.forEach(EnclaveSession::destroy);
    }
    root.close();
  }

  /** Keeps the table of launches and tells the listeners. */
  private final class News implements EnclaveSession.Observer {

    @Override
    public void ready(EnclaveSession session, Map<String, String> values) {
      EnclaveSession.Identity identity = session.identity();
      tell(new PlatformMessage.Ready(identity.launchId(), identity.label(), values));
    }

    @Override
    public void exited(EnclaveSession session, int exitCode) {
      EnclaveSession.Identity identity = session.identity();
      sessions.remove(identity.launchId());
      places.release();
      LOG.log(
          System.Logger.Level.INFO,
          "{0} (process {1}) ended with {2}",
          identity.label(),
          Long.toString(session.pid()),
          exitCode);
      tell(new PlatformMessage.Exited(identity.launchId(), identity.label(), exitCode));
    }

    private void tell(PlatformMessage.Event event) {
      listeners.forEach(listener -> listener.accept(event));
    }
  }
}
