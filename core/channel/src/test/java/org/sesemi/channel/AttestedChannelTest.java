package org.sesemi.channel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Attester;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.channel.ChannelException.Code;
import org.sesemi.property.Property;
import org.sesemi.wire.Check;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.RemoteException;

class AttestedChannelTest {

  private final World world = new World();

  @Test
  void aPartyIsKnownByItsKeyAndTheServerByItsEvidence() {
    try (AttestedServer server = world.server();
        AttestedConnection connection = world.client(world.party()).connect(server.address())) {
      assertThat(connection.claims().measurement()).isEqualTo(World.SERVICE);
      assertThat(connection.claimsBytes()).isEqualTo(World.SERVICE_CLAIMS);
      assertThat(connection.serverKey()).isEqualTo(world.serviceKey.publicKey());
      assertThat(connection.record().accepted()).isTrue();
      HttpResponse response = connection.send(HttpRequest.get("/who"));
      assertThat(response.headers().first("x-peer"))
          .contains("party " + world.partyKey.publicKey());
    }
  }

  @Test
  void anEnclaveIsKnownByItsMeasurementAndClaims() {
    try (AttestedServer server = world.server();
        AttestedConnection connection = world.client(world.function()).connect(server.address())) {
      HttpResponse response = connection.send(HttpRequest.get("/who"));
      assertThat(response.headers().first("x-peer"))
          .contains("enclave " + World.FUNCTION + " " + World.FUNCTION_CLAIMS);
    }
  }

