package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Evidence as a whole: roots, dates, any content at all. */
class NvidiaVerifierTest extends NvidiaScene {

  @Test
  void goodEvidenceIsAccepted() {
    Judgement judgement = judge();
    accepted(judgement);
    assertThat(judgement.claims().text("fwidBinding")).contains("compared with the certificate");
    assertThat(judgement.claims().flag("secureBoot")).contains(true);
  }

  @Test
  void aRootOfTheSameNameIsNotBelieved() {
    Documents others = new NvidiaScene().documents();
    NvidiaVendor imitator = new NvidiaVendor();
    Documents forged =
        others
            .with("report.bin", Bytes.of(report.sign(imitator.deviceKeys.getPrivate())))
            .with("cert_chain.pem", Bytes.of(imitator.chain(imitator.device(FWID))));
    rejected(judge(forged, NOW), "device-chain");
    rejected(
        judge(others.with("driver_rim.xml", Bytes.of(imitator.sign(driver))), NOW),
        "driver-manifest-chain");
    rejected(
        judge(others.with("vbios_rim.xml", Bytes.of(imitator.sign(vbios))), NOW),
        "vbios-manifest-chain");
  }

  @Test
  void pinnedRootsDoNotBelieveTestRoots() {
    assertThat(
            EvidenceVerifier.with(Anchors.pinned())
                .verify(PlatformKind.NVIDIA, documents(), Expectation.at(NOW))
                .verdict())
        .isEqualTo(Verdict.REJECT);
  }

  @Test
  void everyDateOfTheChainsIsJudged() {
    Instant end = Instant.parse("2026-05-31T00:00:00Z");
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .valid(Instant.parse("2025-01-01T00:00:00Z"), end)
                .extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID)));
    rejected(judge(), "device-chain-dates");
    assertThat(judge().validUntil()).contains(end);
    device = DEVICE;
    X509Certificate late =
        VENDOR.manifestCa.issue(VENDOR.signerSpec().valid(NOW.plusSeconds(1), NOW.plusSeconds(9)));
    extra.put("driver_rim.xml", Bytes.of(VENDOR.sign(driver, late)));
    rejected(judge(), "driver-manifest-dates");
    extra.clear();
    extra.put("vbios_rim.xml", Bytes.of(VENDOR.sign(vbios, late)));
    rejected(judge(), "vbios-manifest-dates");
  }

  @Tag("exhaustive")
  @Test
  void documentsOfAnyContentEndInAJudgement() {
    Documents good = documents();
    Property.check(
        "any bytes",
        60,
        random -> {
          byte[] bytes = new byte[random.nextInt(300)];
          random.nextBytes(bytes);
          Documents documents = good;
          for (String name : good.names()) {
            if (random.nextInt(3) == 0) {
              documents = documents.with(name, Bytes.of(bytes));
            }
          }
          documents = documents.with("ocsp_gpu_l2.b64", Bytes.of(bytes));
          assertThat(judge(documents, NOW).verdict()).isNotEqualTo(Verdict.ACCEPT);
        });
    assertThat(judge(new Documents(Map.of()), NOW).verdict()).isEqualTo(Verdict.INCOMPLETE);
    for (String json :
        List.of("", "[", "{}", "[]", "[1]", "[{}]", "[{},{}]", "[{\"evidence\":\"!\"}]")) {
      Documents documents = new Documents(Map.of("evidence.json", Bytes.of(json.getBytes(UTF_8))));
      assertThat(judge(documents, NOW).verdict()).isEqualTo(Verdict.REJECT);
    }
    assertThat(judge(good.with("evidence.json", Bytes.of("[]".getBytes(UTF_8))), NOW).verdict())
        .isEqualTo(Verdict.REJECT);
  }

  @Test
  void itsEvidenceIsRecognised() {
    assertThat(EvidenceVerifier.detect(documents())).contains(PlatformKind.NVIDIA);
    assertThat(
            EvidenceVerifier.detect(
                new Documents(Map.of("vbios_rim.xml", Bytes.of(new byte[] {1})))))
        .contains(PlatformKind.NVIDIA);
  }
}
