package org.sesemi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.TensorMetadata;

class PackageTest {

  private static final int SEGMENT = PackageHeader.SEGMENT_SIZE;

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.jdk(), CryptoProvider.of(Conscrypt.newProvider()));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void everySizeComesBackWithEveryParallelism(CryptoProvider provider) {
    Property.check(
        "packages come back",
        12,
        random -> {
          int edge = random.nextInt(1, 30) * SEGMENT;
          int size = Math.max(1, edge + random.nextInt(-2, 3));
          Fixture fixture = new Fixture(random, provider, size, 1);
          PackageReader reader = PackageReader.of(fixture.source());
          assertThat(reader.manifestDigest()).isEqualTo(fixture.written.manifestDigest());
          assertThat(fixture.sealed).hasSize((int) reader.size());
          try (OpenedPackage opened = reader.open(provider, fixture.key, random.nextInt(1, 5))) {
            assertThat(opened.model()).isEqualTo(ByteBuffer.wrap(fixture.model));
            assertThat(opened.manifest().inputs()).isEqualTo(Fixture.INPUTS);
            assertThat(opened.header().memoryBytes()).isEqualTo(12345);
          }
        });
  }

  @ParameterizedTest
  @MethodSource("providers")
  void noChangedSmallPackageOpens(CryptoProvider provider) {
    RandomGenerator random = Property.random("changed small packages");
    Fixture fixture = new Fixture(random, provider, 700, 1);
    Mutation.all(fixture.sealed, random).forEach(fixture::refuses);
  }

  /** Each byte flipped and each length cut, up to the size at which sampling begins. */
  @ParameterizedTest
  @MethodSource("providers")
  void noChangedPackageOf32KibOpens(CryptoProvider provider) {
    RandomGenerator random = Property.random("changed packages of 32 KiB");
    Fixture fixture = new Fixture(random, provider, 32 * 1024 - 600, 1);
    assertThat(fixture.sealed).hasSizeBetween(32_000, 32 * 1024);
    Mutation.all(fixture.sealed, random).forEach(fixture::refuses);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void noBigPackageOpensChangedAtAnEdgeOrAnywhereSampled(CryptoProvider provider) {
    RandomGenerator random = Property.random("changed big packages");
    Fixture fixture = new Fixture(random, provider, 5 * SEGMENT + 100, 1);
    int base = fixture.sealed.length - 5 * (SEGMENT + 16) - 116;
    IntStream edges =
        IntStream.range(0, 6)
            .flatMap(index -> IntStream.rangeClosed(-2, 2).map(d -> base + index * 65552 + d));
    IntStream.concat(
            IntStream.concat(IntStream.range(0, base), edges),
            random.ints(1000, 0, fixture.sealed.length))
        .forEach(at -> fixture.refuses(Mutation.flip(fixture.sealed, at, 1 << random.nextInt(8))));
    for (int index = 0; index <= 5; index++) {
      int length = base + index * 65552;
      fixture.refuses(
          new Mutation("cut to " + length, java.util.Arrays.copyOf(fixture.sealed, length)));
    }
    Mutation.extensions(fixture.sealed, random).forEach(fixture::refuses);
  }

  @Test
  void segmentsDoNotMoveWithinOrBetweenPackages() {
    RandomGenerator random = Property.random("moved segments");
    Fixture one = new Fixture(random, CryptoProvider.jdk(), 3 * SEGMENT, 1);
    Fixture two = new Fixture(random, CryptoProvider.jdk(), 3 * SEGMENT, 2, one);
    int base = one.sealed.length - 3 * (SEGMENT + 16);
    assertThat(two.sealed).hasSameSizeAs(one.sealed);
    byte[] swapped = one.sealed.clone();
    System.arraycopy(one.sealed, base, swapped, base + SEGMENT + 16, SEGMENT + 16);
    System.arraycopy(one.sealed, base + SEGMENT + 16, swapped, base, SEGMENT + 16);
    one.refuses(new Mutation("two segments swapped", swapped));
    byte[] mixed = one.sealed.clone();
    System.arraycopy(two.sealed, base, mixed, base, SEGMENT + 16);
    one.refuses(new Mutation("a segment of another version", mixed));
  }

  /** Whoever holds the model key can seal other segments, but not under the same manifest. */
  @Test
  void aHolderOfTheKeyCannotPlantOtherContentUnderAPublishedManifest() throws Exception {
    RandomGenerator random = Property.random("planted content");
    Fixture fixture = new Fixture(random, CryptoProvider.jdk(), 300, 1);
    byte[] planted = fixture.sealed.clone();
    int base = planted.length - 316;
    try (PackageCipher cipher =
        new PackageCipher(
            CryptoProvider.jdk(),
            fixture.key,
            PackageReader.of(fixture.source()).header().salt())) {
      cipher.segment(
          javax.crypto.Cipher.ENCRYPT_MODE,
          fixture.written.manifestDigest(),
          0,
          true,
          ByteBuffer.wrap(new byte[300]),
          ByteBuffer.wrap(planted, base, 316));
    }
    fixture.refuses(new Mutation("content of another holder of the key", planted));
  }

  @Test
  void anotherKeyIsRefused() {
    RandomGenerator random = Property.random("another key");
    Fixture fixture = new Fixture(random, CryptoProvider.jdk(), 300, 1);
    ModelKey other =
        ModelKey.of(fixture.key.id(), SecretBytes.random(random::nextBytes, ModelKey.LENGTH));
    assertThatThrownBy(
            () -> PackageReader.of(fixture.source()).open(CryptoProvider.jdk(), other, 1))
        .isInstanceOfSatisfying(
            CryptoException.class, e -> assertThat(e.code()).isEqualTo("package.tampered"));
  }

  @Test
  void filesCanBePackages(@TempDir Path folder) throws IOException {
    Fixture fixture =
        new Fixture(Property.random("files"), CryptoProvider.jdk(), 2 * SEGMENT + 5, 1);
    Path file = Files.write(folder.resolve("1.sealed"), fixture.sealed);
    ByteBuffer model;
    try (PackageSource source = PackageSource.ofFile(file);
        OpenedPackage opened =
            PackageReader.of(source).open(CryptoProvider.jdk(), fixture.key, 2)) {
      model = opened.model();
      assertThat(model).isEqualTo(ByteBuffer.wrap(fixture.model));
    }
    assertThatThrownBy(() -> model.get(0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void plainModelsAreWiped() {
    try (PlainModel model = new PlainModel(1001)) {
      ByteBuffer bytes = model.bytes();
      for (int at = 0; at < 1001; at++) {
        bytes.put(at, (byte) 0x5A);
      }
      model.wipe();
      assertThat(bytes).isEqualTo(ByteBuffer.allocate(1001));
    }
  }

  /** An interrupted reader says so: nobody is to look for an attacker then. */
  @Test
  void anInterruptedReaderIsNotAnAlarm() {
    Fixture fixture =
        new Fixture(Property.random("interrupted"), CryptoProvider.jdk(), 40 * SEGMENT, 1);
    PackageReader reader = PackageReader.of(fixture.source());
    for (int parallelism : new int[] {1, 4}) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> reader.open(CryptoProvider.jdk(), fixture.key, parallelism))
          .isInstanceOfSatisfying(
              CryptoException.class, e -> assertThat(e.code()).isEqualTo("package.unreadable"));
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  /** A fault of the machine in one worker reaches the caller as it is. */
  @Test
  void anErrorInAWorkerIsRethrown() {
    assertThatThrownBy(
            () ->
                SegmentTasks.run(
                    64,
                    4,
                    (from, to) -> {
                      throw new OutOfMemoryError("planted");
                    }))
        .isInstanceOf(OutOfMemoryError.class)
        .hasMessage("planted");
  }

  private static final class Fixture {
    static final List<TensorMetadata> INPUTS =
        List.of(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 30L)));

    final CryptoProvider provider;
    final ModelKey key;
    final byte[] model;
    final byte[] sealed;
    final PackageWriter.Written written;

    Fixture(RandomGenerator random, CryptoProvider provider, int size, long version) {
      this(random, provider, size, version, ModelKey.generate(random::nextBytes));
    }

    Fixture(RandomGenerator random, CryptoProvider provider, int size, long version, Fixture of) {
      this(random, provider, size, version, of.key);
    }

    private Fixture(
        RandomGenerator random, CryptoProvider provider, int size, long version, ModelKey key) {
      this.provider = provider;
      this.key = key;
      this.model = new byte[size];
      random.nextBytes(model);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      PartyId owner = new PartyId(Digest.sha256(new byte[] {1}));
      try {
        this.written =
            new PackageWriter(provider, random::nextBytes)
                .write(
                    key,
                    new PackageWriter.Description(
                        new ModelId(owner, "forest"),
                        version,
                        12345,
                        PackageManifest.ONNX,
                        INPUTS,
                        List.of(new TensorMetadata("label", Datatype.INT64, List.of(-1L)))),
                    PackageSource.ofBytes(ByteBuffer.wrap(model)),
                    Channels.newChannel(out));
      } catch (IOException impossible) {
        throw new AssertionError(impossible);
      }
      this.sealed = out.toByteArray();
      assertThat(written.sealedBytes()).isEqualTo(sealed.length);
    }

    PackageSource source() {
      return PackageSource.ofBytes(ByteBuffer.wrap(sealed));
    }

    /** A changed package is refused, or is another package by its digest. */
    void refuses(Mutation mutation) {
      assertThatThrownBy(
              () ->
                  PackageReader.of(PackageSource.ofBytes(ByteBuffer.wrap(mutation.bytes())))
                      .open(provider, key, 2)
                      .close())
          .as(mutation.what())
          .isInstanceOfSatisfying(
              CryptoException.class, e -> assertThat(e.code()).startsWith("package."));
    }
  }
}
