package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.ecc;
import static org.sesemi.attestation.internal.tpm.TpmSample.incomplete;
import static org.sesemi.attestation.internal.tpm.TpmSample.judge;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;
import static org.sesemi.attestation.internal.tpm.TpmSample.rsa;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** The rules for the quote itself: structure, signature, nonce and registers. */
class TpmQuoteRulesTest {

  @ParameterizedTest
  @ValueSource(ints = {TpmKey.RSASSA, TpmKey.RSAPSS})
  void aGoodRsaQuoteIsAccepted(int scheme) {
    TpmVendor tpm = rsa(scheme);
    Judgement judgement = judge(tpm, Bytes.of(tpm.extraData));
    accepted(judgement);
    assertThat(judgement.claims().text("signatureScheme"))
        .contains(scheme == TpmKey.RSASSA ? "RSASSA SHA-256" : "RSAPSS SHA-256");
    assertThat(judgement.claims().hex("akName")).contains(Bytes.of(tpm.ak.name()));
    assertThat(judgement.claims().hex("pcr7"))
        .contains(Bytes.of(tpm.pcrs.getOrDefault(7, new byte[0])));
    assertThat(judgement.claims().number("resetCount")).contains(3L);
    assertThat(judgement.claims().text("tpmModel")).contains("test-tpm");
    assertThat(judgement.claims().flag("knownSoftwareTpm")).contains(false);
  }

  @Test
  void aGoodEccQuoteIsAccepted() {
    accepted(judge(ecc()));
  }

  /** Older firmware takes the longest salt that fits. */
  @Test
  void theLongestSaltIsAcceptedAndOthersAreNot() {
    TpmVendor tpm = rsa(TpmKey.RSAPSS);
    tpm.ak.salt = 256 - 32 - 2;
    accepted(judge(tpm));
    tpm.ak.salt = 20;
    refused(judge(tpm), TpmStep.SIGNATURE);
  }

  @Test
  void anotherMagicIsRefused() {
    TpmVendor tpm = ecc();
    tpm.magic = 0xff544346L;
    refused(judge(tpm), TpmStep.MAGIC);
  }

  /** TPM_ST_ATTEST_CERTIFY: a structure of the TPM's own, but not a quote. */
  @Test
  void anotherTypeIsRefused() {
    TpmVendor tpm = ecc();
    tpm.type = 0x8017;
    refused(judge(tpm), TpmStep.TYPE);
  }

  @Test
  void bytesAfterTheQuoteAreRefused() {
    TpmVendor tpm = ecc();
    tpm.trailing = new byte[] {0};
    refused(judge(tpm), TpmStep.QUOTE);
  }

  @Test
  void aFlagThatIsNeitherYesNorNoIsRefused() {
    TpmVendor tpm = ecc();
    tpm.safe = 2;
    refused(judge(tpm), TpmStep.QUOTE);
  }

  @Test
  void counterAndClockAreClaims() {
    TpmVendor tpm = ecc();
    tpm.safe = 0;
    tpm.restartCount = 9;
    Judgement judgement = judge(tpm);
    accepted(judgement);
    assertThat(judgement.claims().flag("clockSafe")).contains(false);
    assertThat(judgement.claims().number("restartCount")).contains(9L);
    assertThat(judgement.claims().number("clock")).contains(123456L);
  }

  @Test
  void anotherNonceIsRefused() {
    TpmVendor tpm = ecc();
    refused(judge(tpm, Bytes.of(new byte[] {1})), TpmStep.NONCE);
    byte[] longer = Arrays.copyOf(tpm.extraData, 33);
    refused(judge(tpm, Bytes.of(longer)), TpmStep.NONCE);
  }

  @Test
  void anEmptyExtraDataShowsNoFreshness() {
    TpmVendor tpm = ecc();
    tpm.extraData = new byte[0];
    accepted(judge(tpm));
    refused(judge(tpm, Bytes.of(new byte[] {1})), TpmStep.NONCE);
  }

