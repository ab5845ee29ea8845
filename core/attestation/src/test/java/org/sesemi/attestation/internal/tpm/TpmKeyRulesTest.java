package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.tpm.TpmSample.AT;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.ecc;
import static org.sesemi.attestation.internal.tpm.TpmSample.incomplete;
import static org.sesemi.attestation.internal.tpm.TpmSample.judge;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;
import static org.sesemi.attestation.internal.tpm.TpmSample.rsa;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** The rules for attestation keys and endorsement keys. */
class TpmKeyRulesTest {

  private static final long FIXED_TPM = 1L << 1;
  private static final long FIXED_PARENT = 1L << 4;
  private static final long ORIGIN = 1L << 5;
  private static final long RESTRICTED = 1L << 16;
  private static final long SIGN = 1L << 18;

  @ParameterizedTest
  @ValueSource(longs = {FIXED_TPM, FIXED_PARENT, ORIGIN, RESTRICTED, SIGN})
  void anAttributeThatIsMissingIsRefused(long attribute) {
    TpmVendor tpm = ecc();
    tpm.ak.attributes &= ~attribute;
    refused(judge(tpm), TpmStep.AK_ATTRIBUTES);
  }

  /** Decrypt, encrypted duplication, signing of certificates, reserved bits. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 17, 1L << 11, 1L << 19, 1L, 1L << 3, 1L << 12, 1L << 31})
  void anAttributeTooManyIsRefused(long attribute) {
    TpmVendor tpm = ecc();
    tpm.ak.attributes |= attribute;
    refused(judge(tpm), TpmStep.AK_ATTRIBUTES);
  }

  /** Authorisation and protection against guessing are the owner's own business. */
  @ParameterizedTest
  @ValueSource(longs = {1L << 2, 1L << 7, 1L << 10})
  void otherAttributesAreFree(long attribute) {
    TpmVendor tpm = ecc();
    tpm.ak.attributes |= attribute;
    accepted(judge(tpm));
  }

