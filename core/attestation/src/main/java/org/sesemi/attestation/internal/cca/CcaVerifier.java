package org.sesemi.attestation.internal.cca;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Pem;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.attestation.internal.cose.CoseSign1;
import org.sesemi.wire.Bytes;

/**
 * Judges {@code token.cbor} of the Arm Confidential Compute Architecture, with the platform's key
 * in {@code platform_key.pem} or among the anchors. Arm publishes no root: the key is believed only
 * when it is an anchor of the caller's. Tokens have no dates.
 *
 * <p>Source: Realm Management Monitor specification, attestation.
 */
public final class CcaVerifier implements PlatformVerifier {

  private static final String TOKEN = "token.cbor";
  private static final String KEY = "platform_key.pem";

  /** Makes a verifier. */
  public CcaVerifier() {}

  @Override
  public PlatformKind platform() {
    return PlatformKind.CCA;
  }

  @Override
  public boolean recognises(Documents documents) {
    return documents.get(TOKEN).isPresent();
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Checks<CcaStep> checks = new Checks<>("cca evidence", CcaStep.class);
    if (expectation.nonce().isEmpty()) {
      checks.skip(CcaStep.NONCE);
    }
    token(documents, checks)
        .ifPresent(
            token -> {
              headers(token, checks);
              Optional<PlatformClaims> platform = platform(token, checks);
              Optional<RealmClaims> realm = realm(token, checks);
              realm.ifPresent(
                  claims -> {
                    realmSignature(token.realm(), claims, checks);
                    expectation.nonce().ifPresent(nonce -> nonce(claims, nonce, checks));
                  });
              if (platform.isPresent() && realm.isPresent()) {
                together(platform.get(), realm.get(), checks);
              }
              platformSignature(
                  token.platform(), documents, anchors.of(Anchors.Vendor.ARM), checks);
            });
    return checks.judge(platform());
  }

  private static Optional<CcaToken> token(Documents documents, Checks<CcaStep> checks) {
    String expected = "two COSE_Sign1 in strict CBOR with tag " + CcaToken.TAG;
    Optional<Bytes> bytes = documents.get(TOKEN);
    if (bytes.isEmpty()) {
      checks.unverified(CcaStep.TOKEN_FORMAT, expected, "no " + TOKEN + " was supplied");
      return Optional.empty();
    }
    try {
      CcaToken token = CcaToken.parse(bytes.get().toArray());
      checks.pass(CcaStep.TOKEN_FORMAT, expected, bytes.get().length() + " bytes");
      return Optional.of(token);
    } catch (Unreadable e) {
      checks.fail(CcaStep.TOKEN_FORMAT, expected, e);
      return Optional.empty();
    }
  }

  private static void headers(CcaToken token, Checks<CcaStep> checks) {
    boolean es384 = token.platform().isEs384() && token.realm().isEs384();
    checks.that(
        CcaStep.ALGORITHM,
        es384,
        "the protected header {1: -35}, which is ES384, twice",
        es384 ? "ES384" : "another header");
    int unprotected = token.platform().unprotectedCount() + token.realm().unprotectedCount();
    checks.that(CcaStep.UNPROTECTED_HEADERS, unprotected == 0, "empty", unprotected + " fields");
  }

  private static Optional<PlatformClaims> platform(CcaToken token, Checks<CcaStep> checks) {
    String expected = "claims of a CCA platform";
    PlatformClaims claims;
    try {
      claims = PlatformClaims.parse(token.platform().payload().toArray());
    } catch (Unreadable e) {
      checks.fail(CcaStep.PLATFORM_CLAIMS, expected, e);
      return Optional.empty();
    }
    checks.pass(CcaStep.PLATFORM_CLAIMS, expected, expected);
    claims.addTo(checks.claims());
    checks.that(
        CcaStep.PLATFORM_PROFILE,
        claims.hasKnownProfile(),
        PlatformClaims.PROFILE_OLD + " or " + PlatformClaims.PROFILE_2023,
        claims.profile());
    checks.that(
        CcaStep.PLATFORM_FIELDS,
        claims.hasGoodFields(),
        "ids of 32 and 33 bytes, measurements as long as their hash",
        claims.components().size() + " components");
    checks.that(
        CcaStep.LIFECYCLE,
        claims.state().isInUse(),
        "secured, or with debugging that the claim says",
        claims.state().text() + " (" + claims.lifecycle() + ")");
    return Optional.of(claims);
  }

