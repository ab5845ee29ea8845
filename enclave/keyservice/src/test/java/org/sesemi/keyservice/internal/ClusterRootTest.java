package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.keyservice.internal.KeyServiceScene.refused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.crypto.Genesis;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/** Founding a cluster, opening it again, and who cannot. */
class ClusterRootTest {

  private static final Bytes CONFIG =
      Bytes.of(
          "{\"apiVersion\":\"sesemi/v1\",\"platform\":\"simulated\"}"
              .getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  private FilePlatform platform(int code) {
    return platform(code, CONFIG);
  }

  private FilePlatform platform(int code, Bytes config) {
    return new FilePlatform(
        folder.resolve("platform"), Digest.sha256(new byte[] {(byte) code}), config);
  }

  private ClusterRoot open(FilePlatform platform) {
    return ClusterRoot.open(folder, platform, InstantSource.system(), RandomSource.secure());
  }

  @Test
  void theGenesisStatementNamesItsFounder() {
    FilePlatform platform = platform(1);
    ClusterRoot cluster = open(platform);
    Genesis genesis = Genesis.decode(cluster.genesis().toArray());
    assertThat(genesis.measurement()).isEqualTo(platform.measurement());
    assertThat(genesis.configDigest()).isEqualTo(platform.configDigest());
    assertThat(genesis.platformRoot()).isEqualTo(platform.platformRoot());
    assertThat(genesis.platform()).isEqualTo("simulated");
    assertThat(genesis.epoch()).isEqualTo(1);
    assertThat(genesis.caKey()).isEqualTo(cluster.caKey().publicKey());
  }

  @Test
  void aRestartOpensTheSameCluster() {
    ClusterRoot first = open(platform(1));
    ClusterRoot again = open(platform(1));
    assertThat(again.genesis()).isEqualTo(first.genesis());
    assertThat(again.root().sameAs(first.root())).isTrue();
    assertThat(again.caKey().publicKey()).isEqualTo(first.caKey().publicKey());
  }

  @Test
  void anotherMeasurementCannotOpenIt() throws IOException {
    open(platform(1)).close();
    byte[] before = Files.readAllBytes(folder.resolve("cluster.sealed"));
    refused("state.sealed-elsewhere", () -> open(platform(2)));
    assertThat(Files.readAllBytes(folder.resolve("cluster.sealed"))).isEqualTo(before);
  }

  @Test
  void anotherConfigurationCannotOpenIt() {
    open(platform(1)).close();
    refused("state.sealed-elsewhere", () -> open(platform(1, Bytes.of(new byte[] {1}))));
  }

  @Test
  void aChangedFileIsACodedErrorAndStaysAsItIs() throws IOException {
    open(platform(1)).close();
    Path file = folder.resolve("cluster.sealed");
    byte[] sealed = Files.readAllBytes(file);
    var random = Property.random("cluster file under mutation");
    FilePlatform platform = platform(1);
    Mutation.all(sealed, random)
        .forEach(
            mutation -> {
              try {
                Files.write(file, mutation.bytes());
                open(platform);
                throw new AssertionError("opened: " + mutation.what());
              } catch (CodedException e) {
                assertThat(e.code()).as(mutation.what()).startsWith("state.");
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    Files.write(file, sealed);
    open(platform).close();
  }

  @Test
  void secretsDoNotPrint() {
    ClusterRoot cluster = open(platform(1));
    assertThat(cluster.toString())
        .isEqualTo("ClusterRoot[" + cluster.genesis().length() + " bytes of genesis]");
  }
}
