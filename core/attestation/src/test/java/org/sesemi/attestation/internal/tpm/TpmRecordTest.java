package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.tpm.TpmSample.AT;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.check;
import static org.sesemi.attestation.internal.tpm.TpmSample.ecc;
import static org.sesemi.attestation.internal.tpm.TpmSample.find;
import static org.sesemi.attestation.internal.tpm.TpmSample.incomplete;
import static org.sesemi.attestation.internal.tpm.TpmSample.judge;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;
import static org.sesemi.attestation.internal.tpm.TpmSample.rsa;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CheckOutcome;

/** What the record says to people, and where a verification goes no further. */
class TpmRecordTest {

  private static final Bytes NONCE = Bytes.of(new byte[] {1});

  private static void notReached(Judgement judgement, TpmStep... steps) {
    for (TpmStep step : steps) {
      assertThat(check(judgement, step).outcome())
          .as(step.text())
          .isEqualTo(CheckOutcome.UNVERIFIED);
      assertThat(check(judgement, step).reason()).contains("not reached");
    }
  }

  private static Judgement judgeLive(TpmVendor tpm, byte[] endorsementKey, byte[] name) {
    return TpmVerifier.INSTANCE.judge(
        TpmSample.documents(tpm),
        Expectation.at(AT),
        TpmSample.anchors(tpm),
        new Activation(Bytes.of(endorsementKey), Bytes.of(name)));
  }

  @Test
  void goodEvidenceIsDescribed() {
    Judgement good = judge(ecc());
    Map.of(
            TpmStep.MAGIC, "0xff544347",
            TpmStep.TYPE, "0x00008018",
            TpmStep.AK_ATTRIBUTES, "0x00050072",
            TpmStep.AK_SCHEME, "ECDSA SHA-256",
            TpmStep.SIGNATURE, "ECDSA SHA-256",
            TpmStep.EK_CERTIFICATE, "CN=Test EK",
            TpmStep.EK_CHAIN, "CN=Test TPM root")
        .forEach((step, got) -> assertThat(check(good, step).got()).isEqualTo(got));
    assertThat(check(good, TpmStep.SIGNATURE_ALGORITHM).expected()).isEqualTo("ECDSA SHA-256");
    assertThat(good.claims().text("tpmManufacturer")).contains("id:54455354");
    assertThat(good.claims().text("tpmModel")).contains("test-tpm");
    assertThat(good.claims().text("tpmVersion")).contains("id:00010002");
    assertThat(good.claims().flag("clockSafe")).contains(true);
  }

  @ParameterizedTest
  @CsvSource({
    "ak.tpm2b_public, AK_PUBLIC, no ak.tpm2b_public was supplied",
    "ek_cert.der, EK_CERTIFICATE, no ek_cert.der was supplied",
    "quote.msg, SIGNATURE, no quote was supplied",
    "quote.sig, SIGNATURE, no signature was supplied",
    "pcrs.bin, PCR_SELECTION, no values supplied",
  })
  void whatIsMissingIsNamed(String file, TpmStep step, String reason) {
    TpmVendor tpm = ecc();
    assertThat(check(judge(tpm, TpmSample.documents(tpm).without(file)), step).reason())
        .endsWith(": " + reason);
  }

