package org.sesemi.keyservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.channel.HttpRequest;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
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
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Statement;

/**
 * Ways in which a key service of this kind is known to fail, one test each. Every test begins with
 * the attack.
 */
class PublishedDefectsTest {

  @TempDir Path folder;

  private ServerWorld world;
  private ServerWorld.Client owner;
  private ServerWorld.Client user;
  private ModelId model;
  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void start() {
    world = new ServerWorld(folder);
    owner = world.party();
    user = world.party();
    model = owner.model("m");
    owner.publish("m");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static void refused(String code, ThrowingCallable attack) {
    assertThatThrownBy(attack)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private ServerWorld.Function goodRuntime() {
    return world.runtime(ServerWorld.RUNTIME_CODE);
  }

  @Test
  void defect1EveryEnclavePassesAsTheExpectedOne() {
    KeyId key = user.putRequestKey(model);
    owner.send(ServerWorld.grant(world, model, user.id()));
    ServerWorld.Function other = world.runtime(Digest.sha256(new byte[] {66}));
    refused("runtime.measurement-not-granted", () -> other.provision(model, user.id(), key));
    goodRuntime().provision(model, user.id(), key).close();
  }

  @Test
  void defect2AForgedQuoteIsAccepted() {
    // A platform of the attacker's own signs everything that is asked of it.
    ServerWorld elsewhere = new ServerWorld(folder.resolve("elsewhere"));
    try {
      refused("attestation.root-untrusted", () -> world.runtimeOf(elsewhere));
    } finally {
      elsewhere.close();
    }
  }

  @Test
  void defect3WhoeverStartsAnEnclaveOnTheHostOpensTheKeyStore() {
    world.server().close();
    refused("state.sealed-elsewhere", () -> world.startAs(Digest.sha256(new byte[] {67})));
    world.restart();
  }

  @Test
  void defect4KeysArePrintedToTheHost() {
    byte[] modelKey = RandomSource.secure().bytes(32);
    byte[] requestKey = RandomSource.secure().bytes(32);
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream recorder = new PrintStream(printed, true, StandardCharsets.ISO_8859_1)) {
      System.setOut(recorder);
      System.setErr(recorder);
      useKeys(modelKey, requestKey);
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
    String text = printed.toString(StandardCharsets.ISO_8859_1);
    for (byte[] key : List.of(modelKey, requestKey)) {
      assertThat(text)
          .doesNotContain(HexFormat.of().formatHex(key))
          .doesNotContain(Base64.getEncoder().encodeToString(key))
          .doesNotContain(new String(key, StandardCharsets.ISO_8859_1));
    }
  }

  private void useKeys(byte[] modelKey, byte[] requestKey) {
    KeyId modelKeyId = KeyId.random(RandomSource.secure());
    KeyId requestKeyId = KeyId.random(RandomSource.secure());
    owner.send(new Operation.PutModelKey(model, modelKeyId, SecretField.copyOf(modelKey)));
    owner.send(new Operation.PublishModel(model, 2, Digest.sha256(new byte[] {6}), modelKeyId));
    user.send(
        new Operation.PutRequestKey(
            model,
            requestKeyId,
            SecretField.copyOf(requestKey),
            world.runtimePolicy(),
            IsolationLevel.SHARED));
    refused("grant.none", () -> goodRuntime().provision(model, user.id(), requestKeyId));
    owner.send(ServerWorld.grant(world, model, user.id()));
    try (Provisioned released = goodRuntime().provision(model, user.id(), requestKeyId)) {
      assertThat(released.modelKey()).isEqualTo(SecretField.copyOf(modelKey));
      assertThat(released.requestKey()).isEqualTo(SecretField.copyOf(requestKey));
      assertThat(released.toString()).doesNotContain(HexFormat.of().formatHex(requestKey));
    }
  }

  @Test
  void defect5EverythingIsEncryptedUnderOneNonce() throws Exception {
    byte[] secret = RandomSource.secure().bytes(32);
    for (int i = 0; i < 3; i++) {
      owner.send(
          new Operation.PutModelKey(
              model, KeyId.random(RandomSource.secure()), SecretField.copyOf(secret)));
    }
    world.server().close();
    Set<String> windows = new HashSet<>();
    List<Bytes> sealed = world.sealedRecords(3);
    assertThat(sealed).hasSizeGreaterThanOrEqualTo(4);
    for (Bytes record : sealed) {
      // Nonce and ciphertext of the same key never repeat, not even in a part of 12 bytes.
      for (int at = 0; at + 24 <= record.hex().length(); at += 2) {
        assertThat(windows.add(record.hex().substring(at, at + 24))).isTrue();
      }
    }
    world.restart();
  }

  @Test
  void defect6AGrantToASecondUserHangsTheServiceWhenThatUserAsks() {
    ServerWorld.Client third = world.party();
    owner.send(ServerWorld.grant(world, model, user.id()));
    owner.send(ServerWorld.grant(world, model, third.id()));
    KeyId key = third.putRequestKey(model);
    goodRuntime().provision(model, third.id(), key).close();
    refused("grant.none", () -> goodRuntime().provision(model, world.party().id(), key));
  }

  @Test
  void defect7OneBadMessageEndsTheListener() throws Exception {
    ServerWorld.Client good = world.party();
    for (byte[] bad :
        List.of(
            new byte[0],
            new byte[] {0},
            "{\"type\":2}".getBytes(StandardCharsets.UTF_8),
            new byte[40 * 1024])) {
      assertThat(
              user.connection()
                  .send(HttpRequest.post(Statement.PATH, "application/cbor", bad))
                  .status())
          .isBetween(400, 499);
      assertThat(
              goodRuntime()
                  .connection()
                  .send(
                      HttpRequest.post(
                          Provision.PATH,
                          "application/cbor",
                          bad.length > 1024 ? new byte[1024] : bad))
                  .status())
          .isBetween(400, 499);
    }
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket()) {
        socket.connect(world.server().address());
        if (i % 2 == 0) {
          socket
              .getOutputStream()
              .write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    }
    assertThat(good.send(new Operation.ListModels(0))).isInstanceOf(OperationAnswer.Models.class);
    assertThat(world.party().send(new Operation.ListModels(0)))
        .isInstanceOf(OperationAnswer.Models.class);
  }

  @Test
  void defect8SharedStateIsUsedByManyThreadsWithoutALock() throws Exception {
    owner.send(ServerWorld.grant(world, model, user.id()));
    KeyId key = user.putRequestKey(model);
    List<Thread> threads =
        Stream.<Runnable>of(
                () -> repeat(() -> goodRuntime().provision(model, user.id(), key).close()),
                () -> repeat(() -> world.party().putRequestKey(model)),
                () -> repeat(() -> world.party().publish("other")),
                () -> repeat(() -> world.party().send(new Operation.ListModels(0))))
            .map(work -> Thread.ofVirtual().name("client").unstarted(work))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    world.restart();
    goodRuntime().provision(model, user.id(), key).close();
  }

  private void repeat(Runnable work) {
    try {
      for (int i = 0; i < 8; i++) {
        work.run();
      }
    } catch (RuntimeException | Error e) {
      failures.add(e);
    }
  }

  @Test
  void defect9SwappedSealedRecordsAreNotNoticed() throws Exception {
    owner.publish("n");
    world.server().close();
    world.tamper(
        "UPDATE RECORD SET SEALED = (SELECT MAX(SEALED) FROM RECORD WHERE KIND = 3) WHERE KIND = 3");
    refused("state.tampered", world::restartQuietly);
  }

  @Test
  void defect9AModelCannotHaveManyGrants() {
    for (int i = 0; i < 200; i++) {
      owner.send(
          ServerWorld.grant(world, model, PartyId.ofPublicKey(RandomSource.secure().bytes(32))));
    }
    owner.send(ServerWorld.grant(world, model, user.id()));
    KeyId key = user.putRequestKey(model);
    world.restart();
    goodRuntime().provision(model, user.id(), key).close();
  }

  @Test
  void defect10AnOwnerReplacesAUsersRequestKey() {
    KeyId key = user.putRequestKey(model);
    byte[] own = RandomSource.secure().bytes(32);
    // Under the same id, as a model key and as a request key of the owner's.
    owner.send(new Operation.PutModelKey(model, key, SecretField.copyOf(own)));
    owner.send(
        new Operation.PutRequestKey(
            model, key, SecretField.copyOf(own), world.runtimePolicy(), IsolationLevel.SHARED));
    owner.send(ServerWorld.grant(world, model, user.id()));
    try (Provisioned released = goodRuntime().provision(model, user.id(), key)) {
      assertThat(released.requestKey()).isNotEqualTo(SecretField.copyOf(own));
    }
  }

  @Test
  void defect10AdministrativeMessagesAreReplayed() {
    byte[] grant = owner.sign(ServerWorld.grant(world, model, user.id()));
    OperationAnswer.Granted granted = (OperationAnswer.Granted) owner.post(grant);
    owner.send(new Operation.RevokeGrant(model, granted.id()));
    refused("statement.replayed", () -> owner.post(grant));
    KeyId key = user.putRequestKey(model);
    refused("grant.revoked", () -> goodRuntime().provision(model, user.id(), key));
  }
}
