package org.sesemi.runtime.internal;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.crypto.CryptoException;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Signed;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.WireException;

/**
 * The runtime's connection to the key service, kept and made anew when it breaks.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Keys are taken only from a service that proved the configured policy and belongs to the
 *       configured cluster, whatever the address leads to.
 *   <li>The instance certificate that comes with keys is the cluster's own, for this runtime's
 *       code, configuration and key.
 *   <li>An epoch lower than one already seen is refused.
 * </ul>
 *
 * <p>One lock guards the connection: requests to the key service follow one another.
 */
public final class KeyServiceLink implements KeySource, AutoCloseable {

  private static final int ATTEMPTS = 2;
  private static final String CBOR = "application/cbor";

  /** An attested connection to the key service. */
  public interface Connection extends AutoCloseable {

    /** Returns what the service says about itself; its evidence covers it. */
    Bytes serverClaims();

    /** Sends a request and returns its answer. */
    HttpResponse send(HttpRequest request);

    @Override
    void close();
  }

  /** Makes attested connections. */
  @FunctionalInterface
  public interface Connector {
    /** Connects, verifies the service's evidence and proves this runtime. */
    Connection connect();
  }

  /**
   * Who this runtime is and whose keys it takes.
   *
   * @param cluster the key service cluster
   * @param receiptKey the key to be certified
   * @param measurement the code
   * @param configDigest its configuration
   */
  public record Expectation(
      Digest cluster, IdentityPublicKey receiptKey, Digest measurement, Digest configDigest) {}

  private final Connector connector;
  private final Expectation expected;
  private final AtomicLong highestEpoch = new AtomicLong(1);
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Connection connection;
  private @Nullable Genesis genesis;
  private boolean closed;
  private volatile boolean reachable;
  private final AtomicBoolean probing = new AtomicBoolean();

  /**
   * Makes a link that connects when it is needed.
   *
   * @param connector makes connections
   * @param expected who this runtime is and whose keys it takes
   */
  public KeyServiceLink(Connector connector, Expectation expected) {
    this.connector = connector;
    this.expected = expected;
  }

  /** Tells whether the last attempt to reach the key service succeeded. */
  public boolean reachable() {
    return reachable;
  }

  /** Tries in the background to reach a key service that was away; one attempt at a time. */
  public void probe() {
    if (!reachable && probing.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("keyservice-probe")
          .start(
              () -> {
                try {
                  warmUp();
                } finally {
                  probing.set(false);
                }
              });
    }
  }

  /** Connects ahead of the first request; failures are left to the first request. */
  public void warmUp() {
    lock.lock();
    try {
      if (!closed) {
        connected();
      }
    } catch (CodedException _) {
      // The first request tries again and reports what is wrong.
    } finally {
      lock.unlock();
    }
  }

