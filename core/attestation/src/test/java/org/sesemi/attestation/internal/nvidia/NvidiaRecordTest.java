package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.check;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** What the record says to people, and which checks are not in it. */
class NvidiaRecordTest extends NvidiaScene {

  private static final NvidiaVerifier VERIFIER = new NvidiaVerifier();
  private static final Documents NOTHING = new Documents(Map.of());
  private static final int MAX_OCSP = 16 << 10;
  private static final String OCSP_FILE = "ocsp_gpu_l2.b64";

  private static Judgement judge(Documents documents) {
    return VERIFIER.judge(documents, Expectation.at(NOW), anchors());
  }

  private Documents deviceOnly() {
    return new Documents(
        Map.of(
            "report.bin", Bytes.of(report.sign(deviceKeys.getPrivate())),
            "cert_chain.pem", Bytes.of(VENDOR.chain(device))));
  }

  private Documents manifestsOnly() {
    return new Documents(
        Map.of(
            "driver_rim.xml", Bytes.of(VENDOR.sign(driver)),
            "vbios_rim.xml", Bytes.of(VENDOR.sign(vbios))));
  }

  private static List<String> names(Judgement judgement) {
    return judgement.record().checks().stream().map(Check::name).toList();
  }

  private static void unverified(Judgement judgement, NvidiaStep step, String reason) {
    Check check = check(judgement, step);
    assertThat(check.outcome()).isEqualTo(CheckOutcome.UNVERIFIED);
    assertThat(check.reason()).as(step.text()).endsWith(": " + reason);
  }

