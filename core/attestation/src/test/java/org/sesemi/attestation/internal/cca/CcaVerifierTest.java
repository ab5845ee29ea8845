package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.vendors.CoseOut;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

final class CcaVerifierTest {

  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  private static Anchors anchors(PublicKey key) {
    return Anchors.of(new Anchors.Set(List.of(), List.of(), List.of(key)));
  }

  private static Documents with(byte[] token, PublicKey key) {
    return documents("token.cbor", token)
        .with("platform_key.pem", pem(CcaVendor.pem(key)));
  }

  private static Bytes pem(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static Judgement judge(CcaVendor vendor, byte[] token, Expectation expectation) {
    return new CcaVerifier()
        .judge(with(token, vendor.platformKey()), expectation, anchors(vendor.platformKey()));
  }

  private static Judgement judge(CcaVendor vendor) {
    return judge(vendor, vendor.encode(), Expectation.at(AT));
  }

  private static void accept(Judgement judgement) {
    assertThat(failed(judgement)).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  private static void reject(Judgement judgement, CcaStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement))
        .containsExactly(Arrays.stream(steps).map(CcaStep::text).toArray(String[]::new));
  }

  private static CcaVendor vendor() {
    return new CcaVendor();
  }

  @Test
  void bothFormsAreAccepted() {
    accept(judge(vendor()));
    accept(judge(vendor().newer()));
    assertThat(judge(vendor()).validUntil()).isEmpty();
  }

  @Test
  void theTokenIsRecognisedByName() {
    CcaVendor vendor = vendor();
    Documents documents = documents("token.cbor", vendor.encode());
    assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.CCA);
    assertThat(
            EvidenceVerifier.with(anchors(vendor.platformKey()))
                .verify(documents, Expectation.at(AT))
                .verdict())
        .isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void everyFieldIsAClaim() {
    ClaimSet claims = judge(vendor().newer()).claims();
    assertThat(claims.hex("measurement").orElseThrow().hex()).isEqualTo("08".repeat(32));
    assertThat(claims.hex("reportData").orElseThrow().hex()).isEqualTo("06".repeat(64));
    assertThat(claims.hex("realmChallenge")).isEqualTo(claims.hex("reportData"));
    assertThat(claims.hex("realmInitialMeasurement")).isEqualTo(claims.hex("measurement"));
    assertThat(claims.hex("realmPersonalization").orElseThrow().hex()).isEqualTo("07".repeat(64));
    assertThat(claims.text("realmHashAlgorithm")).contains("sha-256");
    assertThat(claims.text("realmKeyHashAlgorithm")).contains("sha-256");
    assertThat(claims.text("realmProfile")).contains(CcaVendor.REALM_2023);
    assertThat(claims.get("realmExtensibleMeasurements")).isPresent();
    assertThat(claims.text("platformProfile")).contains(CcaVendor.PLATFORM_2023);
    assertThat(claims.number("platformLifecycle")).contains(0x3001L);
    assertThat(claims.text("platformLifecycleState")).contains("secured");
    assertThat(claims.hex("platformImplementationId").orElseThrow().hex())
        .isEqualTo("03".repeat(32));
    assertThat(claims.hex("platformInstanceId").orElseThrow().hex())
        .isEqualTo("01" + "04".repeat(32));
    assertThat(claims.hex("platformConfig").orElseThrow().hex()).isEqualTo("05".repeat(8));
    assertThat(claims.text("platformHashAlgorithm")).contains("sha-256");
    assertThat(claims.text("platformVerificationService")).contains("https://verifier.example");
    assertThat(claims.get("platformComponents").toString()).contains("BL");
    assertThat(claims.hex("platformBindingNonce").orElseThrow().length()).isEqualTo(32);
    assertThat(claims.flag("debug")).contains(false);
  }

  // Token

  @Test
  void bytesThatAreNoTokenAreRefused() {
    CcaVendor vendor = vendor();
    byte[] good = vendor.encode();
    for (byte[] token :
        List.of(
            new byte[0],
            new CborOut().tag(399).map(0).toBytes(),
            new CborOut().tag(398).raw(Arrays.copyOfRange(good, 3, good.length)).toBytes(),
            Arrays.copyOfRange(good, 3, good.length),
            Arrays.copyOf(good, good.length + 1),
            vendor.part(1, new CborOut().integer(1).toBytes()).encode(),
            vendor().part(44234, new CborOut().bytes(new byte[1]).toBytes()).encode(),
            new CborOut()
                .tag(399)
                .map(2)
                .integer(44234)
                .map(0)
                .integer(44241)
                .bytes(new byte[1])
                .toBytes())) {
      // The platform's key and signature are judged with the token, thus not at all.
      reject(judge(vendor, token, Expectation.at(AT)), CcaStep.TOKEN_FORMAT);
    }
  }

