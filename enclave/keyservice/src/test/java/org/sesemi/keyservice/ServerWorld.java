package org.sesemi.keyservice;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.h2.Driver;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.channel.AttestedClient;
import org.sesemi.channel.AttestedConnection;
import org.sesemi.channel.ChannelOptions;
import org.sesemi.channel.ClaimsCheck;
import org.sesemi.channel.ClientIdentity;
import org.sesemi.channel.HttpRequest;
import org.sesemi.channel.ServerPolicy;
import org.sesemi.crypto.CryptoProvider;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.crypto.Signed;
import org.sesemi.keyservice.internal.FilePlatform;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.Provision;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RuntimeClaims;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Statement;
import org.sesemi.wire.UserPosition;
import org.sesemi.wire.VersionRule;

/** A key service on real sockets, with parties and runtimes that connect to it. */
final class ServerWorld implements AutoCloseable {

  static final Bytes CONFIG =
      Bytes.of(
          "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"simulated\"}"
              .getBytes(StandardCharsets.UTF_8));
  static final Digest RUNTIME_CODE = Digest.sha256(new byte[] {1});
  static final Digest RUNTIME_CONFIG = Digest.sha256(new byte[] {2});
  private static final Digest SERVICE_CODE = Digest.sha256(new byte[] {3});

  private final Path folder;
  private final RandomSource random = RandomSource.secure();
  private final List<AttestedConnection> connections =
      Collections.synchronizedList(new ArrayList<>());
  private KeyServer server;

  ServerWorld(Path folder) {
    this.folder = folder;
    this.server = start(CryptoProvider.jdk());
  }

  private KeyServer start(CryptoProvider crypto) {
    return KeyServer.start(platform(parameters(), CONFIG), crypto, InstantSource.system(), random);
  }

  FilePlatform platform(Map<String, String> parameters, Bytes config) {
    return new FilePlatform(folder.resolve("platform"), SERVICE_CODE, config, parameters);
  }

  /** Starts a key service of another build on the same data. */
  void startAs(Digest code) {
    KeyServer.start(
            new FilePlatform(folder.resolve("platform"), code, CONFIG, parameters()),
            CryptoProvider.jdk(),
            InstantSource.system(),
            random)
        .close();
  }

  /** Starts again after the key service was closed, where that is expected to fail. */
  void restartQuietly() {
    start(CryptoProvider.jdk()).close();
  }

