package org.sesemi.sdk.internal;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.channel.AttestedClient;
import org.sesemi.channel.AttestedConnection;
import org.sesemi.channel.ChannelException;
import org.sesemi.channel.ChannelOptions;
import org.sesemi.channel.ClientIdentity;
import org.sesemi.channel.HttpLimits;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.ServerPolicy;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.Signed;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.Statement;
import org.sesemi.wire.VerificationRecord;

/**
 * The key service at the other end of an attested connection.
 *
 * <p>Guarantees: nothing is sent before its evidence satisfied the policy and named the pinned
 * cluster; each operation travels as a statement that is bound to that cluster, this moment and a
 * nonce, signed by the identity that the connection is made with.
 */
public final class AttestedKeyService implements KeyServiceLink {

  private static final String CONTENT_TYPE = "application/cbor";

  private final AttestedConnection connection;
  private final ClusterStatus status;
  private final IdentityKey identity;
  private final RandomSource random;
  private final InstantSource clock;

  private AttestedKeyService(
      AttestedConnection connection,
      ClusterStatus status,
      IdentityKey identity,
      RandomSource random,
      InstantSource clock) {
    this.connection = connection;
    this.status = status;
    this.identity = identity;
    this.random = random;
    this.clock = clock;
  }

  /**
   * Connects to a key service and has it prove itself.
   *
   * @param address where it is said to be
   * @param policy what its evidence must satisfy
   * @param cluster the pinned cluster; empty to learn it for the first time
   * @param identity who connects
   * @param random the source of nonces
   * @param clock the time
   * @return the connection
   */
  public static AttestedKeyService connect(
      InetSocketAddress address,
      RuntimePolicy policy,
      Optional<Digest> cluster,
      IdentityKey identity,
      RandomSource random,
      InstantSource clock) {
    AttestedClient client =
        new AttestedClient(
            new ClientIdentity.Party(identity),
            ServerPolicy.of(policy, (_, claims) -> checks(claims, cluster)),
            new ChannelOptions(clock, random, HttpLimits.DEFAULT));
    try {
      AttestedConnection connection = client.connect(address);
      return new AttestedKeyService(
          connection,
          ClusterStatus.decode(connection.claimsBytes().toArray()),
          identity,
          random,
          clock);
    } catch (ChannelException e) {
      if (e.errorCode() == ChannelException.Code.UNREACHABLE) {
        throw new SdkException(
            SdkException.Code.KEYSERVICE_UNREACHABLE,
            "nobody listens at " + address.getHostString() + ":" + address.getPort(),
            e);
      }
      throw e;
    }
  }

  private static List<Check> checks(Bytes claims, Optional<Digest> cluster) {
    ClusterStatus said = ClusterStatus.decode(claims.toArray());
    if (cluster.isPresent() && !cluster.get().equals(said.clusterId())) {
      throw new SdkException(
          SdkException.Code.CLUSTER_CHANGED,
          "the key service belongs to cluster "
              + said.clusterId()
              + ", pinned is "
              + cluster.get());
    }
    return List.of(
        Check.passed(
            "cluster",
            cluster.map(Digest::hex).orElse("any, at the first connection"),
            said.clusterId().hex()));
  }

  @Override
  public ClusterStatus status() {
    return status;
  }

  @Override
  public VerificationRecord record() {
    return connection.record();
  }

  @Override
  public OperationAnswer perform(Operation operation) {
    Statement statement =
        Statement.of(
            operation, status.clusterId(), identity.publicKey().value(), clock.instant(), random);
    byte[] signed = Signed.sign(Signed.Label.STATEMENT, statement.encode(), identity).encode();
    return OperationAnswer.decode(
        connection
            .send(HttpRequest.post(Statement.PATH, CONTENT_TYPE, signed))
            .orThrow()
            .bodyBytes());
  }

  @Override
  public boolean answers() {
    try {
      return connection.send(HttpRequest.get(ClusterStatus.PATH)).status() == 200;
    } catch (ChannelException e) {
      return false;
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
