package org.sesemi.attestation.internal.azure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.AzureVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** What the record says to people, and the borders of what is read. */
class AzureRecordTest {

  private static final AzureVtpmVerifier VERIFIER = new AzureVtpmVerifier();

  private static Check check(Judgement judgement, AzureStep step) {
    return judgement.record().checks().stream()
        .filter(check -> check.name().equals(step.text()))
        .findFirst()
        .orElseThrow();
  }

  private static Documents document(String json) {
    return new Documents(Map.of("evidence.json", Bytes.of(json.getBytes(StandardCharsets.UTF_8))));
  }

  @Test
  void goodEvidenceIsDescribed() {
    Judgement snp = AzureScene.snp().judge();
    assertThat(check(snp, AzureStep.HARDWARE).got()).isEqualTo("an SEV-SNP report");
    assertThat(check(snp, AzureStep.SIGNATURE).got()).isEqualTo("that");
    assertThat(check(snp, AzureStep.MAGIC).got()).isEqualTo("0xff544347");
    Judgement tdx = AzureScene.tdx().judge();
    assertThat(check(tdx, AzureStep.HARDWARE).got()).isEqualTo("a TD quote");
    assertThat(check(tdx, AzureStep.TD_REPORT).got()).isEqualTo("the same");
  }

  @Test
  void whatIsMissingIsNamed() {
    Judgement nothing =
        VERIFIER.judge(new Documents(Map.of()), Expectation.at(Instant.EPOCH), Anchors.pinned());
    assertThat(nothing.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(check(nothing, AzureStep.EVIDENCE).reason()).contains("no evidence.json");
    assertThat(check(AzureScene.tdx().unendorsed().judge(), AzureStep.HARDWARE).reason())
        .contains("no td_quote was supplied");
    assertThat(AzureScene.snp().unendorsed().judge().failure()).contains(Code.INCOMPLETE);
  }

  @Test
  void aMessageThatIsNoQuoteIsNotReadFurther() {
    for (boolean magic : new boolean[] {true, false}) {
      AzureScene scene = AzureScene.snp();
      if (magic) {
        scene.azure.tpm.magic = 0;
      } else {
        scene.azure.tpm.type = 0x8017;
      }
      assertThat(check(scene.judge(), AzureStep.QUOTE).outcome())
          .isEqualTo(CheckOutcome.UNVERIFIED);
    }
  }

  @Test
  void evidenceIsRecognisedByItsTwoParts() {
    assertThat(VERIFIER.recognises(document("{\"hcl_report\":\"\",\"tpm_quote\":{}}"))).isTrue();
    assertThat(
            VERIFIER.recognises(document("{\"evidence\":{\"hcl_report\":\"\",\"tpm_quote\":{}}}")))
        .isTrue();
    assertThat(VERIFIER.recognises(document("{\"hcl_report\":\"\"}"))).isFalse();
    assertThat(VERIFIER.recognises(document("{\"tpm_quote\":{}}"))).isFalse();
    assertThat(VERIFIER.recognises(document("[]"))).isFalse();
    assertThat(VERIFIER.recognises(new Documents(Map.of()))).isFalse();
  }

  @Test
  void unknownMembersAreRefusedEverywhere() {
    evidenceRefused(
        AzureScene.snp()
            .document(text -> "{\"platform\":\"az-snp\",\"more\":1,\"evidence\":" + text + "}")
            .judge());
    evidenceRefused(
        AzureScene.snp()
            .document(text -> text.replace("\"pcrs\":", "\"more\":1,\"pcrs\":"))
            .judge());
    Judgement other = AzureScene.snp().document(text -> "[1]").judge();
    evidenceRefused(other);
    assertThat(check(other, AzureStep.EVIDENCE).reason()).contains("missing or no JSON object");
  }

  private static void evidenceRefused(Judgement judgement) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(check(judgement, AzureStep.EVIDENCE).outcome()).isEqualTo(CheckOutcome.FAILED);
  }

  @Test
  void aCertificateOfAmdBesideATdQuoteIsRefused() {
    Judgement both =
        AzureScene.tdx()
            .document(
                text ->
                    text.substring(0, text.length() - 1)
                        + AzureVendor.member("vcek", new byte[4])
                        + "}")
            .judge();
    assertThat(both.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(check(both, AzureStep.HARDWARE).got()).isEqualTo("a certificate of AMD as well");
  }

  @Test
  void aRevocationListOfAmdCounts() {
    Judgement judgement = AzureScene.snp().file("crl.der", new byte[] {1}).judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judgement.record().failing().orElseThrow().name()).startsWith("snp-");
  }

  @Test
  void runtimeDataAreAsLongAsTheyMayBe() {
    for (int extra : new int[] {0, 1}) {
      AzureScene scene = AzureScene.snp();
      int room = HclReport.MAX_RUNTIME_DATA - scene.azure.runtimeData.length() + extra;
      scene.azure.runtimeData += " ".repeat(room);
      assertThat(check(scene.judge(), AzureStep.HCL_REPORT).outcome())
          .isEqualTo(extra == 0 ? CheckOutcome.PASSED : CheckOutcome.FAILED);
    }
  }

  @Test
  void theModulusHasExactly2048Bits() {
    byte[] modulus = new byte[256];
    Arrays.fill(modulus, (byte) -1);
    for (byte first : new byte[] {0, 1, 0x7f}) {
      modulus[0] = first;
      keyRefused(
          ",\"n\":\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(modulus) + "\"");
    }
    byte[] longer = new byte[257];
    Arrays.fill(longer, (byte) -1);
    keyRefused(",\"n\":\"" + Base64.getUrlEncoder().withoutPadding().encodeToString(longer) + "\"");
    assertThat(keyRefused("").reason()).contains("has no modulus");
  }

  private static Check keyRefused(String modulus) {
    AzureScene scene = AzureScene.snp();
    scene.azure.runtimeData =
        "{\"keys\":[{\"kid\":\"HCLAkPub\",\"key_ops\":[\"sign\"],\"kty\":\"RSA\",\"e\":\"AQAB\""
            + modulus
            + "}]}";
    Check check = check(scene.judge(), AzureStep.ATTESTATION_KEY);
    assertThat(check.outcome()).isEqualTo(CheckOutcome.FAILED);
    return check;
  }

  /** The 584 bytes of a TD report lie at another place in each version of a quote. */
  @Test
  void tdReportsAreCutOutOfReportsAndQuotes() {
    byte[] body = new byte[584];
    for (int i = 0; i < body.length; i++) {
      body[i] = (byte) (i ^ (i >>> 8));
    }
    for (int version : new int[] {4, 5}) {
      int from = version == 5 ? 54 : 48;
      byte[] quote = new byte[from + body.length];
      quote[0] = (byte) version;
      System.arraycopy(body, 0, quote, from, body.length);
      assertThat(TdReportBody.ofQuote(quote)).isEqualTo(body);
      assertThat(TdReportBody.ofQuote(Arrays.copyOf(quote, quote.length + 1))).isEqualTo(body);
      assertThat(TdReportBody.ofQuote(Arrays.copyOf(quote, quote.length - 1))).isEmpty();
    }
    assertThat(TdReportBody.ofQuote(new byte[0])).isEmpty();
    assertThat(TdReportBody.ofReport(AzureVendor.tdReport(body))).isEqualTo(body);
    assertThat(TdReportBody.ofReport(new byte[1023])).isEmpty();
    assertThat(TdReportBody.ofReport(new byte[1025])).isEmpty();
  }
}
