package org.sesemi.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.crypto.RequestKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;

class StoresTest {

  private static final Bytes GENESIS = Bytes.of(new byte[] {1, 2, 3});
  private static final Digest CLUSTER = Digest.sha256(GENESIS.toArray());

  @TempDir private Path folder;

  private static ClusterStatus status(long epoch) {
    return new ClusterStatus(GENESIS, epoch, Instant.EPOCH);
  }

  private static void refused(String code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(SdkException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void theHighestEpochIsRememberedOverRestarts() throws Exception {
    TrustStore first = new TrustStore(folder);
    assertThat(first.epoch(CLUSTER)).isZero();
    assertThat(first.genesis(CLUSTER)).isEmpty();
    first.accept(status(3));
    first.accept(status(3));
    TrustStore second = new TrustStore(folder);
    assertThat(second.epoch(CLUSTER)).isEqualTo(3);
    assertThat(second.genesis(CLUSTER)).contains(GENESIS);
    refused("cluster.epoch-lower", () -> second.accept(status(2)));
    assertThat(second.epoch(CLUSTER)).isEqualTo(3);
    second.accept(status(4));
    assertThat(first.epoch(CLUSTER)).isEqualTo(4);
    Path file = folder.resolve(CLUSTER.hex() + ".json");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void damagedTrustIsNoticed() throws Exception {
    TrustStore store = new TrustStore(folder);
    store.accept(status(1));
    Path file = folder.resolve(CLUSTER.hex() + ".json");
    Files.writeString(file, Files.readString(file).replace("010203", "010204"));
    refused("state.damaged", () -> store.epoch(CLUSTER));
    Files.writeString(file, "{");
    refused("state.damaged", () -> store.accept(status(2)));
  }

  @Test
  void requestKeysAreKeptForExactlyTheirUse() throws Exception {
    RequestKeyStore store = new RequestKeyStore(folder);
    PartyId user = new PartyId(Digest.sha256(new byte[] {1}));
    ModelId model = new ModelId(user, "heart");
    Digest policy = Digest.sha256(new byte[] {2});
    RequestKeyStore.Use use = new RequestKeyStore.Use(CLUSTER, user, model, policy);
    assertThat(store.find(use)).isEmpty();
    try (RequestKey key = RequestKey.generate(RandomSource.secure())) {
      store.put(use, key);
      try (RequestKey again = new RequestKeyStore(folder).find(use).orElseThrow()) {
        assertThat(again.id()).isEqualTo(key.id());
        assertThat(
                again
                    .secret(org.sesemi.crypto.InsecureSecretAccess.get())
                    .sameAs(key.secret(org.sesemi.crypto.InsecureSecretAccess.get())))
            .isTrue();
      }
    }
    Digest other = Digest.sha256(new byte[] {3});
    assertThat(store.find(new RequestKeyStore.Use(other, user, model, policy))).isEmpty();
    assertThat(store.find(new RequestKeyStore.Use(CLUSTER, user, model, other))).isEmpty();
    assertThat(store.find(new RequestKeyStore.Use(CLUSTER, user, new ModelId(user, "x"), policy)))
        .isEmpty();
    assertThat(store.models(CLUSTER, user)).isEqualTo(List.of(model));
    assertThat(store.models(other, user)).isEmpty();
    try (var files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      Files.writeString(file, "{}");
    }
    refused("state.damaged", () -> store.find(use));
    store.remove(use);
    assertThat(store.find(use)).isEmpty();
  }
}
