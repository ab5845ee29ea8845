package org.sesemi.attestation.internal.azure;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.tpm.AkKeys;
import org.sesemi.attestation.internal.tpm.QuoteDocuments;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.WireException;

/**
 * What the paravisor says about itself in measured JSON: the keys of the virtual TPM, the machine's
 * configuration, and bytes of the guest. Members that are not known are measured like the others,
 * and therefore left alone.
 *
 * @param document the object
 */
record RuntimeData(JsonObject document) {

  private static final String WHAT = "the runtime data";
  private static final Json.Limits LIMITS = new Json.Limits(8, 512);
  private static final String ATTESTATION_KEY = "HCLAkPub";
  private static final int MODULUS = 256;

  /** How members of the configuration are called among claims. */
  private static final Map<String, String> CONFIGURATION =
      Map.of(
          "secure-boot", "secureBoot",
          "console-enabled", "consoleEnabled",
          "tpm-enabled", "tpmEnabled",
          "tpm-persisted", "tpmPersisted",
          "vmUniqueId", "vmUniqueId",
          "root-cert-thumbprint", "rootCertThumbprint");

  static RuntimeData parse(byte[] json) {
    try {
      if (Json.parse(ByteBuffer.wrap(json), LIMITS) instanceof JsonObject object) {
        return new RuntimeData(object);
      }
    } catch (WireException e) {
      throw new Unreadable(WHAT + ": " + e.detail());
    }
    throw new Unreadable(WHAT + " are not a JSON object");
  }

  /** {@return the one attestation key of the virtual TPM} */
  PublicKey attestationKey() {
    List<JsonObject> found =
        items(document.get("keys")).stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .filter(key -> text(key, "kid").filter(ATTESTATION_KEY::equals).isPresent())
            .toList();
    if (found.size() != 1) {
      throw new Unreadable(WHAT + " have " + found.size() + " keys named " + ATTESTATION_KEY);
    }
    JsonObject key = found.getFirst();
    boolean signs = items(key.get("key_ops")).equals(List.of(new JsonString("sign")));
    boolean rsa = text(key, "kty").filter("RSA"::equals).isPresent();
    boolean usual = text(key, "e").filter("AQAB"::equals).isPresent();
    if (!signs || !rsa || !usual) {
      throw new Unreadable("the attestation key is not an RSA key for signing");
    }
    byte[] modulus =
        text(key, "n")
            .map(text -> QuoteDocuments.anyBase64(text, "the modulus"))
            .orElseThrow(() -> new Unreadable("the attestation key has no modulus"))
            .toArray();
    if (modulus.length != MODULUS || modulus[0] >= 0) {
      throw new Unreadable("the attestation key has not 2048 bits");
    }
    return AkKeys.rsa(new BigInteger(1, modulus));
  }

  /** Puts the configuration and the guest's bytes among claims. */
  void claim(ClaimSet.Builder claims) {
    if (document.get("vm-configuration").orElse(null) instanceof JsonObject configuration) {
      configuration
          .members()
          .forEach(
              (name, value) -> {
                String claim = CONFIGURATION.get(name);
                if (claim != null && value instanceof JsonBool(boolean set)) {
                  claims.put(claim, set);
                } else if (claim != null && value instanceof JsonString(String text)) {
                  claims.put(claim, text);
                }
              });
    }
    text(document, "user-data").ifPresent(text -> claims.put("userData", hex(text)));
  }

  private static Bytes hex(String text) {
    try {
      return Bytes.of(HexFormat.of().parseHex(text));
    } catch (IllegalArgumentException e) {
      throw new Unreadable("the user data are not hexadecimal text");
    }
  }

  private static Optional<String> text(JsonObject object, String name) {
    return object
        .get(name)
        .flatMap(
            value ->
                value instanceof JsonString(String text) ? Optional.of(text) : Optional.empty());
  }

  private static List<JsonValue> items(Optional<JsonValue> value) {
    return value.orElse(new JsonString("")) instanceof JsonArray(List<JsonValue> items)
        ? items
        : List.of();
  }
}
