package org.sesemi.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.sesemi.sdk.internal.StateFiles;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.ClusterStatus;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.WireException;

/**
 * What a client remembers of clusters for all time: the highest epoch that each ever showed.
 *
 * <p>Guarantees: an epoch is on disk before it is used, and a lower one is refused from then on,
 * also after a restart.
 */
public final class TrustStore {

  private final Path folder;

  /**
   * Opens a store.
   *
   * @param folder a private folder that exists
   */
  public TrustStore(Path folder) {
    this.folder = folder;
  }

  /**
   * {@return the highest epoch that a cluster ever showed, 0 when it never showed one}
   *
   * @param cluster the cluster
   */
  public synchronized long epoch(Digest cluster) {
    return read(cluster).map(Known::epoch).orElse(0L);
  }

  /**
   * {@return the genesis statement of a cluster, when it was ever connected to}
   *
   * @param cluster the cluster
   */
  public synchronized Optional<Bytes> genesis(Digest cluster) {
    return read(cluster).map(Known::genesis);
  }

  /**
   * Accepts what a cluster proved of itself, unless its epoch is lower than one before.
   *
   * @param status what it proved
   * @throws SdkException with {@code cluster.epoch-lower}
   */
  public synchronized void accept(ClusterStatus status) {
    Digest cluster = status.clusterId();
    long highest = epoch(cluster);
    if (status.epoch() < highest) {
      throw new SdkException(
          SdkException.Code.EPOCH_LOWER,
          "the key service shows epoch " + status.epoch() + ", but it has shown " + highest);
    }
    if (status.epoch() == highest) {
      return;
    }
    try {
      StateFiles.write(
          file(cluster),
          JsonObject.builder()
              .put("apiVersion", "sesemi/v1")
              .put("cluster", cluster.hex())
              .put("genesis", status.genesis().hex())
              .put("epoch", status.epoch())
              .build());
    } catch (IOException e) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot write " + file(cluster), e);
    }
  }

  private record Known(long epoch, Bytes genesis) {}

  private Optional<Known> read(Digest cluster) {
    Path file = file(cluster);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonFields json = JsonFields.of(Files.readAllBytes(file));
      Bytes genesis = Bytes.parse(json.text("genesis"));
      if (!Digest.sha256(genesis.toArray()).equals(cluster)) {
        throw new SdkException(SdkException.Code.STATE_DAMAGED, file + " is damaged");
      }
      return Optional.of(new Known(json.integer("epoch", 1, Long.MAX_VALUE), genesis));
    } catch (IOException | WireException e) {
      throw new SdkException(SdkException.Code.STATE_DAMAGED, file + " is damaged", e);
    }
  }

  private Path file(Digest cluster) {
    return folder.resolve(cluster.hex() + ".json");
  }
}
