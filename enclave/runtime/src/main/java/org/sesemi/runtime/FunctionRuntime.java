package org.sesemi.runtime;

import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.function.LongSupplier;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.channel.HttpLimits;
import org.sesemi.channel.HttpListener;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.ResponseSealer;
import org.sesemi.runtime.internal.ActionApi;
import org.sesemi.runtime.internal.Admission;
import org.sesemi.runtime.internal.AttestedConnector;
import org.sesemi.runtime.internal.DeadlineWatch;
import org.sesemi.runtime.internal.EngineStart;
import org.sesemi.runtime.internal.HttpApi;
import org.sesemi.runtime.internal.InvokeApi;
import org.sesemi.runtime.internal.KeyCache;
import org.sesemi.runtime.internal.KeyServiceLink;
import org.sesemi.runtime.internal.Metrics;
import org.sesemi.runtime.internal.ModelCache;
import org.sesemi.runtime.internal.ModelLoader;
import org.sesemi.runtime.internal.PackageStore;
import org.sesemi.runtime.internal.ReplayWindow;
import org.sesemi.runtime.internal.RequestServer;
import org.sesemi.runtime.internal.RuntimeKeys;
import org.sesemi.runtime.spi.InferenceEngine;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/**
 * One instance of the function: it listens for sealed requests and answers them with what the key
 * service releases to it.
 *
 * <p>Guarantees: keys, models and plaintexts stay in the memory of this process; whatever leaves is
 * sealed for the user who asked, except for codes, timings and the clear header's own fields. Its
 * receipt key is made at start and never stored.
 */
public final class FunctionRuntime implements AutoCloseable {

  private static final int MAX_USERS = 4096;
  private static final int MAX_REMEMBERED_REQUESTS = 500_000;
  private static final int EXTRA_CONNECTIONS = 64;

  private final Admission admission;
  private final KeyCache<RuntimeKeys> keys;
  private final ModelCache models;
  private final KeyServiceLink link;
  private final DeadlineWatch watch = new DeadlineWatch();
  private final EngineStart engine;
  private final HttpListener listener;

  /**
   * What a platform launched.
   *
   * @param attester vouches for this launch
   * @param measurement its code
   * @param configDigest its configuration
   * @param config the measured configuration
   * @param parameters what the operator said beside it
   */
  public record Launch(
      Attester attester,
      Digest measurement,
      Digest configDigest,
      Bytes config,
      Map<String, String> parameters) {

    /** Copies the parameters. */
    public Launch {
      parameters = Map.copyOf(parameters);
    }

    /**
     * {@return the launch of this process}
     *
     * @param platform the platform that launched it
     */
    public static Launch of(EnclavePlatform platform) {
      return new Launch(
          platform,
          platform.measurement(),
          platform.configDigest(),
          platform.config(),
          platform.parameters());
    }
  }

  /**
   * What an instance stands on.
   *
   * @param clock the time of day
   * @param ticker a clock in nanoseconds that never goes back
   * @param random where keys and salts come from
   * @param provider the primitives
   * @param activationLogs the streams that an action platform collects
   */
  public record Base(
      InstantSource clock,
      LongSupplier ticker,
      RandomSource random,
      CryptoProvider provider,
      List<PrintStream> activationLogs) {

    /** Copies the list. */
    public Base {
      activationLogs = List.copyOf(activationLogs);
    }
  }

