package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.property.Mutation;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.UnixSockets;

/** Home, root key and counters on disk. */
class PlatformFilesTest {

  private static final Digest MEASUREMENT = Digest.sha256(new byte[] {1});
  private static final Digest OTHER = Digest.sha256(new byte[] {2});

  @TempDir Path temporary;

  private static void assertCode(String code, ThrowingAction action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @FunctionalInterface
  private interface ThrowingAction {
    void run() throws Exception;
  }

  @Test
  void onlyOneDaemonUsesAHome() throws IOException {
    Path folder = temporary.resolve("home");
    try (PlatformHome home = PlatformHome.open(folder)) {
      assertThat(home.log("x").getParent()).isDirectory();
      assertCode("platform.home-in-use", () -> PlatformHome.open(folder));
    }
    PlatformHome.open(folder).close();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void aHomeThatOthersCanEnterIsRefused() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertCode("platform.home-unusable", () -> PlatformHome.open(folder));
  }

  @Test
  void aSocketLeftBehindIsReplacedAndAFileIsNot() throws IOException {
    Path folder = temporary.resolve("home");
    try (PlatformHome home = PlatformHome.open(folder)) {
      home.listen().close(); // Closing leaves the file, as a crash does.
      assertThat(folder.resolve(PlatformHome.SOCKET)).exists();
      try (ServerSocketChannel listening = home.listen()) {
        assertThat(listening.isOpen()).isTrue();
        assertThat(
                PosixFilePermissions.toString(
                    Files.getPosixFilePermissions(folder.resolve(PlatformHome.SOCKET))))
            .isEqualTo("rw-------");
      }
    }
    assertThat(folder.resolve(PlatformHome.SOCKET)).doesNotExist();
    try (PlatformHome home = PlatformHome.open(folder)) {
      Files.writeString(folder.resolve(PlatformHome.SOCKET), "a file");
      assertCode("platform.home-unusable", home::listen);
    }
  }

  @Test
  void theSocketWorksAtALongPath() throws IOException {
    Path folder =
        Files.createDirectories(temporary.resolve("x".repeat(100)).resolve("y".repeat(100)))
            .resolve("home");
    try (PlatformHome home = PlatformHome.open(folder);
        ServerSocketChannel listening = home.listen()) {
      UnixSockets.connect(folder.resolve(PlatformHome.SOCKET)).close();
      assertThat(listening.isOpen()).isTrue();
    }
  }

  @Test
  void theRootKeyStaysAndIsPrivate() throws IOException {
    Path file = temporary.resolve("root.key");
    RandomSource random = RandomSource.secure();
    Bytes first;
    try (PlatformRoot root = PlatformRoot.open(file, random)) {
      first = root.publicKey();
      assertThat(root.sealingKey(MEASUREMENT)).isNotEqualTo(root.sealingKey(OTHER));
      assertThat(root.sealingKey(MEASUREMENT)).isEqualTo(root.sealingKey(MEASUREMENT));
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (PlatformRoot root = PlatformRoot.open(file, random)) {
      assertThat(root.publicKey()).isEqualTo(first);
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertCode("platform.home-unusable", () -> PlatformRoot.open(file, random));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.write(file, new byte[] {1, 2, 3});
    assertCode("platform.home-unusable", () -> PlatformRoot.open(file, random));
  }

  @Test
  void twoPlatformsHaveDifferentSealingKeys() throws IOException {
    try (PlatformRoot one = PlatformRoot.open(temporary.resolve("1.key"), RandomSource.secure());
        PlatformRoot two = PlatformRoot.open(temporary.resolve("2.key"), RandomSource.secure())) {
      assertThat(one.sealingKey(MEASUREMENT)).isNotEqualTo(two.sealingKey(MEASUREMENT));
    }
  }

  @Test
  void countersGoUpOneByOneAndStay() throws IOException {
    CounterStore counters = new CounterStore(temporary);
    assertThat(counters.read(MEASUREMENT, "a")).isZero();
    assertThat(counters.advance(MEASUREMENT, "a", 0)).isEqualTo(1);
    assertThat(counters.advance(MEASUREMENT, "a", 1)).isEqualTo(2);
    assertThat(counters.advance(MEASUREMENT, "b", 0)).isEqualTo(1);
    assertCode("platform.counter-moved", () -> counters.advance(MEASUREMENT, "a", 1));
    assertCode("platform.counter-moved", () -> counters.advance(MEASUREMENT, "a", 3));
    assertThat(counters.read(OTHER, "a")).isZero();
    CounterStore again = new CounterStore(temporary);
    assertThat(again.read(MEASUREMENT, "a")).isEqualTo(2);
    assertThat(again.read(MEASUREMENT, "b")).isEqualTo(1);
  }

  @Test
  void ofManyWhoAdvanceFromTheSameValueOneWins() throws Exception {
    CounterStore counters = new CounterStore(temporary);
    AtomicInteger won = new AtomicInteger();
    Thread[] threads = new Thread[8];
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofPlatform()
              .name("advance")
              .start(
                  () -> {
                    try {
                      counters.advance(MEASUREMENT, "a", 0);
                      won.incrementAndGet();
                    } catch (PlatformException | IOException _) {
                      // One of those who lost.
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(won).hasValue(1);
    assertThat(counters.read(MEASUREMENT, "a")).isEqualTo(1);
  }

  @Test
  void aDamagedCounterFileIsAnErrorAndNeverAZero() throws IOException {
    CounterStore counters = new CounterStore(temporary);
    counters.advance(MEASUREMENT, "a", 0);
    Path file = temporary.resolve(MEASUREMENT.hex());
    byte[] good = Files.readAllBytes(file);
    for (Mutation mutation : Mutation.cuts(good).toList()) {
      Files.write(file, mutation.bytes());
      assertCode("platform.home-unusable", () -> counters.read(MEASUREMENT, "a"));
    }
    Mutation.flips(good)
        .forEach(
            mutation -> {
              try {
                Files.write(file, mutation.bytes());
                counters.read(MEASUREMENT, "a");
              } catch (IOException e) {
                throw new AssertionError(e);
              } catch (PlatformException e) {
                assertThat(e.code()).isEqualTo("platform.home-unusable");
              }
            });
  }
}
