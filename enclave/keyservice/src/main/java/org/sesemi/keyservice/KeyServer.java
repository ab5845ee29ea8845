package org.sesemi.keyservice;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.EnclavePlatform;
import org.sesemi.channel.AttestedServer;
import org.sesemi.channel.ChannelOptions;
import org.sesemi.channel.HttpLimits;
import org.sesemi.channel.PeerRules;
import org.sesemi.channel.ServerIdentity;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.keyservice.internal.OpenCluster;
import org.sesemi.keyservice.internal.ServerSettings;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.RandomSource;

/**
 * A running key service: the cluster of a data folder, served on attested connections.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Every connection is attested in both directions before its first request: the key service
 *       proves itself to all, an owner or user proves an identity key, a runtime proves what it is.
 *   <li>What a peer is taken for is what the channel verified on this very connection.
 *   <li>Evidence of runtimes is verified against the root of the platform that this key service
 *       runs on; which runtime may have which keys is decided per request.
 * </ul>
 */
public final class KeyServer implements AutoCloseable {

  private static final System.Logger LOGGER = System.getLogger(KeyServer.class.getName());
  private static final int MAX_BODY_BYTES = 64 * 1024;
  private static final long MAX_BUFFERED_BYTES = 16L * 1024 * 1024;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final OpenCluster cluster;
  private final IdentityKey channelKey;
  private final AttestedServer server;
  private final CountDownLatch stop;
  private final AtomicReference<@Nullable RuntimeException> failure;

  private KeyServer(
      OpenCluster cluster,
      IdentityKey channelKey,
      AttestedServer server,
      CountDownLatch stop,
      AtomicReference<@Nullable RuntimeException> failure) {
    this.cluster = cluster;
    this.channelKey = channelKey;
    this.server = server;
    this.stop = stop;
    this.failure = failure;
  }

  /**
   * Opens the cluster that the platform's parameters name, or founds one, and serves it.
   *
   * @param platform the platform of this launch
   * @param crypto signs certificates and the audit log
   * @param clock the clock
   * @param random where secrets, ids and nonces come from
   * @return the running key service
   * @throws org.sesemi.wire.CodedException when a setting is wrong, the state is refused or the
   *     address cannot be used
   */
  public static KeyServer start(
      EnclavePlatform platform, CryptoProvider crypto, InstantSource clock, RandomSource random) {
    ServerSettings settings = ServerSettings.of(platform);
    OpenCluster cluster = OpenCluster.open(settings.data(), platform, crypto, clock, random);
    CountDownLatch stop = new CountDownLatch(1);
    AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
    IdentityKey channelKey = IdentityKey.generate(random);
    try {
      AttestedServer server =
          AttestedServer.start(
              settings.listen(),
              new ServerIdentity(channelKey, platform, () -> cluster.service().status().encode()),
              PeerRules.both(cluster.verifier()::verify),
              cluster.api(
                  clock,
                  e -> {
                    LOGGER.log(System.Logger.Level.ERROR, "the key service cannot go on", e);
                    failure.compareAndSet(null, e);
                    stop.countDown();
                  }),
              new ChannelOptions(
                  clock,
                  random,
                  HttpLimits.DEFAULT.withBodyBytes(MAX_BODY_BYTES, MAX_BUFFERED_BYTES)));
      return new KeyServer(cluster, channelKey, server, stop, failure);
    } catch (RuntimeException e) {
      cluster.close();
      channelKey.close();
      throw e;
    }
  }

  /** {@return where it listens} */
  public InetSocketAddress address() {
    return server.address();
  }

  /** {@return what it says about itself} */
  public ClusterStatus status() {
    return cluster.service().status();
  }

  /** {@return what it announces when it can serve: address, cluster id, genesis and epoch} */
  public Map<String, String> announcement() {
    ClusterStatus status = status();
    String host = address().getAddress().getHostAddress();
    return Map.of(
        "host", host,
        "port", Integer.toString(address().getPort()),
        "address", host + ":" + address().getPort(),
        "clusterId", status.clusterId().hex(),
        "genesis", status.genesis().hex(),
        "epoch", Long.toString(status.epoch()));
  }

  /** Lets {@link #awaitStop} return. */
  public void stop() {
    stop.countDown();
  }

  /**
   * Waits until {@link #stop} is called or the key service cannot go on.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public void awaitStop() throws InterruptedException {
    stop.await();
    Optional<RuntimeException> broken = Optional.ofNullable(failure.get());
    if (broken.isPresent()) {
      throw broken.get();
    }
  }

  /** Lets requests in flight end, then closes the connections, the store and the secrets. */
  @Override
  public void close() {
    stop.countDown();
    server.close(GRACE);
    cluster.close();
    channelKey.close();
  }
}