  /** Changes the closed database from outside. */
  void tamper(String sql) throws SQLException {
    try (Connection connection = database();
        java.sql.Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Reads what the closed database holds of a kind of record. */
  List<Bytes> sealedRecords(int kind) throws SQLException {
    List<Bytes> sealed = new ArrayList<>();
    try (Connection connection = database();
        java.sql.Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT SEALED FROM RECORD WHERE KIND = " + kind)) {
      while (rows.next()) {
        sealed.add(Bytes.of(rows.getBytes(1)));
      }
    }
    return sealed;
  }

  private Connection database() throws SQLException {
    Properties login = new Properties();
    login.setProperty("user", "sa");
    login.setProperty("password", "");
    return new Driver().connect("jdbc:h2:file:" + folder.resolve("data/state"), login);
  }

  private Map<String, String> parameters() {
    return Map.of("listen", "127.0.0.1:0", "data", folder.resolve("data").toString());
  }

  KeyServer server() {
    return server;
  }

  void restart() {
    restart(CryptoProvider.jdk());
  }

  void restart(CryptoProvider crypto) {
    server.close();
    server = start(crypto);
  }

  private AttestedConnection connect(ClientIdentity identity) {
    FilePlatform platform = platform(Map.of(), CONFIG);
    SimulatedPolicy policy =
        SimulatedPolicy.of(platform.platformRoot(), SERVICE_CODE, platform.configDigest());
    AttestedConnection connection =
        new AttestedClient(
                identity, ServerPolicy.of(policy, ClaimsCheck.NONE), ChannelOptions.system())
            .connect(server.address());
    connections.add(connection);
    return connection;
  }

  Client party() {
    IdentityKey key = IdentityKey.generate(random);
    return new Client(this, key, connect(new ClientIdentity.Party(key)));
  }

  Function runtime(Digest code) {
    IdentityKey receiptKey = IdentityKey.generate(random);
    SimulatedLaunch launch =
        platform(Map.of(), CONFIG).launch(code, RUNTIME_CONFIG, Duration.ofDays(1));
    Bytes claims = Bytes.of(new RuntimeClaims(receiptKey.publicKey().value()).encode());
    return new Function(
        receiptKey.publicKey(),
        connect(new ClientIdentity.Enclave(IdentityKey.generate(random), launch, claims)));
  }

  /** Connects a runtime whose evidence comes from another platform. */
  Function runtimeOf(ServerWorld elsewhere) {
    IdentityKey receiptKey = IdentityKey.generate(random);
    SimulatedLaunch launch =
        elsewhere
            .platform(Map.of(), CONFIG)
            .launch(RUNTIME_CODE, RUNTIME_CONFIG, Duration.ofDays(1));
    Bytes claims = Bytes.of(new RuntimeClaims(receiptKey.publicKey().value()).encode());
    return new Function(
        receiptKey.publicKey(),
        connect(new ClientIdentity.Enclave(IdentityKey.generate(random), launch, claims)));
  }

  Bytes runtimePolicy() {
    return Bytes.of(
        SimulatedPolicy.of(platform(Map.of(), CONFIG).platformRoot(), RUNTIME_CODE, RUNTIME_CONFIG)
            .encode());
  }

  static Operation.Grant grant(ServerWorld world, ModelId model, PartyId user) {
    return new Operation.Grant(
        model,
        UserPosition.of(user),
        world.runtimePolicy(),
        VersionRule.current(),
        Operation.Grant.NEVER,
        IsolationLevel.SHARED);
  }

  @Override
  public void close() {
    connections.forEach(AttestedConnection::close);
    server.close();
  }

  /** An owner or user with a connection. */
  record Client(ServerWorld world, IdentityKey key, AttestedConnection connection) {

    PartyId id() {
      return key.id();
    }

    ModelId model(String name) {
      return new ModelId(id(), name);
    }

    byte[] sign(Operation operation) {
      Statement statement =
          Statement.of(
              operation,
              world.server.status().clusterId(),
              key.publicKey().value(),
              Instant.now(),
              world.random);
      return Signed.sign(Signed.Label.STATEMENT, statement.encode(), key).encode();
    }

    OperationAnswer post(byte[] signed) {
      return OperationAnswer.decode(
          connection
              .send(HttpRequest.post(Statement.PATH, "application/cbor", signed))
              .orThrow()
              .bodyBytes());
    }

    OperationAnswer send(Operation operation) {
      return post(sign(operation));
    }

    KeyId publish(String name) {
      KeyId keyId = KeyId.random(world.random);
      send(
          new Operation.PutModelKey(
              model(name), keyId, SecretField.copyOf(world.random.bytes(32))));
      send(new Operation.PublishModel(model(name), 1, Digest.sha256(new byte[] {5}), keyId));
      return keyId;
    }

    KeyId putRequestKey(ModelId model) {
      KeyId keyId = KeyId.random(world.random);
      send(
          new Operation.PutRequestKey(
              model,
              keyId,
              SecretField.copyOf(world.random.bytes(32)),
              world.runtimePolicy(),
              IsolationLevel.SHARED));
      return keyId;
    }
  }

  /** A function runtime with a connection. */
  record Function(IdentityPublicKey receiptKey, AttestedConnection connection) {

    byte[] message(ModelId model, PartyId user, KeyId requestKey) {
      return new Provision(model, user, requestKey, receiptKey.value(), 1).encode();
    }

    Provisioned post(byte[] message) {
      return Provisioned.decode(
          connection
              .send(HttpRequest.post(Provision.PATH, "application/cbor", message))
              .orThrow()
              .bodyBytes());
    }

    Provisioned provision(ModelId model, PartyId user, KeyId requestKey) {
      return post(message(model, user, requestKey));
    }
  }
}
