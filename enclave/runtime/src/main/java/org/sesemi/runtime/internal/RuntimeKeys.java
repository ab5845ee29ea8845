package org.sesemi.runtime.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sesemi.crypto.ModelKey;
import org.sesemi.crypto.RequestKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.crypto.Signed;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.KeyId;
import org.sesemi.wire.Provisioned;
import org.sesemi.wire.Provisioned.AllowedVersion;
import org.sesemi.wire.SecretField;
import org.sesemi.wire.VersionRule;

/**
 * The keys of one slot with what the key service said about their use. Closing wipes them.
 *
 * @param requestKey opens the user's requests and seals the answers
 * @param modelKeys open the packages of the allowed versions
 * @param allowed the versions that may be served, newest first
 * @param isolation the isolation level that owner and user agreed on
 * @param certificate the certificate of the receipt key
 */
public record RuntimeKeys(
    RequestKey requestKey,
    Map<KeyId, ModelKey> modelKeys,
    List<AllowedVersion> allowed,
    IsolationLevel isolation,
    Signed certificate)
    implements AutoCloseable {

  /** Copies the collections. */
  public RuntimeKeys {
    modelKeys = Map.copyOf(modelKeys);
    allowed = List.copyOf(allowed);
  }

  /**
   * Returns the version to serve: the newest allowed one that the request accepts.
   *
   * @param rule what the request accepts
   */
  public AllowedVersion choose(VersionRule rule) {
    return switch (rule) {
      case VersionRule.Current _ -> allowed.getFirst();
      case VersionRule.Exactly(long version) ->
          allowed.stream()
              .filter(one -> one.version() == version)
              .findFirst()
              .orElseThrow(() -> notAllowed(rule));
      case VersionRule.AtLeast(long version) ->
          allowed.stream()
              .filter(one -> one.version() >= version)
              .findFirst()
              .orElseThrow(() -> notAllowed(rule));
    };
  }

  private static FunctionException notAllowed(VersionRule rule) {
    return new FunctionException(
        FunctionException.Code.VERSION_NOT_ALLOWED,
        "the grant allows no version " + rule.text() + " of the model at present");
  }

  /** Returns the key of an allowed version. */
  public ModelKey modelKey(AllowedVersion version) {
    ModelKey key = modelKeys.get(version.modelKeyId());
    if (key == null) {
      throw new IllegalStateException("an allowed version has no key");
    }
    return key;
  }

  /**
   * Moves released keys into their types; what came is wiped.
   *
   * @param provisioned what the key service released
   * @param requestKeyId the request key that was asked for
   * @param certificate the verified certificate
   */
  static RuntimeKeys of(Provisioned provisioned, KeyId requestKeyId, Signed certificate) {
    try (provisioned) {
      Map<KeyId, ModelKey> modelKeys = new HashMap<>();
      for (Provisioned.ReleasedKey released : provisioned.modelKeys()) {
        modelKeys.put(released.id(), ModelKey.of(released.id(), secret(released.key())));
      }
      return new RuntimeKeys(
          RequestKey.of(requestKeyId, secret(provisioned.requestKey())),
          modelKeys,
          provisioned.allowed(),
          provisioned.isolation(),
          certificate);
    }
  }

  private static SecretBytes secret(SecretField field) {
    return SecretBytes.takeOver(field.exposedCopy());
  }

  @Override
  public void close() {
    requestKey.close();
    modelKeys.values().forEach(ModelKey::close);
  }
}
