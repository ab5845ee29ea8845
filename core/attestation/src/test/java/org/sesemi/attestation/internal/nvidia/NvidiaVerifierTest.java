package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaManifest;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** One wrong value at a time against good evidence under a test root. */
class NvidiaVerifierTest {

  private static final NvidiaVendor VENDOR = new NvidiaVendor();
  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
  private static final byte[] FWID = NvidiaReport.bytes(48, 0x77);
  private static final X509Certificate DEVICE = VENDOR.device(FWID);

  private final NvidiaReport report = new NvidiaReport();
  private final NvidiaManifest driver = new NvidiaManifest();
  private final NvidiaManifest vbios = new NvidiaManifest();
  private final Map<String, Bytes> extra = new TreeMap<>();
  private X509Certificate device = DEVICE;
  private KeyPair deviceKeys = VENDOR.deviceKeys;

  NvidiaVerifierTest() {
    report.opaque.put(NvidiaReport.FWID, FWID);
    driver.active(7, NvidiaReport.bytes(48, 8)).active(21, new byte[48], value(22));
    driver.resource(3, "False", new byte[48]);
    vbios.version = "96.00.9F.00.01";
    vbios.active(0, value(1)).resource(7, "False", new byte[48]);
  }

  private static byte[] value(int block) {
    return NvidiaReport.bytes(48, block);
  }

  private static Anchors anchors() {
    return Anchors.of(
        new Anchors.Set(
            List.of(VENDOR.root.certificate(), VENDOR.manifestRoot.certificate()),
            List.of(),
            List.of()));
  }

  private Documents documents() {
    Map<String, Bytes> files = new TreeMap<>();
    files.put("report.bin", Bytes.of(report.sign(deviceKeys.getPrivate())));
    files.put("cert_chain.pem", Bytes.of(VENDOR.chain(device)));
    files.put("driver_rim.xml", Bytes.of(VENDOR.sign(driver)));
    files.put("vbios_rim.xml", Bytes.of(VENDOR.sign(vbios)));
    files.putAll(extra);
    return new Documents(files);
  }

  private static Judgement judge(Documents documents, Instant at) {
    return EvidenceVerifier.with(anchors())
        .verify(PlatformKind.NVIDIA, documents, Expectation.at(at));
  }

  private Judgement judge() {
    return judge(documents(), NOW);
  }

  private static void accepted(Judgement judgement) {
    assertThat(judgement.verdict()).as("%s", judgement.record()).isEqualTo(Verdict.ACCEPT);
  }

