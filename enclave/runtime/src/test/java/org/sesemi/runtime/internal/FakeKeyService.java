package org.sesemi.runtime.internal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.channel.AttestedServer;
import org.sesemi.channel.ChannelOptions;
import org.sesemi.channel.HttpLimits;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.HttpResponse;
import org.sesemi.channel.Peer;
import org.sesemi.channel.PeerRules;
import org.sesemi.channel.ServerIdentity;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.testkit.SimulatedHardware;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.Provision;
import org.sesemi.wire.RuntimeClaims;

/** A key service on a real attested port that releases what a world knows. */
public final class FakeKeyService implements AutoCloseable {

  static final Digest MEASUREMENT = Digest.sha256(new byte[] {'k'});
  static final Digest CONFIG = Digest.sha256(new byte[] {'c'});

  private final World world;
  private final AttestedServer server;

  private FakeKeyService(World world, AttestedServer server) {
    this.world = world;
    this.server = server;
  }

  static FakeKeyService start(World world, SimulatedHardware hardware, int port) {
    return start(world, hardware, port, MEASUREMENT);
  }

  static FakeKeyService start(
      World world, SimulatedHardware hardware, int port, Digest measurement) {
    SimulatedPolicy runtimes = hardware.policy(world.measurement, world.configDigest);
    return new FakeKeyService(
        world,
        AttestedServer.start(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
            new ServerIdentity(
                IdentityKey.generate(World.RANDOM),
                hardware.launch(measurement, CONFIG),
                () -> {
                  world.connections.incrementAndGet();
                  return new ClusterStatus(
                          Bytes.of(world.genesis.encode()), world.epoch, world.time.instant())
                      .encode();
                }),
            PeerRules.enclavesOnly(runtimes::appraise),
            (peer, request) -> answer(world, peer, request),
            new ChannelOptions(world.time, World.RANDOM, HttpLimits.DEFAULT)));
  }

  private static HttpResponse answer(World world, Peer peer, HttpRequest request) {
    Provision provision = Provision.decode(request.bodyBytes());
    RuntimeClaims claims = RuntimeClaims.decode(((Peer.EnclavePeer) peer).claimsBytes().toArray());
    if (!claims.receiptPublicKey().equals(provision.receiptPublicKey())) {
      throw new AssertionError("the claims name another receipt key");
    }
    return HttpResponse.ok(
        "application/cbor",
        world
            .release(
                new KeyCache.Slot(provision.user(), provision.modelId(), provision.requestKeyId()),
                new IdentityPublicKey(provision.receiptPublicKey()))
            .encode());
  }

  int port() {
    return server.address().getPort();
  }

  /** Returns how many connections were made so far. */
  int connections() {
    return world.connections.get();
  }

  @Override
  public void close() {
    server.close();
    world.keys.close();
  }
}
