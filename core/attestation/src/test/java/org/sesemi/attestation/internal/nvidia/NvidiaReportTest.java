package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** One wrong value at a time in a report and in the chain of its device. */
class NvidiaReportTest extends NvidiaScene {

  private void malformed(Consumer<NvidiaReport> change) {
    NvidiaScene test = new NvidiaScene();
    change.accept(test.report);
    rejected(test.judge(), "report-form");
  }

  @Test
  void aReportInAnotherFormIsRefused() {
    for (int i = 0; i < 4; i++) {
      int at = i;
      malformed(r -> r.request[at] ^= 2);
      if (i < 3) {
        malformed(r -> r.response[at] ^= 2);
      }
    }
    malformed(r -> r.specification = 2);
    malformed(r -> r.valueType = 0x81);
    malformed(r -> r.blockLengthError = 1);
    malformed(r -> r.recordLengthError = 1);
    malformed(r -> r.recordLengthError = -1);
    malformed(r -> r.repeatIndex = true);
    malformed(r -> r.repeatOpaque = true);
    malformed(r -> r.blocks.put(64, new byte[32]));
    malformed(r -> r.blocks.clear());
    malformed(r -> r.trailing = new byte[2]);
    malformed(r -> r.opaque.put(NvidiaReport.VBIOS, new byte[7]));
    malformed(r -> r.opaque.put(NvidiaReport.DRIVER, new byte[] {'5', 7, 0}));
    malformed(r -> r.opaque.put(99, new byte[63_000]));
  }

  @Test
  void aStrayByteIsAllowed() {
    report.trailing = new byte[] {7};
    accepted(judge());
  }

  @Test
  void theSlotIsNotJudged() {
    report.response[3] = 1;
    accepted(judge());
  }

  @Test
  void aReportSignedWithAnotherKeyIsRefused() {
    deviceKeys = NvidiaVendor.keys();
    rejected(judge(), "report-signature");
  }

  @Test
  void aSignatureOfZerosIsRefused() {
    byte[] bytes = report.sign(deviceKeys.getPrivate());
    java.util.Arrays.fill(bytes, bytes.length - 96, bytes.length, (byte) 0);
    extra.put("report.bin", Bytes.of(bytes));
    rejected(judge(), "report-signature");
  }

  @Test
  void aDeviceKeyOfAnotherCurveIsRefused() {
    device =
        VENDOR.bootRom.issue(
            CertificateSpec.leaf("CN=GH100", Authority.ecKeys("secp256r1").getPublic())
                .extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID)));
    rejected(judge(), "report-signature");
  }

  @Test
  void theFirmwareMustBeThatOfTheCertificate() {
    report.opaque.put(NvidiaReport.FWID, new byte[48]);
    rejected(judge(), "fwid");
    report.opaque.put(NvidiaReport.FWID, FWID);
    device = VENDOR.bootRom.issue(VENDOR.deviceSpec());
    rejected(judge(), "fwid");
  }

  @Test
  void theFirmwareOfBlackwellIsInTcbInfo() {
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .extension(NvidiaVendor.TCB_INFO, false, NvidiaVendor.tcbInfo(FWID)));
    accepted(judge());
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .extension(NvidiaVendor.TCB_INFO, false, NvidiaVendor.tcbInfo(value(1))));
    rejected(judge(), "fwid");
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .extension(NvidiaVendor.TCB_INFO, false, NvidiaVendor.tcbInfo(FWID))
                .extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID)));
    rejected(judge(), "fwid");
  }

  @Test
  void aFirmwareIdentityInAnotherFormIsRefused() {
    for (String der :
        List.of("3000", "0500", "30023000", "3004a6023000", "3002a600", "30030201ff")) {
      for (String oid : List.of(NvidiaVendor.TCB_INFO, NvidiaVendor.COMPOSITE)) {
        device =
            VENDOR.bootRom.issue(
                VENDOR.deviceSpec().extension(oid, false, Bytes.parse(der).toArray()));
        rejected(judge(), "fwid");
      }
    }
  }

  @Test
  void aDriverThatReportsNoFirmwareIsAClaim() {
    report.opaque.remove(NvidiaReport.FWID);
    Judgement judgement = judge();
    accepted(judgement);
    assertThat(judgement.claims().text("fwidBinding")).contains("not reported by this driver");
  }

  @Test
  void aChainOfAnotherLengthIsRefused() {
    device =
        VENDOR.provisioner.issue(
            VENDOR.deviceSpec().extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID)));
    extra.put(
        "cert_chain.pem",
        pem(
            device,
            VENDOR.provisioner.certificate(),
            VENDOR.identity.certificate(),
            VENDOR.root.certificate()));
    rejected(judge(), "device-chain");
  }

  @Test
  void certificatesOfOthersInTheChainAreRefused() {
    extra.put(
        "cert_chain.pem",
        pem(
            DEVICE,
            VENDOR.bootRom.certificate(),
            VENDOR.provisioner.certificate(),
            VENDOR.identity.certificate()));
    rejected(judge(), "device-chain");
    extra.put(
        "cert_chain.pem",
        Bytes.of(
            (new String(VENDOR.chain(DEVICE), UTF_8)
                    + Authority.pem(VENDOR.manifestRoot.certificate()))
                .getBytes(UTF_8)));
    // Two ends, and so none.
    assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void theOrderOfTheChainDoesNotMatter() {
    extra.put(
        "cert_chain.pem",
        pem(
            VENDOR.root.certificate(),
            VENDOR.identity.certificate(),
            DEVICE,
            VENDOR.bootRom.certificate(),
            VENDOR.provisioner.certificate()));
    accepted(judge());
  }

  @Test
  void aCertificateForSomethingElseDoesNotSignReports() {
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID))
                .extension(
                    "2.5.29.37", false, NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning)));
    rejected(judge(), "device-chain");
    device =
        VENDOR.bootRom.issue(
            VENDOR
                .deviceSpec()
                .keyUsage(org.bouncycastle.asn1.x509.KeyUsage.keyAgreement)
                .extension(NvidiaVendor.COMPOSITE, false, VENDOR.composite(FWID)));
    rejected(judge(), "device-chain");
  }
}