  private FunctionRuntime(Launch launch, Base base, EngineStart engine) {
    RuntimeConfig config = RuntimeConfig.parse(launch.config().toArray());
    RuntimeParameters parameters = RuntimeParameters.of(launch.parameters());
    this.engine = engine;
    IdentityKey receiptKey = IdentityKey.generate(base.random()).with(base.provider());
    admission = new Admission(parameters.concurrency(), parameters.queue());
    keys = new KeyCache<>(base.clock(), base.ticker(), MAX_USERS);
    models = new ModelCache(parameters.memoryBytes());
    link =
        new KeyServiceLink(
            new AttestedConnector(
                parameters.keyService(),
                launch.attester(),
                config.keyServicePolicy(),
                config.cluster(),
                receiptKey,
                base.clock(),
                base.random()),
            new KeyServiceLink.Expectation(
                config.cluster(),
                receiptKey.publicKey(),
                launch.measurement(),
                launch.configDigest()));
    Metrics metrics = new Metrics();
    InvokeApi invoke =
        new InvokeApi(
            server(launch, base, config, parameters, receiptKey),
            admission,
            metrics,
            base.ticker(),
            parameters.timeout(),
            config.maxRequestBytes());
    gauges(metrics, parameters);
    int connections = parameters.concurrency() + parameters.queue() + EXTRA_CONNECTIONS;
    listener =
        HttpListener.start(
            parameters.listen(),
            HttpLimits.DEFAULT
                .withConcurrency(
                    Math.max(HttpLimits.DEFAULT.maxConnections(), connections), connections)
                .withBodyBytes(
                    config.maxRequestBytes() / 3 * 4 + 65_536,
                    Math.max(HttpLimits.DEFAULT.maxBufferedBytes(), 2L * config.maxRequestBytes())),
            new HttpApi(
                invoke,
                new ActionApi(invoke, base.clock(), base.activationLogs()),
                metrics,
                this::unreadiness));
    link.probe();
  }

  private RequestServer server(
      Launch launch,
      Base base,
      RuntimeConfig config,
      RuntimeParameters parameters,
      IdentityKey receiptKey) {
    PackageStore store = new PackageStore(parameters.storage());
    int processors = Runtime.getRuntime().availableProcessors();
    ModelLoader loader =
        new ModelLoader(store, base.provider(), engine::get, base.ticker(), processors);
    ResponseSealer sealer =
        new ResponseSealer(
            base.provider(), base.random(), launch.measurement(), launch.configDigest());
    return new RequestServer(
        new RequestServer.Parts(
            base.clock(),
            base.ticker(),
            base.provider(),
            new RequestServer.Identity(
                receiptKey, launch.measurement(), launch.configDigest(), config.cluster(), sealer),
            link,
            store,
            loader,
            () -> engine.get().platform()),
        keys,
        models,
        new ReplayWindow(base.clock(), MAX_REMEMBERED_REQUESTS),
        admission,
        watch);
  }

  private void gauges(Metrics metrics, RuntimeParameters parameters) {
    metrics.gauge("requests_inside", admission::inside);
    metrics.gauge("requests_inferring", admission::inferring);
    metrics.gauge("concurrency", parameters::concurrency);
    metrics.gauge("models", models::size);
    metrics.gauge("model_memory_bytes", models::usedBytes);
    metrics.gauge("model_memory_budget_bytes", parameters::memoryBytes);
    metrics.gauge("model_evictions", models::evictions);
    metrics.gauge("key_slots", keys::size);
    metrics.gauge("keyservice_reachable", () -> link.reachable() ? 1 : 0);
    metrics.gauge("ready", () -> unreadiness().isEmpty() ? 1 : 0);
  }

  /**
   * Starts an instance.
   *
   * @param launch what the platform launched
   * @param base what it stands on
   * @param engine the engine, which may still be starting
   * @return the running instance
   * @throws FunctionException with {@code config.invalid}
   */
  public static FunctionRuntime start(
      Launch launch, Base base, FutureTask<InferenceEngine> engine) {
    return new FunctionRuntime(launch, base, new EngineStart(engine));
  }

  private Optional<String> unreadiness() {
    if (admission.draining()) {
      return Optional.of("stopping");
    }
    if (!engine.ready()) {
      return Optional.of("the inference engine is starting or failed");
    }
    if (!link.reachable()) {
      // Whoever routes by readiness sends no request that would find the service back again.
      link.probe();
      return Optional.of("the key service is not reachable");
    }
    return Optional.empty();
  }

  /** {@return where it listens} */
  public InetSocketAddress address() {
    return listener.address();
  }

  /**
   * Refuses further requests, lets those inside end, and stops.
   *
   * @param grace how long to wait
   */
  public void drain(Duration grace) {
    admission.drain();
    listener.close(grace);
    keys.close();
    models.close();
    watch.close();
    link.close();
  }

  /** Stops after a few seconds for requests inside. */
  @Override
  public void close() {
    drain(Duration.ofSeconds(5));
  }
}
