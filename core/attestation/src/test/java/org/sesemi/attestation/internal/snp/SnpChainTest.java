package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Rules about certificates between the signing key and the root, one broken at a time. */
class SnpChainTest {

  private static final Instant LATER = SnpScene.NOW.plusSeconds(3600);
  private static final Instant EARLIER = SnpScene.NOW.minusSeconds(3600);
  private static final Instant LONG_AGO = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant FAR = Instant.parse("2040-01-01T00:00:00Z");

  @Test
  void rootOfTheSameNameIsNotAPinnedOne() {
    for (SnpScene scene : List.of(SnpScene.vcek(), SnpScene.vlek("Turin", 5))) {
      scene
          .anchors(Anchors.pinned())
          .file("ark.der", scene.vendor.ark().der())
          .file("ask.der", scene.vendor.ask().der())
          .file("asvk.der", scene.vendor.asvk().der());
      Judgement judgement = scene.judge();
      SnpAssert.refusedOnlyFor(judgement, SnpStep.CERTIFICATE_CHAIN);
      assertThat(judgement.record().failing().orElseThrow().got()).contains("not a pinned one");
    }
  }

  @Test
  void rootOfAnotherKeyIsNotAPinnedOne() {
    SnpScene scene = SnpScene.vcek().vendor(SnpVendor.of("Milan"));
    scene.anchors(SnpScene.vcek().anchors());
    SnpAssert.refusedOnlyFor(scene.judge(), SnpStep.CERTIFICATE_CHAIN);
    scene.file("ask.der", scene.vendor.ask().der()).file("ark.der", scene.vendor.ark().der());
    SnpAssert.refusedOnlyFor(scene.judge(), SnpStep.CERTIFICATE_CHAIN);
  }

  @Test
  void authoritiesMayComeWithTheEvidence() {
    SnpScene scene = SnpScene.vcek();
    scene.anchors(
        Anchors.of(
            new Anchors.Set(List.of(scene.vendor.ark().certificate()), List.of(), List.of())));
    SnpAssert.refusedOnlyFor(scene.judge(), SnpStep.CERTIFICATE_CHAIN);
    accepted(scene.file("ask.der", scene.vendor.ask().der()).judge());
    accepted(scene.file("asvk.der", scene.vendor.asvk().der()).judge());
    accepted(scene.file("ark.der", scene.vendor.ark().der()).judge());
  }