  @Test
  void goodEvidenceIsDescribed() {
    Judgement good = judge();
    assertThat(check(good, NvidiaStep.REPORT_FORM).got()).isEqualTo("64 measurements");
    assertThat(check(good, NvidiaStep.DRIVER_MANIFEST_FORM).got())
        .isEqualTo("2 measurements of 550.90.07");
    assertThat(check(good, NvidiaStep.MANIFESTS_DISJOINT).got()).isEqualTo("none");
    assertThat(check(good, NvidiaStep.MEASUREMENTS).got()).isEqualTo("1 of 96.00.9F.00.01");
    assertThat(good.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  @Test
  void whatTheManifestsDoNotKnowIsNamed() {
    driver.active(40, value(40));
    vbios.active(7, NvidiaReport.bytes(48, 8));
    Judgement judgement = judge();
    assertThat(check(judgement, NvidiaStep.MEASUREMENTS).got())
        .isEqualTo("unknown measurements [40] of 550.90.07");
    assertThat(check(judgement, NvidiaStep.MANIFESTS_DISJOINT).got()).isEqualTo("[7]");
  }

  @Test
  void aManifestThatIsNotThereIsNamed() {
    Judgement without = judge(documents().without("driver_rim.xml"));
    for (NvidiaStep step :
        List.of(
            NvidiaStep.DRIVER_MANIFEST_FORM,
            NvidiaStep.DRIVER_MANIFEST_CHAIN,
            NvidiaStep.DRIVER_MANIFEST_DATES,
            NvidiaStep.DRIVER_MANIFEST_SIGNATURE)) {
      unverified(without, step, "no driver_rim.xml was supplied");
    }
    unverified(without, NvidiaStep.DRIVER_VERSION, "report or driver_rim.xml is not there");
    unverified(without, NvidiaStep.MANIFESTS_DISJOINT, "a manifest is not there");
    unverified(without, NvidiaStep.MEASUREMENTS, "a manifest is not there");
    Judgement neither = judge(deviceOnly());
    unverified(neither, NvidiaStep.VBIOS_MANIFEST_FORM, "no vbios_rim.xml was supplied");
    unverified(neither, NvidiaStep.VBIOS_VERSION, "report or vbios_rim.xml is not there");
    unverified(neither, NvidiaStep.MEASUREMENTS, "report or manifests are not there");
    assertThat(neither.verdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void aReportThatIsNotThereIsNamed() {
    Judgement without = judge(manifestsOnly());
    unverified(without, NvidiaStep.REPORT_FORM, "no report was supplied");
    unverified(without, NvidiaStep.DRIVER_VERSION, "report or driver_rim.xml is not there");
    unverified(without, NvidiaStep.MEASUREMENTS, "report or manifests are not there");
    assertThat(check(without, NvidiaStep.MANIFESTS_DISJOINT).outcome())
        .isEqualTo(CheckOutcome.PASSED);
    assertThat(without.verdict()).isEqualTo(Verdict.INCOMPLETE);
  }

  /** What nobody asked for and nobody supplied is not in the record, read or not. */
  @Test
  void whatDoesNotApplyWithoutAReportIsNoCheck() {
    Documents unreadable = NOTHING.with("report.bin", Bytes.of(new byte[1]));
    for (Documents documents : List.of(NOTHING, unreadable)) {
      Judgement judgement = judge(documents);
      assertThat(names(judgement))
          .contains("report-form", "device-chain")
          .doesNotContain("declared-nonce", "nonce", "ocsp-response", "ocsp-dates", "revocation");
      assertThat(judgement.claims().text("revocation")).contains("no response supplied");
    }
  }

  @Test
  void whatAppliesWithoutAReportIsStillACheck() {
    Documents listed = NOTHING.with(OCSP_FILE, Bytes.of(new byte[1]));
    Judgement judgement =
        VERIFIER.judge(listed, new Expectation(NOW, Optional.of(Bytes.of(value(1)))), anchors());
    assertThat(names(judgement))
        .contains("nonce", "ocsp-response", "ocsp-dates", "revocation")
        .doesNotContain("declared-nonce");
    assertThat(judgement.claims().text("revocation")).isEmpty();
  }

  @Test
  void itsDocumentsAreRecognisedOneByOne() {
    Documents report = deviceOnly();
    assertThat(VERIFIER.recognises(report)).isTrue();
    assertThat(VERIFIER.recognises(report.without("report.bin"))).isFalse();
    assertThat(VERIFIER.recognises(report.with("report.bin", Bytes.of(new byte[39])))).isFalse();
    for (String manifest : List.of("driver_rim.xml", "vbios_rim.xml")) {
      assertThat(VERIFIER.recognises(NOTHING.with(manifest, Bytes.of(new byte[0])))).isTrue();
    }
    Bytes container = text("[{\"evidence\":\"\",\"certificate\":\"\",\"arch\":\"\"}]");
    assertThat(VERIFIER.recognises(NOTHING.with("evidence.json", container))).isTrue();
    assertThat(VERIFIER.recognises(NOTHING.with("evidence.json", text("[]")))).isFalse();
    assertThat(VERIFIER.recognises(NOTHING)).isFalse();
  }

  private static Bytes text(String text) {
    return Bytes.of(text.getBytes(US_ASCII));
  }

  /** The name is that of the signer's issuer, so that it is no second end of a chain. */
  @Test
  void aManifestCarriesNoCertificatesOfOthers() {
    X509Certificate other =
        VENDOR.manifestRoot.issue(
            CertificateSpec.authority(
                    "CN=NVIDIA Reference Value GH100 CA,O=Test", VENDOR.deviceKeys.getPublic())
                .serial(77));
    byte[] manifest =
        driver.sign(
            VENDOR.signerKeys.getPrivate(),
            VENDOR.manifestCa.issue(VENDOR.signerSpec()),
            VENDOR.manifestCa.certificate(),
            other,
            VENDOR.manifestRoot.certificate());
    Judgement judgement = judge(NOTHING.with("driver_rim.xml", Bytes.of(manifest)));
    assertThat(failed(judgement)).containsExactly("driver-manifest-chain");
    assertThat(check(judgement, NvidiaStep.DRIVER_MANIFEST_CHAIN).got())
        .isEqualTo("the manifest carries certificates of others");
  }

  @Test
  void aSignerWhoseUseCannotBeReadIsRefused() {
    X509Certificate signer =
        VENDOR.bootRom.issue(
            VENDOR.deviceSpec().rawExtension("2.5.29.37", false, new byte[] {5, 0}));
    assertThat(NvidiaVerifier.signerProblem(DEVICE)).isEmpty();
    assertThat(NvidiaVerifier.signerProblem(signer).orElse(""))
        .endsWith(" has a key usage that cannot be read");
  }

  private static Bytes response() {
    return Bytes.of(new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.identity.certificate()).base64());
  }

  @Test
  void aResponseSaysNothingWithoutAGoodChain() {
    Documents five = deviceOnly().with(OCSP_FILE, response());
    Judgement unpinned = VERIFIER.judge(five, Expectation.at(NOW), Anchors.pinned());
    unverified(unpinned, NvidiaStep.OCSP_RESPONSE, "there is no good chain");
    X509Certificate above = VENDOR.provisioner.issue(VENDOR.deviceSpec());
    Documents four =
        five.with(
            "cert_chain.pem",
            pem(
                above,
                VENDOR.provisioner.certificate(),
                VENDOR.identity.certificate(),
                VENDOR.root.certificate()));
    unverified(judge(four), NvidiaStep.OCSP_RESPONSE, "there is no good chain");
  }

  @Test
  void aResponseIsAsLongAsItMayBe() {
    String response = new String(response().toArray(), UTF_8);
    String longest = response + "\n".repeat(MAX_OCSP - response.length());
    Documents good = deviceOnly();
    assertThat(responseCheck(good, longest).outcome()).isEqualTo(CheckOutcome.PASSED);
    assertThat(responseCheck(good, longest + "\n").reason()).endsWith(OCSP_FILE + " is too long");
  }

  @Test
  void aResponseIsInTheOneFormOfBase64() {
    Documents good = deviceOnly();
    for (String other : List.of("AB==", "AA")) {
      assertThat(responseCheck(good, other).reason())
          .endsWith(OCSP_FILE + " is base64 in another than the one form");
    }
    assertThat(responseCheck(good, "!").reason()).endsWith(OCSP_FILE + " is not base64");
  }

  private static Check responseCheck(Documents documents, String response) {
    return check(judge(documents.with(OCSP_FILE, text(response))), NvidiaStep.OCSP_RESPONSE);
  }

  /** The chip issues the last one itself, and nobody answers for it. */
  @Test
  void thereIsNoResponseAboutTheDeviceOrTheRoot() {
    for (String file : List.of("ocsp_gpu_l1.b64", "ocsp_gpu_l5.b64")) {
      Judgement judgement = judge(deviceOnly().with(file, Bytes.of(new byte[1])));
      assertThat(judgement.claims().text("revocation")).contains("no response supplied");
      assertThat(names(judgement)).doesNotContain("ocsp-response");
    }
  }
}
