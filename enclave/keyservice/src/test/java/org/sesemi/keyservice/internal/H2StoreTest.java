package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.keyservice.internal.KeyServiceScene.refused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.h2.Driver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.keyservice.internal.World.Party;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;

/** The sealed database: what it keeps, what it hides and what it refuses to believe. */
class H2StoreTest {

  @TempDir Path folder;

  private final FakeGuard platform = new FakeGuard();
  private final byte[] root = World.seeded(5).bytes(32);
  private final List<H2Store> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(H2Store::close);
  }

  private H2Store open(String name) {
    return open(name, platform);
  }

  private H2Store open(String name, FakeGuard guard) {
    H2Store store =
        H2Store.open(
            folder.resolve(name),
            new RecordSealer(root, World.seeded(System.nanoTime())),
            guard.process());
    opened.add(store);
    return store;
  }

  private Path file(String name) {
    return folder.resolve(name + ".mv.db");
  }

  private void copy(String from, String to) throws IOException {
    Files.copy(file(from), file(to), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Changes a closed database from outside, as whoever holds the disk can. */
  private void tamper(String name, String... statements) throws Exception {
    Properties login = new Properties();
    login.setProperty("user", "sa");
    login.setProperty("password", "");
    try (Connection connection =
            new Driver().connect("jdbc:h2:file:" + folder.resolve(name), login);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAfterARestart() {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    Party user = world.party();
    ModelId model = owner.model("m");
    world.publish(owner, "m", 1);
    KeyId key = world.putRequestKey(user, model);
    world.grantTo(owner, "m", user.id());
    var before = world.provision(model, user.id(), key);
    store.close();
    world.restart(open("db"));
    var after = world.provision(model, user.id(), key);
    assertThat(after.requestKey()).isEqualTo(before.requestKey());
    assertThat(after.modelKey()).isEqualTo(before.modelKey());
    assertThat(world.auditOf(owner)).hasSize(5);
  }

  @Test
  void theFileShowsNeitherIdsNorKeysNorReasons() throws IOException {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    Party user = world.party();
    byte[] secret = world.random.bytes(32);
    KeyId key = KeyId.random(world.random);
    ModelId model = owner.model("a-name-to-be-found");
    world.send(
        owner, new Operation.PutModelKey(model, key, org.sesemi.wire.SecretField.copyOf(secret)));
    world.publish(owner, "a-name-to-be-found", 1, key);
    world.grantTo(owner, "a-name-to-be-found", user.id());
    store.close();
    String found = new String(Files.readAllBytes(file("db")), StandardCharsets.ISO_8859_1);
    for (byte[] hidden :
        List.of(
            secret,
            key.bytes(),
            owner.id().bytes(),
            user.id().bytes(),
            owner.id().hex().getBytes(StandardCharsets.US_ASCII),
            "a-name-to-be-found".getBytes(StandardCharsets.US_ASCII),
            "ok".getBytes(StandardCharsets.UTF_16LE),
            "publish-model".getBytes(StandardCharsets.US_ASCII))) {
      assertThat(found).doesNotContain(new String(hidden, StandardCharsets.ISO_8859_1));
    }
  }

  @Test
  void anOlderCopyOfTheDatabaseIsRefused() throws IOException {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    Party user = world.party();
    world.publish(owner, "m", 1);
    var grant = world.grantTo(owner, "m", user.id());
    store.close();
    copy("db", "old");
    world.restart(open("db"));
    world.send(owner, new Operation.RevokeGrant(owner.model("m"), grant));
    opened.getLast().close();
    copy("old", "db");
    refused("state.rolled-back", () -> world.restart(open("db")));
  }

  @Test
  void aStateThatWasKeptButNotAcknowledgedIsAcceptedOnce() {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    world.publish(owner, "m", 1);
    platform.dieBeforeAcknowledging(true);
    assertThatThrownBy(() -> world.grantTo(owner, "m", owner.id())).hasMessage("died on the way");
    store.close();
    platform.dieBeforeAcknowledging(false);
    world.restart(open("db"));
    var grants =
        (OperationAnswer.Grants) world.send(owner, new Operation.ListGrants(owner.model("m"), 0));
    assertThat(grants.grants()).hasSize(1);
  }

  @Test
  void ofTwoServicesOnCopiesOnlyTheNewerOneIsAcknowledged() throws IOException {
    H2Store store = open("db");
    World first = new World(store, 1);
    Party owner = first.party();
    first.publish(owner, "m", 1);
    KeyService older = first.service;
    copy("db", "fork");
    first.restart(open("fork"));
    KeyService newer = first.service;
    first.service = older;
    refused("state.forked", () -> first.grantTo(owner, "m", owner.id()));
    refused("store.failed", () -> first.grantTo(owner, "m", owner.id()));
    first.service = newer;
    first.grantTo(owner, "m", owner.id());
    opened.forEach(H2Store::close);
    // What the older one wrote without being acknowledged cannot take the place of the newer state.
    refused("state.rolled-back", () -> first.restart(open("db")));
    first.restart(open("fork"));
  }

  @Test
  void aDatabaseThatIsNewerThanThePlatformRemembersIsRefused() {
    H2Store store = open("db");
    World world = new World(store, 1);
    world.publish(world.party(), "m", 1);
    store.close();
    FakeGuard forgetful = new FakeGuard();
    H2Store again =
        H2Store.open(
            folder.resolve("db"), new RecordSealer(root, world.random), forgetful.process());
    opened.add(again);
    refused("state.rolled-back", () -> world.restart(again));
  }

  @Test
  void everyChangeFromOutsideIsNoticed() throws Exception {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    world.publish(owner, "m", 1);
    world.grantTo(owner, "m", owner.id());
    store.close();
    List<List<String>> attacks =
        List.of(
            List.of("DELETE FROM RECORD WHERE KIND = 4"),
            List.of("DELETE FROM RECORD WHERE KIND = 6"),
            List.of("DELETE FROM RECORD"),
            List.of("DELETE FROM STATE"),
            List.of("DELETE FROM AUDIT WHERE ENTRY = (SELECT MAX(ENTRY) FROM AUDIT)"),
            List.of("DELETE FROM AUDIT"),
            List.of("UPDATE RECORD SET KIND = 5 WHERE KIND = 3"),
            List.of("UPDATE RECORD SET KIND = 77 WHERE KIND = 3"),
            List.of("UPDATE RECORD SET VERSION = VERSION + 1 WHERE KIND = 2"),
            List.of("UPDATE STATE SET NUMBER = NUMBER + 1"),
            List.of("UPDATE RECORD SET NAME = X'" + "ab".repeat(32) + "' WHERE KIND = 2"),
            List.of("UPDATE RECORD SET SEALED = X'00' WHERE KIND = 2"),
            List.of(
                "UPDATE RECORD SET SEALED = SUBSTRING(SEALED, 1, LENGTH(SEALED) - 1)"
                    + " WHERE KIND = 2"),
            List.of("UPDATE AUDIT SET ENTRY = ENTRY + 1"),
            List.of("ALTER TABLE RECORD DROP COLUMN VERSION"),
            List.of("DROP TABLE STATE"));
    for (int i = 0; i < attacks.size(); i++) {
      String name = "attack" + i;
      copy("db", name);
      tamper(name, attacks.get(i).toArray(String[]::new));
      assertThatThrownBy(() -> world.restart(open(name)))
          .as(attacks.get(i).toString())
          .isInstanceOfSatisfying(
              org.sesemi.wire.CodedException.class,
              e -> assertThat(e.code()).isEqualTo("state.tampered"));
    }
  }

  @Test
  void aRowOfAnOlderStateInsideTheNewestOneIsNoticed() throws Exception {
    H2Store store = open("db");
    World world = new World(store, 1);
    Party owner = world.party();
    Party user = world.party();
    world.publish(owner, "m", 1);
    var grant = world.grantTo(owner, "m", user.id());
    store.close();
    String old = dump("db", 4);
    world.restart(open("db"));
    world.send(owner, new Operation.RevokeGrant(owner.model("m"), grant));
    opened.getLast().close();
    tamper("db", "DELETE FROM RECORD WHERE KIND = 4", old);
    refused("state.tampered", () -> world.restart(open("db")));
  }

  private String dump(String name, int kind) throws Exception {
    Properties login = new Properties();
    login.setProperty("user", "sa");
    login.setProperty("password", "");
    try (Connection connection =
            new Driver().connect("jdbc:h2:file:" + folder.resolve(name), login);
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT NAME, VERSION, SEALED FROM RECORD WHERE KIND = " + kind)) {
      row.next();
      return "INSERT INTO RECORD VALUES("
          + kind
          + ", X'"
          + Bytes.of(row.getBytes(1)).hex()
          + "', "
          + row.getLong(2)
          + ", X'"
          + Bytes.of(row.getBytes(3)).hex()
          + "')";
    }
  }

  @Test
  void aFileOfRubbishIsACodedError() {
    Property.check(
        "damaged database files are coded errors",
        40,
        random -> {
          String name = "damaged" + Math.abs(random.nextLong());
          FakeGuard guard = new FakeGuard();
          H2Store store = open(name, guard);
          World world = new World(store, random.nextLong());
          world.publish(world.party(), "m", 1);
          store.close();
          byte[] bytes = Files.readAllBytes(file(name));
          int length = 1 + random.nextInt(4096);
          int at = random.nextInt(bytes.length - 1);
          for (int i = at; i < Math.min(bytes.length, at + length); i++) {
            bytes[i] = (byte) random.nextInt();
          }
          Files.write(file(name), bytes);
          try {
            world.restart(open(name, guard));
          } catch (org.sesemi.wire.CodedException e) {
            assertThat(e.code()).startsWith("state.");
          }
        });
  }

  @Test
  void aSecondProcessOnTheSameFileIsRefused() {
    H2Store store = open("db");
    new World(store, 1);
    refused("state.locked", () -> lockedByAnother());
  }

  private void lockedByAnother() {
    // Within one process H2 shares an open database, so the lock is held here as a process would.
    opened.getFirst().close();
    try (var channel =
            java.nio.channels.FileChannel.open(
                file("db"),
                java.nio.file.StandardOpenOption.READ,
                java.nio.file.StandardOpenOption.WRITE);
        var lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      open("db");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