  @Test
  void onlyTheVendorsSignatureParametersAreAccepted() {
    for (String parameters :
        List.of(
            "SHA-256/SHA-256/32",
            "SHA-384/SHA-384/32",
            "SHA-384/SHA-256/48",
            "SHA-512/SHA-512/48")) {
      UnaryOperator<CertificateSpec> change = spec -> spec.signedWith("RSASSA-PSS/" + parameters);
      SnpAssert.refusedOnlyFor(SnpScene.vcek().leaf(change).judge(), SnpStep.CHAIN_SIGNATURES);
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().vendor(SnpScene.vendor("Milan").withAuthorities(change)).judge(),
          SnpStep.CHAIN_SIGNATURES);
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().vendor(SnpScene.vendor("Milan").withRoot(change)).judge(),
          SnpStep.CHAIN_SIGNATURES);
    }
  }

  @Test
  void anotherSignatureAlgorithmIsRefused() {
    UnaryOperator<CertificateSpec> change = spec -> spec.signedWith("SHA384withRSA");
    SnpAssert.refused(SnpScene.vcek().leaf(change).judge(), SnpStep.CERTIFICATE_CHAIN);
    SnpAssert.refused(
        SnpScene.vcek().vendor(SnpScene.vendor("Milan").withAuthorities(change)).judge(),
        SnpStep.CERTIFICATE_CHAIN);
  }

  @Test
  void authoritiesAreAuthorities() {
    for (UnaryOperator<CertificateSpec> change :
        List.<UnaryOperator<CertificateSpec>>of(
            spec -> spec.ca(false),
            spec -> spec.keyUsage(KeyUsage.digitalSignature),
            spec -> spec.keyUsage(0))) {
      SnpAssert.refused(
          SnpScene.vcek().vendor(SnpScene.vendor("Milan").withAuthorities(change)).judge(),
          SnpStep.CERTIFICATE_CHAIN);
    }
    SnpAssert.refused(
        SnpScene.vcek().leaf(spec -> spec.ca(true)).judge(), SnpStep.CERTIFICATE_CHAIN);
  }

  @Test
  void unknownCriticalExtensionsAreRefused() {
    SnpAssert.refused(
        SnpScene.vcek().leaf(spec -> spec.extension("1.2.3.4", true, new byte[] {5, 0})).judge(),
        SnpStep.CERTIFICATE_CHAIN);
    accepted(
        SnpScene.vcek().leaf(spec -> spec.extension("1.2.3.4", false, new byte[] {5, 0})).judge());
  }

  @Test
  void eachKindOfKeyHasItsOwnAuthority() {
    SnpScene chip = SnpScene.vcek();
    SnpAssert.refusedOnlyFor(chip.issuer(chip.vendor.asvk()).judge(), SnpStep.ISSUING_AUTHORITY);
    SnpScene loaded = SnpScene.vlek("Milan", 3);
    SnpAssert.refusedOnlyFor(loaded.issuer(loaded.vendor.ask()).judge(), SnpStep.ISSUING_AUTHORITY);
    SnpScene direct = SnpScene.vcek();
    SnpAssert.refusedOnlyFor(direct.issuer(direct.vendor.ark()).judge(), SnpStep.ISSUING_AUTHORITY);
  }

  @Test
  void authoritiesOfAnotherLineAreRefused() {
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().vendor(SnpScene.vendor("Genoa")).judge(), SnpStep.ISSUING_AUTHORITY);
    SnpAssert.refusedOnlyFor(
        SnpScene.vlek("Turin", 5).vendor(SnpScene.vendor("Milan")).judge(),
        SnpStep.ISSUING_AUTHORITY);
  }

  @Test
  void subjectIsThatOfTheKindOfKey() {
    SnpScene scene = SnpScene.vcek();
    CertificateSpec other =
        CertificateSpec.leaf(SnpVendor.subject("SEV-VLEK"), scene.keys.getPublic());
    copyExtensions(scene, other);
    Documents documents =
        scene
            .documents()
            .with("vcek.der", Bytes.of(Authority.der(scene.issuer.issue(other.keyUsage(0)))));
    SnpAssert.refusedOnlyFor(scene.judge(documents), SnpStep.ISSUING_AUTHORITY);
  }

  private static void copyExtensions(SnpScene scene, CertificateSpec to) {
    var certificate = scene.certificate();
    for (String oid : certificate.getNonCriticalExtensionOIDs()) {
      byte[] wrapped = certificate.getExtensionValue(oid);
      to.rawExtension(oid, false, Arrays.copyOfRange(wrapped, 2, wrapped.length));
    }
  }

  @Test
  void everyCertificateIsValidAtTheInstant() {
    for (UnaryOperator<CertificateSpec> change :
        List.<UnaryOperator<CertificateSpec>>of(
            spec -> spec.valid(LATER, FAR), spec -> spec.valid(LONG_AGO, EARLIER))) {
      SnpAssert.refusedOnlyFor(SnpScene.vcek().leaf(change).judge(), SnpStep.CERTIFICATE_DATES);
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().vendor(SnpScene.vendor("Milan").withAuthorities(change)).judge(),
          SnpStep.CERTIFICATE_DATES);
      SnpAssert.refusedOnlyFor(
          SnpScene.vlek("Genoa", 5).vendor(SnpScene.vendor("Genoa").withRoot(change)).judge(),
          SnpStep.CERTIFICATE_DATES);
    }
  }

  @Test
  void verdictEndsWithTheFirstEnd() {
    assertThat(SnpScene.vcek().leaf(spec -> spec.valid(LONG_AGO, LATER)).judge().validUntil())
        .contains(LATER);
    assertThat(
            SnpScene.vcek()
                .vendor(
                    SnpScene.vendor("Milan").withAuthorities(spec -> spec.valid(LONG_AGO, LATER)))
                .judge()
                .validUntil())
        .contains(LATER);
    SnpScene scene = SnpScene.vcek();
    assertThat(scene.file("crl.der", scene.vendor.crl(EARLIER, LATER)).judge().validUntil())
        .contains(LATER);
  }

  @Test
  void withoutEndorsementNothingIsDecided() {
    for (SnpScene scene :
        List.of(
            SnpScene.vcek().without("vcek.der"), SnpScene.vlek("Milan", 3).without("vlek.der"))) {
      Judgement judgement = scene.judge();
      assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
      assertThat(judgement.record().failing().orElseThrow().name()).isEqualTo("endorsement");
    }
  }

  @Test
  void endorsementOfTheOtherKeyIsRefused() {
    byte[] vlek = Authority.der(SnpScene.vlek("Milan", 3).certificate());
    byte[] vcek = Authority.der(SnpScene.vcek().certificate());
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().file("vlek.der", vlek).judge(), SnpStep.OTHER_ENDORSEMENT);
    SnpAssert.refusedOnlyFor(
        SnpScene.vlek("Milan", 3).file("vcek.der", vcek).judge(), SnpStep.OTHER_ENDORSEMENT);
    Judgement only = SnpScene.vcek().without("vcek.der").file("vlek.der", vlek).judge();
    SnpAssert.refusedOnlyFor(only, SnpStep.OTHER_ENDORSEMENT);
    Judgement renamed = SnpScene.vcek().file("vcek.der", vlek).judge();
    SnpAssert.refused(renamed, SnpStep.ISSUING_AUTHORITY);
  }

  @Test
  void documentsThatAreNotCertificatesAreRefused() {
    SnpScene scene = SnpScene.vcek();
    byte[] der = Authority.der(scene.certificate());
    for (byte[] content :
        List.of(
            new byte[0],
            new byte[] {0x30, 0},
            Arrays.copyOf(der, der.length - 1),
            Arrays.copyOf(der, der.length + 1),
            Authority.pem(scene.certificate()).getBytes(StandardCharsets.US_ASCII))) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().file("vcek.der", content).judge(), SnpStep.CERTIFICATE_DOCUMENTS);
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().file("ask.der", content).judge(), SnpStep.CERTIFICATE_DOCUMENTS);
    }
  }

  @Test
  void whatIsSuppliedBesideTheChainIsOfItsRootAndLine() {
    SnpScene scene = SnpScene.vcek();
    for (byte[] strange :
        List.of(
            SnpScene.vendor("Genoa").ask().der(),
            SnpVendor.of("Milan").asvk().der(),
            SnpVendor.of("Milan").ark().der(),
            Authority.der(scene.certificate()))) {
      SnpAssert.refusedOnlyFor(
          SnpScene.vcek().file("asvk.der", strange).judge(), SnpStep.OTHER_CERTIFICATES);
    }
  }

  @Tag("exhaustive")
  @Test
  void everyByteOfASuppliedCertificateCounts() {
    SnpScene scene = SnpScene.vcek();
    Documents documents =
        scene
            .file("ask.der", scene.vendor.ask().der())
            .file("asvk.der", scene.vendor.asvk().der())
            .file("ark.der", scene.vendor.ark().der())
            .documents();
    accepted(scene.judge(documents));
    for (String name : List.of("vcek.der", "ask.der", "asvk.der", "ark.der")) {
      for (int i = 0; i < documents.get(name).orElseThrow().length(); i += 3) {
        Judgement judgement = scene.judge(EvidenceData.flipped(documents, name, i));
        assertThat(judgement.verdict()).as(name + " byte " + i).isEqualTo(Verdict.REJECT);
      }
    }
  }

  @Test
  void certificatesMayComeAsAList() {
    SnpScene scene = SnpScene.vcek();
    Expectation now = Expectation.at(SnpScene.NOW);
    Bytes report = Bytes.of(scene.signedReport());
    accepted(
        SnpVerifier.judge(
            report,
            List.of(
                scene.vendor.ark().certificate(),
                scene.certificate(),
                scene.vendor.ask().certificate()),
            new SnpRevocation.None(),
            now,
            scene.anchors()));
    SnpAssert.refused(
        SnpVerifier.judge(
            report,
            List.of(SnpScene.vcek("Genoa", 3).certificate()),
            new SnpRevocation.None(),
            now,
            scene.anchors()),
        SnpStep.CERTIFICATE_CHAIN);
    SnpScene loaded = SnpScene.vlek("Milan", 3);
    Bytes other = Bytes.of(loaded.signedReport());
    accepted(
        SnpVerifier.judge(
            other, List.of(loaded.certificate()), new SnpRevocation.None(), now, loaded.anchors()));
    assertThat(
            SnpVerifier.judge(report, List.of(), new SnpRevocation.None(), now, scene.anchors())
                .verdict())
        .isEqualTo(Verdict.INCOMPLETE);
  }

  private static void accepted(Judgement judgement) {
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }
}
