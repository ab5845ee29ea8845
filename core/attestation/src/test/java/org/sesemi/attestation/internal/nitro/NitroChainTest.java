package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.nitro.NitroCase.AT;
import static org.sesemi.attestation.internal.nitro.NitroCase.VENDOR;
import static org.sesemi.attestation.internal.nitro.NitroCase.accept;
import static org.sesemi.attestation.internal.nitro.NitroCase.judge;
import static org.sesemi.attestation.internal.nitro.NitroCase.payload;
import static org.sesemi.attestation.internal.nitro.NitroCase.reject;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NitroVendor;

final class NitroChainTest {

  @Test
  void aRootOfTheSameNameIsNotTheRoot() {
    NitroVendor other = NitroVendor.create();
    Judgement judgement = judge(other, VENDOR.sign(payload()), Expectation.at(AT));
    reject(judgement, NitroStep.ROOT, NitroStep.CHAIN);
    assertThat(judgement.failure()).contains(Code.ROOT_UNTRUSTED);
  }

  @Test
  void theRealRootDoesNotEndorseATestEnclave() {
    reject(
        new NitroVerifier()
            .judge(
                documents("document.cbor", VENDOR.sign(payload())),
                Expectation.at(AT),
                Anchors.pinned()),
        NitroStep.ROOT,
        NitroStep.CHAIN);
  }

  @Test
  void theBundleBeginsWithTheRootAndKeepsItsOrder() {
    List<byte[]> bundle = new ArrayList<>(VENDOR.bundle());
    Collections.reverse(bundle);
    reject(judge(payload().bundle(bundle)), NitroStep.ROOT, NitroStep.BUNDLE_ORDER);
    List<byte[]> swapped = new ArrayList<>(VENDOR.bundle());
    Collections.swap(swapped, 1, 2);
    reject(judge(payload().bundle(swapped)), NitroStep.BUNDLE_ORDER);
  }

  @Test
  void theBundleHasNoCertificateTooManyAndNoneTooFew() {
    List<byte[]> withoutRoot = VENDOR.bundle().subList(1, 4);
    reject(judge(payload().bundle(withoutRoot)), NitroStep.ROOT, NitroStep.CHAIN);
    List<byte[]> twice = new ArrayList<>(VENDOR.bundle());
    twice.add(1, twice.getFirst());
    reject(judge(payload().bundle(twice)), NitroStep.CHAIN);
    List<byte[]> gap = new ArrayList<>(VENDOR.bundle());
    gap.remove(2);
    reject(judge(payload().bundle(gap)), NitroStep.BUNDLE_ORDER, NitroStep.CHAIN);
    List<byte[]> foreign = new ArrayList<>(VENDOR.bundle());
    foreign.set(2, NitroVendor.create().bundle().get(2));
    reject(judge(payload().bundle(foreign)), NitroStep.CHAIN);
  }

  @Test
  void authoritiesAreAuthoritiesWithKeyUsageAndPathLength() {
    reject(judge(new NitroVendor.Setup().region(spec -> spec.ca(false))), NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().instance(spec -> spec.ca(false))), NitroStep.CHAIN);
    reject(
        judge(new NitroVendor.Setup().zone(spec -> spec.keyUsage(NitroVendor.DIGITAL_SIGNATURE))),
        NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().zone(spec -> spec.keyUsage(0))), NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().region(spec -> spec.pathLength(1))), NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().zone(spec -> spec.pathLength(0))), NitroStep.CHAIN);
  }

  @Test
  void theLeafMaySignAndIsNoAuthority() {
    reject(
        judge(new NitroVendor.Setup().leaf(spec -> spec.keyUsage(NitroVendor.KEY_AGREEMENT))),
        NitroStep.LEAF);
    reject(judge(new NitroVendor.Setup().leaf(spec -> spec.keyUsage(0))), NitroStep.LEAF);
    reject(
        judge(new NitroVendor.Setup().leaf(spec -> spec.ca(true))),
        NitroStep.CHAIN,
        NitroStep.LEAF);
  }

  @Test
  void certificatesAreSignedWithTheOneAlgorithm() {
    reject(
        judge(new NitroVendor.Setup().leaf(spec -> spec.signedWith("SHA256withECDSA"))),
        NitroStep.CHAIN);
  }

  @Test
  void everyCertificateIsValidAtTheInstant() {
    Instant early = Instant.parse("2025-01-01T00:00:00Z");
    UnaryOperator<CertificateSpec> expired = spec -> spec.valid(early, AT.minusSeconds(1));
    UnaryOperator<CertificateSpec> future =
        spec -> spec.valid(AT.plusSeconds(1), AT.plusSeconds(9000));
    for (UnaryOperator<CertificateSpec> change : List.of(expired, future)) {
      for (NitroVendor.Setup setup :
          List.of(
              new NitroVendor.Setup().root(change),
              new NitroVendor.Setup().region(change),
              new NitroVendor.Setup().zone(change),
              new NitroVendor.Setup().instance(change),
              new NitroVendor.Setup().leaf(change))) {
        assertThat(failed(judge(setup)))
            .contains("certificate-dates")
            .isSubsetOf("certificate-dates", "document-time");
      }
    }
  }

  @Test
  void bothEndsOfValidityBelongToIt() {
    byte[] document = VENDOR.sign(payload());
    accept(judge(VENDOR, document, Expectation.at(NitroVendor.ISSUED)));
    accept(judge(VENDOR, document, Expectation.at(NitroVendor.EXPIRES)));
    reject(
        judge(VENDOR, document, Expectation.at(NitroVendor.ISSUED.minusSeconds(1))),
        NitroStep.CERTIFICATE_DATES);
    reject(
        judge(VENDOR, document, Expectation.at(NitroVendor.EXPIRES.plusSeconds(1))),
        NitroStep.CERTIFICATE_DATES);
    reject(judge(VENDOR, document, Expectation.at(Instant.MAX)), NitroStep.CERTIFICATE_DATES);
    reject(
        judge(VENDOR, document, Expectation.at(Instant.MIN)),
        NitroStep.CERTIFICATE_DATES,
        NitroStep.DOCUMENT_TIME);
  }

  @Test
  void theDocumentIsOfATimeThatItsCertificatesCover() {
    long issued = NitroVendor.ISSUED.toEpochMilli();
    accept(judge(payload().timestamp(issued)));
    reject(judge(payload().timestamp(issued - 1)), NitroStep.DOCUMENT_TIME);
  }

  @Test
  void theDocumentIsNotFromTheFutureButForAClockSkew() {
    assertThat(NitroVerifier.CLOCK_SKEW).isEqualTo(Duration.ofMinutes(5));
    Instant limit = AT.plus(NitroVerifier.CLOCK_SKEW);
    accept(judge(payload().timestamp(limit.toEpochMilli())));
    reject(judge(payload().timestamp(limit.toEpochMilli() + 1)), NitroStep.DOCUMENT_TIME);
  }
}
