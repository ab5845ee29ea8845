package org.sesemi.sdk;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.RequestKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;

/**
 * The keys of one user's requests: the one at hand, or a new one that the key service has got
 * before it is used. Thread-safe.
 */
final class RequestKeys {

  private final RequestKeyStore store;
  private final KeyServiceConnection keyService;
  private final PartyId user;
  private final Bytes runtimePolicy;
  private final RandomSource random;

  /**
   * Makes the keys of a user.
   *
   * @param store where keys are kept
   * @param keyService who else gets them
   * @param user whose keys
   * @param runtimePolicy the policy of the runtimes that may get them, encoded
   * @param random where new ones come from
   */
  RequestKeys(
      RequestKeyStore store,
      KeyServiceConnection keyService,
      PartyId user,
      Bytes runtimePolicy,
      RandomSource random) {
    this.store = store;
    this.keyService = keyService;
    this.user = user;
    this.runtimePolicy = runtimePolicy;
    this.random = random;
  }

  /** {@return the key for requests to a model, which the caller closes} */
  RequestKey get(ModelId modelId) {
    RequestKeyStore.Use use = use(modelId);
    Optional<RequestKey> present = store.find(use);
    return present.isPresent() ? present.get() : fresh(modelId, use);
  }

  /** Forgets the key for requests to a model. */
  void remove(ModelId modelId) {
    store.remove(use(modelId));
  }

  /** {@return the models of a cluster that a key is at hand for} */
  List<ModelId> models(Digest cluster) {
    return store.models(cluster, user);
  }

  private RequestKey fresh(ModelId modelId, RequestKeyStore.Use use) {
    RequestKey key = RequestKey.generate(random);
    byte[] raw = key.secret(InsecureSecretAccess.get()).reveal(InsecureSecretAccess.get());
    try (SecretField field = SecretField.copyOf(raw)) {
      var _ =
          keyService.perform(
              new Operation.PutRequestKey(
                  modelId, key.id(), field, runtimePolicy, IsolationLevel.SHARED),
              OperationAnswer.Done.class);
      store.put(use, key);
      return key;
    } catch (RuntimeException e) {
      key.close();
      throw e;
    } finally {
      Arrays.fill(raw, (byte) 0);
    }
  }

  private RequestKeyStore.Use use(ModelId modelId) {
    return new RequestKeyStore.Use(
        keyService.cluster(), user, modelId, Digest.sha256(runtimePolicy.toArray()));
  }
}
