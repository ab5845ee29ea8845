package org.sesemi.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The names and the encodings of the operations. Keys of maps are the numbers used here. */
final class OperationCodec {

  private static final int MAX_OFFSET = 1_000_000_000;

  private OperationCodec() {}

  static String name(Operation operation) {
    return switch (operation) {
      case Operation.PublishModel _ -> "publish-model";
      case Operation.PutModelKey _ -> "put-model-key";
      case Operation.DeleteModelKey _ -> "delete-model-key";
      case Operation.Grant _ -> "grant";
      case Operation.ListGrants _ -> "list-grants";
      case Operation.RevokeGrant _ -> "revoke-grant";
      case Operation.PutRequestKey _ -> "put-request-key";
      case Operation.DeleteRequestKey _ -> "delete-request-key";
      case Operation.ListModels _ -> "list-models";
      case Operation.ShowModel _ -> "show-model";
      case Operation.ReadAudit _ -> "read-audit";
    };
  }

  static byte[] encode(Operation operation) {
    List<byte[]> exposed = new ArrayList<>();
    try {
      return encode(operation, exposed);
    } finally {
      exposed.forEach(copy -> Arrays.fill(copy, (byte) 0));
    }
  }

  /**
   * Lends a copy of a key to a message until the copies of this list are wiped.
   *
   * @return the result
   */
  static byte[] expose(SecretField key, List<byte[]> exposed) {
    exposed.add(key.exposedCopy());
    return exposed.getLast();
  }

  private static byte[] encode(Operation operation, List<byte[]> exposed) {
    CborMap.Builder map = CborMap.versioned();
    CborMap.Builder filled =
        switch (operation) {
          case Operation.PublishModel(ModelId model, long version, Digest manifest, KeyId key) ->
              map.put(1, model.text()).put(2, version).put(3, manifest).put(4, key.value());
          case Operation.PutModelKey(ModelId model, KeyId id, SecretField key) ->
              map.put(1, model.text()).put(2, id.value()).put(3, expose(key, exposed));
          case Operation.DeleteModelKey(ModelId model, KeyId id) ->
              map.put(1, model.text()).put(2, id.value());
          case Operation.Grant grant ->
              map.put(1, grant.modelId().text())
                  .put(2, grant.user().text())
                  .put(3, grant.runtimePolicy())
                  .put(4, grant.versionRule().text())
                  .put(5, grant.expiry().toEpochMilli())
                  .put(6, grant.isolation().text());
          case Operation.ListGrants(ModelId model, int offset) ->
              map.put(1, model.text()).put(2, offset);
          case Operation.RevokeGrant(ModelId model, GrantId id) ->
              map.put(1, model.text()).put(2, id.value());
          case Operation.PutRequestKey put ->
              map.put(1, put.modelId().text())
                  .put(2, put.keyId().value())
                  .put(3, expose(put.key(), exposed))
                  .put(4, put.runtimePolicy())
                  .put(5, put.isolation().text());
          case Operation.DeleteRequestKey(ModelId model, KeyId id) ->
              map.put(1, model.text()).put(2, id.value());
          case Operation.ListModels(int offset) -> map.put(1, offset);
          case Operation.ShowModel(ModelId model) -> map.put(1, model.text());
          case Operation.ReadAudit(long from) -> map.put(1, from);
        };
    return filled.build().encode();
  }

  static Operation decode(String name, byte[] arguments) {
    CborReader reader = CborReader.versioned(arguments);
    Operation operation =
        switch (name) {
          case "publish-model" ->
              new Operation.PublishModel(
                  model(reader), ModelVersion.read(reader, 2), reader.digest(3), keyId(reader, 4));
          case "put-model-key" ->
              new Operation.PutModelKey(model(reader), keyId(reader, 2), secret(reader, 3));
          case "delete-model-key" -> new Operation.DeleteModelKey(model(reader), keyId(reader, 2));
          case "grant" ->
              new Operation.Grant(
                  model(reader),
                  reader.parsed(2, UserPosition.MAX_TEXT_LENGTH, UserPosition::parse),
                  policy(reader, 3),
                  reader.parsed(4, VersionRule.MAX_TEXT_LENGTH, VersionRule::parse),
                  Instants.read(reader, 5),
                  reader.parsed(6, 16, IsolationLevel::parse));
          case "list-grants" -> new Operation.ListGrants(model(reader), offset(reader, 2));
          case "revoke-grant" -> new Operation.RevokeGrant(model(reader), grantId(reader, 2));
          case "put-request-key" ->
              new Operation.PutRequestKey(
                  model(reader),
                  keyId(reader, 2),
                  secret(reader, 3),
                  policy(reader, 4),
                  reader.parsed(5, 16, IsolationLevel::parse));
          case "delete-request-key" ->
              new Operation.DeleteRequestKey(model(reader), keyId(reader, 2));
          case "list-models" -> new Operation.ListModels(offset(reader, 1));
          case "show-model" -> new Operation.ShowModel(model(reader));
          case "read-audit" -> new Operation.ReadAudit(reader.integer(1, 0, Long.MAX_VALUE));
          default ->
              throw new WireException(
                  WireException.Code.CBOR_UNEXPECTED, "the statement names no known operation");
        };
    reader.finish();
    return operation;
  }

  private static ModelId model(CborReader reader) {
    return model(reader, 1);
  }

  static ModelId model(CborReader reader, int key) {
    return reader.parsed(key, ModelId.MAX_TEXT_LENGTH, ModelId::parse);
  }

  static KeyId keyId(CborReader reader, int key) {
    return new KeyId(reader.byteString(key, KeyId.LENGTH));
  }

  static GrantId grantId(CborReader reader, int key) {
    return new GrantId(reader.byteString(key, GrantId.LENGTH));
  }

  static SecretField secret(CborReader reader, int key) {
    byte[] copy = reader.bytes(key, SecretField.LENGTH);
    try {
      return SecretField.copyOf(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  static Bytes policy(CborReader reader, int key) {
    return Bytes.of(reader.slice(key, 1, Operation.MAX_POLICY_LENGTH));
  }

  static int offset(CborReader reader, int key) {
    return reader.int32(key, 0, MAX_OFFSET);
  }

  static void checkPolicy(Bytes policy) {
    if (policy.length() == 0 || policy.length() > Operation.MAX_POLICY_LENGTH) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a runtime policy is empty or too long");
    }
  }

  static void checkOffset(int offset) {
    if (offset < 0 || offset > MAX_OFFSET) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "an offset is out of range");
    }
  }
}
