package org.sesemi.keyservice.internal;

import java.time.Instant;
import java.util.Optional;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.GrantId;
import org.sesemi.wire.GrantView;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.ModelVersion;
import org.sesemi.wire.Operation;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.Statement;
import org.sesemi.wire.WireException;

/** The encodings of stored records; they never leave the store unsealed. */
final class StoredRecordCodec {

  private StoredRecordCodec() {}

  static byte[] name(StoredRecord stored) {
    CborMap.Builder map = CborMap.builder();
    CborMap.Builder filled =
        switch (stored) {
          case StoredRecord.Party party -> map.put(1, party.id().digest());
          case StoredRecord.Version(ModelId model, ModelVersion version) ->
              map.put(1, model.text()).put(2, version.version());
          case StoredRecord.ModelKey(ModelId model, KeyId id, SecretBytes _) ->
              map.put(1, model.text()).put(2, id.value());
          case StoredRecord.Grant(GrantView view) -> map.put(1, view.id().value());
          case StoredRecord.RequestKey key ->
              map.put(1, key.keyName().user().digest())
                  .put(2, key.keyName().model().text())
                  .put(3, key.keyName().id().value());
          case StoredRecord.Nonce(PartyId actor, Bytes nonce, Instant _) ->
              map.put(1, actor.digest()).put(2, nonce);
        };
    return filled.build().encode();
  }

  static byte[] encode(StoredRecord stored) {
    CborMap.Builder map = CborMap.versioned();
    return switch (stored) {
      case StoredRecord.Party(Bytes publicKey, Instant firstSeen) ->
          map.put(1, publicKey).put(2, firstSeen.toEpochMilli()).build().encode();
      case StoredRecord.Version(ModelId model, ModelVersion version) ->
          map.put(1, model.text())
              .put(2, version.version())
              .put(3, version.manifestDigest())
              .put(4, version.keyId().value())
              .put(5, version.published().toEpochMilli())
              .build()
              .encode();
      case StoredRecord.ModelKey(ModelId model, KeyId id, SecretBytes key) ->
          encode(map.put(1, model.text()).put(2, id.value()), 3, key);
      case StoredRecord.Grant(GrantView view) -> encodeGrant(map, view);
      case StoredRecord.RequestKey key ->
          encode(
              map.put(1, key.keyName().user().digest())
                  .put(2, key.keyName().model().text())
                  .put(3, key.keyName().id().value())
                  .put(5, key.runtimePolicy())
                  .put(6, key.isolation().text()),
              4,
              key.key());
      case StoredRecord.Nonce(PartyId actor, Bytes nonce, Instant until) ->
          map.put(1, actor.digest()).put(2, nonce).put(3, until.toEpochMilli()).build().encode();
    };
  }

  static StoredRecord decode(RecordKind kind, byte[] bytes) {
    try {
      CborReader reader = CborReader.versioned(bytes);
      StoredRecord stored =
          switch (kind) {
            case PARTY -> new StoredRecord.Party(reader.byteString(1, 32), instant(reader, 2));
            case MODEL_VERSION ->
                new StoredRecord.Version(
                    model(reader, 1),
                    new ModelVersion(
                        reader.integer(2, 1, Long.MAX_VALUE),
                        reader.digest(3),
                        keyId(reader, 4),
                        instant(reader, 5)));
            case MODEL_KEY ->
                new StoredRecord.ModelKey(model(reader, 1), keyId(reader, 2), secret(reader, 3));
            case GRANT -> new StoredRecord.Grant(decodeGrant(reader));
            case REQUEST_KEY ->
                new StoredRecord.RequestKey(
                    new StoredRecord.RequestKeyName(
                        party(reader, 1), model(reader, 2), keyId(reader, 3)),
                    secret(reader, 4),
                    Bytes.of(reader.slice(5, 1, Operation.MAX_POLICY_LENGTH)),
                    reader.parsed(6, 16, IsolationLevel::parse));
            case NONCE ->
                new StoredRecord.Nonce(
                    party(reader, 1),
                    reader.byteString(2, Statement.NONCE_LENGTH),
                    instant(reader, 3));
          };
      reader.finish();
      return stored;
    } catch (WireException e) {
      throw StoreFailures.tampered("a record of kind " + kind + " does not read: " + e.code());
    }
  }

  private static byte[] encode(CborMap.Builder map, int key, SecretBytes secret) {
    return secret.use(
        InsecureSecretAccess.get(), exposed -> map.put(key, exposed).build().encode());
  }

  private static byte[] encodeGrant(CborMap.Builder map, GrantView view) {
    map.put(1, view.id().value())
        .put(2, view.terms().encode())
        .put(3, view.created().toEpochMilli());
    view.revoked().ifPresent(time -> map.put(4, time.toEpochMilli()));
    return map.build().encode();
  }

  private static GrantView decodeGrant(CborReader reader) {
    GrantId id = new GrantId(reader.byteString(1, GrantId.LENGTH));
    byte[] terms = reader.bytes(2, 1, Statement.MAX_ARGUMENTS_LENGTH);
    Instant created = instant(reader, 3);
    Optional<Instant> revoked = reader.optional(4, StoredRecordCodec::instant);
    return switch (Operation.decode("grant", terms)) {
      case Operation.Grant grant -> new GrantView(id, grant, created, revoked);
      case Operation other ->
          throw StoreFailures.tampered("a grant holds the terms of " + other.name());
    };
  }

  private static Instant instant(CborReader reader, int key) {
    return Instant.ofEpochMilli(reader.integer(key, 0, Operation.Grant.NEVER.toEpochMilli()));
  }

  private static PartyId party(CborReader reader, int key) {
    return new PartyId(reader.digest(key));
  }

  private static ModelId model(CborReader reader, int key) {
    return reader.parsed(key, ModelId.MAX_TEXT_LENGTH, ModelId::parse);
  }

  private static KeyId keyId(CborReader reader, int key) {
    return new KeyId(reader.byteString(key, KeyId.LENGTH));
  }

  private static SecretBytes secret(CborReader reader, int key) {
    return SecretBytes.takeOver(reader.bytes(key, SecretField.LENGTH));
  }
}
