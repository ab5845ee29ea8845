package org.sesemi.sdk;

import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.sdk.internal.AttestedKeyService;
import org.sesemi.sdk.internal.KeyServiceLink;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.VerificationRecord;

/**
 * The connection of one identity to the key service, made when it is first needed and anew when it
 * has broken. Nothing goes over it before the key service has proven itself and is the one that is
 * remembered. Thread-safe.
 */
final class KeyServiceConnection implements AutoCloseable {

  private final ClientConfig config;
  private final IdentityKey identity;
  private final TrustStore trust;
  private final RandomSource random;
  private final InstantSource clock;

  /** Guarded by this object's monitor. */
  private @Nullable KeyServiceLink link;

  /** Makes a connection, which is not open yet. */
  KeyServiceConnection(
      ClientConfig config,
      IdentityKey identity,
      TrustStore trust,
      RandomSource random,
      InstantSource clock) {
    this.config = config;
    this.identity = identity;
    this.trust = trust;
    this.random = random;
    this.clock = clock;
  }

  /** {@return what the key service says about itself, proven by its evidence} */
  ClusterStatus status() {
    return link().status();
  }

  /** {@return each step of how the key service proved itself} */
  VerificationRecord record() {
    return link().record();
  }

  /** {@return the cluster: the pinned one, or else the one that answers} */
  Digest cluster() {
    return config.clusterId().orElseGet(() -> status().clusterId());
  }

  /** {@return the highest epoch known of the cluster} */
  long epoch() {
    long known = trust.epoch(cluster());
    return known > 0 ? known : status().epoch();
  }

  /** {@return the record by which the cluster was founded} */
  Bytes genesis() {
    return trust.genesis(cluster()).orElseGet(() -> status().genesis());
  }

  /**
   * Has an operation carried out. A connection that has broken meanwhile, as after a restart of the
   * key service, is found out before the operation is sent, so that nothing is sent twice.
   *
   * @param operation the operation
   * @param expected the kind of its answer
   */
  <A extends OperationAnswer> A perform(Operation operation, Class<A> expected) {
    KeyServiceLink present = link();
    if (!present.answers()) {
      drop(present);
    }
    OperationAnswer answer = link().perform(operation);
    if (!expected.isInstance(answer)) {
      throw new SdkException(
          SdkException.Code.ANSWER_INVALID, "the key service answered something else");
    }
    return expected.cast(answer);
  }

  private synchronized KeyServiceLink link() {
    @Nullable KeyServiceLink present = link;
    if (present != null) {
      return present;
    }
    KeyServiceLink fresh =
        AttestedKeyService.connect(
            config.keyService(),
            RuntimePolicy.decode(config.keyServicePolicy().toArray()),
            config.clusterId(),
            identity,
            random,
            clock);
    try {
      trust.accept(fresh.status());
    } catch (RuntimeException e) {
      fresh.close();
      throw e;
    }
    link = fresh;
    return fresh;
  }

  private synchronized void drop(KeyServiceLink broken) {
    if (broken.equals(link)) {
      link = null;
    }
    broken.close();
  }

  @Override
  public synchronized void close() {
    @Nullable KeyServiceLink present = link;
    if (present != null) {
      present.close();
      link = null;
    }
  }
}
