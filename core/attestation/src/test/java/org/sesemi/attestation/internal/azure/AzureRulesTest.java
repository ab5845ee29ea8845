package org.sesemi.attestation.internal.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.AzureVendor;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** The rules for Azure machines, one wrong thing at a time against good evidence. */
class AzureRulesTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void goodEvidenceIsAcceptedWithEachHashOfTheRuntimeData(int hashType) {
    for (AzureScene scene : List.of(AzureScene.snp(), AzureScene.tdx())) {
      scene.azure.hashType = hashType;
      Judgement judgement = scene.nonce(scene.azure.tpm.extraData).judge();
      assertThat(judgement.record().failing()).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(judgement.claims().hex("reportData"))
          .contains(Bytes.of(scene.azure.tpm.extraData));
      assertThat(judgement.claims().hex("userData").orElseThrow().hex()).isEqualTo("0a".repeat(64));
    }
  }

  @Test
  void secureBootAndConsoleAreClaims() {
    AzureScene scene = AzureScene.snp();
    scene.azure.runtimeData =
        scene
            .azure
            .runtimeData
            .replace("\"secure-boot\":true", "\"secure-boot\":false")
            .replace("\"console-enabled\":false", "\"console-enabled\":true");
    Judgement judgement = scene.judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judgement.claims().flag("secureBoot")).contains(false);
    assertThat(judgement.claims().flag("consoleEnabled")).contains(true);
  }

  /** The paravisor handles what SEPT_VE_DISABLE prevents, so it may be clear here. */
  @Test
  void theAttributesOfATrustDomainAreClaims() {
    assertThat(AzureScene.tdx().judge().claims().get("septVeDisable")).isPresent();
  }

  @TestFactory
  Stream<DynamicTest> aReportOfAnotherFormIsRefused() {
    return Stream.<Wrong>of(
            new Wrong("signature", azure -> azure.signature = "HCLB"),
            new Wrong("version", azure -> azure.version = 3),
            new Wrong("version 0", azure -> azure.version = 0),
            new Wrong("request type", azure -> azure.requestType = 1),
            new Wrong("status", azure -> azure.reserved[0] = 1),
            new Wrong("reserved", azure -> azure.reserved[15] = 1),
            new Wrong("size", azure -> azure.sizeError = 1),
            new Wrong("size of the runtime data", azure -> azure.runtimeSizeError = -1),
            new Wrong("version of the runtime data", azure -> azure.runtimeVersion = 2),
            new Wrong("report type", azure -> azure.reportType = 3),
            new Wrong("hash type", azure -> azure.hashType = 4),
            new Wrong("no hash type", azure -> azure.hashType = 0),
            new Wrong("no runtime data", azure -> azure.runtimeData = ""),
            new Wrong("bytes after the end", azure -> azure.trailing[7] = 1))
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.name(),
                    () -> {
                      AzureScene scene = AzureScene.snp();
                      wrong.change().accept(scene.azure);
                      refused(scene.judge(), AzureStep.HCL_REPORT);
                    }));
  }

  private record Wrong(String name, Consumer<AzureVendor> change) {}

  @Test
  void bytesBehindTheTdReportAreRefused() {
    AzureScene scene = AzureScene.tdx();
    scene.azure.afterHardware = new byte[] {1};
    refused(scene.judge(), AzureStep.HCL_REPORT);
  }

  @Test
  void runtimeDataThatTheHardwareDoesNotVouchForAreRefused() {
    for (AzureScene scene : List.of(AzureScene.snp(), AzureScene.tdx())) {
      scene.reportData(
          data -> {
            data[3] ^= 1;
            return data;
          });
      first(scene.judge(), AzureStep.RUNTIME_BINDING);
    }
  }

  @Test
  void theRestOfTheReportDataMustBeZero() {
    for (AzureScene scene : List.of(AzureScene.snp(), AzureScene.tdx())) {
      scene.reportData(
          data -> {
            data[63] = 1;
            return data;
          });
      first(scene.judge(), AzureStep.RUNTIME_BINDING);
    }
  }

  @Test
  void runtimeDataMustBeStrictJson() {
    for (String wrong : List.of("{\"keys\":[],\"keys\":[]}", "{\"keys\":[]} ,", "[]", "{")) {
      AzureScene scene = AzureScene.snp();
      scene.azure.runtimeData = wrong;
      refused(scene.judge(), AzureStep.RUNTIME_DATA);
    }
    AzureScene odd = AzureScene.snp();
    odd.azure.runtimeData = odd.azure.runtimeData.replace("0A0A", "0AXX");
    refused(odd.judge(), AzureStep.RUNTIME_DATA);
  }

  @Test
  void theAttestationKeyIsOneRsaKeyForSigning() {
    KeyPair small = Authority.rsaKeys(1024);
    for (String[] change :
        List.of(
            new String[] {"HCLAkPub", "Another"},
            new String[] {"HCLEkPub", "HCLAkPub"},
            new String[] {"[\"sign\"]", "[\"sign\",\"encrypt\"]"},
            new String[] {"[\"sign\"],\"kty\":\"RSA\"", "[\"sign\"],\"kty\":\"EC\""},
            new String[] {"\"AQAB\"", "\"Aw\""},
            new String[] {
              "\"keys\":[",
              "\"keys\":["
                  + AzureVendor.key("HCLAkPub", "sign", (RSAPublicKey) small.getPublic())
                  + ","
            })) {
      AzureScene scene = AzureScene.snp();
      scene.azure.runtimeData = scene.azure.runtimeData.replace(change[0], change[1]);
      refused(scene.judge(), AzureStep.ATTESTATION_KEY);
    }
    AzureScene alone = AzureScene.snp();
    alone.azure.runtimeData =
        "{\"keys\":["
            + AzureVendor.key("HCLAkPub", "sign", (RSAPublicKey) small.getPublic())
            + "]}";
    refused(alone.judge(), AzureStep.ATTESTATION_KEY);
  }

  /** The virtual TPM's endorsement key, or any other key, is not the measured attestation key. */
  @Test
  void aQuoteOfAnotherKeyIsRefused() {
    AzureScene scene = AzureScene.snp();
    scene.azure.tpm.ak = TpmKey.attestation(scene.azure.tpm.ek.pair, TpmKey.RSASSA);
    refused(scene.judge(), AzureStep.SIGNATURE);
  }

  @Test
  void anotherSchemeIsRefused() {
    AzureScene scene = AzureScene.snp();
    scene.azure.tpm.ak.scheme = TpmKey.RSAPSS;
    refused(scene.judge(), AzureStep.SIGNATURE);
  }

  @TestFactory
  Stream<DynamicTest> rulesForTheQuoteHoldHereToo() {
    return Stream.<Quote>of(
            new Quote(AzureStep.MAGIC, tpm -> tpm.magic = 0),
            new Quote(AzureStep.TYPE, tpm -> tpm.type = 0x8017),
            new Quote(AzureStep.QUOTE, tpm -> tpm.trailing = new byte[1]),
            new Quote(
                AzureStep.PCR_BANK,
                tpm -> tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA1, 3, 0))),
            new Quote(
                AzureStep.PCR_SELECTION,
                tpm -> tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA256, 3, 0))),
            new Quote(AzureStep.PCR_DIGEST, tpm -> tpm.pcrDigest = new byte[32]))
        .map(
            wrong ->
                DynamicTest.dynamicTest(
                    wrong.step().text(),
                    () -> {
                      AzureScene scene = AzureScene.snp();
                      wrong.change().accept(scene.azure.tpm);
                      refused(scene.judge(), wrong.step());
                    }));
  }

  private record Quote(AzureStep step, Consumer<TpmVendor> change) {}

  @Test
  void anotherNonceIsRefused() {
    refused(AzureScene.snp().nonce(new byte[] {9}).judge(), AzureStep.NONCE);
  }

  @Test
  void aTdReportThatWasNotQuotedIsRefused() {
    for (int at : new int[] {264, 280, 512, 528, 720, 911}) {
      refused(
          AzureScene.tdx()
              .hardware(
                  report -> {
                    report[at] ^= 1;
                    return report;
                  })
              .judge(),
          AzureStep.TD_REPORT);
    }
  }

  @Test
  void failuresOfTheHardwareCount() {
    Judgement snp =
        AzureScene.snp()
            .hardware(
                report -> {
                  report[0x90] ^= 1;
                  return report;
                })
            .judge();
    assertThat(failed(snp)).containsExactly("snp-report-signature");
    assertThat(snp.failure()).contains(Code.SIGNATURE_INVALID);
    Judgement tdx =
        AzureScene.tdx()
            .quoted(
                quote -> {
                  byte[] changed = quote.clone();
                  changed[48 + 136] ^= 1;
                  return changed;
                })
            .judge();
    assertThat(failed(tdx)).containsExactly("tdx-body-signature");
  }

  @Test
  void withoutEndorsementOfTheHardwareItIsIncomplete() {
    assertThat(AzureScene.snp().unendorsed().judge().verdict()).isEqualTo(Verdict.INCOMPLETE);
    Judgement judgement = AzureScene.tdx().unendorsed().judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judgement.failure()).contains(Code.INCOMPLETE);
  }

  @Test
  void theDocumentIsReadStrictly() {
    for (String[] change :
        List.of(
            new String[] {"{\"version\"", "{\"versions\":1,\"version\""},
            new String[] {"\"version\":1", "\"version\":3"},
            new String[] {"\"pcrs\":[", "\"pcrs\":[\"AA\","},
            new String[] {"\"message\":\"ff", "\"message\":\"FF"})) {
      refused(
          AzureScene.snp().document(text -> text.replace(change[0], change[1])).judge(),
          AzureStep.EVIDENCE);
    }
  }

  @Test
  void theWrapperNamesTheHardware() {
    Judgement wrapped =
        AzureScene.snp()
            .document(text -> "{\"platform\":\"az-snp\",\"evidence\":" + text + "}")
            .judge();
    assertThat(wrapped.verdict()).isEqualTo(Verdict.ACCEPT);
    refused(
        AzureScene.snp()
            .document(text -> "{\"platform\":\"az-tdx\",\"evidence\":" + text + "}")
            .judge(),
        AzureStep.HCL_REPORT);
  }

  @Test
  void evidenceOfBothVendorsIsRefused() {
    refused(
        AzureScene.snp()
            .document(
                text ->
                    text.substring(0, text.length() - 1)
                        + AzureVendor.member("td_quote", new byte[4])
                        + "}")
            .judge(),
        AzureStep.HARDWARE);
  }

  private static void refused(Judgement judgement, AzureStep step) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement)).containsExactly(step.text());
    assertThat(judgement.failure()).contains(step.code());
  }

  private static void first(Judgement judgement, AzureStep step) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement).getFirst()).isEqualTo(step.text());
  }

  private static List<String> failed(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == CheckOutcome.FAILED)
        .map(Check::name)
        .toList();
  }
}
