package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.SnpCertificateTable;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;

/** What the record says to people, and readers on their own. */
class SnpRecordTest {

  private static Check check(Judgement judgement, SnpStep step) {
    return find(judgement, step).orElseThrow();
  }

  private static Optional<Check> find(Judgement judgement, SnpStep step) {
    return judgement.record().checks().stream()
        .filter(check -> check.name().equals(step.text()))
        .findFirst();
  }

  @Test
  void chainsAreNamedFromLeafToRoot() {
    Check chain = check(SnpScene.vcek().judge(), SnpStep.CERTIFICATE_CHAIN);
    assertThat(chain.got())
        .containsSubsequence("CN=SEV-VCEK", " <- ", "CN=SEV-Milan", " <- ", "CN=ARK-Milan");
  }

  @Test
  void versionsAreWrittenWithDots() {
    Judgement judgement =
        SnpScene.vcek()
            .report(r -> r.currentVersion(1, 55, 200).committedVersion(1, 56, 129))
            .judge();
    Check committed = check(judgement, SnpStep.COMMITTED_TCB);
    assertThat(committed.expected()).isEqualTo("firmware version at most 1.55.200");
    assertThat(committed.got()).isEqualTo("1.56.129");
  }

  @Test
  void theProcessorIsNamed() {
    Judgement known = SnpScene.vcek().endorsement(e -> e.product("Genoa-B1")).judge();
    assertThat(check(known, SnpStep.PRODUCT_LINE).expected()).contains("Milan");
    Judgement unknown = SnpScene.vcek().report(r -> r.cpuid(0x55, 1, 2)).judge();
    assertThat(check(unknown, SnpStep.PRODUCT_LINE).expected())
        .contains("the unknown processor 550102");
  }

  @Test
  void identitiesAreDescribed() {
    Check both =
        check(
            SnpScene.vcek().endorsement(e -> e.text("5", "CN=csp")).judge(),
            SnpStep.CERTIFICATE_IDENTITY);
    assertThat(both.expected()).isEqualTo("a chip and no provider");
    assertThat(both.got()).isEqualTo("a chip and a provider");
    Check none =
        check(
            SnpScene.vlek("Milan", 3).endorsement(e -> e.without("5")).judge(),
            SnpStep.CERTIFICATE_IDENTITY);
    assertThat(none.expected()).isEqualTo("a provider and no chip");
    assertThat(none.got()).isEqualTo("no chip and no provider");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThat(check(SnpScene.vcek().without("report.bin").judge(), SnpStep.REPORT_LENGTH).reason())
        .contains("no report.bin");
    assertThat(check(SnpScene.vcek().without("vcek.der").judge(), SnpStep.ENDORSEMENT).reason())
        .contains("no certificate came for the VCEK");
  }

  @Test
  void whatIsBesideIsNamed() {
    Judgement good = SnpScene.vcek().judge();
    assertThat(check(good, SnpStep.OTHER_ENDORSEMENT).got()).isEqualTo("nothing else");
    assertThat(check(good, SnpStep.OTHER_CERTIFICATES).got()).isEqualTo("nothing else");
    SnpScene listed = SnpScene.vcek();
    listed.file(
        "crl.der", listed.vendor.crl(SnpScene.NOW.minusSeconds(9), SnpScene.NOW.plusSeconds(9)));
    assertThat(check(listed.judge(), SnpStep.CRL_DATES).got())
        .isEqualTo("valid until " + SnpScene.NOW.plusSeconds(9));
  }

  @Test
  void whatIsWrongWithCertificatesIsNamed() {
    byte[] vlek = Authority.der(SnpScene.vlek("Milan", 3).certificate());
    assertThat(
            check(SnpScene.vcek().file("vlek.der", vlek).judge(), SnpStep.OTHER_ENDORSEMENT).got())
        .isEqualTo("a certificate of another key");
    assertThat(
            check(
                    SnpScene.vcek().leaf(spec -> spec.signedWith("SHA384withRSA")).judge(),
                    SnpStep.CHAIN_SIGNATURES)
                .got())
        .startsWith("something else on ")
        .contains("CN=SEV-VCEK");
  }

