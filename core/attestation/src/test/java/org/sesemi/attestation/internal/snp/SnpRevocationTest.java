package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Verdict;

/** The root's revocation list, of which no public sample exists. */
class SnpRevocationTest {

  private static final Instant FROM = SnpScene.NOW.minusSeconds(60);
  private static final Instant TO = SnpScene.NOW.plusSeconds(60);

  @Test
  void withoutListAClaimSaysSo() {
    Judgement judgement = SnpScene.vcek().judge();
    assertThat(judgement.claims().text("revocation")).contains("no list supplied");
    assertThat(judgement.claims().flag("revocationChecked")).contains(false);
    assertThat(judgement.record().checks()).noneMatch(check -> check.name().equals("not-revoked"));
  }

  @Test
  void listWithOtherSerialsIsAccepted() {
    SnpScene scene = SnpScene.vcek();
    Judgement judgement = with(scene, scene.vendor.crl(FROM, TO, 1, 0, SnpVendor.ASVK_SERIAL));
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
    assertThat(judgement.claims().text("revocation")).contains("not listed");
    assertThat(judgement.claims().flag("revocationChecked")).contains(true);
    assertThat(judgement.validUntil()).contains(TO);
  }

  @Test
  void revokedAuthorityIsRefused() {
    SnpScene chip = SnpScene.vcek();
    Judgement ask = with(chip, chip.vendor.crl(FROM, TO, SnpVendor.ASK_SERIAL));
    SnpAssert.refusedOnlyFor(ask, SnpStep.NOT_REVOKED);
    assertThat(ask.failure()).contains(Code.REVOKED);
    SnpScene loaded = SnpScene.vlek("Turin", 5);
    SnpAssert.refusedOnlyFor(
        with(loaded, loaded.vendor.crl(FROM, TO, 5, SnpVendor.ASVK_SERIAL)), SnpStep.NOT_REVOKED);
    SnpAssert.refusedOnlyFor(
        with(SnpScene.vcek(), chip.vendor.crl(FROM, TO, SnpVendor.ARK_SERIAL)),
        SnpStep.NOT_REVOKED);
  }

  @Test
  void listIsTheRoots() {
    SnpScene scene = SnpScene.vcek();
    List<BigInteger> none = List.of();
    SnpAssert.refusedOnlyFor(
        with(scene, SnpVendor.of("Milan").crl(FROM, TO)), SnpStep.CRL_SIGNATURE);
    SnpAssert.refusedOnlyFor(
        with(scene, SnpScene.vendor("Genoa").crl(FROM, TO)), SnpStep.CRL_SIGNATURE);
    SnpAssert.refusedOnlyFor(
        with(scene, scene.vendor.ask().crl(1, FROM, TO, none)), SnpStep.CRL_SIGNATURE);
  }

  @Test
  void listIsSignedAsTheVendorSigns() {
    SnpScene scene = SnpScene.vcek();
    for (String algorithm : List.of("RSASSA-PSS/SHA-256/SHA-256/32", "SHA384withRSA")) {
      Authority careless =
          Authority.root(
              CertificateSpec.authority(
                  SnpVendor.subject("ARK-Milan"), scene.vendor.ark().keys().getPublic()),
              scene.vendor.ark().keys(),
              algorithm);
      SnpAssert.refusedOnlyFor(
          with(scene, careless.crl(1, FROM, TO, List.of())), SnpStep.CRL_SIGNATURE);
    }
  }

  @Test
  void listIsValidAtTheInstant() {
    SnpScene scene = SnpScene.vcek();
    SnpAssert.refusedOnlyFor(
        with(scene, scene.vendor.crl(SnpScene.NOW.plusSeconds(1), TO)), SnpStep.CRL_DATES);
    SnpAssert.refusedOnlyFor(
        with(scene, scene.vendor.crl(FROM, SnpScene.NOW.minusSeconds(1))), SnpStep.CRL_DATES);
  }

  @Test
  void somethingElseThanAListIsRefused() {
    SnpScene scene = SnpScene.vcek();
    byte[] list = scene.vendor.crl(FROM, TO);
    for (byte[] content :
        List.of(
            new byte[0],
            scene.vendor.ark().der(),
            Arrays.copyOf(list, list.length - 1),
            Arrays.copyOf(list, list.length + 1))) {
      SnpAssert.refusedOnlyFor(with(SnpScene.vcek(), content), SnpStep.CRL_SIGNATURE);
    }
  }

  @Tag("exhaustive")
  @Test
  void everyByteOfTheListCounts() {
    SnpScene scene = SnpScene.vcek();
    Documents documents = scene.file("crl.der", scene.vendor.crl(FROM, TO, 5)).documents();
    for (int i = 0; i < documents.get("crl.der").orElseThrow().length(); i++) {
      Judgement judgement = scene.judge(EvidenceData.flipped(documents, "crl.der", i));
      assertThat(judgement.verdict()).as("byte " + i).isEqualTo(Verdict.REJECT);
    }
  }

  private static Judgement with(SnpScene scene, byte[] list) {
    return scene.file("crl.der", list).judge();
  }
}
