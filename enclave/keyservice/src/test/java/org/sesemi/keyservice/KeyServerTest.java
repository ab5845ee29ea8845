package org.sesemi.keyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.channel.HttpRequest;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.Genesis;
import org.sesemi.crypto.InstanceCertificate;
import org.sesemi.crypto.Signed;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.Statement;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** The key service on real attested connections. */
class KeyServerTest {

  @TempDir Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();
  private ServerWorld world;

  @BeforeEach
  void start() {
    world = new ServerWorld(folder);
    open.add(world);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  private static void refused(String code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void ownerUserAndRuntimeMeetOverAttestedConnections() {
    provisionOnce();
  }

  private void provisionOnce() {
    ServerWorld.Client owner = world.party();
    ServerWorld.Client user = world.party();
    ModelId model = owner.model("m");
    KeyId modelKey = owner.publish("m");
    KeyId requestKey = user.putRequestKey(model);
    ServerWorld.Function runtime = world.runtime(ServerWorld.RUNTIME_CODE);
    refused("grant.none", () -> runtime.provision(model, user.id(), requestKey));
    owner.send(ServerWorld.grant(world, model, user.id()));
    try (Provisioned released = runtime.provision(model, user.id(), requestKey)) {
      assertThat(released.modelKeyId()).isEqualTo(modelKey);
      assertThat(released.epoch()).isEqualTo(1);
      Genesis genesis = Genesis.decode(world.server().status().genesis().toArray());
      InstanceCertificate certificate =
          InstanceCertificate.decode(
              Signed.decode(released.instanceCertificate().toArray())
                  .verify(Signed.Label.INSTANCE, genesis.caKey()));
      assertThat(certificate.instanceKey()).isEqualTo(runtime.receiptKey());
      assertThat(certificate.measurement()).isEqualTo(ServerWorld.RUNTIME_CODE);
    }
  }

  @Test
  void aRuntimeWithAnotherMeasurementGetsNothing() {
    ServerWorld.Client owner = world.party();
    ModelId model = owner.model("m");
    owner.publish("m");
    KeyId key = owner.putRequestKey(model);
    owner.send(ServerWorld.grant(world, model, owner.id()));
    ServerWorld.Function other = world.runtime(Digest.sha256(new byte[] {99}));
    refused("runtime.measurement-not-granted", () -> other.provision(model, owner.id(), key));
  }

  @Test
  void theClaimsOfTheServerNameItsCluster() {
    ServerWorld.Client party = world.party();
    ClusterStatus claimed = ClusterStatus.decode(party.connection().claimsBytes().toArray());
    ClusterStatus asked =
        ClusterStatus.decode(
            party.connection().send(HttpRequest.get(ClusterStatus.PATH)).orThrow().bodyBytes());
    assertThat(claimed.genesis()).isEqualTo(asked.genesis());
    assertThat(claimed.clusterId()).isEqualTo(world.server().status().clusterId());
  }

  @Test
  void eachKindOfPeerMayAskForItsOwnOnly() {
    ServerWorld.Client party = world.party();
    Bytes receiptKey = Bytes.random(RandomSource.secure(), 32);
    byte[] provision =
        new Provision(party.model("m"), party.id(), KeyId.of(new byte[16]), receiptKey, 1).encode();
    refused(
        "peer.role",
        () ->
            party
                .connection()
                .send(HttpRequest.post(Provision.PATH, "application/cbor", provision))
                .orThrow());
    ServerWorld.Function runtime = world.runtime(ServerWorld.RUNTIME_CODE);
    byte[] statement = party.sign(new Operation.ListModels(0));
    refused(
        "peer.role",
        () ->
            runtime
                .connection()
                .send(HttpRequest.post(Statement.PATH, "application/cbor", statement))
                .orThrow());
  }

  @Test
  void unknownPathsMethodsAndSizesAreCoded() {
    ServerWorld.Client party = world.party();
    refused(
        "request.unknown", () -> party.connection().send(HttpRequest.get("/v1/nothing")).orThrow());
    refused(
        "request.unknown",
        () -> party.connection().send(HttpRequest.get(Statement.PATH)).orThrow());
    refused(
        "request.too-large",
        () ->
            party
                .connection()
                .send(HttpRequest.post(Statement.PATH, "application/cbor", new byte[60 * 1024]))
                .orThrow());
    assertThat(party.send(new Operation.ListModels(0))).isInstanceOf(OperationAnswer.Models.class);
  }

  @Test
  void aStatementOfAnotherKeyIsRefusedAndTheConnectionGoesOn() {
    ServerWorld.Client one = world.party();
    ServerWorld.Client two = world.party();
    byte[] statement = one.sign(new Operation.ListModels(0));
    refused("statement.actor", () -> two.post(statement));
    assertThat(two.send(new Operation.ListModels(0))).isInstanceOf(OperationAnswer.Models.class);
    one.post(statement);
    refused("statement.replayed", () -> one.post(statement));
  }

  @Test
  void aRestartKeepsClusterAndGrants() {
    ServerWorld.Client owner = world.party();
    ModelId model = owner.model("m");
    owner.publish("m");
    KeyId key = owner.putRequestKey(model);
    owner.send(ServerWorld.grant(world, model, owner.id()));
    Digest cluster = world.server().status().clusterId();
    world.restart();
    assertThat(world.server().status().clusterId()).isEqualTo(cluster);
    ServerWorld.Function runtime = world.runtime(ServerWorld.RUNTIME_CODE);
    runtime.provision(model, owner.id(), key).close();
  }

  @Test
  void conscryptAsFastProviderSignsWhatTheJdkVerifies() {
    world.restart(CryptoProvider.of(Conscrypt.newProvider()));
    provisionOnce();
  }

  @Test
  void theAnnouncementNamesAddressAndCluster() {
    Map<String, String> said = world.server().announcement();
    InetSocketAddress address = world.server().address();
    assertThat(said)
        .containsEntry("port", Integer.toString(address.getPort()))
        .containsEntry("host", "127.0.0.1")
        .containsEntry("clusterId", world.server().status().clusterId().hex())
        .containsEntry("epoch", "1");
    assertThat(Digest.sha256(Bytes.parse(said.getOrDefault("genesis", "")).toArray()))
        .isEqualTo(world.server().status().clusterId());
  }

  @Test
  void wrongSettingsAreCodedErrors() {
    for (Map<String, String> parameters :
        List.of(
            Map.<String, String>of(),
            Map.of("listen", "127.0.0.1:0"),
            Map.of("listen", "nowhere", "data", folder.toString()),
            Map.of("listen", "127.0.0.1:99999", "data", folder.toString()),
            Map.of("listen", "127.0.0.1:0", "data", folder.toString(), "surprise", "1"))) {
      refused("config.invalid", () -> startWith(parameters, ServerWorld.CONFIG));
    }
    Map<String, String> good = Map.of("listen", "127.0.0.1:0", "data", folder + "/other");
    for (String config :
        List.of(
            "",
            "{}",
            "{\"apiVersion\":\"sesemi/v2\",\"platform\":\"simulated\"}",
            "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"sgx\"}",
            "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"simulated\",\"debug\":true}")) {
      refused(
          "config.invalid",
          () ->
              startWith(good, Bytes.of(config.getBytes(java.nio.charset.StandardCharsets.UTF_8))));
    }
  }

  private void startWith(Map<String, String> parameters, Bytes config) {
    open.add(
        KeyServer.start(
            world.platform(parameters, config),
            CryptoProvider.jdk(),
            InstantSource.system(),
            RandomSource.secure()));
  }

  @Test
  void aPortInUseIsACodedError() {
    refused(
        "channel.unreachable",
        () ->
            startWith(
                Map.of(
                    "listen",
                    "127.0.0.1:" + world.server().address().getPort(),
                    "data",
                    folder + "/other"),
                ServerWorld.CONFIG));
  }

  @Test
  void stoppingEndsTheWait() throws InterruptedException {
    world.server().stop();
    world.server().awaitStop();
  }

  @Test
  void aPolicyForOtherPlatformRootsIsOfNoUse() {
    ServerWorld.Client owner = world.party();
    ModelId model = owner.model("m");
    owner.publish("m");
    KeyId key = owner.putRequestKey(model);
    owner.send(
        new Operation.Grant(
            model,
            UserPosition.of(owner.id()),
            Bytes.of(
                SimulatedPolicy.of(
                        Bytes.random(RandomSource.secure(), 32),
                        ServerWorld.RUNTIME_CODE,
                        ServerWorld.RUNTIME_CONFIG)
                    .encode()),
            VersionRule.current(),
            Operation.Grant.NEVER,
            IsolationLevel.SHARED));
    ServerWorld.Function runtime = world.runtime(ServerWorld.RUNTIME_CODE);
    refused("runtime.measurement-not-granted", () -> runtime.provision(model, owner.id(), key));
  }

  @Test
  void aHostilePeerInsideTheChannelChangesNothingAndHarmsNobody() {
    var random = Property.random("messages changed inside the channel");
    ServerWorld.Client owner = world.party();
    ServerWorld.Client witness = world.party();
    ModelId model = owner.model("m");
    owner.publish("m");
    KeyId key = owner.putRequestKey(model);
    owner.send(ServerWorld.grant(world, model, owner.id()));
    ServerWorld.Function runtime = world.runtime(ServerWorld.RUNTIME_CODE);
    byte[] statement = owner.sign(ServerWorld.grant(world, model, witness.id()));
    byte[] provision = runtime.message(model, owner.id(), key);
    sample(statement, random)
        .forEach(mutation -> requireRefusal(() -> owner.post(mutation.bytes()), mutation));
    sample(provision, random)
        .forEach(mutation -> requireRefusal(() -> runtime.post(mutation.bytes()), mutation));
    runtime.provision(model, owner.id(), key).close();
    assertThat(witness.send(new Operation.ListModels(0)))
        .isEqualTo(new OperationAnswer.Models(List.of(), OptionalInt.empty()));
    var grants = (OperationAnswer.Grants) owner.send(new Operation.ListGrants(model, 0));
    assertThat(grants.grants()).hasSize(1);
  }

  private static Stream<Mutation> sample(byte[] message, RandomGenerator random) {
    return Mutation.all(message, random).filter(_ -> random.nextInt(8) == 0);
  }

  private static void requireRefusal(ThrowingCallable attack, Mutation mutation) {
    assertThatThrownBy(attack)
        .as(mutation.what())
        .isInstanceOfSatisfying(
            RemoteException.class,
            // An epoch that the service has not reached is the one refusal that is not the asker's.
            e ->
                assertThat(
                        e.code().equals("epoch.behind")
                            ? 400
                            : e.errorCode().category().httpStatus())
                    .as(e.code())
                    .isBetween(400, 499));
  }
}
