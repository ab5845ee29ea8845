package org.sesemi.crypto;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.crypto.VectorFile.Case;
import org.sesemi.crypto.VectorFile.Refused;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonObject;

/** Vectors of identity key files and of padded lengths. */
final class KeyVectors {

  private static final int[] LENGTHS = {
    1,
    2,
    7,
    8,
    9,
    15,
    16,
    17,
    33,
    63,
    64,
    65,
    100,
    127,
    129,
    255,
    257,
    1000,
    1025,
    4097,
    65_535,
    65_537,
    602_312,
    1_000_000,
    16_777_217,
    1_000_000_000
  };

  private KeyVectors() {}

  static List<VectorFile> all() {
    return List.of(identityKey(), padding());
  }

  private static VectorFile identityKey() {
    List<Case> cases = new ArrayList<>();
    for (IdentityKey key : List.of(Fixed.OWNER, Fixed.USER, Fixed.CLUSTER, Fixed.INSTANCE)) {
      Bytes encoded = Bytes.of(key.encode(InsecureSecretAccess.get()));
      cases.add(
          new Case(
              "key " + (cases.size() + 1),
              Fixed.none(),
              describe(key),
              JsonObject.builder()
                  .put(
                      "subjectPublicKeyInfo",
                      Bytes.of(key.publicKey().subjectPublicKeyInfo()).hex())
                  .build(),
              encoded));
    }
    Bytes first = cases.getFirst().encoded();
    List<Refused> refused = new ArrayList<>(ReceiptVectors.versions(first, "key.version-unknown"));
    refused.add(new Refused("a seed of 31 bytes", shortSeed(), "key.malformed"));
    return new VectorFile(
        "identity-key",
        "identity-keys",
        cases,
        refused,
        (_, bytes) -> describe(IdentityKey.decode(bytes)));
  }

  private static Bytes shortSeed() {
    return Bytes.parse("a2000101581f" + Fixed.run(0, 31).hex());
  }

  private static JsonObject describe(IdentityKey key) {
    Bytes encoded = Bytes.of(key.encode(InsecureSecretAccess.get()));
    return JsonObject.builder()
        .put("seed", encoded.hex().substring(encoded.hex().length() - 64))
        .put("publicKey", key.publicKey().toString())
        .put("partyId", key.id().toString())
        .build();
  }

  /** Here the encoded bytes are the padded length as u32. */
  private static VectorFile padding() {
    List<Case> cases = new ArrayList<>();
    for (int length : LENGTHS) {
      int padded = Padding.padded(length);
      cases.add(
          new Case(
              length + " bytes",
              JsonObject.builder().put("length", length).build(),
              JsonObject.builder().put("padded", padded).build(),
              Fixed.none(),
              Bytes.of(java.nio.ByteBuffer.allocate(4).putInt(padded).flip())));
    }
    return new VectorFile(
        "padding",
        "padding",
        cases,
        List.of(),
        (given, _) ->
            JsonObject.builder()
                .put("padded", Padding.padded((int) given.integer("length", 1, 1L << 31)))
                .build());
  }
}
