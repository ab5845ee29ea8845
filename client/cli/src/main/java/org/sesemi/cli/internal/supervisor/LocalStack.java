package org.sesemi.cli.internal.supervisor;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.LaunchManifest;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.Identities;
import org.sesemi.sdk.ClientConfig;
import org.sesemi.sdk.RequestKeyStore;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.sdk.TrustStore;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.PlatformMessage;

/**
 * The stack of one machine: the simulated platform's daemon, the key service that it launches, and
 * the packer, each with where it listens and what it must measure to.
 *
 * <p>What is trusted is calculated here, from the files: the measurements, and the platform's root
 * as the daemon of this state folder shows it. The key service then has to prove itself before its
 * cluster is pinned and the packer starts.
 */
final class LocalStack implements StackParts {

  static final String PLATFORM = "platform";
  static final String KEY_SERVICE = "key service";
  static final String PACKER = "packer";

  private static final String LOOPBACK = "127.0.0.1";
  private static final Duration READY_LIMIT = Duration.ofSeconds(50);
  private static final Duration EVERY = Duration.ofMillis(20);

  private final HomeFolder home;
  private final Dist dist;
  private final RunFolder run;
  private final Ports ports;
  private Function<String, Optional<Running>> running = _ -> Optional.empty();
  private @Nullable PlatformLink link;
  private @Nullable Bytes root;
  private @Nullable Digest keyServiceMeasurement;
  private @Nullable Digest runtimeMeasurement;

  LocalStack(HomeFolder home, Dist dist, RunFolder run) {
    this.home = home;
    this.dist = dist;
    this.run = run;
    this.ports =
        Ports.read(home)
            .orElseThrow(
                () -> new CliException(CliException.Code.STATE_DAMAGED, "no ports were chosen"));
  }

  @Override
  public List<Named> starters() {
    return List.of(
        new Named(PLATFORM, this::startPlatform),
        new Named(KEY_SERVICE, this::startKeyService),
        new Named(PACKER, this::startPacker));
  }

  @Override
  public void bind(Function<String, Optional<Running>> byName) {
    this.running = byName;
  }

  @Override
  public String before(String name) {
    return switch (name) {
      case PLATFORM -> "starting the simulated platform";
      case KEY_SERVICE -> "measuring and launching the key service";
      default -> "starting the packer";
    };
  }

  @Override
  public void after(String name) {
    if (name.equals(KEY_SERVICE)) {
      pin();
    }
  }

  private Running startPlatform() throws InterruptedException {
    deleteSocket();
    ChildProcess daemon =
        ChildProcess.start(
            "simulated platform",
            Programs.platform(dist, home, run),
            home.platform(),
            home.logs().resolve("platform.log"),
            StackControl.childEnvironment(),
            Map.of());
    Optional<PlatformLink> connected =
        Poll.until(
            READY_LIMIT,
            EVERY,
            () -> {
              if (!daemon.isAlive()) {
                throw new CliException(
                    CliException.Code.START_FAILED,
                    "the simulated platform ended; see " + home.logs().resolve("platform.log"));
              }
              return PlatformLink.tryConnect(home.platform());
            });
    if (connected.isEmpty()) {
      daemon.stop(Duration.ofSeconds(1));
      throw new CliException(CliException.Code.NOT_READY, "the simulated platform does not listen");
    }
    PlatformMessage.StatusReport status = connected.get().status();
    synchronized (this) {
      if (link != null) {
        link.close();
      }
      link = connected.get();
      root = status.rootPublicKey();
    }
    return daemon;
  }

  private void deleteSocket() {
    try {
      var _ = Files.deleteIfExists(home.platform().resolve(PlatformLink.SOCKET));
    } catch (IOException e) {
      throw new CliException(
          CliException.Code.HOME_UNWRITABLE, "cannot delete the platform's old socket", e);
    }
  }

  private PlatformLink awaitPlatform() {
    Optional<Running> platform = Poll.until(READY_LIMIT, EVERY, () -> running.apply(PLATFORM));
    synchronized (this) {
      if (platform.isEmpty() || link == null) {
        throw new CliException(CliException.Code.NOT_READY, "the simulated platform is away");
      }
      return link;
    }
  }