  @Test
  void withoutATokenNothingIsVerified() {
    Judgement judgement =
        new CcaVerifier()
            .judge(documents("other", new byte[1]), Expectation.at(AT), Anchors.pinned());
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void bothPartsAreSignedWithEs384() {
    byte[] es256 = new CborOut().map(1).integer(1).integer(-7).toBytes();
    reject(judge(vendor().platformMessage(m -> m.protectedHeader(es256))), CcaStep.ALGORITHM);
    reject(judge(vendor().realmMessage(m -> m.protectedHeader(es256))), CcaStep.ALGORITHM);
  }

  @Test
  void neitherPartHasUnsignedHeaderFields() {
    byte[] header = new CborOut().map(1).integer(4).bytes(new byte[1]).toBytes();
    reject(
        judge(vendor().platformMessage(m -> m.unprotectedHeader(header))),
        CcaStep.UNPROTECTED_HEADERS);
    reject(
        judge(vendor().realmMessage(m -> m.unprotectedHeader(header))),
        CcaStep.UNPROTECTED_HEADERS);
  }

  // Platform

  @Test
  void everyRequiredClaimOfThePlatformIsMissed() {
    for (long key : new long[] {265, 2396, 256, 2401, 2395, 2402, 2399}) {
      reject(judge(vendor().withoutPlatform(key)), CcaStep.PLATFORM_CLAIMS);
      reject(judge(vendor().platform(key, CborOut::none)), CcaStep.PLATFORM_CLAIMS);
    }
    accept(judge(vendor().withoutPlatform(2400)));
    reject(judge(vendor().platform(9999, out -> out.integer(1))), CcaStep.PLATFORM_CLAIMS);
    reject(
        judge(vendor().platformMessage(m -> m.payload(new byte[] {0}))),
        CcaStep.PLATFORM_CLAIMS);
  }

  @Test
  void profilesOfThePlatformAreKnown() {
    reject(
        judge(vendor().platform(265, out -> out.text("tag:arm.com,2099:cca_platform#9"))),
        CcaStep.PLATFORM_PROFILE);
    assertThat(
            judge(vendor().platform(265, out -> out.text("x"))).failure())
        .contains(Code.VERSION_UNKNOWN);
  }

  @Test
  void fieldsOfThePlatformFollowTheRules() {
    for (CcaVendor vendor :
        List.of(
            vendor().platform(2396, out -> out.bytes(new byte[31])),
            vendor().platform(2396, out -> out.bytes(new byte[33])),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(32, 1))),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(34, 1))),
            vendor().platform(256, out -> out.bytes(CcaVendor.filled(33, 2))),
            vendor().platform(256, out -> out.bytes(new byte[0])),
            vendor().platform(2399, out -> out.array(0)),
            vendor().platform(2399, out -> component(out, 31, 32)),
            vendor().platform(2399, out -> component(out, 48, 32)),
            vendor().platform(2399, out -> component(out, 32, 33)))) {
      reject(judge(vendor), CcaStep.PLATFORM_FIELDS);
    }
    accept(judge(vendor().platform(2399, out -> component(out, 32, 64))));
    reject(
        judge(vendor().platform(2399, out -> out.array(1).map(1).integer(7).none())),
        CcaStep.PLATFORM_CLAIMS);
    reject(
        judge(
            vendor()
                .platform(
                    2399,
                    out -> {
                      out.array(65);
                      for (int i = 0; i < 65; i++) {
                        out.raw(CcaVendor.component());
                      }
                    })),
        CcaStep.PLATFORM_CLAIMS);
  }

  private static void component(CborOut out, int measurement, int signer) {
    out.array(1)
        .map(2)
        .integer(2)
        .bytes(new byte[measurement])
        .integer(5)
        .bytes(new byte[signer]);
  }

  @Test
  void platformsThatAreNotInUseAreRefusedAndDebuggingIsAClaim() {
    for (int state : new int[] {0, 0x10ff, 0x2000, 0x2fff, 0x3100, 0x6000, 0x7000, 0xffff}) {
      reject(judge(vendor().platform(2395, out -> out.integer(state))), CcaStep.LIFECYCLE);
    }
    for (int state : new int[] {0x3000, 0x30ff}) {
      Judgement judgement = judge(vendor().platform(2395, out -> out.integer(state)));
      accept(judgement);
      assertThat(judgement.claims().flag("debug")).contains(false);
    }
    for (int state : new int[] {0x4000, 0x40ff, 0x5000, 0x50ff}) {
      Judgement judgement = judge(vendor().platform(2395, out -> out.integer(state)));
      accept(judgement);
      assertThat(judgement.claims().flag("debug")).contains(true);
    }
    reject(
        judge(vendor().platform(2395, out -> out.integer(0x13000))), CcaStep.PLATFORM_CLAIMS);
    reject(judge(vendor().platform(2395, out -> out.integer(-1))), CcaStep.PLATFORM_CLAIMS);
  }

  // Realm

  @Test
  void everyRequiredClaimOfTheRealmIsMissed() {
    for (long key : new long[] {10, 44235, 44236, 44238, 44239, 44240}) {
      reject(judge(vendor().withoutRealm(key)), CcaStep.REALM_CLAIMS);
      reject(judge(vendor().realm(key, CborOut::none)), CcaStep.REALM_CLAIMS);
    }
    reject(judge(vendor().realm(9999, out -> out.integer(1))), CcaStep.REALM_CLAIMS);
    reject(judge(vendor().realmMessage(m -> m.payload(new byte[] {0}))), CcaStep.REALM_CLAIMS);
  }

  @Test
  void profilesOfTheRealmAreKnown() {
    reject(
        judge(vendor().newer().realm(265, out -> out.text("tag:arm.com,2099:realm#9"))),
        CcaStep.REALM_PROFILE);
  }

  @Test
  void fieldsOfTheRealmFollowTheRules() {
    for (CcaVendor vendor :
        List.of(
            vendor().realm(10, out -> out.bytes(new byte[63])),
            vendor().realm(10, out -> out.bytes(new byte[65])),
            vendor().realm(44235, out -> out.bytes(new byte[63])),
            vendor().realm(44238, out -> out.bytes(new byte[48])),
            vendor().realm(44239, out -> registers(out, 3, 32)),
            vendor().realm(44239, out -> registers(out, 5, 32)),
            vendor().realm(44239, out -> registers(out, 4, 64)))) {
      reject(judge(vendor), CcaStep.REALM_FIELDS);
    }
    accept(
        judge(
            vendor()
                .realm(44236, out -> out.text("sha-512"))
                .realm(44238, out -> out.bytes(new byte[64]))
                .realm(44239, out -> registers(out, 4, 64))));
  }

  private static void registers(CborOut out, int count, int length) {
    out.array(count);
    for (int i = 0; i < count; i++) {
      out.bytes(new byte[length]);
    }
  }

  @Test
  void onlyAllowedHashesAreUsed() {
    reject(judge(vendor().platform(2402, out -> out.text("sha-1"))), CcaStep.HASH_ALGORITHMS);
    reject(judge(vendor().realm(44236, out -> out.text("md5"))), CcaStep.HASH_ALGORITHMS);
    Judgement judgement = judge(vendor().bindingHash("SHA-1", "sha-1"));
    reject(judgement, CcaStep.HASH_ALGORITHMS);
    assertThat(unverified(judgement)).contains("binding");
    reject(
        judge(
            vendor()
                .platform(
                    2399,
                    out ->
                        out.array(1)
                            .map(3)
                            .integer(2)
                            .bytes(new byte[32])
                            .integer(5)
                            .bytes(new byte[32])
                            .integer(6)
                            .text("sha-1"))),
        CcaStep.HASH_ALGORITHMS);
  }

  @Test
  void theRealmsKeyIsAPointInTheFormOfItsProfile() {
    CcaVendor vendor = vendor();
    byte[] point = vendor.point();
    byte[] off = point.clone();
    off[off.length - 1] ^= 1;
    byte[] compressed = point.clone();
    compressed[0] = 2;
    for (byte[] key :
        List.of(
            off,
            compressed,
            new byte[0],
            Arrays.copyOf(point, 96),
            Arrays.copyOf(point, 98),
            vendor.coseKey())) {
      reject(judge(vendor.realmKey(key)), CcaStep.REALM_KEY);
    }
    reject(judge(vendor().newer().realmKey(point)), CcaStep.REALM_KEY);
  }

  @Test
  void theRealmsCoseKeyIsOneOfP384() {
    CcaVendor vendor = vendor().newer();
    byte[] point = vendor.point();
    byte[] x = Arrays.copyOfRange(point, 1, 49);
    byte[] y = Arrays.copyOfRange(point, 49, 97);
    accept(judge(vendor.realmKey(coseKey(4, 2, 2, x, y))));
    accept(judge(vendor.realmKey(coseKey(5, 2, 2, x, y, out -> out.integer(3).integer(-35)))));
    for (byte[] key :
        List.of(
            coseKey(4, 1, 2, x, y),
            coseKey(4, 2, 1, x, y),
            coseKey(4, 2, 2, y, x),
            coseKey(4, 2, 2, Arrays.copyOf(x, 47), y),
            coseKey(4, 2, 2, Arrays.copyOf(point, 49), Arrays.copyOfRange(point, 50, 97)),
            coseKey(5, 2, 2, x, y, out -> out.integer(3).integer(-7)),
            coseKey(5, 2, 2, x, y, out -> out.integer(-4).bytes(x)),
            coseKey(5, 2, 2, x, y, out -> out.integer(-3).bytes(y)))) {
      reject(judge(vendor.realmKey(key)), CcaStep.REALM_KEY);
    }
  }

  private static byte[] coseKey(int fields, int type, int curve, byte[] x, byte[] y) {
    return coseKey(fields, type, curve, x, y, out -> {});
  }

  private static byte[] coseKey(
      int fields,
      int type,
      int curve,
      byte[] x,
      byte[] y,
      java.util.function.Consumer<CborOut> more) {
    CborOut out =
        new CborOut()
            .map(fields)
            .integer(1)
            .integer(type)
            .integer(-1)
            .integer(curve)
            .integer(-2)
            .bytes(x)
            .integer(-3)
            .bytes(y);
    more.accept(out);
    return out.toBytes();
  }

  @Test
  void theRealmsKeySignsTheRealmsClaims() {
    reject(
        judge(vendor().realmMessage(m -> m.externalData(new byte[] {1}))),
        CcaStep.REALM_SIGNATURE);
    CcaVendor vendor = vendor();
    reject(judge(vendor.realmKey(vendor().point())), CcaStep.REALM_SIGNATURE);
  }

  @Test
  void thePlatformBindsTheRealmsKey() {
    reject(judge(vendor().unbound(new byte[32])), CcaStep.BINDING);
    reject(judge(vendor().unbound(new byte[0])), CcaStep.BINDING);
    reject(judge(vendor().bindingHash("SHA-512", "sha-256")), CcaStep.BINDING);
    accept(judge(vendor().bindingHash("SHA-512", "sha-512")));
    accept(judge(vendor().bindingHash("SHA-384", "sha-384")));
  }

  @Test
  void partsOfTwoTokensAreRefused() {
    CcaVendor platform = vendor();
    CcaVendor realm = vendor();
    byte[] first = platform.encode();
    byte[] second = realm.encode();
    byte[] spliced =
        join(Arrays.copyOf(first, realmAt(first)),
            Arrays.copyOfRange(second, realmAt(second), second.length));
    reject(judge(platform, spliced, Expectation.at(AT)), CcaStep.BINDING);
  }

  /** The key 44241 of the outer map, which occurs nowhere else. */
  private static int realmAt(byte[] token) {
    String hex = Bytes.of(token).hex();
    int at = hex.indexOf("19acd1");
    assertThat(at).isPositive().isEven();
    return at / 2;
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] all = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, all, one.length, other.length);
    return all;
  }

  // Platform key

  @Test
  void aKeyThatNobodyEndorsesIsNotBelieved() {
    CcaVendor vendor = vendor();
    Documents documents = with(vendor.encode(), vendor.platformKey());
    for (Anchors anchors : List.of(Anchors.pinned(), anchors(vendor().platformKey()))) {
      Judgement judgement =
          new CcaVerifier().judge(documents, Expectation.at(AT), anchors);
      assertThat(failed(judgement)).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
      assertThat(unverified(judgement)).containsExactly("platform-key");
    }
  }

  @Test
  void withoutAKeyTheAnchorsAreTried() {
    CcaVendor vendor = vendor();
    Documents documents = documents("token.cbor", vendor.encode());
    CcaVerifier verifier = new CcaVerifier();
    Anchors several =
        Anchors.of(
            new Anchors.Set(
                List.of(), List.of(), List.of(vendor().platformKey(), vendor.platformKey())));
    accept(verifier.judge(documents, Expectation.at(AT), several));
    reject(
        verifier.judge(documents, Expectation.at(AT), anchors(vendor().platformKey())),
        CcaStep.PLATFORM_SIGNATURE);
    Judgement judgement = verifier.judge(documents, Expectation.at(AT), Anchors.pinned());
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(unverified(judgement)).containsExactly("platform-key", "platform-signature");
  }

  @Test
  void thePlatformsKeySignsThePlatformsClaims() {
    reject(
        judge(vendor().platformMessage(m -> m.externalData(new byte[] {1}))),
        CcaStep.PLATFORM_SIGNATURE);
    CcaVendor vendor = vendor();
    PublicKey other = vendor().platformKey();
    Judgement judgement =
        new CcaVerifier()
            .judge(
                with(vendor.encode(), other),
                Expectation.at(AT),
                anchors(vendor.platformKey()));
    assertThat(failed(judgement)).containsExactly("platform-signature");
    assertThat(unverified(judgement)).containsExactly("platform-key");
  }

  @Test
  void aKeyOfAnotherCurveSignsNothing() {
    CcaVendor vendor = vendor();
    for (PublicKey key :
        List.of(
            Authority.ecKeys("secp256r1").getPublic(), Authority.rsaKeys(2048).getPublic())) {
      reject(
          new CcaVerifier()
              .judge(with(vendor.encode(), key), Expectation.at(AT), anchors(key)),
          CcaStep.PLATFORM_SIGNATURE);
    }
  }

  @Test
  void theKeyIsOnePublicKey() {
    CcaVendor vendor = vendor();
    byte[] token = vendor.encode();
    String good = CcaVendor.pem(vendor.platformKey());
    for (String text :
        List.of(
            "",
            "x",
            good + good,
            good.replace("PUBLIC", "PRIVATE"),
            Authority.pem(
                Authority.root("CN=x", Authority.ecKeys("secp384r1"), "SHA384withECDSA")
                    .certificate()),
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")) {
      reject(
          new CcaVerifier()
              .judge(
                  documents("token.cbor", token).with("platform_key.pem", pem(text)),
                  Expectation.at(AT),
                  anchors(vendor.platformKey())),
          CcaStep.PLATFORM_KEY);
    }
  }

  // Nonce

  @Test
  void theChallengeIsTheNonceWithZerosBehindIt() {
    byte[] challenge = Arrays.copyOf(new byte[] {1, 2, 3}, 64);
    CcaVendor vendor = vendor().realm(10, out -> out.bytes(challenge));
    byte[] token = vendor.encode();
    accept(judge(vendor, token, expecting(new byte[] {1, 2, 3})));
    accept(judge(vendor, token, expecting(challenge)));
    reject(judge(vendor, token, expecting(new byte[] {1, 2})), CcaStep.NONCE);
    reject(judge(vendor, token, expecting(new byte[] {1, 2, 3, 4})), CcaStep.NONCE);
    reject(judge(vendor, token, expecting(Arrays.copyOf(challenge, 65))), CcaStep.NONCE);
  }

  private static Expectation expecting(byte[] nonce) {
    return new Expectation(AT, Optional.of(Bytes.of(nonce)));
  }

  // Any bytes

  @Test
  void everyTruncationIsRefused() {
    CcaVendor vendor = vendor().newer();
    byte[] token = vendor.encode();
    for (int length = 0; length < token.length; length++) {
      reject(
          judge(vendor, Arrays.copyOf(token, length), Expectation.at(AT)), CcaStep.TOKEN_FORMAT);
    }
  }

  @Test
  void noChangedBitIsAccepted() {
    CcaVendor vendor = vendor().newer();
    byte[] token = vendor.encode();
    accept(judge(vendor, token, Expectation.at(AT)));
    Property.check(
        "a token with a changed bit is rejected with a named check",
        300,
        random -> {
          byte[] changed = token.clone();
          changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
          Judgement judgement = judge(vendor, changed, Expectation.at(AT));
          assertThat(failed(judgement)).isNotEmpty();
        });
  }

  @Test
  void claimsOfAnyBytesEndInAJudgement() {
    Property.check(
        "well-signed payloads of any bytes are judged",
        100,
        random -> {
          CcaVendor vendor = vendor();
          byte[] bytes = new byte[random.nextInt(64)];
          random.nextBytes(bytes);
          vendor.platformMessage(message -> new CoseOut(bytes));
          vendor.realmMessage(message -> new CoseOut(bytes).tagged(true));
          assertThat(judge(vendor).verdict()).isEqualTo(Verdict.REJECT);
        });
  }
}
