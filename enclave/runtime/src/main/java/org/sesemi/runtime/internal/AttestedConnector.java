package org.sesemi.runtime.internal;

import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.RuntimePolicy;
import org.sesemi.channel.AttestedClient;
import org.sesemi.channel.AttestedConnection;
import org.sesemi.channel.ChannelOptions;
import org.sesemi.channel.ClientIdentity;
import org.sesemi.channel.HttpLimits;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.channel.ServerPolicy;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.WireException;

/** Connects to the key service over the attested channel, as the enclave that this runtime is. */
public final class AttestedConnector implements KeyServiceLink.Connector {

  private final AttestedClient client;
  private final InetSocketAddress address;

  /**
   * Makes a connector.
   *
   * @param address where the key service is said to be
   * @param attester vouches for this runtime
   * @param policy what the key service must prove
   * @param cluster the cluster that it must belong to
   * @param receiptKey the key to be certified, named in this runtime's claims
   * @param clock the time of day
   * @param random where nonces and the channel's own key come from
   */
  public AttestedConnector(
      InetSocketAddress address,
      Attester attester,
      RuntimePolicy policy,
      Digest cluster,
      IdentityKey receiptKey,
      InstantSource clock,
      RandomSource random) {
    this.address = address;
    this.client =
        new AttestedClient(
            new ClientIdentity.Enclave(
                IdentityKey.generate(random),
                attester,
                Bytes.of(new RuntimeClaims(receiptKey.publicKey().value()).encode())),
            ServerPolicy.of(policy, (_, claims) -> inCluster(cluster, claims)),
            new ChannelOptions(clock, random, HttpLimits.DEFAULT));
  }

  /** Refuses services of other clusters before this runtime shows itself to them. */
  private static List<Check> inCluster(Digest cluster, Bytes claims) {
    try {
      Genesis.decode(ClusterStatus.decode(claims.toArray()).genesis().toArray(), cluster);
      return List.of();
    } catch (WireException e) {
      throw new FunctionException(
          FunctionException.Code.KEYSERVICE_UNTRUSTED,
          "the claims of the key service are not in their form: " + e.detail(),
          e);
    }
  }

  @Override
  public KeyServiceLink.Connection connect() {
    // The name is looked up anew each time: services move.
    InetSocketAddress target = new InetSocketAddress(address.getHostString(), address.getPort());
    AttestedConnection connection = client.connect(target);
    return new KeyServiceLink.Connection() {
      @Override
      public Bytes serverClaims() {
        return connection.claimsBytes();
      }

      @Override
      public HttpResponse send(HttpRequest request) {
        return connection.send(request);
      }

      @Override
      public void close() {
        connection.close();
      }
    };
  }
}
