package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.failed;
import static org.sesemi.attestation.internal.intel.Generated.refused;
import static org.sesemi.attestation.internal.intel.Generated.sgx;
import static org.sesemi.attestation.internal.intel.Generated.sgxRefused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;
import static org.sesemi.attestation.internal.intel.Generated.tdxRefused;
import static org.sesemi.attestation.internal.intel.Generated.unverified;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelPck;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** What the certificates of a quote can have wrong, one thing at a time. */
final class GeneratedChainTest {

  private static byte[] pem(List<X509Certificate> certificates) {
    return Authority.pem(certificates.toArray(new X509Certificate[0]))
        .getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void certificatesMayComeInAnyOrderAndEndInNul() {
    IntelEvidence evidence = VENDOR.tdx(5);
    List<X509Certificate> reversed = new ArrayList<>(evidence.chain());
    Collections.reverse(reversed);
    accepted(tdx(evidence.certification(5, pem(reversed))));
    IntelEvidence withoutRoot = VENDOR.sgx();
    accepted(sgx(withoutRoot.certification(5, pem(withoutRoot.chain().subList(0, 2)))));
  }

  @Test
  void rootIsPinnedByKeyAndMayBeAnotherIssue() {
    IntelEvidence evidence = VENDOR.tdx(5);
    List<X509Certificate> chain = new ArrayList<>(evidence.chain().subList(0, 2));
    chain.add(VENDOR.reissuedRoot());
    evidence.file(
        "tcb_signing_chain.pem",
        pem(List.of(VENDOR.root().issue(VENDOR.signer()), VENDOR.reissuedRoot())));
    accepted(tdx(evidence.certification(5, pem(chain))));
  }

  @Test
  void rootOfTheSameNameButAnotherKeyIsRefused() {
    Documents documents = Generated.documents(IntelVendor.create().tdx(5));
    Judgement judgement = Generated.judge(IntelVerifier.TDX, documents, IntelEvidence.AT);
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement)).contains("pck-chain", "tcb-signing-chain");
    Judgement pinned =
        IntelVerifier.TDX.judge(documents, Expectation.at(IntelEvidence.AT), Anchors.pinned());
    assertThat(failed(pinned)).contains("pck-chain", "tcb-signing-chain");
  }

  @Test
  void collateralOfAnotherBelievedRootIsRefused() {
    IntelVendor other = IntelVendor.create();
    Documents documents = Generated.documents(VENDOR.tdx(5));
    Documents foreign = Generated.documents(other.tdx(5));
    for (String name : List.of("tcb_info.json", "qe_identity.json", "tcb_signing_chain.pem")) {
      documents = documents.with(name, foreign.get(name).orElseThrow());
    }
    Anchors both =
        Anchors.of(
            new Anchors.Set(
                List.of(VENDOR.root().certificate(), other.root().certificate()),
                List.of(),
                List.of()));
    refused(
        IntelVerifier.TDX.judge(documents, Expectation.at(IntelEvidence.AT), both),
        IntelStep.TCB_SIGNING_CHAIN);
  }

  @TestFactory
  List<DynamicTest> certificationData() {
    KeyPair keys = Authority.ecKeys("secp256r1");
    Authority otherCa =
        VENDOR
            .root()
            .intermediate(
                CertificateSpec.authority("CN=Some Other CA", keys.getPublic()).serial(77),
                keys,
                "SHA256withECDSA");
    return List.of(
        tdxRefused(
            "DER", IntelStep.CERTIFICATION_DATA, e -> e.certification(5, VENDOR.root().der())),
        tdxRefused(
            "text before",
            IntelStep.CERTIFICATION_DATA,
            e ->
                e.certification(
                    5,
                    ("x\n" + Authority.pem(e.pckCertificate()))
                        .getBytes(StandardCharsets.US_ASCII))),
        tdxRefused("empty", IntelStep.CERTIFICATION_DATA, e -> e.certification(5, new byte[0])),
        tdxRefused(
            "two leaves",
            IntelStep.PCK_CERTIFICATE,
            e ->
                e.certification(
                    5,
                    pem(
                        List.of(
                            e.pckCertificate(),
                            e.pckCertificate(),
                            VENDOR.platformCa().certificate())))),
        tdxRefused(
            "no leaf",
            IntelStep.PCK_CERTIFICATE,
            e -> e.certification(5, pem(List.of(VENDOR.platformCa().certificate())))),
        tdxRefused(
            "another name",
            IntelStep.PCK_CERTIFICATE,
            e ->
                e.changePck(
                    spec ->
                        CertificateSpec.leaf("CN=Other", VENDOR.pckKeys().getPublic())
                            .serial(5)
                            .extension(IntelPck.OID, false, e.pck().der()))),
        tdxRefused(
            "unrelated certificate",
            IntelStep.PCK_CHAIN,
            e ->
                e.certification(
                    5,
                    pem(
                        List.of(
                            e.pckCertificate(),
                            VENDOR.platformCa().certificate(),
                            VENDOR.processorCa().certificate())))),
        tdxRefused("another CA", IntelStep.PCK_CA, e -> e.issuedBy(otherCa)),
        tdxRefused(
            "leaf that is a CA", IntelStep.PCK_CHAIN, e -> e.changePck(spec -> spec.ca(true))),
        tdxRefused(
            "critical extension",
            IntelStep.PCK_CHAIN,
            e -> e.changePck(spec -> spec.extension("1.2.3.4", true, new byte[] {5, 0}))),
        tdxRefused(
            "SHA-384",
            IntelStep.PCK_CHAIN,
            e -> e.changePck(spec -> spec.signedWith("SHA384withECDSA"))));
  }

  @TestFactory
  List<DynamicTest> everyFieldOfThePckExtensionIsDue() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String name : List.of(".1", ".2", ".2.1", ".2.16", ".2.17", ".2.18", ".3", ".4", ".5")) {
      tests.add(tdxRefused(name, IntelStep.PCK_CERTIFICATE, e -> e.pck().without(name)));
    }
    tests.add(tdxRefused("FMSPC", IntelStep.PCK_CERTIFICATE, e -> e.pck().fmspc(new byte[5])));
    tests.add(tdxRefused("PPID", IntelStep.PCK_CERTIFICATE, e -> e.pck().ppid(new byte[17])));
    tests.add(tdxRefused("SVN", IntelStep.PCK_CERTIFICATE, e -> e.pck().component(3, 256)));
    tests.add(tdxRefused("less", IntelStep.PCK_CERTIFICATE, e -> e.pck().component(3, -1)));
    tests.add(tdxRefused("PCESVN", IntelStep.PCK_CERTIFICATE, e -> e.pck().pceSvn(65536)));
    return tests;
  }

  @Test
  void configurationOfThePlatformIsClaimed() {
    IntelEvidence evidence = VENDOR.sgx();
    evidence.pck().configuration(true, false, true);
    Judgement judgement = accepted(sgx(evidence));
    assertThat(judgement.claims().flag("dynamicPlatform")).contains(true);
    assertThat(judgement.claims().flag("cachedKeys")).contains(false);
    assertThat(judgement.claims().flag("smtEnabled")).contains(true);
    assertThat(judgement.claims().text("pckCa")).contains("Intel SGX PCK Platform CA");
    assertThat(judgement.claims().hex("platformInstanceId").map(Bytes::hex))
        .contains("22".repeat(16));
    assertThat(judgement.claims().hex("ppid").map(Bytes::hex)).contains("11".repeat(16));
    IntelEvidence standard = VENDOR.sgx().issuedBy(VENDOR.processorCa());
    standard.pck().standard();
    Judgement processor = accepted(sgx(standard));
    assertThat(processor.claims().text("pckCa")).contains("Intel SGX PCK Processor CA");
    assertThat(processor.claims().get("smtEnabled")).isEmpty();
  }

  @TestFactory
  List<DynamicTest> signer() {
    X509Certificate other =
        VENDOR
            .root()
            .issue(
                CertificateSpec.leaf("CN=Intel SGX Other Signing", VENDOR.signerKeys().getPublic())
                    .serial(4));
    X509Certificate byCa = VENDOR.platformCa().issue(VENDOR.signer());
    return List.of(
        tdxRefused(
            "another name",
            IntelStep.TCB_SIGNING_CHAIN,
            e -> e.file("tcb_signing_chain.pem", pem(List.of(other)))),
        tdxRefused(
            "another issuer",
            IntelStep.TCB_SIGNING_CHAIN,
            e ->
                e.file(
                    "tcb_signing_chain.pem",
                    pem(List.of(byCa, VENDOR.platformCa().certificate())))),
        tdxRefused(
            "two signers",
            IntelStep.TCB_SIGNING_CHAIN,
            e ->
                e.file(
                    "tcb_signing_chain.pem",
                    pem(
                        List.of(
                            VENDOR.root().issue(VENDOR.signer()),
                            VENDOR.root().issue(VENDOR.signer().serial(5)))))),
        tdxRefused(
            "not PEM",
            IntelStep.TCB_SIGNING_CHAIN,
            e -> e.file("tcb_signing_chain.pem", VENDOR.root().der())),
        tdxRefused(
            "unrelated certificate",
            IntelStep.TCB_SIGNING_CHAIN,
            e ->
                e.file(
                    "tcb_signing_chain.pem",
                    pem(
                        List.of(
                            VENDOR.root().issue(VENDOR.signer()),
                            VENDOR.platformCa().certificate())))));
  }

  @TestFactory
  List<DynamicTest> quotesWithoutChain() {
    List<DynamicTest> tests = new ArrayList<>();
    byte[][] contents = {new byte[36], new byte[276], new byte[404]};
    for (int type = 1; type <= 3; type++) {
      int number = type;
      tests.add(
          dynamicTest(
              "type " + type,
              () -> {
                IntelEvidence evidence = VENDOR.tdx(4);
                evidence.certification(number, contents[number - 1]);
                Judgement judgement = tdx(evidence);
                assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
                assertThat(unverified(judgement)).contains("certification-data", "qe-signature");
                accepted(tdx(evidence.file("pck_chain.pem", pem(evidence.chain()))));
              }));
    }
    tests.add(
        dynamicTest(
            "type 4",
            () -> {
              IntelEvidence evidence = VENDOR.sgx();
              evidence.certification(4, pem(evidence.chain().subList(0, 1)));
              Judgement judgement = sgx(evidence);
              assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
              assertThat(unverified(judgement)).contains("pck-chain");
              assertThat(judgement.record().checks())
                  .anyMatch(check -> check.name().equals("qe-signature"));
              accepted(sgx(evidence.file("pck_chain.pem", pem(evidence.chain().subList(1, 3)))));
            }));
    tests.add(
        dynamicTest(
            "type 4 with two",
            () -> {
              IntelEvidence evidence = VENDOR.sgx();
              evidence.certification(4, pem(evidence.chain()));
              refused(sgx(evidence), IntelStep.CERTIFICATION_DATA);
            }));
    tests.add(
        dynamicTest(
            "type 7",
            () ->
                assertThat(sgx(VENDOR.sgx().certification(7, new byte[100])).verdict())
                    .isEqualTo(Verdict.INCOMPLETE)));
    tests.add(
        sgxRefused(
            "a chain of another platform",
            IntelStep.QE_SIGNATURE,
            e ->
                e.certification(
                    5,
                    pem(
                        List.of(
                            VENDOR
                                .platformCa()
                                .issue(
                                    CertificateSpec.leaf(
                                            IntelVendor.PCK_NAME,
                                            Authority.ecKeys("secp256r1").getPublic())
                                        .serial(6)
                                        .extension(IntelPck.OID, false, e.pck().der())),
                            VENDOR.platformCa().certificate())))));
    return tests;
  }
}
