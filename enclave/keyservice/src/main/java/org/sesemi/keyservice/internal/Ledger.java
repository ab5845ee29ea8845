package org.sesemi.keyservice.internal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.keyservice.internal.StoredRecord.RequestKeyName;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.UserPosition;

/**
 * The whole state in memory, indexed for the questions that decisions ask. It changes record by
 * record, after the change was kept, and in no other way.
 *
 * <p>Not thread-safe: the lock of {@link KeyService} guards it.
 */
final class Ledger {

  /** What is known of one model. */
  private static final class ModelState {
    private final NavigableMap<Long, ModelVersion> versions = new TreeMap<>();
    private final Map<KeyId, SecretBytes> keys = new HashMap<>();
    private final Map<GrantId, GrantView> grants = new LinkedHashMap<>();
    private final Map<UserPosition, Map<GrantId, GrantView>> grantsByUser = new HashMap<>();
  }

  private record NonceName(PartyId actor, Bytes nonce) {}

  private static final UserPosition ANYONE = new UserPosition.AnyoneAuthenticated();

  private final NavigableMap<ModelId, ModelState> models = new TreeMap<>();
  private final Map<PartyId, StoredRecord.Party> parties = new HashMap<>();
  private final Map<RequestKeyName, StoredRecord.RequestKey> requestKeys = new HashMap<>();
  private final Map<PartyId, Integer> requestKeyCounts = new HashMap<>();
  private final Map<UserPosition, TreeSet<ModelId>> grantedModels = new HashMap<>();
  private final Map<NonceName, StoredRecord.Nonce> nonces = new HashMap<>();
  private final TreeSet<StoredRecord.Nonce> noncesByTime =
      new TreeSet<>(
          Comparator.comparing(StoredRecord.Nonce::until)
              .thenComparing(StoredRecord.Nonce::actor)
              .thenComparing(nonce -> nonce.nonce().hex()));

  /** Takes over a change that was kept. */
  void apply(Store.Change change) {
    switch (change) {
      case Store.Change.Put(StoredRecord stored) -> put(stored);
      case Store.Change.Delete(StoredRecord stored) -> delete(stored);
    }
  }

  /** Takes over a record that is kept. */
  void put(StoredRecord stored) {
    switch (stored) {
      case StoredRecord.Party party -> parties.put(party.id(), party);
      case StoredRecord.Version(ModelId model, ModelVersion version) ->
          state(model).versions.put(version.version(), version);
      case StoredRecord.ModelKey(ModelId model, KeyId id, SecretBytes key) ->
          state(model).keys.put(id, key);
      case StoredRecord.Grant grant -> putGrant(grant);
      case StoredRecord.RequestKey key -> {
        if (requestKeys.put(key.keyName(), key) == null) {
          requestKeyCounts.merge(key.keyName().user(), 1, Integer::sum);
        }
      }
      case StoredRecord.Nonce nonce -> {
        nonces.put(new NonceName(nonce.actor(), nonce.nonce()), nonce);
        noncesByTime.add(nonce);
      }
    }
  }

  private void putGrant(StoredRecord.Grant grant) {
    ModelState state = state(grant.model());
    GrantView view = grant.view();
    UserPosition user = view.terms().user();
    state.grants.put(view.id(), view);
    state.grantsByUser.computeIfAbsent(user, _ -> new LinkedHashMap<>()).put(view.id(), view);
    grantedModels.computeIfAbsent(user, _ -> new TreeSet<>()).add(grant.model());
  }

  private void delete(StoredRecord stored) {
    switch (stored) {
      case StoredRecord.ModelKey(ModelId model, KeyId id, SecretBytes _) ->
          close(state(model).keys.remove(id));
      case StoredRecord.RequestKey key -> {
        StoredRecord.RequestKey removed = requestKeys.remove(key.keyName());
        if (removed != null) {
          removed.key().close();
          requestKeyCounts.merge(key.keyName().user(), -1, Integer::sum);
        }
      }
      case StoredRecord.Nonce nonce -> {
        nonces.remove(new NonceName(nonce.actor(), nonce.nonce()));
        noncesByTime.remove(nonce);
      }
      case StoredRecord.Party _, StoredRecord.Version _, StoredRecord.Grant _ ->
          throw new IllegalStateException("records of this kind are never deleted");
    }
  }

