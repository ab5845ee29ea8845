package org.sesemi.sdk;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.RequestKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.sdk.internal.StateFiles;
import org.sesemi.wire.Digest;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.WireException;

/**
 * The user's own keys of requests, one for each cluster, user, model and runtime policy.
 *
 * <p>Guarantees: files are readable by their owner only; a key is kept only after the key service
 * accepted it, so that every key found here was good when it was put.
 */
public final class RequestKeyStore {

  private final Path folder;

  /**
   * Opens a store.
   *
   * @param folder a private folder that exists
   */
  public RequestKeyStore(Path folder) {
    this.folder = folder;
  }

  /**
   * What a key is for.
   *
   * @param cluster the cluster whose key service holds the other copy
   * @param user who seals with it
   * @param modelId the model that requests go to
   * @param policy the digest of the runtime policy that the key service was given with it
   */
  public record Use(Digest cluster, PartyId user, ModelId modelId, Digest policy) {}

  /**
   * Finds a key that the key service has accepted; the caller closes it.
   *
   * @param use what it is for
   * @return the key, if there is one
   */
  public synchronized Optional<RequestKey> find(Use use) {
    Path file = file(use);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonFields json = JsonFields.of(Files.readAllBytes(file));
      if (!json.text("model").equals(use.modelId().text())
          || !json.text("user").equals(use.user().hex())) {
        throw new SdkException(SdkException.Code.STATE_DAMAGED, file + " is damaged");
      }
      byte[] key = HexFormat.of().parseHex(json.text("key"));
      return Optional.of(RequestKey.of(KeyId.parse(json.text("keyId")), SecretBytes.takeOver(key)));
    } catch (IOException | WireException | IllegalArgumentException e) {
      throw new SdkException(SdkException.Code.STATE_DAMAGED, file + " is damaged", e);
    }
  }

  /**
   * Keeps a key.
   *
   * @param use what it is for
   * @param key the key
   */
  public synchronized void put(Use use, RequestKey key) {
    byte[] raw = key.secret(InsecureSecretAccess.get()).reveal(InsecureSecretAccess.get());
    try {
      StateFiles.write(
          file(use),
          JsonObject.builder()
              .put("apiVersion", "sesemi/v1")
              .put("cluster", use.cluster().hex())
              .put("user", use.user().hex())
              .put("model", use.modelId().text())
              .put("keyId", key.id().hex())
              .put("key", HexFormat.of().formatHex(raw))
              .build());
    } catch (IOException e) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot write " + file(use), e);
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  /**
   * Forgets a key.
   *
   * @param use what it was for
   */
  public synchronized void remove(Use use) {
    try {
      var _ = Files.deleteIfExists(file(use));
    } catch (IOException e) {
      throw new SdkException(SdkException.Code.FILE_UNREADABLE, "cannot delete " + file(use), e);
    }
  }

  /**
   * {@return the models that a user has keys for}
   *
   * @param cluster the cluster
   * @param user the user
   */
  public synchronized List<ModelId> models(Digest cluster, PartyId user) {
    List<ModelId> models = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.json")) {
      for (Path file : files) {
        JsonFields json = JsonFields.of(Files.readAllBytes(file));
        if (json.text("cluster").equals(cluster.hex()) && json.text("user").equals(user.hex())) {
          models.add(ModelId.parse(json.text("model")));
        }
      }
    } catch (IOException | WireException e) {
      throw new SdkException(SdkException.Code.STATE_DAMAGED, folder + " is damaged", e);
    }
    return models.stream().distinct().toList();
  }

  private Path file(Use use) {
    byte[] name =
        (use.user().hex() + "/" + use.modelId().text())
            .getBytes(java.nio.charset.StandardCharsets.UTF_8);
    Digest digest = Digest.sha256(use.cluster().bytes(), name, use.policy().bytes());
    return folder.resolve(digest.hex() + ".json");
  }
}