  @Override
  public KeyCache.Fetched<RuntimeKeys> fetch(KeyCache.Slot slot, long epoch, StageTimes times) {
    long least = Math.max(epoch, highestEpoch.get());
    Provision provision =
        new Provision(
            slot.model(), slot.user(), slot.requestKey(), expected.receiptKey().value(), least);
    byte[] body = exchange(provision.encode(), times);
    try {
      return accept(Provisioned.decode(body), slot);
    } catch (WireException e) {
      throw new FunctionException(
          FunctionException.Code.KEYSERVICE_UNTRUSTED,
          "the key service answered in another form: " + e.detail(),
          e);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private byte[] exchange(byte[] body, StageTimes times) {
    lock.lock();
    try {
      for (int attempt = 1; ; attempt++) {
        boolean fresh = connection == null;
        Connection link = fresh ? times.time(Stage.ATTEST, this::connected) : connected();
        try {
          HttpResponse response = link.send(HttpRequest.post(Provision.PATH, CBOR, body));
          reachable = true;
          return response.orThrow().bodyBytes();
        } catch (RemoteException e) {
          throw e;
        } catch (CodedException e) {
          // The connection is of no use any more; a kept one may simply have been closed.
          disconnect();
          if (fresh || attempt >= ATTEMPTS) {
            reachable = false;
            throw failure(e);
          }
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private Connection connected() {
    Connection present = connection;
    if (present != null) {
      return present;
    }
    if (closed) {
      throw new FunctionException(FunctionException.Code.DRAINING, "the runtime is stopping");
    }
    reachable = false;
    Connection made;
    try {
      made = connector.connect();
    } catch (CodedException e) {
      throw failure(e);
    }
    boolean good = false;
    try {
      ClusterStatus status = ClusterStatus.decode(made.serverClaims().toArray());
      genesis = Genesis.decode(status.genesis().toArray(), expected.cluster());
      if (status.epoch() < highestEpoch.get()) {
        throw behind();
      }
      highestEpoch.accumulateAndGet(status.epoch(), Math::max);
      good = true;
    } catch (WireException e) {
      throw new FunctionException(
          FunctionException.Code.KEYSERVICE_UNTRUSTED,
          "the claims of the key service are not in their form: " + e.detail(),
          e);
    } finally {
      if (!good) {
        made.close();
      }
    }
    connection = made;
    reachable = true;
    return made;
  }

  private static CodedException failure(CodedException e) {
    if (e instanceof FunctionException
        || e instanceof RemoteException
        || e instanceof CryptoException) {
      // Said by this runtime, or by a key service that proved itself: already the whole reason.
      return e;
    }
    boolean distrust =
        e.errorCode().category() == ErrorCategory.VERIFICATION
            || e.errorCode().category() == ErrorCategory.DENIED;
    return distrust
        ? new FunctionException(
            FunctionException.Code.KEYSERVICE_UNTRUSTED,
            "the key service is not believed, or does not believe this runtime: " + e.detail(),
            e)
        : new FunctionException(
            FunctionException.Code.KEYSERVICE_UNAVAILABLE,
            "the key service cannot be reached: " + e.detail(),
            e);
  }

  private static FunctionException behind() {
    return new FunctionException(
        FunctionException.Code.EPOCH_BEHIND, "the key service is behind an epoch already seen");
  }

  private KeyCache.Fetched<RuntimeKeys> accept(Provisioned provisioned, KeyCache.Slot slot) {
    boolean good = false;
    try {
      if (provisioned.epoch() < highestEpoch.get()) {
        throw behind();
      }
      Signed certificate = Signed.decode(provisioned.instanceCertificate().toArray());
      check(certificate, provisioned.epoch());
      highestEpoch.accumulateAndGet(provisioned.epoch(), Math::max);
      KeyCache.Fetched<RuntimeKeys> fetched =
          new KeyCache.Fetched<>(
              RuntimeKeys.of(provisioned, slot.requestKey(), certificate),
              provisioned.lease(),
              provisioned.epoch());
      good = true;
      return fetched;
    } finally {
      if (!good) {
        provisioned.close();
      }
    }
  }

  private void check(Signed signed, long epoch) {
    Genesis root = genesis;
    if (root == null) {
      throw untrusted("a certificate came before its cluster was known");
    }
    InstanceCertificate certificate;
    try {
      certificate = InstanceCertificate.decode(signed.verify(Signed.Label.INSTANCE, root.caKey()));
    } catch (CryptoException e) {
      throw new FunctionException(
          FunctionException.Code.KEYSERVICE_UNTRUSTED,
          "the instance certificate: " + e.detail(),
          e);
    }
    if (!certificate.instanceKey().equals(expected.receiptKey())
        || !certificate.measurement().equals(expected.measurement())
        || !certificate.configDigest().equals(expected.configDigest())
        || !certificate.clusterId().equals(expected.cluster())
        || certificate.epoch() != epoch) {
      throw untrusted("the instance certificate is for another runtime");
    }
  }

  private static FunctionException untrusted(String message) {
    return new FunctionException(FunctionException.Code.KEYSERVICE_UNTRUSTED, message);
  }

  private void disconnect() {
    Connection broken = connection;
    connection = null;
    if (broken != null) {
      broken.close();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      disconnect();
    } finally {
      lock.unlock();
    }
  }
}
