package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.sgxRefused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;
import static org.sesemi.attestation.internal.intel.Generated.tdxRefused;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.wire.Verdict;

/** Dates, revocation lists and missing documents, one thing at a time. */
final class GeneratedRevocationTest {

  private static final Instant BEFORE = IntelEvidence.AT.minusSeconds(1);
  private static final Instant AFTER = IntelEvidence.AT.plusSeconds(1);

  @TestFactory
  List<DynamicTest> datesOfEveryDocument() {
    return List.of(
        tdxRefused(
            "PCK too late",
            IntelStep.PCK_CHAIN_DATES,
            e -> e.changePck(spec -> spec.valid(IntelEvidence.ISSUED, BEFORE))),
        tdxRefused(
            "PCK too early",
            IntelStep.PCK_CHAIN_DATES,
            e -> e.changePck(spec -> spec.valid(AFTER, IntelEvidence.NEXT_UPDATE))),
        tdxRefused(
            "signer expired",
            IntelStep.TCB_SIGNING_DATES,
            e -> e.changeSigner(spec -> spec.valid(IntelEvidence.ISSUED, BEFORE))),
        tdxRefused(
            "signer too early",
            IntelStep.TCB_SIGNING_DATES,
            e -> e.changeSigner(spec -> spec.valid(AFTER, IntelEvidence.NEXT_UPDATE))),
        tdxRefused(
            "root list too late",
            IntelStep.ROOT_CRL_DATES,
            e -> e.rootCrlDates(IntelEvidence.ISSUED, BEFORE)),
        tdxRefused(
            "root list too early",
            IntelStep.ROOT_CRL_DATES,
            e -> e.rootCrlDates(AFTER, IntelEvidence.NEXT_UPDATE)),
        tdxRefused(
            "PCK list too late",
            IntelStep.PCK_CRL_DATES,
            e -> e.pckCrlDates(IntelEvidence.ISSUED, BEFORE)),
        tdxRefused(
            "PCK list too early",
            IntelStep.PCK_CRL_DATES,
            e -> e.pckCrlDates(AFTER, IntelEvidence.NEXT_UPDATE)));
  }

  @Test
  void verdictCarriesTheEarliestExpiry() {
    Instant soon = IntelEvidence.AT.plusSeconds(60);
    for (IntelEvidence evidence :
        List.of(
            VENDOR.tdx(5).changePck(spec -> spec.valid(IntelEvidence.ISSUED, soon)),
            VENDOR.tdx(5).changeSigner(spec -> spec.valid(IntelEvidence.ISSUED, soon)),
            VENDOR.tdx(5).rootCrlDates(IntelEvidence.ISSUED, soon),
            VENDOR.tdx(5).pckCrlDates(IntelEvidence.ISSUED, soon))) {
      assertThat(accepted(tdx(evidence)).validUntil()).contains(soon);
    }
    IntelEvidence info = VENDOR.tdx(5);
    info.tcbInfo().text("nextUpdate", soon.toString());
    assertThat(accepted(tdx(info)).validUntil()).contains(soon);
    IntelEvidence identity = VENDOR.tdx(5);
    identity.qeIdentity().text("nextUpdate", soon.toString());
    assertThat(accepted(tdx(identity)).validUntil()).contains(soon);
  }

  @TestFactory
  List<DynamicTest> revocation() {
    return List.of(
        tdxRefused(
            "PCK revoked", IntelStep.PCK_REVOCATION, e -> e.revokedByCa(IntelVendor.PCK_SERIAL)),
        sgxRefused(
            "PCK revoked ", IntelStep.PCK_REVOCATION, e -> e.revokedByCa(IntelVendor.PCK_SERIAL)),
        tdxRefused(
            "PCK CA revoked",
            IntelStep.PCK_CA_REVOCATION,
            e -> e.revokedByRoot(IntelVendor.PLATFORM_CA_SERIAL)),
        tdxRefused(
            "TCB signer revoked",
            IntelStep.TCB_SIGNER_REVOCATION,
            e -> e.revokedByRoot(IntelVendor.SIGNER_SERIAL)),
        tdxRefused(
            "list of the other CA", IntelStep.PCK_CRL, e -> e.crlIssuedBy(VENDOR.processorCa())),
        sgxRefused(
            "list of the other CA ",
            IntelStep.PCK_CRL,
            e -> e.issuedBy(VENDOR.processorCa()).crlIssuedBy(VENDOR.platformCa())),
        tdxRefused(
            "root's list from a CA",
            IntelStep.ROOT_CRL,
            e -> e.rootCrlIssuedBy(VENDOR.platformCa())),
        tdxRefused(
            "list of a CA of the same name",
            IntelStep.PCK_CRL,
            e -> e.crlIssuedBy(IntelVendor.create().platformCa())),
        tdxRefused(
            "list of a root of the same name",
            IntelStep.ROOT_CRL,
            e -> e.rootCrlIssuedBy(IntelVendor.create().root())),
        tdxRefused("no list", IntelStep.PCK_CRL, e -> e.file("pck_crl.der", new byte[] {0x30, 0})),
        tdxRefused(
            "PEM list",
            IntelStep.ROOT_CRL,
            e ->
                e.file(
                    "root_ca_crl.der",
                    "-----BEGIN X509 CRL-----".getBytes(StandardCharsets.US_ASCII))));
  }

  @Test
  void serialNumbersIdentifyWithinOneIssuerOnly() {
    accepted(tdx(VENDOR.tdx(5).revokedByRoot(IntelVendor.PCK_SERIAL)));
    accepted(tdx(VENDOR.tdx(5).revokedByCa(IntelVendor.PLATFORM_CA_SERIAL)));
    accepted(tdx(VENDOR.tdx(5).revokedByRoot(IntelVendor.PROCESSOR_CA_SERIAL)));
  }

  @TestFactory
  List<DynamicTest> everyMissingDocumentIsIncomplete() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String name :
        List.of(
            "tcb_info.json",
            "qe_identity.json",
            "root_ca_crl.der",
            "pck_crl.der",
            "tcb_signing_chain.pem",
            "quote.bin")) {
      tests.add(
          dynamicTest(
              name,
              () -> {
                Documents documents = Generated.documents(VENDOR.sgx()).without(name);
                Judgement judgement =
                    Generated.judge(IntelVerifier.SGX, documents, IntelEvidence.AT);
                assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
                assertThat(judgement.record().failing().orElseThrow().reason()).isNotEmpty();
              }));
    }
    return tests;
  }
}
