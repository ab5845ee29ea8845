package org.sesemi.keyservice.internal;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.PartyId;

/**
 * One record of the state. Its kind and name say which record it is; the name is unique within the
 * kind and is found in the contents too, since the store shows only a digest of it.
 */
sealed interface StoredRecord {

  /** {@return the namespace} */
  default RecordKind kind() {
    return switch (this) {
      case Party _ -> RecordKind.PARTY;
      case Version _ -> RecordKind.MODEL_VERSION;
      case ModelKey _ -> RecordKind.MODEL_KEY;
      case Grant _ -> RecordKind.GRANT;
      case RequestKey _ -> RecordKind.REQUEST_KEY;
      case Nonce _ -> RecordKind.NONCE;
    };
  }

  /** {@return the encoded name} */
  default byte[] name() {
    return StoredRecordCodec.name(this);
  }

  /** {@return the encoded contents, which may hold a key} */
  default byte[] encode() {
    return StoredRecordCodec.encode(this);
  }

  /**
   * A party that made a statement.
   *
   * @param publicKey its raw public key
   * @param firstSeen when its first statement came
   */
  record Party(Bytes publicKey, Instant firstSeen) implements StoredRecord {
    PartyId id() {
      return PartyId.ofPublicKey(publicKey.toArray());
    }
  }

  /**
   * A published version of a model.
   *
   * @param model the model
   * @param version what was published
   */
  record Version(ModelId model, ModelVersion version) implements StoredRecord {
    /** Checks the parts. */
    public Version {
      requireNonNull(model, "model");
      requireNonNull(version, "version");
    }
  }

  /**
   * A model key.
   *
   * @param model the model
   * @param id the name of the key
   * @param key the key
   */
  record ModelKey(ModelId model, KeyId id, SecretBytes key) implements StoredRecord {
    /** Checks the parts. */
    public ModelKey {
      requireNonNull(model, "model");
      requireNonNull(id, "id");
      requireNonNull(key, "key");
    }
  }

  /**
   * A grant.
   *
   * @param view the grant as its owner sees it
   */
  record Grant(GrantView view) implements StoredRecord {
    ModelId model() {
      return view.terms().modelId();
    }
  }

  /**
   * The name of a request key: a user's own namespace, within it one per model.
   *
   * @param user the user
   * @param model the model
   * @param id the id that the user chose
   */
  record RequestKeyName(PartyId user, ModelId model, KeyId id) {
    /** Checks the parts. */
    public RequestKeyName {
      requireNonNull(user, "user");
      requireNonNull(model, "model");
      requireNonNull(id, "id");
    }
  }

  /**
   * A user's request key.
   *
   * @param keyName its name
   * @param key the key
   * @param runtimePolicy the runtimes that the user trusts
   * @param isolation the least isolation that the user demands
   */
  record RequestKey(
      RequestKeyName keyName, SecretBytes key, Bytes runtimePolicy, IsolationLevel isolation)
      implements StoredRecord {
    /** Checks the parts. */
    public RequestKey {
      requireNonNull(keyName, "keyName");
      requireNonNull(key, "key");
      requireNonNull(runtimePolicy, "runtimePolicy");
      requireNonNull(isolation, "isolation");
    }
  }

  /**
   * A nonce of a statement.
   *
   * @param actor the party that made the statement
   * @param nonce the nonce
   * @param until the last moment at which the statement would be accepted
   */
  record Nonce(PartyId actor, Bytes nonce, Instant until) implements StoredRecord {
    /** Checks the parts. */
    public Nonce {
      requireNonNull(actor, "actor");
      requireNonNull(nonce, "nonce");
      requireNonNull(until, "until");
    }
  }
}