  @Test
  void aNameBySha1IsRefused() {
    TpmVendor tpm = ecc();
    tpm.ak.nameAlg = TpmKey.SHA1;
    Judgement judgement = judge(tpm);
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judgement.record().failing().orElseThrow().name()).isEqualTo("ak-name");
  }

  @Test
  void aKeyThatFixesNoSchemeIsRefused() {
    TpmVendor tpm = ecc();
    tpm.signatureScheme = TpmKey.ECDSA;
    tpm.ak.scheme = TpmKey.NONE;
    refused(judge(tpm), TpmStep.AK_SCHEME, TpmStep.SIGNATURE_ALGORITHM);
  }

  @Test
  void aKeyThatFixesSha1IsRefused() {
    TpmVendor tpm = rsa(TpmKey.RSASSA);
    tpm.ak.schemeHash = TpmKey.SHA1;
    Judgement judgement = judge(tpm);
    assertThat(judgement.record().failing().orElseThrow().name()).isEqualTo("ak-scheme");
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void aSigningKeyWithACipherIsRefused() {
    TpmVendor tpm = ecc();
    tpm.ak.symmetric = 0x06;
    refused(judge(tpm), TpmStep.AK_SCHEME);
  }

  @Test
  void anEcdsaKeyOnP384TakesSha384AndNoOther() {
    KeyPair pair = Authority.ecKeys("secp384r1");
    TpmVendor tpm = new TpmVendor(Authority.ecKeys("secp256r1"), pair, TpmKey.ECDSA);
    accepted(judge(tpm));
    assertThat(judge(tpm).claims().text("signatureScheme")).contains("ECDSA P-384 SHA-384");
    tpm.ak.schemeHash = TpmKey.SHA256;
    assertThat(judge(tpm).record().failing().orElseThrow().name()).isEqualTo("ak-scheme");
  }

  @Test
  void aSmallRsaKeyOrAnOddExponentIsRefused() {
    TpmVendor tpm =
        new TpmVendor(Authority.ecKeys("secp256r1"), Authority.rsaKeys(1024), TpmKey.RSASSA);
    assertThat(judge(tpm).record().failing().orElseThrow().name()).isEqualTo("ak-key");
    TpmVendor odd = rsa(TpmKey.RSASSA);
    odd.ak.exponent = 3;
    assertThat(judge(odd).record().failing().orElseThrow().name()).isEqualTo("ak-key");
  }

  @Test
  void aPointThatIsNotOnTheCurveIsRefused() {
    TpmVendor tpm = ecc();
    byte[] area = tpm.ak.sizedArea();
    area[area.length - 1] ^= 1;
    assertThat(
            judge(tpm, TpmSample.documents(tpm).with("ak.tpm2b_public", Bytes.of(area)))
                .record()
                .failing()
                .orElseThrow()
                .name())
        .isEqualTo("ak-key");
  }

  @Test
  void theTwoFormsOfTheKeyMustBeTheSame() {
    TpmVendor tpm = ecc();
    byte[] other =
        TpmVendor.pem(Authority.ecKeys("secp256r1").getPublic())
            .getBytes(StandardCharsets.US_ASCII);
    refused(judge(tpm, TpmSample.documents(tpm).with("ak.pem", Bytes.of(other))), TpmStep.AK_FORMS);
  }

  /** The qualified name is all that ties attributes to what was signed. */
  @Test
  void aKeyOfAnUnknownParentIsIncompleteUntilTheParentIsSupplied() {
    TpmVendor tpm = ecc();
    TpmKey parent = TpmKey.endorsement(Authority.ecKeys("secp256r1"));
    tpm.qualifiedSigner = tpm.ak.qualifiedName(parent.qualifiedName(0x40000001L));
    Documents documents = TpmSample.documents(tpm);
    incomplete(judge(tpm, documents), TpmStep.AK_QUALIFIED_NAME);
    Judgement judgement =
        judge(tpm, documents.with("ak_parent.tpm2b_public", Bytes.of(parent.sizedArea())));
    accepted(judgement);
    assertThat(judgement.claims().text("akParent"))
        .contains("supplied parent in the owner hierarchy");
    refused(
        judge(
            tpm,
            documents.with(
                "ak_parent.tpm2b_public",
                Bytes.of(TpmKey.endorsement(Authority.ecKeys("secp256r1")).sizedArea()))),
        TpmStep.AK_QUALIFIED_NAME);
  }

  @Test
  void aPrimaryKeyOfTheEndorsementHierarchyIsAccepted() {
    TpmVendor tpm = ecc();
    tpm.qualifiedSigner = tpm.ak.qualifiedName(TpmVendor.ENDORSEMENT);
    Judgement judgement = judge(tpm);
    accepted(judgement);
    assertThat(judgement.claims().text("akParent")).contains("endorsement hierarchy");
  }

  @Test
  void aPublicAreaThatWasChangedBehindTheSignatureIsNotAccepted() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm);
    tpm.ak.attributes |= 1L << 10;
    incomplete(
        judge(tpm, documents.with("ak.tpm2b_public", Bytes.of(tpm.ak.sizedArea()))),
        TpmStep.AK_QUALIFIED_NAME);
  }

  @Test
  void aRootOfTheSameNameIsRefused() {
    TpmVendor tpm = ecc();
    TpmVendor impostor = ecc();
    refused(
        judge(TpmSample.documents(tpm), Expectation.at(AT), TpmSample.anchors(impostor)),
        TpmStep.EK_CHAIN);
  }

  @Test
  void noRootIsPinnedSoNothingIsAcceptedWithoutOwnAnchors() {
    TpmVendor tpm = ecc();
    incomplete(
        judge(TpmSample.documents(tpm), Expectation.at(AT), Anchors.pinned()), TpmStep.EK_CHAIN);
  }

  @Test
  void theCertificateMustBeThatOfAnEndorsementKey() {
    TpmVendor tpm = ecc();
    CertificateSpec plain = CertificateSpec.leaf("CN=Test EK", tpm.ek.pair.getPublic());
    refused(judge(tpm, certified(tpm, plain)), TpmStep.EK_CERTIFICATE);
    TpmVendor signing = ecc();
    signing.ekCertificate.keyUsage(128);
    refused(judge(signing), TpmStep.EK_CERTIFICATE);
  }

  private static Documents certified(TpmVendor tpm, CertificateSpec spec) {
    return TpmSample.documents(tpm)
        .with("ek_cert.der", Bytes.of(Authority.der(tpm.issuer.issue(spec))));
  }

  @Test
  void bothEndsOfValidityCount() {
    TpmVendor tpm = ecc();
    Instant from = Instant.parse("2025-06-01T00:00:00Z");
    Instant to = Instant.parse("2027-06-01T00:00:00Z");
    tpm.ekCertificate.valid(from, to);
    Documents documents = TpmSample.documents(tpm);
    Anchors anchors = TpmSample.anchors(tpm);
    accepted(judge(documents, Expectation.at(from), anchors));
    Judgement last = judge(documents, Expectation.at(to), anchors);
    accepted(last);
    assertThat(last.validUntil()).contains(to);
    refused(judge(documents, Expectation.at(from.minusSeconds(1)), anchors), TpmStep.EK_DATES);
    refused(judge(documents, Expectation.at(to.plusSeconds(1)), anchors), TpmStep.EK_DATES);
  }

  @Test
  void aCertificateThatTakesNoPartIsRefused() {
    TpmVendor tpm = ecc();
    Documents documents =
        TpmSample.documents(tpm)
            .with(
                "ek_issuer.pem",
                Bytes.of(
                    Authority.pem(tpm.issuer.certificate(), ecc().issuer.certificate())
                        .getBytes(StandardCharsets.US_ASCII)));
    refused(judge(tpm, documents), TpmStep.EK_CHAIN);
  }

  @Test
  void aKeyThatTheRelyingPartyKnowsIsNamedSo() {
    TpmVendor tpm = ecc();
    Anchors anchors =
        Anchors.of(
            new Anchors.Set(
                List.of(tpm.root.certificate()), List.of(), List.of(tpm.ak.pair.getPublic())));
    Judgement judgement = judge(TpmSample.documents(tpm), Expectation.at(AT), anchors);
    accepted(judgement);
    assertThat(judgement.claims().text("akResidence")).contains("pinned by the relying party");
    assertThat(judge(tpm).claims().text("akResidence")).contains("not proven");
  }

  @Test
  void anActivationCountsForItsTwoKeysOnly() {
    TpmVendor tpm = ecc();
    Bytes ek = Bytes.of(tpm.ek.pair.getPublic().getEncoded());
    Bytes name = Bytes.of(tpm.ak.name());
    Judgement shown = judgeLive(tpm, new Activation(ek, name));
    accepted(shown);
    assertThat(shown.claims().text("akResidence")).contains("credential-activated");
    TpmVendor other = ecc();
    refused(judgeLive(tpm, new Activation(ek, Bytes.of(other.ak.name()))), TpmStep.AK_RESIDENCE);
    refused(
        judgeLive(tpm, new Activation(Bytes.of(other.ek.pair.getPublic().getEncoded()), name)),
        TpmStep.AK_RESIDENCE);
  }

  private static Judgement judgeLive(TpmVendor tpm, Activation activation) {
    return TpmVerifier.INSTANCE.judge(
        TpmSample.documents(tpm), Expectation.at(AT), TpmSample.anchors(tpm), activation);
  }
}
