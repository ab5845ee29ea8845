package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.NvidiaManifest;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.Verdict;

/** One wrong value at a time in the manifests of known measurements. */
class NvidiaManifestTest extends NvidiaScene {

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
    NvidiaScene test = new NvidiaScene();
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
}
