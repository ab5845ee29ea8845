package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.AttestationException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/** The store with small stand-ins for JDK and jars, which nobody starts. */
class UnitStoreTest {

  private static final String DESCRIPTION =
      "{\"main-module\": \"a/a.Main\", \"jvm-options\": [], \"environment\": {}}";

  @TempDir Path temporary;

  /** To the store, all files are old enough. */
  private InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofHours(1));

  private Path unit;
  private UnitStore store;

  @BeforeEach
  void makeUnit() throws IOException {
    unit = Files.createDirectory(temporary.resolve("unit"));
    Files.createDirectories(unit.resolve("jdk/bin"));
    Files.createDirectories(unit.resolve("jdk/lib/server"));
    Files.createDirectory(unit.resolve("lib"));
    Files.writeString(unit.resolve("jdk/bin/java"), "java");
    Files.setPosixFilePermissions(
        unit.resolve("jdk/bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(unit.resolve("jdk/lib/server/libjvm.so"), "jvm");
    Files.writeString(unit.resolve("lib/a.jar"), "first jar");
    Files.writeString(unit.resolve("lib/b.jar"), "second jar");
    Files.writeString(unit.resolve("launch.json"), DESCRIPTION);
    TestUnits.settle(unit);
    store = open();
  }

  private UnitStore open() throws IOException {
    return new UnitStore(temporary.resolve("store"), clock, RandomSource.secure());
  }

  private Digest measure() throws IOException {
    return store.prepare(unit).unit().measurement();
  }

  @Test
  void theSecondTimeNoFileIsRead() throws IOException {
    Digest first = measure();
    assertThat(store.filesRead()).isEqualTo(5);
    assertThat(measure()).isEqualTo(first);
    assertThat(store.filesRead()).isEqualTo(5);
  }

  @Test
  void aNewDaemonReadsNoSourceEither() throws IOException {
    Digest first = measure();
    store = open();
    assertThat(measure()).isEqualTo(first);
    assertThat(store.filesRead()).isZero();
  }

  @Test
  void onlyAChangedFileIsReadAgainAlsoWhenItsSizeAndTimeArePutBack() throws IOException {
    Digest first = measure();
    Path jar = unit.resolve("lib/a.jar");
    FileTime time = Files.getLastModifiedTime(jar);
    Files.writeString(jar, "First jar");
    Files.setLastModifiedTime(jar, time);
    assertThat(measure()).isNotEqualTo(first);
    assertThat(store.filesRead()).isEqualTo(6);
    Files.writeString(jar, "first jar");
    assertThat(measure()).isEqualTo(first);
    assertThat(store.filesRead()).isEqualTo(7);
  }

  @Test
  void aFileThatIsTooYoungIsNotTrustedToStayTheSame() throws IOException {
    measure();
    clock = InstantSource.fixed(UnitListing.changed(unit.resolve("lib/a.jar")).toInstant());
    store = open();
    Files.writeString(unit.resolve("lib/a.jar"), "changed");
    measure();
    assertThat(store.filesRead()).isEqualTo(1);
    measure();
    assertThat(store.filesRead()).isEqualTo(2);
  }

  @Test
  void theCopyCannotBeWrittenAndLaterChangesOfTheSourceDoNotReachIt() throws IOException {
    UnitStore.StoredUnit stored = store.prepare(unit);
    try (Stream<Path> all = Files.walk(stored.tree())) {
      assertThat(all)
          .allSatisfy(
              path ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                      .doesNotContain("w"));
    }
    Files.writeString(unit.resolve("lib/a.jar"), "other", StandardOpenOption.TRUNCATE_EXISTING);
    assertThat(Files.readString(stored.tree().resolve("lib/a.jar"))).isEqualTo("first jar");
    assertThat(stored.tree().resolve("jdk/bin/java")).isExecutable();
  }

  @Test
  void aTouchedCopyIsNoticedAndMadeAnew() throws IOException {
    UnitStore.StoredUnit stored = store.prepare(unit);
    Path jar = stored.tree().resolve("lib/a.jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(jar, "evil jar!");
    UnitStore.StoredUnit again = store.prepare(unit);
    assertThat(again.unit().measurement()).isEqualTo(stored.unit().measurement());
    assertThat(Files.readString(again.tree().resolve("lib/a.jar"))).isEqualTo("first jar");
  }

  @Test
  void aCopyThatWasTouchedBetweenTwoDaemonsIsMeasuredAsItIs() throws IOException {
    UnitStore.StoredUnit stored = store.prepare(unit);
    Path jar = stored.tree().resolve("lib/a.jar");
    Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(jar, "evil jar!");
    store = open();
    assertThat(store.prepare(unit).unit().measurement()).isNotEqualTo(stored.unit().measurement());
  }

  @Test
  void aDamagedIndexCostsOneReading() throws IOException {
    Digest first = measure();
    Files.write(temporary.resolve("store/index"), new byte[] {1, 2, 3});
    store = open();
    assertThat(measure()).isEqualTo(first);
    assertThat(store.filesRead()).isEqualTo(5);
  }

  @Test
  void whatAKilledDaemonLeftIsRemoved() throws IOException {
    measure();
    Path trees = temporary.resolve("store/units");
    Path half = Files.createDirectories(trees.resolve(".new-00/lib"));
    Files.writeString(half.resolve("a.jar"), "half");
    Path blob = temporary.resolve("store/blobs/.new-1");
    Files.writeString(blob, "half");
    Path unused = temporary.resolve("store/blobs/" + "0".repeat(64));
    Files.writeString(unused, "unused");
    open();
    assertThat(trees.resolve(".new-00")).doesNotExist();
    assertThat(blob).doesNotExist();
    assertThat(unused).doesNotExist();
    assertThat(trees).isNotEmptyDirectory();
  }

  @Test
  void theImageBesideTheFolderIsUsedWhenItHasNone() throws IOException {
    Digest whole = measure();
    Files.move(unit.resolve("jdk"), temporary.resolve("jdk"));
    assertThat(measure()).isEqualTo(whole);
  }

  @Test
  void foldersThatAreNoneAreRefused() throws IOException {
    Files.createSymbolicLink(unit.resolve("lib/c.jar"), unit.resolve("lib/a.jar"));
    assertRefused("attestation.launch-folder");
    Files.delete(unit.resolve("lib/c.jar"));
    Files.writeString(unit.resolve("agent.so"), "");
    assertRefused("attestation.launch-folder");
    Files.delete(unit.resolve("agent.so"));
    Files.setPosixFilePermissions(
        unit.resolve("lib/a.jar"), PosixFilePermissions.fromString("rw-rw-r--"));
    assertRefused("attestation.launch-writable");
    unit = unit.resolveSibling("missing");
    assertRefused("attestation.launch-folder");
  }

  private void assertRefused(String code) {
    assertThatThrownBy(this::measure)
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