  @Test
  void oneConnectionCarriesManyRequestsOfAnySize() {
    RandomGenerator random = Property.random("bodies through the channel");
    try (AttestedServer server = world.server();
        AttestedConnection connection = world.client(world.party()).connect(server.address())) {
      for (int size : new int[] {0, 1, 100, 16_383, 16_384, 16_385, 100_000, 3_000_000}) {
        byte[] body = new byte[size];
        random.nextBytes(body);
        HttpResponse response = connection.send(HttpRequest.post("/", "a/b", body));
        assertThat(response.bodyBytes()).isEqualTo(body);
      }
      assertThat(server.openConnections()).isEqualTo(1);
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void problemsComeBackAsProblems() {
    AttestedHandler refusing =
        (_, _) -> {
          throw new ChannelException(Code.HTTP_NOT_FOUND, "no such thing");
        };
    try (AttestedServer server = world.server(refusing);
        AttestedConnection connection = world.client(world.party()).connect(server.address())) {
      HttpResponse response = connection.send(HttpRequest.get("/thing"));
      assertThat(response.status()).isEqualTo(404);
      assertThatThrownBy(response::orThrow)
          .isInstanceOfSatisfying(
              RemoteException.class, e -> assertThat(e.code()).isEqualTo("http.not-found"));
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @Test
  void aServerWithAnotherMeasurementIsRefusedByTheClient() {
    ServerPolicy other = ServerPolicy.of(world.policy(World.FUNCTION), ClaimsCheck.NONE);
    try (AttestedServer server = world.server()) {
      AttestedClient client = new AttestedClient(world.party(), other, World.OPTIONS);
      refused("attestation.measurement-not-allowed", () -> client.connect(server.address()));
    }
  }

  @Test
  void anEnclaveWithAnotherMeasurementIsRefusedByTheServer() {
    ClientIdentity stranger =
        new ClientIdentity.Enclave(
            world.functionKey, world.launch(World.digest("stranger")), World.FUNCTION_CLAIMS);
    try (AttestedServer server = world.server()) {
      assertThatThrownBy(() -> world.client(stranger).connect(server.address()))
          .isInstanceOfSatisfying(
              RemoteException.class,
              e -> assertThat(e.code()).isEqualTo("attestation.measurement-not-allowed"));
    }
  }

  @Test
  void anExpiredLaunchIsRefusedOnEitherSide() {
    ServerIdentity expired =
        new ServerIdentity(
            world.serviceKey, world.launch(World.SERVICE, World.NOW), () -> new byte[0]);
    try (AttestedServer server =
        AttestedServer.start(World.ANY, expired, world.rules(), World::describe, World.OPTIONS)) {
      refused("attestation.expired", () -> world.client(world.party()).connect(server.address()));
    }
    ClientIdentity old =
        new ClientIdentity.Enclave(
            world.functionKey, world.launch(World.FUNCTION, World.NOW), World.FUNCTION_CLAIMS);
    try (AttestedServer server = world.server()) {
      refused("attestation.expired", () -> world.client(old).connect(server.address()));
    }
  }

  @Test
  void claimsThatTheClientDoesNotAcceptEndTheConnection() {
    ClaimsCheck demanding =
        (_, bytes) ->
            List.of(
                Check.of("cluster", false, "mine", new String(bytes.toArray(), UTF_8), "not mine"));
    try (AttestedServer server = world.server()) {
      AttestedClient client =
          new AttestedClient(
              world.party(),
              ServerPolicy.of(world.policy(World.SERVICE), demanding),
              World.OPTIONS);
      assertThatThrownBy(() -> client.connect(server.address()))
          .isInstanceOfSatisfying(
              ChannelException.class,
              e -> {
                assertThat(e.code()).isEqualTo("channel.claims-refused");
                assertThat(e.record().orElseThrow().failing().orElseThrow().name())
                    .isEqualTo("cluster");
              });
    }
  }

  @Test
  void aRoleThatIsNotServedIsRefused() {
    try (AttestedServer parties =
            AttestedServer.start(
                World.ANY,
                world.service(),
                PeerRules.partiesOnly(),
                World::describe,
                World.OPTIONS);
        AttestedServer enclaves =
            AttestedServer.start(
                World.ANY,
                world.service(),
                PeerRules.enclavesOnly(world.policy(World.FUNCTION)::appraise),
                World::describe,
                World.OPTIONS)) {
      for (var attempt :
          List.<Runnable>of(
              () -> world.client(world.function()).connect(parties.address()),
              () -> world.client(world.party()).connect(enclaves.address()))) {
        assertThatThrownBy(attempt::run)
            .isInstanceOfSatisfying(
                ChannelException.class, e -> assertThat(e.kind()).isEqualTo(Code.REFUSED))
            .hasMessageContaining("channel.role-refused");
      }
    }
  }

  @Test
  void theServersFailureToAttestIsNoAcceptance() {
    ServerIdentity broken =
        new ServerIdentity(
            world.serviceKey,
            new Attester() {
              @Override
              public Evidence attest(byte[] reportData) {
                throw new AttestationException(
                    AttestationException.Code.PLATFORM_UNAVAILABLE, "the pipe is closed");
              }

              @Override
              public PlatformKind platform() {
                return PlatformKind.SIMULATED;
              }
            },
            () -> new byte[0]);
    try (AttestedServer server =
        AttestedServer.start(World.ANY, broken, world.rules(), World::describe, World.OPTIONS)) {
      assertThatThrownBy(() -> world.client(world.party()).connect(server.address()))
          .hasMessageContaining("attestation.platform-unavailable");
    }
  }

  @Test
  void nobodyThereAndNobodyAnsweringHaveCodesOfTheirOwn() throws Exception {
    InetSocketAddress closed;
    try (ServerSocket silent = new ServerSocket(0, 1, World.ANY.getAddress())) {
      closed = new InetSocketAddress(World.ANY.getAddress(), silent.getLocalPort());
      AttestedClient impatient =
          new AttestedClient(world.party(), world.serverPolicy(), World.QUICK);
      refused("channel.timeout", () -> impatient.connect(closed));
    }
    refused("channel.unreachable", () -> world.client(world.party()).connect(closed));
  }

  @Test
  void aConnectionWhoseServerIsGoneSaysSoAndStaysClosed() {
    AttestedConnection connection;
    try (AttestedServer server = world.server()) {
      connection = world.client(world.party()).connect(server.address());
      connection.send(HttpRequest.get("/"));
    }
    assertThatThrownBy(() -> connection.send(HttpRequest.get("/")))
        .isInstanceOfSatisfying(
            ChannelException.class,
            e -> {
              assertThat(e.errorCode().retryable()).isTrue();
            });
    assertThat(connection.isOpen()).isFalse();
    refused("channel.closed", () -> connection.send(HttpRequest.get("/")));
  }

  static void refused(String code, Runnable attempt) {
    assertThatThrownBy(attempt::run)
        .isInstanceOfSatisfying(
            CodedException.class, e -> assertThat(e.code()).as("%s", e).isEqualTo(code));
  }
}