  private static void close(@Nullable SecretBytes secret) {
    if (secret != null) {
      secret.close();
    }
  }

  private ModelState state(ModelId model) {
    return models.computeIfAbsent(model, _ -> new ModelState());
  }

  private Optional<ModelState> find(ModelId model) {
    return Optional.ofNullable(models.get(model));
  }

  /** {@return whether a party made a statement before} */
  boolean knows(PartyId party) {
    return parties.containsKey(party);
  }

  /** {@return the current version of a model, if it was published} */
  Optional<ModelVersion> current(ModelId model) {
    return find(model).map(state -> state.versions.lastEntry()).map(Map.Entry::getValue);
  }

  /** {@return the versions of a model, newest first} */
  Collection<ModelVersion> versions(ModelId model) {
    return find(model).map(state -> state.versions.descendingMap().values()).orElse(List.of());
  }

  /** {@return how many models with anything kept a party owns} */
  int modelCount(PartyId owner) {
    return ownedModels(owner).size();
  }

  private Collection<ModelId> ownedModels(PartyId owner) {
    return models.tailMap(new ModelId(owner, "0"), true).keySet().stream()
        .takeWhile(id -> id.owner().equals(owner))
        .toList();
  }

  /** {@return the published models that a party owns or was granted, in order of their ids} */
  Collection<ModelId> visibleModels(PartyId party, Instant now) {
    TreeSet<ModelId> all = new TreeSet<>(ownedModels(party));
    for (UserPosition position : List.of(UserPosition.of(party), ANYONE)) {
      for (ModelId model : grantedModels.getOrDefault(position, new TreeSet<>())) {
        if (hasLiveGrant(model, party, now)) {
          all.add(model);
        }
      }
    }
    all.removeIf(model -> current(model).isEmpty());
    return all;
  }

  /** {@return whether a grant that has not ended covers a user} */
  boolean hasLiveGrant(ModelId model, PartyId user, Instant now) {
    return grantsFor(model, user).stream().anyMatch(grant -> isLive(grant, now));
  }

  static boolean isLive(GrantView grant, Instant now) {
    return grant.revoked().isEmpty() && grant.terms().expiry().isAfter(now);
  }

  /** {@return a model key} */
  Optional<SecretBytes> modelKey(ModelId model, KeyId id) {
    return find(model).map(state -> state.keys.get(id));
  }

  /** {@return how many keys a model has} */
  int modelKeyCount(ModelId model) {
    return find(model).map(state -> state.keys.size()).orElse(0);
  }

  /** {@return a grant of a model} */
  Optional<GrantView> grant(ModelId model, GrantId id) {
    return find(model).map(state -> state.grants.get(id));
  }

  /** {@return all grants of a model, oldest first} */
  Collection<GrantView> grants(ModelId model) {
    return find(model).map(state -> state.grants.values()).orElse(List.of());
  }

  /** {@return the grants of a model that cover a user, ended ones included, newest first} */
  List<GrantView> grantsFor(ModelId model, PartyId user) {
    List<GrantView> result = new ArrayList<>();
    find(model)
        .ifPresent(
            state -> {
              result.addAll(grants(state, UserPosition.of(user)));
              result.addAll(grants(state, ANYONE));
            });
    result.sort(Comparator.comparing(GrantView::created).reversed());
    return result;
  }

  private static Collection<GrantView> grants(ModelState state, UserPosition user) {
    return state.grantsByUser.getOrDefault(user, Map.of()).values();
  }

  /** {@return a request key} */
  Optional<StoredRecord.RequestKey> requestKey(RequestKeyName name) {
    return Optional.ofNullable(requestKeys.get(name));
  }

  /** {@return how many request keys a user has} */
  int requestKeyCount(PartyId user) {
    return requestKeyCounts.getOrDefault(user, 0);
  }

  /** {@return whether a statement with this nonce came before} */
  boolean isUsed(PartyId actor, Bytes nonce) {
    return nonces.containsKey(new NonceName(actor, nonce));
  }

  /** {@return how many nonces of statements are remembered} */
  int nonceCount() {
    return nonces.size();
  }

  /** {@return nonces that need not be remembered any more, the oldest first} */
  List<StoredRecord.Nonce> expiredNonces(Instant now, int maxCount) {
    return noncesByTime.stream()
        .takeWhile(nonce -> nonce.until().isBefore(now))
        .limit(maxCount)
        .toList();
  }
}
