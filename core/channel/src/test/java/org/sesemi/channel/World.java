package org.sesemi.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedLaunchCertificate;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/** A platform with a service and a function on it, a party, and a clock: what the tests share. */
final class World {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  static final Digest SERVICE = digest("service");
  static final Digest FUNCTION = digest("function");
  static final Digest CONFIG = digest("config");
  static final Bytes SERVICE_CLAIMS = Bytes.of("I am the service".getBytes(UTF_8));
  static final Bytes FUNCTION_CLAIMS = Bytes.of("I am a function".getBytes(UTF_8));
  static final ChannelOptions OPTIONS =
      new ChannelOptions(InstantSource.fixed(NOW), RandomSource.secure(), HttpLimits.DEFAULT);
  static final ChannelOptions QUICK =
      new ChannelOptions(
          InstantSource.fixed(NOW),
          RandomSource.secure(),
          HttpLimits.DEFAULT.withTimeouts(
              Duration.ofMillis(800), Duration.ofMillis(500), Duration.ofMillis(500)));

  final IdentityKey root = IdentityKey.generate(RandomSource.secure());
  final IdentityKey serviceKey = IdentityKey.generate(RandomSource.secure());
  final IdentityKey functionKey = IdentityKey.generate(RandomSource.secure());
  final IdentityKey partyKey = IdentityKey.generate(RandomSource.secure());

  SimulatedLaunch launch(Digest measurement) {
    return launch(measurement, NOW.plus(Duration.ofHours(1)));
  }

  SimulatedLaunch launch(Digest measurement, Instant notAfter) {
    IdentityKey launchKey = IdentityKey.generate(RandomSource.secure());
    return SimulatedLaunch.certify(
        root,
        launchKey,
        new SimulatedLaunchCertificate(
            launchKey.publicKey().value(),
            Bytes.random(RandomSource.secure(), 16),
            measurement,
            CONFIG,
            NOW.minus(Duration.ofHours(1)),
            notAfter));
  }

  SimulatedPolicy policy(Digest measurement) {
    return SimulatedPolicy.of(root.publicKey().value(), measurement, CONFIG);
  }

  ServerIdentity service() {
    return new ServerIdentity(serviceKey, launch(SERVICE), SERVICE_CLAIMS::toArray);
  }

  PeerRules rules() {
    return new PeerRules(true, Optional.of(policy(FUNCTION)::appraise));
  }

  AttestedServer server() {
    return server(World::describe);
  }

  AttestedServer server(AttestedHandler handler) {
    return AttestedServer.start(ANY, service(), rules(), handler, OPTIONS);
  }

  ClientIdentity party() {
    return new ClientIdentity.Party(partyKey);
  }

  ClientIdentity function() {
    return new ClientIdentity.Enclave(functionKey, launch(FUNCTION), FUNCTION_CLAIMS);
  }

  ServerPolicy serverPolicy() {
    return ServerPolicy.of(policy(SERVICE), ClaimsCheck.NONE);
  }

  AttestedClient client(ClientIdentity identity) {
    return new AttestedClient(identity, serverPolicy(), OPTIONS);
  }

  /** Answers with what the channel proved about the peer, and the body of the request. */
  static HttpResponse describe(Peer peer, HttpRequest request) {
    String who =
        switch (peer) {
          case Peer.PartyPeer party -> "party " + party.publicKey();
          case Peer.EnclavePeer enclave ->
              "enclave " + enclave.claims().measurement() + " " + enclave.claimsBytes();
        };
    return HttpResponse.ok("application/octet-stream", request.body()).with("X-Peer", who);
  }

  static Digest digest(String name) {
    return Digest.sha256(name.getBytes(UTF_8));
  }
}
