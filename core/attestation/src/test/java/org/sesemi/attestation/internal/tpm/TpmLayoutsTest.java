package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.check;
import static org.sesemi.attestation.internal.tpm.TpmSample.ecc;
import static org.sesemi.attestation.internal.tpm.TpmSample.incomplete;
import static org.sesemi.attestation.internal.tpm.TpmSample.judge;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** The JSON layouts of quotes. */
class TpmLayoutsTest {

  private static final TpmVendor TPM = ecc();

  /** The layout has no attributes of the key, so the verdict is never better than incomplete. */
  @Test
  void theLayoutOfContainersIsReadAndIncomplete() {
    Documents documents = containers("");
    assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.TPM);
    incomplete(
        judge(TPM, documents),
        TpmStep.AK_PUBLIC,
        TpmStep.AK_ATTRIBUTES,
        TpmStep.AK_NAME,
        TpmStep.AK_SCHEME,
        TpmStep.AK_QUALIFIED_NAME,
        TpmStep.EK_CERTIFICATE,
        TpmStep.EK_CHAIN,
        TpmStep.EK_DATES);
    assertThat(first(judge(TPM, containers(",\"more\":1")))).isEqualTo("documents");
  }

  @Test
  void theLayoutOfGoAttestationIsAcceptedWithACertificate() {
    Documents documents = goAttestation(TpmKey.SHA256, 5);
    assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.TPM);
    accepted(judge(TPM, documents));
  }

  /** Values of another bank are not those that were quoted. */
  @Test
  void valuesOfTheSha1BankDoNotCount() {
    incomplete(
        judge(TPM, goAttestation(TpmKey.SHA1, 3)), TpmStep.PCR_SELECTION, TpmStep.PCR_DIGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Static\":",
        "\"EKPem\":",
        "\"CreateSignature\":",
        "\"Nonce\":",
        "\"Index\":23,",
        "\"Raw\":"
      })
  void theLayoutOfGoAttestationHasNoOtherMembers(String before) {
    Documents documents = goAttestation(TpmKey.SHA256, 5);
    documentsRefused(replaced(documents, before, "\"more\":1," + before), "evidence.json: ");
  }

  @Test
  void theLayoutOfContainersHasNoOtherMembers() {
    Documents documents = replaced(containers(""), "\"pcrs\":", "\"more\":1,\"pcrs\":");
    documentsRefused(documents, "evidence.json: ");
  }

  /** Only values of the bank that is quoted are read, so only they have to differ. */
  @Test
  void aRegisterIsThereOnce() {
    documentsRefused(
        replaced(goAttestation(TpmKey.SHA256, 5), "\"Index\":1,", "\"Index\":0,"),
        "a register is there twice");
    incomplete(
        judge(TPM, replaced(goAttestation(TpmKey.SHA1, 3), "\"Index\":1,", "\"Index\":0,")),
        TpmStep.PCR_SELECTION,
        TpmStep.PCR_DIGEST);
  }

  @Test
  void theCertificateOfTheEndorsementKeyMayComeInside() {
    String certificate = Authority.pem(TPM.issuer.issue(TPM.ekCertificate));
    accepted(judge(TPM, certified(text(certificate))));
    for (String wrong :
        new String[] {
          certificate + certificate, certificate.replace("CERTIFICATE", "PUBLIC KEY")
        }) {
      documentsRefused(certified(text(wrong)), "EKPem is not one certificate");
    }
    documentsRefused(certified("1"), "EKPem is neither text nor null");
  }

  private static Documents certified(String value) {
    return replaced(goAttestation(TpmKey.SHA256, 5), "\"EKPem\":null", "\"EKPem\":" + value)
        .without("ek_cert.der");
  }

  private static String text(String pem) {
    return "\"" + pem.replace("\n", "\\n") + "\"";
  }

  @Test
  void aQuoteBesideALayoutIsRefused() {
    for (Documents documents : new Documents[] {containers(""), goAttestation(11, 5)}) {
      documentsRefused(
          documents.with("quote.msg", Bytes.of(TPM.message())),
          "there are two quotes, one in evidence.json and one in quote.msg");
    }
  }

  private static void documentsRefused(Documents documents, String reason) {
    Judgement judgement = judge(TPM, documents);
    refused(judgement, TpmStep.DOCUMENTS);
    assertThat(check(judgement, TpmStep.DOCUMENTS).reason()).contains(": " + reason);
  }

  private static Documents replaced(Documents documents, String from, String to) {
    String json =
        new String(documents.get("evidence.json").orElseThrow().toArray(), StandardCharsets.UTF_8);
    assertThat(json).contains(from);
    return documents.with(
        "evidence.json", Bytes.of(json.replace(from, to).getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void noMutationOfALayoutIsAcceptedWithOtherClaims() {
    for (Documents documents : new Documents[] {containers(""), goAttestation(11, 5)}) {
      Judgement good = judge(TPM, documents);
      byte[] json = documents.get("evidence.json").orElseThrow().toArray();
      Property.check(
          "a changed layout is refused or changes nothing",
          1,
          random ->
              Mutation.all(json, random)
                  .filter(_ -> random.nextInt(64) == 0)
                  .forEach(
                      mutation -> {
                        Judgement judgement =
                            judge(TPM, documents.with("evidence.json", Bytes.of(mutation.bytes())));
                        boolean same = judgement.claims().equals(good.claims());
                        assertThat(judgement.verdict() != Verdict.ACCEPT || same)
                            .as(mutation.what())
                            .isTrue();
                      }));
    }
  }

  private static Documents containers(String further) {
    byte[] message = TPM.message();
    String pcrs =
        TPM.pcrs.values().stream()
            .map(value -> "\"" + HexFormat.of().formatHex(value) + "\"")
            .collect(Collectors.joining(","));
    return document(
        "{\"ak_public\":\""
            + base64(TPM.ak.pair.getPublic().getEncoded())
            + "\",\"tpm_quote\":{\"message\":\""
            + base64(message)
            + "\",\"signature\":\""
            + base64(TPM.signature(message))
            + "\",\"pcrs\":["
            + pcrs
            + "]}"
            + further
            + "}");
  }

  private static Documents goAttestation(int bank, int bankOfGo) {
    byte[] message = TPM.message();
    String pcrs =
        TPM.pcrs.entrySet().stream()
            .map(
                entry ->
                    "{\"Index\":"
                        + entry.getKey()
                        + ",\"Digest\":\""
                        + base64(entry.getValue())
                        + "\",\"DigestAlg\":"
                        + bankOfGo
                        + "}")
            .collect(Collectors.joining(","));
    Documents documents =
        document(
            "{\"Static\":{\"TPMVersion\":2,\"EKPem\":null},\"AK\":{\"Public\":\""
                + base64(TPM.ak.area())
                + "\",\"UseTCSDActivationFormat\":false,\"CreateData\":\"\","
                + "\"CreateAttestation\":\"\",\"CreateSignature\":\"\"},\"Quote\":{\"Nonce\":\"\","
                + "\"Alg\":"
                + bank
                + ",\"Quote\":\""
                + base64(message)
                + "\",\"Signature\":\""
                + base64(TPM.signature(message))
                + "\"},\"Log\":{\"PCRs\":["
                + pcrs
                + "],\"PCRAlg\":0,\"Raw\":\"\"}}");
    return documents
        .with("ek_cert.der", Bytes.of(Authority.der(TPM.issuer.issue(TPM.ekCertificate))))
        .with(
            "ek_issuer.pem",
            Bytes.of(Authority.pem(TPM.issuer.certificate()).getBytes(StandardCharsets.US_ASCII)));
  }

  private static Documents document(String json) {
    return new Documents(Map.of("evidence.json", Bytes.of(json.getBytes(StandardCharsets.UTF_8))));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String first(Judgement judgement) {
    return judgement.record().failing().orElseThrow().name();
  }
}
