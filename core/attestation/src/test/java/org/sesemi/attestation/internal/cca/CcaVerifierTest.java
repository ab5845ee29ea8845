package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cca.CcaCase.AT;
import static org.sesemi.attestation.internal.cca.CcaCase.accept;
import static org.sesemi.attestation.internal.cca.CcaCase.anchors;
import static org.sesemi.attestation.internal.cca.CcaCase.judge;
import static org.sesemi.attestation.internal.cca.CcaCase.reject;
import static org.sesemi.attestation.internal.cca.CcaCase.vendor;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.vendors.CoseOut;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

final class CcaVerifierTest {

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

  @Test
  void everyTruncationIsRefused() {
    CcaVendor vendor = vendor().newer();
    byte[] token = vendor.encode();
    for (int length = 0; length < token.length; length++) {
      reject(judge(vendor, Arrays.copyOf(token, length), Expectation.at(AT)), CcaStep.TOKEN_FORMAT);
    }
  }

  @Tag("exhaustive")
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