  @Test
  void aMissingKeyRootOrParentIsNamed() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm);
    Judgement keyless = judge(tpm, documents.without("ak.tpm2b_public").without("ak.pem"));
    assertThat(check(keyless, TpmStep.AK_KEY).reason()).endsWith(": no key was supplied");
    assertThat(find(keyless, TpmStep.AK_FORMS)).isEmpty();
    Judgement rootless = judge(documents, Expectation.at(AT), Anchors.pinned());
    assertThat(check(rootless, TpmStep.EK_CHAIN).reason())
        .endsWith(": no such root is pinned or was named");
    tpm.qualifiedSigner = tpm.ak.qualifiedName(new byte[34]);
    assertThat(check(judge(tpm), TpmStep.AK_QUALIFIED_NAME).reason())
        .endsWith("nor a hierarchy, and no ak_parent.tpm2b_public was supplied");
  }

  @ParameterizedTest
  @CsvSource({
    "ak.tpm2b_public, AK_PUBLIC",
    "ek_cert.der, EK_CERTIFICATE",
    "ek_issuer.pem, EK_CERTIFICATE",
    "pcrs.bin, DOCUMENTS",
    "eventlog.bin, EVENT_LOG",
  })
  void whatCannotBeReadFails(String file, TpmStep step) {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm).with(file, Bytes.of(new byte[] {0, 1, 2}));
    Judgement judgement = judge(tpm, documents);
    refused(judgement, step);
    assertThat(check(judgement, step).reason()).contains(step.why() + ": ");
  }

  @Test
  void aParentThatCannotBeReadFails() {
    TpmVendor tpm = ecc();
    tpm.qualifiedSigner = tpm.ak.qualifiedName(new byte[34]);
    Documents documents = TpmSample.documents(tpm);
    refused(
        judge(tpm, documents.with("ak_parent.tpm2b_public", Bytes.of(new byte[] {0, 1, 2}))),
        TpmStep.AK_QUALIFIED_NAME);
  }

  @Test
  void formsOfAKeyThatCannotBeReadAreNotCompared() {
    TpmVendor tpm = ecc();
    String other = TpmVendor.pem(Authority.ecKeys("secp521r1").getPublic());
    Documents documents =
        TpmSample.documents(tpm)
            .with("ak.pem", Bytes.of(other.getBytes(StandardCharsets.US_ASCII)));
    Judgement judgement = judge(tpm, documents);
    refused(judgement, TpmStep.AK_KEY);
    assertThat(find(judgement, TpmStep.AK_FORMS)).isEmpty();
    notReached(judgement, TpmStep.SIGNATURE);
  }

  @Test
  void whatNobodyAsksForIsNotInTheRecord() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm);
    for (Documents each : List.of(documents, documents.without("quote.msg"))) {
      Judgement judgement = judge(tpm, each);
      for (TpmStep step : List.of(TpmStep.NONCE, TpmStep.EVENT_LOG, TpmStep.AK_RESIDENCE)) {
        assertThat(find(judgement, step)).as(step.text()).isEmpty();
      }
    }
    Documents logged = documents.without("quote.msg").with("eventlog.bin", NONCE);
    notReached(
        judge(logged, new Expectation(AT, Optional.of(NONCE)), TpmSample.anchors(tpm)),
        TpmStep.NONCE,
        TpmStep.EVENT_LOG);
  }

  @Test
  void aMessageThatIsNoQuoteIsNotReadFurther() {
    TpmVendor magic = ecc();
    magic.magic = 0;
    TpmVendor type = ecc();
    type.type = 0x8017;
    for (TpmVendor tpm : List.of(magic, type)) {
      Judgement judgement = judge(tpm);
      notReached(judgement, TpmStep.QUOTE, TpmStep.AK_QUALIFIED_NAME, TpmStep.PCR_BANK);
      assertThat(judgement.claims().number("clock")).isEmpty();
    }
    assertThat(check(judge(magic), TpmStep.MAGIC).got()).isEqualTo("0x00000000");
  }

  @Test
  void aSignatureOfAnotherAlgorithmIsNotVerified() {
    TpmVendor tpm = rsa(TpmKey.RSASSA);
    tpm.signatureHash = TpmKey.SHA1;
    Judgement judgement = judge(tpm);
    assertThat(check(judgement, TpmStep.SIGNATURE_ALGORITHM).expected())
        .isEqualTo("RSASSA SHA-256");
    assertThat(check(judgement, TpmStep.SIGNATURE_ALGORITHM).got()).isEqualTo("RSASSA SHA-1");
    notReached(judgement, TpmStep.SIGNATURE, TpmStep.PCR_DIGEST);
    assertThat(judgement.claims().text("signatureScheme")).isEmpty();
  }

  @Test
  void aKeyWithoutASchemeLeavesAChoiceOfStrongOnes() {
    TpmVendor tpm = ecc();
    tpm.signatureScheme = TpmKey.ECDSA;
    tpm.ak.scheme = TpmKey.NONE;
    assertThat(check(judge(tpm), TpmStep.SIGNATURE_ALGORITHM).expected())
        .isEqualTo("a scheme with SHA-256 or stronger");
  }

  @Test
  void aWrongSignatureIsDescribed() {
    TpmVendor tpm = ecc();
    Documents documents =
        TpmSample.documents(tpm).with("quote.sig", Bytes.of(tpm.signature(new byte[1])));
    assertThat(check(judge(tpm, documents), TpmStep.SIGNATURE).got()).isEqualTo("another");
  }

  /** Only RSA signatures come bare. */
  @Test
  void bytesAsLongAsACoordinateAreNoSignature() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm).with("quote.sig", Bytes.of(new byte[32]));
    refused(judge(tpm, documents), TpmStep.SIGNATURE_ALGORITHM);
  }

  @Test
  void aKeyOnP256TakesSha256AndNoOther() {
    TpmVendor tpm = ecc();
    tpm.ak.schemeHash = TpmKey.SHA384;
    assertThat(check(judge(tpm), TpmStep.AK_SCHEME).outcome()).isEqualTo(CheckOutcome.FAILED);
  }

  @Test
  void registersWithoutTheirValuesAreNotReadFurther() {
    TpmVendor tpm = ecc();
    tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA256, 3, 0, 1, 2));
    Judgement judgement = judge(tpm);
    assertThat(check(judgement, TpmStep.PCR_SELECTION).expected()).isEqualTo("SHA-256: 0,1,2");
    assertThat(check(judgement, TpmStep.PCR_SELECTION).got())
        .isEqualTo("24 values for 3 registers");
    notReached(judgement, TpmStep.PCR_DIGEST);
    assertThat(judgement.claims().hex("pcr0")).isEmpty();
  }

  @Test
  void aNameThatCanBeForgedIsComparedWithNothing() {
    TpmVendor tpm = ecc();
    tpm.ak.nameAlg = TpmKey.SHA1;
    Judgement judgement = judge(tpm);
    refused(judgement, TpmStep.AK_NAME);
    notReached(judgement, TpmStep.AK_QUALIFIED_NAME);
    assertThat(judgement.claims().text("akParent")).isEmpty();
    Judgement live = judgeLive(tpm, tpm.ek.pair.getPublic().getEncoded(), tpm.ak.name());
    refused(live, TpmStep.AK_NAME, TpmStep.AK_RESIDENCE);
    assertThat(live.claims().text("akResidence")).contains("not proven");
  }

  @Test
  void anActivationIsDescribed() {
    TpmVendor tpm = ecc();
    byte[] ek = tpm.ek.pair.getPublic().getEncoded();
    assertThat(check(judgeLive(tpm, ek, tpm.ak.name()), TpmStep.AK_RESIDENCE).got())
        .isEqualTo("the same");
    assertThat(check(judgeLive(tpm, new byte[1], tpm.ak.name()), TpmStep.AK_RESIDENCE).got())
        .isEqualTo("another endorsement key");
    assertThat(check(judgeLive(tpm, ek, new byte[34]), TpmStep.AK_RESIDENCE).got())
        .isEqualTo("another attestation key");
  }

  /** The TPM itself has told the name, so nobody needs to know the parent. */
  @Test
  void anActivatedNameNeedsNoKnownParent() {
    TpmVendor tpm = ecc();
    tpm.qualifiedSigner = tpm.ak.qualifiedName(new byte[34]);
    byte[] ek = tpm.ek.pair.getPublic().getEncoded();
    Judgement judgement = judgeLive(tpm, ek, tpm.ak.name());
    accepted(judgement);
    assertThat(check(judgement, TpmStep.AK_QUALIFIED_NAME).got())
        .isEqualTo(Bytes.of(tpm.ak.name()).hex());
    assertThat(judgement.claims().text("akParent")).isEmpty();
    Judgement other = judgeLive(tpm, ek, ecc().ak.name());
    refused(other, TpmStep.AK_RESIDENCE);
    assertThat(check(other, TpmStep.AK_QUALIFIED_NAME).outcome())
        .isEqualTo(CheckOutcome.UNVERIFIED);
    incomplete(judge(tpm), TpmStep.AK_QUALIFIED_NAME);
  }
}