  @Test
  void aNonceThatNobodyExpectsIsNoCheck() {
    assertThat(find(SnpScene.vcek().judge(), SnpStep.NONCE)).isEmpty();
    SnpScene cut = SnpScene.vcek().signed(bytes -> new byte[3]);
    assertThat(find(cut.judge(), SnpStep.NONCE)).isEmpty();
    assertThat(find(cut.nonce(new byte[] {1}).judge(), SnpStep.NONCE)).isPresent();
  }

  @Test
  void recognitionEndsAtItsBorders() {
    SnpVerifier verifier = new SnpVerifier();
    byte[] highest = {(byte) 255, 0, 0, 0};
    byte[] above = {0, 1, 0, 0};
    assertThat(verifier.recognises(alone(highest).documents())).isTrue();
    assertThat(verifier.recognises(alone(above).documents())).isFalse();
    assertThat(verifier.recognises(SnpScene.vcek().file("report.bin", above).documents()))
        .as("its companions tell")
        .isTrue();
  }

  private static SnpScene alone(byte[] report) {
    return SnpScene.vcek().without("vcek.der").file("report.bin", report);
  }

  @Test
  void onlyReportsOfAKnownVersionAreParsed() {
    byte[] report = SnpScene.vcek().signedReport();
    assertThat(SnpReport.parse(Bytes.of(report)).guestSvn()).isNotNegative();
    report[0] = 6;
    assertThatThrownBy(() -> SnpReport.parse(Bytes.of(report))).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> SnpReport.parse(Bytes.of(new byte[1183])))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void aLevelThatALayoutLacksIsZero() {
    Bytes raw = Bytes.parse("0102030405060708");
    assertThat(new SnpTcb(SnpTcb.Layout.MILAN_GENOA, raw).level(SnpTcb.Level.FMC)).isZero();
    assertThat(new SnpTcb(SnpTcb.Layout.TURIN, raw).level(SnpTcb.Level.FMC)).isEqualTo(1);
    assertThatThrownBy(() -> new SnpTcb(SnpTcb.Layout.TURIN, Bytes.of(new byte[SnpTcb.LENGTH - 1])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void signatureParametersMustBeThereAndReadable() {
    assertThat(PssSignatures.areVendors("RSASSA-PSS", null)).isFalse();
    assertThat(PssSignatures.areVendors("RSASSA-PSS", new byte[] {0x30, 1})).isFalse();
    assertThat(PssSignatures.areVendors("SHA384withRSA", new byte[] {0x30, 0})).isFalse();
  }

  /** Every byte is covered, and two of them twice. */
  @Test
  void entriesThatOverlapAreRefused() {
    byte[] table =
        new SnpCertificateTable()
            .add(SnpCertificateTable.VCEK, new byte[] {1, 2, 3, 4})
            .add(SnpCertificateTable.ASK, new byte[] {5, 6})
            .bytes();
    ByteBuffer.wrap(table).order(ByteOrder.LITTLE_ENDIAN).putInt(20, 6);
    assertThatThrownBy(() -> CertificateTable.parse(Bytes.of(table)))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining("overlap");
  }

  @Test
  void anEntryInPemIsOneCertificate() {
    SnpScene scene = SnpScene.vcek();
    String one = Authority.pem(scene.certificate());
    assertThat(check(table(one), SnpStep.CERTIFICATE_DOCUMENTS).reason()).isEmpty();
    assertThat(check(table(one + one), SnpStep.CERTIFICATE_DOCUMENTS).reason())
        .contains("is not one certificate");
    assertThat(
            check(table(one.replace("CERTIFICATE", "PUBLIC KEY")), SnpStep.CERTIFICATE_DOCUMENTS)
                .reason())
        .contains("is not one certificate");
  }

  private static Judgement table(String pem) {
    byte[] table =
        new SnpCertificateTable()
            .add(SnpCertificateTable.VCEK, pem.getBytes(StandardCharsets.US_ASCII))
            .bytes();
    return SnpScene.vcek().without("vcek.der").file("auxblob.bin", table).judge();
  }
}
