package org.sesemi.attestation.internal.cca;

import java.io.ByteArrayOutputStream;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.cose.CborFields;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.wire.Bytes;

/**
 * What the realm manager says about a realm. Source: Realm Management Monitor specification,
 * attestation, realm claims.
 *
 * @param profile the form of the claims; the older form does not name itself
 * @param challenge the caller's 64 bytes
 * @param personalization 64 bytes of whoever made the realm
 * @param initialMeasurement what the realm began with
 * @param extensibleMeasurements what it measured since, four registers
 * @param hashAlgorithm the hash of the measurements
 * @param publicKey the key of the realm: a raw point in the older form, a COSE_Key in the newer
 * @param keyHashAlgorithm the hash by which the platform binds the key
 */
record RealmClaims(
    Optional<String> profile,
    Bytes challenge,
    Bytes personalization,
    Bytes initialMeasurement,
    List<Bytes> extensibleMeasurements,
    String hashAlgorithm,
    Bytes publicKey,
    String keyHashAlgorithm) {

  /** The newer profile. */
  static final String PROFILE_2023 = "tag:arm.com,2023:realm#1.0.0";

  /** The length of the challenge. */
  static final int CHALLENGE_LENGTH = 64;

  private static final int PROFILE = 265;
  private static final int CHALLENGE = 10;
  private static final int PERSONALIZATION = 44235;
  private static final int HASH = 44236;
  private static final int PUBLIC_KEY = 44237;
  private static final int INITIAL_MEASUREMENT = 44238;
  private static final int EXTENSIBLE_MEASUREMENTS = 44239;
  private static final int KEY_HASH = 44240;
  private static final int REGISTERS = 4;

  private static final int COSE_KEY_TYPE = 1;
  private static final int COSE_ALGORITHM = 3;
  private static final int COSE_CURVE = -1;
  private static final int COSE_X = -2;
  private static final int COSE_Y = -3;
  private static final int EC2 = 2;
  private static final int P384 = 2;
  private static final int ES384 = -35;

  RealmClaims {
    extensibleMeasurements = List.copyOf(extensibleMeasurements);
  }

  static RealmClaims parse(byte[] payload) {
    String what = "the realm's claims";
    CborFields fields = CborItem.parse(payload, what).fields(what);
    List<Bytes> registers = new ArrayList<>();
    for (CborItem item : fields.get(EXTENSIBLE_MEASUREMENTS).array("the measurements")) {
      registers.add(Bytes.of(item.bytes("a measurement")));
    }
    RealmClaims claims =
        new RealmClaims(
            fields.optional(PROFILE).map(item -> item.name("the profile")),
            Bytes.of(fields.get(CHALLENGE).bytes("the challenge")),
            Bytes.of(fields.get(PERSONALIZATION).bytes("the personalization")),
            Bytes.of(fields.get(INITIAL_MEASUREMENT).bytes("the initial measurement")),
            registers,
            fields.get(HASH).name("the hash algorithm"),
            Bytes.of(fields.get(PUBLIC_KEY).bytes("the public key")),
            fields.get(KEY_HASH).name("the hash algorithm of the key"));
    fields.finish();
    return claims;
  }

  boolean hasKnownProfile() {
    return profile.stream().allMatch(PROFILE_2023::equals);
  }

  boolean hasAllowedHashes() {
    return CcaHash.named(hashAlgorithm).isPresent() && CcaHash.named(keyHashAlgorithm).isPresent();
  }

  boolean hasGoodFields() {
    return challenge.length() == CHALLENGE_LENGTH
        && personalization.length() == 64
        && CcaHash.fits(hashAlgorithm, initialMeasurement)
        && extensibleMeasurements.size() == REGISTERS
        && extensibleMeasurements.stream().allMatch(value -> CcaHash.fits(hashAlgorithm, value));
  }

  /**
   * {@return the key of the realm}
   *
   * @throws Unreadable when it is none of P-384
   */
  PublicKey key() {
    String what = "the realm's key";
    byte[] encoded = publicKey.toArray();
    if (profile.isPresent()) {
      return EcKeys.P384.key(coseKey(encoded, what), what);
    }
    if (encoded.length == 0 || encoded[0] != 4) {
      throw new Unreadable(what + " is not an uncompressed point");
    }
    return EcKeys.P384.key(Arrays.copyOfRange(encoded, 1, encoded.length), what);
  }

  /** Reads a COSE_Key of type EC2 (RFC 9053 section 7.1.1) as two coordinates. */
  private static byte[] coseKey(byte[] encoded, String what) {
    CborFields fields = CborItem.parse(encoded, what).fields(what);
    boolean right =
        fields.get(COSE_KEY_TYPE).integer(what) == EC2
            && fields.get(COSE_CURVE).integer(what) == P384
            && fields.optional(COSE_ALGORITHM).stream()
                .allMatch(item -> item.integer(what) == ES384);
    byte[] x = fields.get(COSE_X).bytes(what);
    byte[] y = fields.get(COSE_Y).bytes(what);
    fields.finish();
    if (!right || x.length != EcKeys.P384.size()) {
      throw new Unreadable(what + " is a COSE_Key of another kind than P-384");
    }
    ByteArrayOutputStream xy = new ByteArrayOutputStream();
    xy.writeBytes(x);
    xy.writeBytes(y);
    return xy.toByteArray();
  }

  void addTo(ClaimSet.Builder claims) {
    claims.put("measurement", initialMeasurement).put("reportData", challenge);
    profile.ifPresent(text -> claims.put("realmProfile", text));
    claims
        .put("realmChallenge", challenge)
        .put("realmPersonalization", personalization)
        .put("realmInitialMeasurement", initialMeasurement)
        .put(
            "realmExtensibleMeasurements",
            new ClaimValue.Several(
                extensibleMeasurements.stream().<ClaimValue>map(ClaimValue.Hex::new).toList()))
        .put("realmHashAlgorithm", hashAlgorithm)
        .put("realmPublicKey", publicKey)
        .put("realmKeyHashAlgorithm", keyHashAlgorithm);
  }
}