  @Test
  void aSha1BankIsRefused() {
    TpmVendor tpm = ecc();
    tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA1, 3, 0, 1, 2));
    refused(judge(tpm), TpmStep.PCR_BANK);
  }

  @Test
  void aSecondBankIsRefused() {
    TpmVendor tpm = ecc();
    tpm.selection =
        List.of(
            new TpmVendor.Bank(TpmKey.SHA256, 3, 0, 1, 2), new TpmVendor.Bank(TpmKey.SHA1, 3, 0));
    refused(judge(tpm), TpmStep.PCR_BANK);
    tpm.selection = List.of();
    refused(judge(tpm), TpmStep.PCR_BANK);
    tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA256, 3));
    refused(judge(tpm), TpmStep.PCR_BANK);
  }

  @Test
  void valuesOfOtherRegistersThanSelectedAreRefused() {
    TpmVendor tpm = ecc();
    tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA256, 3, 0, 1, 2));
    refused(judge(tpm), TpmStep.PCR_SELECTION);
  }

  @Test
  void aDigestOfOtherValuesIsRefused() {
    TpmVendor tpm = ecc();
    tpm.pcrDigest = new byte[32];
    refused(judge(tpm), TpmStep.PCR_DIGEST);
    Documents documents = TpmSample.documents(ecc());
    byte[] values = documents.get("pcrs.bin").orElseThrow().toArray();
    values[0] ^= 1;
    TpmVendor other = ecc();
    refused(
        judge(other, TpmSample.documents(other).with("pcrs.bin", Bytes.of(values))),
        TpmStep.PCR_DIGEST);
  }

  @Test
  void aSignatureOfAnotherKeyIsRefused() {
    TpmVendor tpm = ecc();
    byte[] message = tpm.message();
    Documents documents = TpmSample.documents(tpm).with("quote.msg", Bytes.of(message));
    TpmVendor other = ecc();
    refused(
        judge(tpm, documents.with("quote.sig", Bytes.of(other.signature(message)))),
        TpmStep.SIGNATURE);
  }

  @Test
  void anotherSchemeThanTheKeysIsRefused() {
    TpmVendor tpm = rsa(TpmKey.RSAPSS);
    tpm.signatureScheme = TpmKey.RSASSA;
    refused(judge(tpm), TpmStep.SIGNATURE_ALGORITHM);
  }

  @Test
  void aSha1SignatureIsRefused() {
    TpmVendor tpm = rsa(TpmKey.RSASSA);
    tpm.signatureHash = TpmKey.SHA1;
    refused(judge(tpm), TpmStep.SIGNATURE_ALGORITHM);
  }

  @Test
  void bytesAfterTheSignatureAreRefused() {
    TpmVendor tpm = ecc();
    byte[] signature = tpm.signature(tpm.message());
    Documents documents =
        TpmSample.documents(tpm)
            .with("quote.sig", Bytes.of(Arrays.copyOf(signature, signature.length + 1)));
    refused(judge(tpm, documents), TpmStep.SIGNATURE_ALGORITHM);
  }

  /** The public area fixes the scheme, so the header of the signature says nothing new. */
  @Test
  void aBareRsaSignatureIsAcceptedWhereTheKeyFixesItsScheme() {
    TpmVendor tpm = rsa(TpmKey.RSASSA);
    byte[] message = tpm.message();
    Documents documents = TpmSample.documents(tpm).with("quote.msg", Bytes.of(message));
    accepted(
        judge(
            tpm,
            documents.with(
                "quote.sig", Bytes.of(tpm.ak.bare(message, TpmKey.RSASSA, TpmKey.SHA256)))));
    refused(
        judge(
            tpm,
            documents.with(
                "quote.sig", Bytes.of(tpm.ak.bare(message, TpmKey.RSAPSS, TpmKey.SHA256)))),
        TpmStep.SIGNATURE);
  }

  @Test
  void zeroInAnEcdsaSignatureIsRefused() {
    TpmVendor tpm = ecc();
    byte[] zeros = new byte[72];
    zeros[1] = 0x18;
    zeros[3] = 0x0b;
    zeros[5] = 32;
    zeros[39] = 32;
    refused(
        judge(tpm, TpmSample.documents(tpm).with("quote.sig", Bytes.of(zeros))), TpmStep.SIGNATURE);
  }

  @Test
  void whatIsMissingMakesTheVerdictIncomplete() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm);
    incomplete(
        judge(tpm, documents.without("quote.sig")),
        TpmStep.SIGNATURE_ALGORITHM,
        TpmStep.SIGNATURE,
        TpmStep.PCR_DIGEST);
    incomplete(
        judge(tpm, documents.without("pcrs.bin")), TpmStep.PCR_SELECTION, TpmStep.PCR_DIGEST);
    incomplete(
        judge(tpm, documents.without("ak.tpm2b_public")),
        TpmStep.AK_PUBLIC,
        TpmStep.AK_ATTRIBUTES,
        TpmStep.AK_NAME,
        TpmStep.AK_SCHEME,
        TpmStep.AK_QUALIFIED_NAME);
    incomplete(
        judge(tpm, documents.without("ek_cert.der")),
        TpmStep.AK_QUALIFIED_NAME,
        TpmStep.EK_CERTIFICATE,
        TpmStep.EK_CHAIN,
        TpmStep.EK_DATES);
    assertThat(judge(tpm, documents.without("quote.msg")).verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judge(tpm, new Documents(Map.of())).verdict()).isEqualTo(Verdict.INCOMPLETE);
    accepted(judge(tpm, documents.without("ak.pem")));
  }

  @Test
  void twoQuotesAreNone() {
    TpmVendor tpm = ecc();
    Documents documents =
        TpmSample.documents(tpm).with("evidence.json", Bytes.of(new byte[] {'{', '}'}));
    assertThat(EvidenceVerifier.detect(documents)).isPresent();
    assertThat(judge(tpm, documents).record().failing().orElseThrow().name())
        .isEqualTo("documents");
  }

  @Tag("exhaustive")
  @Test
  void noMutationOfAnyDocumentIsAcceptedOrThrows() {
    TpmVendor tpm = ecc();
    Documents documents = TpmSample.documents(tpm);
    Judgement good = judge(tpm, documents);
    Property.check(
        "no mutation of any document of a quote is accepted",
        8,
        random -> {
          List<String> names = List.copyOf(documents.names());
          String name = names.get(random.nextInt(names.size()));
          byte[] original = documents.get(name).orElseThrow().toArray();
          Mutation.all(original, random)
              .skip(random.nextInt(16))
              .filter(_ -> random.nextInt(16) == 0)
              .forEach(
                  mutation -> {
                    Judgement judgement =
                        judge(tpm, documents.with(name, Bytes.of(mutation.bytes())));
                    // A line end more or less, or a certificate twice, says nothing else.
                    boolean same =
                        name.endsWith(".pem") && judgement.claims().equals(good.claims());
                    assertThat(judgement.verdict() == Verdict.ACCEPT && !same)
                        .as(name + ": " + mutation.what())
                        .isFalse();
                  });
        });
  }
}