  private static void rejected(Judgement judgement, String check) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(
            judgement.record().checks().stream()
                .filter(each -> each.outcome() == CheckOutcome.FAILED)
                .map(Check::name))
        .as("%s", judgement.record())
        .containsExactly(check);
  }

  @Test
  void goodEvidenceIsAccepted() {
    Judgement judgement = judge();
    accepted(judgement);
    assertThat(judgement.claims().text("fwidBinding")).contains("compared with the certificate");
    assertThat(judgement.claims().flag("secureBoot")).contains(true);
  }

  @Test
  void aRootOfTheSameNameIsNotBelieved() {
    Documents others = new NvidiaVerifierTest().documents();
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

  private void malformed(Consumer<NvidiaReport> change) {
    NvidiaVerifierTest test = new NvidiaVerifierTest();
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

  private static Bytes pem(X509Certificate... certificates) {
    return Bytes.of(Authority.pem(certificates).getBytes(UTF_8));
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

  @Test
  void aSignerOfSomethingElseDoesNotSignManifests() {
    extra.put(
        "driver_rim.xml",
        Bytes.of(
            VENDOR.sign(
                driver,
                VENDOR.manifestCa.issue(
                    VENDOR
                        .signerSpec()
                        .extension(
                            "2.5.29.37",
                            true,
                            NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning))))));
    rejected(judge(), "driver-manifest-chain");
  }

  @Test
  void manifestsOfAnotherVersionAreRefused() {
    driver.version = "550.90.08";
    rejected(judge(), "driver-version");
    driver.version = "550.90.07";
    vbios.version = "96.00.9F.00.02";
    rejected(judge(), "vbios-version");
    vbios.version = "96.00.9f.00.01";
    accepted(judge());
    report.opaque.remove(NvidiaReport.VBIOS);
    rejected(judge(), "vbios-version");
  }

  @Test
  void everyActiveMeasurementMustHaveAKnownValue() {
    driver.active(40, value(40));
    rejected(judge(), "measurements");
    driver.active(40, value(40), value(42), value(41));
    accepted(judge());
    report.blocks.put(41, value(9));
    rejected(judge(), "measurements");
    report.blocks.remove(41);
    rejected(judge(), "measurements");
    driver.resource(40, "False", value(40));
    accepted(judge());
    vbios.active(1, value(1));
    rejected(judge(), "measurements");
  }

  @Test
  void aMeasurementInBothManifestsIsRefused() {
    vbios.active(7, value(8));
    rejected(judge(), "manifests-disjoint");
  }

  private void manifest(Consumer<NvidiaManifest> change, String check) {
    NvidiaVerifierTest test = new NvidiaVerifierTest();
    change.accept(test.driver);
    Judgement judgement = test.judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judgement.record().failing().map(Check::name)).contains(check);
  }

  @Test
  void aManifestInAnotherFormIsRefused() {
    String form = "driver-manifest-form";
    String good =
        "<Resource type=\"Measurement\" index=\"9\" active=\"True\" alternatives=\"1\" h:Hash0=\""
            + "0a".repeat(48)
            + "\" size=\"48\"/>";
    List<UnaryOperator<String>> changes =
        List.of(
            x -> x.replace("Measurement", "Other"),
            x -> x.replace("Resource", "File"),
            x -> x.replace("index=\"9\"", "index=\"255\""),
            x -> x.replace("index=\"9\"", "index=\"-1\""),
            x -> x.replace("index=\"9\"", "index=\"7\""),
            x -> x.replace("index=\"9\" ", ""),
            x -> x.replace("True", "true"),
            x -> x.replace("alternatives=\"1\"", "alternatives=\"0\""),
            x -> x.replace("alternatives=\"1\"", "alternatives=\"2\""),
            x -> x.replace("alternatives=\"1\"", "alternatives=\"65\""),
            x -> x.replace("0a", "0A"),
            x -> x.replace("0a0a\"", "0a\""),
            x -> x.replace("h:Hash0", "h:Hash1"),
            x -> x.replace("h:Hash0", "Hash0"),
            x -> x.replace("size=\"48\"", "size=\"32\""),
            x -> x.replace("h:Hash0", "h:Hash1=\"00\" h:Hash0"));
    for (UnaryOperator<String> change : changes) {
      manifest(m -> m.raw(99, change.apply(good)), form);
    }
    manifest(m -> m.resources.clear(), form);
    manifest(m -> m.extra = "<Payload/>", form);
    manifest(m -> m.extra = "<Meta colloquialVersion=\"550.90.07\"/>", form);
    manifest(m -> m.extra = "<x:Signature xmlns:x=\"urn:other\"/>", form);
  }

  @Test
  void aManifestWithADocumentTypeIsRefused() {
    String signed = new String(VENDOR.sign(driver), UTF_8);
    for (String type :
        List.of(
            "<!DOCTYPE SoftwareIdentity>",
            "<!DOCTYPE SoftwareIdentity [<!ENTITY x \"y\">]>",
            "<!DOCTYPE SoftwareIdentity SYSTEM \"file:///etc/passwd\">",
            "<!DOCTYPE SoftwareIdentity [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>")) {
      extra.put("driver_rim.xml", Bytes.of((type + signed).getBytes(UTF_8)));
      Judgement judgement = judge();
      assertThat(judgement.record().failing().map(Check::name)).contains("driver-manifest-form");
      assertThat(judgement.record().failing().map(Check::reason).orElse(""))
          .contains("document type");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "<a/>", "<a", "\u0000"})
  void somethingElseIsNoManifest(String text) {
    extra.put("driver_rim.xml", Bytes.of(text.getBytes(UTF_8)));
    assertThat(judge().record().failing().map(Check::name)).contains("driver-manifest-form");
  }

  @Test
  void aManifestWithoutASignatureIsRefused() {
    extra.put("driver_rim.xml", Bytes.of(driver.unsigned().getBytes(UTF_8)));
    assertThat(judge().record().failing().map(Check::name)).contains("driver-manifest-form");
  }

  @Test
  void aManifestThatWasChangedIsRefused() {
    String signed = new String(VENDOR.sign(driver), UTF_8);
    for (String change : List.of("product=\"GH100\"", "index=\"3\"")) {
      String changed = signed.replace(change, change + " x=\"1\"");
      assertThat(changed).isNotEqualTo(signed);
      extra.put("driver_rim.xml", Bytes.of(changed.getBytes(UTF_8)));
      rejected(judge(), "driver-manifest-signature");
    }
  }

  /** The classic attack: what was signed stays somewhere in the document, what is read is new. */
  @Test
  void aSignatureOverAPartOfTheDocumentIsRefused() {
    manifest(m -> m.reference = "#GH100", "driver-manifest-signature");
    String signed = new String(VENDOR.sign(driver), UTF_8);
    int cut = signed.indexOf("<ds:Signature");
    String inner = signed.substring(0, cut) + "</SoftwareIdentity>";
    driver.resource(7, "False", new byte[48]);
    String outer =
        driver.unsigned().replace("</SoftwareIdentity>", "")
            + signed.substring(cut).replace("</ds:Signature>", "")
            + "<ds:Object>"
            + inner
            + "</ds:Object></ds:Signature></SoftwareIdentity>";
    extra.put(
        "driver_rim.xml",
        Bytes.of(outer.replace("</SoftwareIdentity><ds:Object>", "<ds:Object>").getBytes(UTF_8)));
    assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
  }

  @Test
  void otherAlgorithmsOfTheSignatureAreRefused() {
    String check = "driver-manifest-signature";
    manifest(m -> m.canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#", check);
    manifest(m -> m.transform = "http://www.w3.org/2001/10/xml-exc-c14n#", check);
    manifest(m -> m.digestMethod = "http://www.w3.org/2001/04/xmlenc#sha256", check);
    manifest(m -> m.signatureMethod = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", check);
    manifest(m -> m.enveloped = false, check);
  }

  @Test
  void aSignatureByAnotherKeyThanTheCertifiedOneIsRefused() {
    extra.put(
        "driver_rim.xml",
        Bytes.of(
            driver.sign(
                NvidiaVendor.keys().getPrivate(),
                VENDOR.manifestCa.issue(VENDOR.signerSpec()),
                VENDOR.manifestCa.certificate(),
                VENDOR.manifestRoot.certificate())));
    rejected(judge(), "driver-manifest-signature");
  }

  private NvidiaVendor.Ocsp ocsp(int level) {
    return switch (level) {
      case 2 -> new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.identity.certificate());
      case 3 -> new NvidiaVendor.Ocsp(VENDOR.identity, VENDOR.provisioner.certificate());
      default -> new NvidiaVendor.Ocsp(VENDOR.provisioner, VENDOR.bootRom.certificate());
    };
  }

  private Judgement withOcsp(Consumer<NvidiaVendor.Ocsp> change) {
    NvidiaVerifierTest test = new NvidiaVerifierTest();
    for (int level = 2; level <= 4; level++) {
      NvidiaVendor.Ocsp response = ocsp(level);
      if (level == 3) {
        change.accept(response);
      }
      test.extra.put("ocsp_gpu_l" + level + ".b64", Bytes.of(response.base64()));
    }
    return test.judge();
  }

  @Test
  void goodRevocationResponsesAreAccepted() {
    Judgement judgement = withOcsp(o -> {});
    accepted(judgement);
    assertThat(judgement.claims().text("revocation")).contains("responses for l2, l3, l4");
    assertThat(judgement.validUntil()).contains(Instant.parse("2026-12-31T00:00:00Z"));
    accepted(withOcsp(o -> o.responder = null));
    accepted(withOcsp(o -> o.byName = true));
  }

  @Test
  void aRevokedOrUnknownCertificateIsRefused() {
    rejected(
        withOcsp(
            o ->
                o.status =
                    new RevokedStatus(
                        new RevokedInfo(
                            new org.bouncycastle.asn1.ASN1GeneralizedTime("20260101000000Z"),
                            null))),
        "revocation");
    rejected(withOcsp(o -> o.status = new UnknownStatus()), "revocation");
  }

  @Test
  void aResponseOutsideItsDatesIsRefused() {
    rejected(withOcsp(o -> o.from = NOW.plusSeconds(1)), "ocsp-dates");
    rejected(withOcsp(o -> o.to = NOW.minusSeconds(1)), "ocsp-dates");
    rejected(withOcsp(o -> o.to = null), "ocsp-response");
    rejected(
        withOcsp(
            o ->
                o.responder =
                    CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())
                        .valid(Instant.parse("2025-01-01T00:00:00Z"), NOW.minusSeconds(1))
                        .extension(
                            "2.5.29.37",
                            true,
                            NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning))),
        "ocsp-dates");
  }

  /** Without a responder the dates cannot be judged either. */
  private static void notAuthentic(Judgement judgement) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judgement.record().failing().map(Check::name)).contains("ocsp-response");
  }

  @Test
  void aResponderThatNobodyDelegatedToIsRefused() {
    notAuthentic(withOcsp(o -> o.delegator = VENDOR.root));
    notAuthentic(withOcsp(o -> o.delegator = VENDOR.bootRom));
    notAuthentic(
        withOcsp(o -> o.responder = CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())));
    notAuthentic(
        withOcsp(
            o ->
                o.responder =
                    CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())
                        .extension(
                            "2.5.29.37",
                            true,
                            NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_serverAuth))));
    notAuthentic(
        withOcsp(
            o -> {
              KeyPair certified = NvidiaVendor.keys();
              o.responder =
                  CertificateSpec.leaf("CN=R", certified.getPublic())
                      .extension(
                          "2.5.29.37",
                          true,
                          NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning));
            }));
  }

  @Test
  void otherAlgorithmsOfAResponseAreRefused() {
    notAuthentic(withOcsp(o -> o.algorithm = "SHA256withECDSA"));
    notAuthentic(withOcsp(o -> o.hash = new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1)));
  }

  @Test
  void aResponseAboutAnotherCertificateIsRefused() {
    extra.put("ocsp_gpu_l2.b64", Bytes.of(ocsp(3).base64()));
    notAuthentic(judge());
    extra.put(
        "ocsp_gpu_l2.b64",
        Bytes.of(new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.provisioner.certificate()).base64()));
    notAuthentic(judge());
  }

  @Test
  void aResponseThatWasChangedIsRefused() {
    byte[] der = ocsp(3).der();
    Property.check(
        "flips in an OCSP response",
        60,
        random -> {
          byte[] changed = der.clone();
          changed[random.nextInt(der.length)] ^= (byte) (1 << random.nextInt(8));
          extra.put("ocsp_gpu_l3.b64", Bytes.of(java.util.Base64.getEncoder().encode(changed)));
          assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
        });
  }

  @Test
  void someResponsesAreNamed() {
    extra.put("ocsp_gpu_l4.b64", Bytes.of(ocsp(4).base64()));
    assertThat(judge().claims().text("revocation")).contains("responses for l4");
  }

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