  private Running startKeyService() throws InterruptedException {
    PlatformLink platform = awaitPlatform();
    measure();
    Digest expected = requireNonNull(keyServiceMeasurement);
    refuseStale(expected);
    byte[] config = EnclaveConfigs.keyService();
    PlatformMessage.Launched launched =
        platform.launch(
            new PlatformMessage.Launch(
                dist.keyService().toString(),
                Bytes.of(config),
                Map.of(
                    "listen",
                    LOOPBACK + ":" + ports.keyService(),
                    "data",
                    home.keyService().toString()),
                "keyservice"));
    ProcessId process = ProcessId.ofLiving(launched.pid()).orElse(new ProcessId(launched.pid(), 0));
    Optional<Map<String, String>> ready = platform.awaitReady(launched.launchId(), READY_LIMIT);
    if (ready.isEmpty()) {
      platform.stop(launched.launchId());
      throw new CliException(
          CliException.Code.START_FAILED,
          "the key service did not become ready; see "
              + home.platform().resolve("logs").resolve("keyservice.log"));
    }
    Map<String, String> facts = new TreeMap<>();
    facts.put("address", LOOPBACK + ":" + ports.keyService());
    facts.put("measurement", launched.measurement().hex());
    facts.put("configuration", launched.configDigest().hex());
    return new EnclaveLife(platform, launched, process, facts);
  }

  /**
   * State that another build sealed cannot be opened; saying so early beats a key service that
   * fails.
   */
  private void refuseStale(Digest measurement) {
    Path file = home.sealedBy();
    try {
      if (!Files.exists(file)) {
        Files.writeString(file, measurement.hex());
      } else if (!Files.readString(file).strip().equals(measurement.hex())) {
        throw new CliException(
            CliException.Code.HOME_STALE,
            "the state in " + home.root() + " was sealed by another build of the key service");
      }
    } catch (IOException e) {
      throw new CliException(CliException.Code.STATE_DAMAGED, "cannot read " + file, e);
    }
  }

  private synchronized void measure() {
    if (keyServiceMeasurement == null) {
      keyServiceMeasurement = dist.scan(dist.keyService()).measurement();
      runtimeMeasurement = dist.scan(dist.runtime()).measurement();
    }
  }

  /** Lets the key service prove itself, then writes down what commands may rely on. */
  private void pin() {
    Bytes keyServicePolicy = keyServicePolicy();
    Optional<Digest> pinned =
        Files.exists(home.context())
            ? Optional.of(Context.read(home).clusterId())
            : Optional.empty();
    Identities identities = new Identities(home);
    String identity =
        Files.exists(home.context()) ? Context.read(home).identity() : Identities.DEFAULT;
    var _ = identities.findOrCreate(identity);
    InetSocketAddress address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.keyService());
    URI packer = URI.create("http://" + LOOPBACK + ":" + ports.packer());
    ClientConfig config =
        new ClientConfig(
            address, keyServicePolicy, pinned, keyServicePolicy, packer, home.storage());
    try (SesemiClient client =
        new SesemiClient(
            config,
            identities.open(identity),
            new TrustStore(home.trust()),
            new RequestKeyStore(home.requestKeys()))) {
      ClusterStatus status = client.connect();
      byte[] runtimeConfig = EnclaveConfigs.runtime(status.clusterId(), keyServicePolicy);
      SimulatedPolicy runtimePolicy =
          SimulatedPolicy.of(
              requireNonNull(root),
              requireNonNull(runtimeMeasurement),
              LaunchManifest.configDigest(runtimeConfig));
      new Context(
              status.clusterId(),
              status.genesis(),
              LOOPBACK,
              ports.keyService(),
              keyServicePolicy,
              Bytes.of(runtimePolicy.encode()),
              packer,
              home.storage(),
              identity)
          .write(home);
    }
  }

  private Bytes keyServicePolicy() {
    return Bytes.of(
        SimulatedPolicy.of(
                requireNonNull(root),
                requireNonNull(keyServiceMeasurement),
                LaunchManifest.configDigest(EnclaveConfigs.keyService()))
            .encode());
  }

  private Running startPacker() throws InterruptedException {
    Context context = Context.read(home);
    Programs.writePackerConfiguration(dist, home, run, context, ports);
    ChildProcess packer =
        ChildProcess.start(
            "packer",
            Programs.packer(dist, run),
            home.platform(),
            home.logs().resolve("packer.log"),
            StackControl.childEnvironment(),
            Map.of("address", LOOPBACK + ":" + ports.packer()));
    boolean live =
        Poll.untilTrue(
            READY_LIMIT, EVERY, () -> !packer.isAlive() || FunctionView.isLive(context.packer()));
    if (!live || !packer.isAlive()) {
      packer.stop(Duration.ofSeconds(1));
      throw new CliException(
          CliException.Code.START_FAILED,
          "the packer did not become ready; see " + home.logs().resolve("packer.log"));
    }
    return packer;
  }
}