  private static Optional<RealmClaims> realm(CcaToken token, Checks<CcaStep> checks) {
    String expected = "claims of a realm";
    RealmClaims claims;
    try {
      claims = RealmClaims.parse(token.realm().payload().toArray());
    } catch (Unreadable e) {
      checks.fail(CcaStep.REALM_CLAIMS, expected, e);
      return Optional.empty();
    }
    checks.pass(CcaStep.REALM_CLAIMS, expected, expected);
    claims.addTo(checks.claims());
    checks.that(
        CcaStep.REALM_PROFILE,
        claims.hasKnownProfile(),
        "none or " + RealmClaims.PROFILE_2023,
        claims.profile().orElse("none"));
    checks.that(
        CcaStep.REALM_FIELDS,
        claims.hasGoodFields(),
        "a challenge and a personalization of 64 bytes, five measurements as long as their hash",
        1 + claims.extensibleMeasurements().size() + " measurements");
    return Optional.of(claims);
  }

  private static void realmSignature(
      CoseSign1 message, RealmClaims claims, Checks<CcaStep> checks) {
    String expected = "a point of P-384";
    PublicKey key;
    try {
      key = claims.key();
    } catch (Unreadable e) {
      checks.fail(CcaStep.REALM_KEY, expected, e);
      return;
    }
    checks.pass(CcaStep.REALM_KEY, expected, claims.publicKey().hex());
    boolean authentic = message.isSignedBy(key);
    checks.that(
        CcaStep.REALM_SIGNATURE,
        authentic,
        "ES384 by the realm's key",
        authentic ? "by the realm's key" : "another or no valid signature");
  }

  /** The platform binds the realm's key by the hash of the claim's bytes, whatever their form. */
  private static void together(PlatformClaims platform, RealmClaims realm, Checks<CcaStep> checks) {
    checks.that(
        CcaStep.HASH_ALGORITHMS,
        platform.hasAllowedHashes() && realm.hasAllowedHashes(),
        "sha-256, sha-384 or sha-512",
        String.join(
            ", ",
            List.of(platform.hashAlgorithm(), realm.hashAlgorithm(), realm.keyHashAlgorithm())));
    CcaHash.named(realm.keyHashAlgorithm())
        .ifPresent(
            hash ->
                checks.equal(
                    CcaStep.BINDING,
                    hash.of(realm.publicKey().toArray()),
                    platform.challenge().toArray()));
  }

  private static void platformSignature(
      CoseSign1 message, Documents documents, Anchors.Set anchors, Checks<CcaStep> checks) {
    String endorsed = "a key that the anchors name";
    List<PublicKey> keys;
    try {
      keys = documents.get(KEY).map(pem -> List.of(key(pem))).orElse(anchors.keys());
    } catch (Unreadable e) {
      checks.fail(CcaStep.PLATFORM_KEY, endorsed, e);
      return;
    }
    if (keys.isEmpty()) {
      checks.unverified(
          CcaStep.PLATFORM_KEY, endorsed, "no " + KEY + " was supplied, and no anchor is a key");
      return;
    }
    Optional<PublicKey> signer = keys.stream().filter(message::isSignedBy).findFirst();
    checks.that(
        CcaStep.PLATFORM_SIGNATURE,
        signer.isPresent(),
        "ES384 by the platform's key",
        signer.isPresent() ? "by the platform's key" : "another or no valid signature");
    if (keys.stream().allMatch(anchors::pins)) {
      checks.pass(CcaStep.PLATFORM_KEY, endorsed, "one of the anchors");
    } else {
      checks.unverified(CcaStep.PLATFORM_KEY, endorsed, "no anchor is the key in " + KEY);
    }
  }

  private static PublicKey key(Bytes pem) {
    List<Pem.Block> blocks = Pem.read(pem.toArray(), KEY);
    if (blocks.size() != 1 || !blocks.getFirst().label().equals("PUBLIC KEY")) {
      throw new Unreadable(KEY + " is not one public key");
    }
    try {
      return X509.publicKey(blocks.getFirst().der().toArray(), KEY);
    } catch (AttestationException e) {
      throw new Unreadable(KEY + " is not a public key");
    }
  }

  private static void nonce(RealmClaims claims, Bytes nonce, Checks<CcaStep> checks) {
    byte[] expected =
        nonce.length() <= RealmClaims.CHALLENGE_LENGTH
            ? Arrays.copyOf(nonce.toArray(), RealmClaims.CHALLENGE_LENGTH)
            : nonce.toArray();
    checks.equal(CcaStep.NONCE, expected, claims.challenge().toArray());
  }
}
