package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.CoseOut;
import org.sesemi.vendors.NitroPayload;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

final class NitroVerifierTest {

  private static final NitroVendor VENDOR = NitroVendor.create();
  private static final Instant AT = NitroVendor.ISSUED.plusSeconds(120);

  private static Anchors anchors(X509Certificate root) {
    return Anchors.of(new Anchors.Set(List.of(root), List.of(), List.of()));
  }

  private static Judgement judge(NitroVendor vendor, byte[] document, Expectation expectation) {
    return new NitroVerifier()
        .judge(documents("document.cbor", document), expectation, anchors(vendor.root()));
  }

  private static Judgement judge(byte[] document) {
    return judge(VENDOR, document, Expectation.at(AT));
  }

  private static Judgement judge(NitroPayload payload) {
    return judge(VENDOR.sign(payload));
  }

  private static Judgement judge(NitroVendor.Setup setup) {
    NitroVendor vendor = setup.create();
    return judge(vendor, vendor.sign(vendor.payload()), Expectation.at(AT));
  }

  private static void reject(Judgement judgement, NitroStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement))
        .containsExactly(
            Arrays.stream(steps).map(NitroStep::text).toArray(String[]::new));
  }

  private static void accept(Judgement judgement) {
    assertThat(failed(judgement)).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  private static void isNoDocument(NitroPayload payload) {
    reject(judge(payload), NitroStep.PAYLOAD_FORMAT);
  }

  private static NitroPayload payload() {
    return VENDOR.payload();
  }

  @Test
  void aGoodDocumentIsAcceptedAndSaysUntilWhen() {
    Judgement judgement = judge(payload());
    accept(judgement);
    assertThat(judgement.platform()).isEqualTo(PlatformKind.NITRO);
    assertThat(judgement.validUntil()).contains(NitroVendor.EXPIRES);
    assertThat(judgement.tcbStatus()).isEmpty();
  }

  @Test
  void aTaggedDocumentIsAccepted() {
    accept(judge(VENDOR.sign(new CoseOut(payload().encode()).tagged(true))));
  }

  @Test
  void theDocumentIsRecognisedByName() {
    Documents documents = documents("document.cbor", VENDOR.sign(payload()));
    assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.NITRO);
    accept(
        EvidenceVerifier.with(anchors(VENDOR.root())).verify(documents, Expectation.at(AT)));
  }

  @Test
  void withoutADocumentNothingIsVerified() {
    Judgement judgement =
        new NitroVerifier()
            .judge(
                documents("other.cbor", new byte[1]),
                Expectation.at(AT),
                anchors(VENDOR.root()));
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(unverified(judgement)).contains("document-format", "document-signature");
  }

  // Claims

  @Test
  void everyFieldIsAClaim() {
    byte[] nonce = {1, 2};
    byte[] data = {3, 4};
    byte[] key = {5, 6};
    Judgement judgement =
        judge(payload().nonce(nonce).userData(data).publicKey(key).pcr(31, new byte[64]));
    accept(judgement);
    assertThat(judgement.claims().text("moduleId"))
        .contains("i-0123456789abcdef0-enc0123456789abcdef");
    assertThat(judgement.claims().text("digest")).contains("SHA384");
    assertThat(judgement.claims().number("timestamp"))
        .contains(NitroVendor.ISSUED.plusSeconds(60).toEpochMilli());
    assertThat(judgement.claims().hex("measurement").orElseThrow().hex()).isEqualTo("01".repeat(48));
    assertThat(judgement.claims().hex("nonce")).contains(Bytes.of(nonce));
    assertThat(judgement.claims().hex("userData")).contains(Bytes.of(data));
    assertThat(judgement.claims().hex("publicKey")).contains(Bytes.of(key));
    assertThat(judgement.claims().hex("reportData")).contains(Bytes.of(nonce));
    assertThat(judgement.claims().flag("debug")).contains(false);
    assertThat(judgement.claims().number("cabundleCount")).contains(4L);
    assertThat(judgement.claims().group("pcrs").orElseThrow().values()).hasSize(17);
    assertThat(judgement.claims().group("pcrs").orElseThrow().hex("pcr4").orElseThrow().hex())
        .isEqualTo("05".repeat(48));
  }

  @Test
  void reportDataIsTheUserDataWhereThereIsNoNonce() {
    assertThat(judge(payload().userData(new byte[] {9})).claims().hex("reportData"))
        .contains(Bytes.of(new byte[] {9}));
    assertThat(judge(payload()).claims().hex("reportData")).contains(Bytes.empty());
    assertThat(judge(payload()).claims().hex("nonce")).isEmpty();
  }

  @Test
  void registersZeroToTwoOfZerosAreDebugging() {
    byte[] zero = new byte[48];
    Judgement judgement = judge(payload().pcr(0, zero).pcr(1, zero).pcr(2, zero));
    accept(judgement);
    assertThat(judgement.claims().flag("debug")).contains(true);
    for (int index = 0; index < 3; index++) {
      NitroPayload payload = payload().pcr(0, zero).pcr(1, zero).pcr(2, zero);
      byte[] last = new byte[48];
      last[47] = 1;
      assertThat(judge(payload.pcr(index, last)).claims().flag("debug")).contains(false);
    }
    assertThat(
            judge(payload().withoutPcr(0).withoutPcr(1).withoutPcr(2)).claims().flag("debug"))
        .contains(true);
  }

  // Message

  @Test
  void bytesThatAreNoMessageAreRefused() {
    reject(judge(new byte[0]), NitroStep.DOCUMENT_FORMAT);
    reject(judge(new CborOut().map(0).toBytes()), NitroStep.DOCUMENT_FORMAT);
    byte[] good = VENDOR.sign(payload());
    reject(judge(Arrays.copyOf(good, good.length + 1)), NitroStep.DOCUMENT_FORMAT);
  }

  @Test
  void anotherAlgorithmIsRefused() {
    byte[] es256 = new CborOut().map(1).integer(1).integer(-7).toBytes();
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encode()).protectedHeader(es256))),
        NitroStep.ALGORITHM);
  }

  @Test
  void aMessageReallySignedWithEs256IsRefused() {
    NitroVendor vendor = new NitroVendor.Setup().leafCurve("secp256r1").create();
    byte[] es256 = new CborOut().map(1).integer(1).integer(-7).toBytes();
    byte[] document =
        vendor.sign(
            new CoseOut(vendor.payload().encode())
                .protectedHeader(es256)
                .signedWith("SHA256withECDSAinP1363Format"));
    reject(
        judge(vendor, document, Expectation.at(AT)),
        NitroStep.ALGORITHM,
        NitroStep.LEAF,
        NitroStep.DOCUMENT_SIGNATURE);
  }

  @Test
  void aLeafOfP256IsRefused() {
    NitroVendor vendor = new NitroVendor.Setup().leafCurve("secp256r1").create();
    byte[] document =
        vendor.sign(
            new CoseOut(vendor.payload().encode()).signedWith("SHA384withECDSAinP1363Format"));
    reject(
        judge(vendor, document, Expectation.at(AT)),
        NitroStep.LEAF,
        NitroStep.DOCUMENT_SIGNATURE);
  }

  @Test
  void aFurtherProtectedHeaderFieldIsRefused() {
    byte[] header = new CborOut().map(2).integer(1).integer(-35).integer(4).integer(0).toBytes();
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encode()).protectedHeader(header))),
        NitroStep.ALGORITHM);
  }

  @Test
  void anUnprotectedHeaderFieldIsRefused() {
    byte[] header = new CborOut().map(1).integer(4).bytes(new byte[1]).toBytes();
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encode()).unprotectedHeader(header))),
        NitroStep.UNPROTECTED_HEADER);
  }

  @Test
  void anotherSignatureIsRefused() {
    NitroVendor other = NitroVendor.create();
    byte[] document = new CoseOut(payload().encode()).encode(other.leafKeys().getPrivate());
    reject(judge(document), NitroStep.DOCUMENT_SIGNATURE);
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encode()).externalData(new byte[] {1}))),
        NitroStep.DOCUMENT_SIGNATURE);
  }

  // Payload

  @Test
  void aPayloadOfMoreThan16KibibytesIsRefused() {
    int other = payload().put("x", out -> out.bytes(new byte[256])).encode().length - 256;
    byte[] atLimit =
        payload().put("x", out -> out.bytes(new byte[16 * 1024 - other])).encode();
    byte[] beyond =
        payload().put("x", out -> out.bytes(new byte[16 * 1024 - other + 1])).encode();
    assertThat(atLimit).hasSize(16 * 1024);
    assertThat(failed(judge(VENDOR.sign(new CoseOut(atLimit))))).doesNotContain("payload-size");
    assertThat(failed(judge(VENDOR.sign(new CoseOut(beyond))))).contains("payload-size");
  }

  @Test
  void everyRequiredFieldIsMissed() {
    for (String key :
        List.of("module_id", "digest", "timestamp", "pcrs", "certificate", "cabundle")) {
      isNoDocument(payload().without(key));
      isNoDocument(payload().put(key, CborOut::none));
    }
  }

  @Test
  void optionalFieldsMayBeAbsentOrNull() {
    accept(judge(payload().without("public_key").without("user_data").without("nonce")));
    accept(judge(payload().publicKey(null).userData(null).nonce(null)));
  }

  @Test
  void aKeyThatNobodyKnowsIsRefused() {
    isNoDocument(payload().put("extra", out -> out.integer(1)));
  }

  @Test
  void otherTypesAreRefused() {
    isNoDocument(payload().put("module_id", out -> out.bytes(new byte[1])));
    isNoDocument(payload().put("digest", out -> out.bytes(new byte[1])));
    isNoDocument(payload().put("timestamp", out -> out.text("1")));
    isNoDocument(payload().put("pcrs", out -> out.array(0)));
    isNoDocument(payload().put("pcrs", out -> out.map(1).text("0").bytes(new byte[48])));
    isNoDocument(payload().put("pcrs", out -> out.map(1).integer(0).text("x")));
    isNoDocument(payload().put("certificate", out -> out.text("x")));
    isNoDocument(payload().put("cabundle", out -> out.bytes(new byte[1])));
    isNoDocument(payload().put("cabundle", out -> out.array(1).text("x")));
    isNoDocument(payload().put("public_key", out -> out.text("x")));
    isNoDocument(payload().put("user_data", out -> out.text("x")));
    isNoDocument(payload().put("nonce", out -> out.bool(false)));
    reject(
        judge(VENDOR.sign(new CoseOut(new CborOut().array(0).toBytes()))),
        NitroStep.PAYLOAD_FORMAT);
  }

  @Test
  void aPayloadInAnotherFormOfCborIsRefused() {
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encodeTwice("nonce")))),
        NitroStep.PAYLOAD_FORMAT);
    reject(
        judge(VENDOR.sign(new CoseOut(payload().encodeIndefinite()))), NitroStep.PAYLOAD_FORMAT);
    isNoDocument(payload().put("timestamp", out -> out.head(0, 5, 8)));
    byte[] longer = Arrays.copyOf(payload().encode(), payload().encode().length + 1);
    reject(judge(VENDOR.sign(new CoseOut(longer))), NitroStep.PAYLOAD_FORMAT);
  }

  @Test
  void theModuleIsNamed() {
    reject(judge(payload().moduleId("")), NitroStep.MODULE_ID);
    isNoDocument(payload().moduleId("i-0\u001b[2J"));
  }

  @Test
  void theHashIsSha384() {
    reject(judge(payload().digest("SHA256")), NitroStep.DIGEST);
    reject(judge(payload().digest("sha384")), NitroStep.DIGEST);
  }

  @Test
  void theTimeIsPositive() {
    reject(judge(payload().timestamp(0)), NitroStep.TIMESTAMP, NitroStep.DOCUMENT_TIME);
    reject(judge(payload().timestamp(-1)), NitroStep.TIMESTAMP, NitroStep.DOCUMENT_TIME);
    reject(
        judge(payload().timestamp(Long.MIN_VALUE)), NitroStep.TIMESTAMP, NitroStep.DOCUMENT_TIME);
    reject(judge(payload().timestamp(Long.MAX_VALUE)), NitroStep.DOCUMENT_TIME);
  }

  @Test
  void registersFollowTheRules() {
    for (int length : new int[] {32, 48, 64}) {
      accept(judge(payload().pcr(0, new byte[length])));
    }
    for (int length : new int[] {0, 31, 33, 47, 49, 63, 65}) {
      reject(judge(payload().pcr(0, new byte[length])), NitroStep.PCRS);
    }
    accept(judge(payload().pcr(31, new byte[48])));
    reject(judge(payload().pcr(32, new byte[48])), NitroStep.PCRS);
    reject(judge(payload().pcr(-1, new byte[48])), NitroStep.PCRS);
    reject(judge(payload().put("pcrs", out -> out.map(0))), NitroStep.PCRS);
    NitroPayload all = payload();
    for (int i = 0; i < 32; i++) {
      all.pcr(i, new byte[48]);
    }
    accept(judge(all));
  }

  @Test
  void aRegisterTwiceIsRefused() {
    isNoDocument(
        payload()
            .put(
                "pcrs",
                out ->
                    out.map(2)
                        .integer(0)
                        .bytes(new byte[48])
                        .integer(0)
                        .bytes(new byte[48])));
  }

  @Test
  void certificatesHaveTheSizesOfTheSpecification() {
    for (UnaryOperator<NitroPayload> change :
        List.<UnaryOperator<NitroPayload>>of(
            payload -> payload.certificate(new byte[0]),
            payload -> payload.certificate(new byte[1025]),
            payload -> payload.bundle(List.of()),
            payload -> payload.bundle(List.of(new byte[0])),
            payload -> payload.bundle(List.of(new byte[1025])),
            payload -> payload.bundle(Collections.nCopies(9, VENDOR.leaf())))) {
      reject(judge(change.apply(payload())), NitroStep.CERTIFICATE_SIZES);
    }
    reject(judge(payload().certificate(new byte[1024])), NitroStep.CERTIFICATES);
    reject(judge(payload().bundle(List.of(new byte[1024]))), NitroStep.CERTIFICATES);
  }

  @Test
  void theCallersFieldsHaveTheSizesOfTheSpecification() {
    accept(
        judge(
            payload()
                .publicKey(new byte[1024])
                .userData(new byte[1024])
                .nonce(new byte[1024])));
    accept(judge(payload().publicKey(new byte[1]).userData(new byte[0]).nonce(new byte[0])));
    reject(judge(payload().publicKey(new byte[0])), NitroStep.USER_FIELDS);
    reject(judge(payload().publicKey(new byte[1025])), NitroStep.USER_FIELDS);
    reject(judge(payload().userData(new byte[1025])), NitroStep.USER_FIELDS);
    reject(judge(payload().nonce(new byte[1025])), NitroStep.USER_FIELDS);
  }

  // Chain

  @Test
  void aRootOfTheSameNameIsNotTheRoot() {
    NitroVendor other = NitroVendor.create();
    Judgement judgement =
        judge(other, VENDOR.sign(payload()), Expectation.at(AT));
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
        judge(new NitroVendor.Setup().zone(spec -> spec.keyUsage(KeyUsage.digitalSignature))),
        NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().zone(spec -> spec.keyUsage(0))), NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().region(spec -> spec.pathLength(1))), NitroStep.CHAIN);
    reject(judge(new NitroVendor.Setup().zone(spec -> spec.pathLength(0))), NitroStep.CHAIN);
  }

  @Test
  void theLeafMaySignAndIsNoAuthority() {
    reject(
        judge(new NitroVendor.Setup().leaf(spec -> spec.keyUsage(KeyUsage.keyAgreement))),
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

  // Nonce

  @Test
  void theNonceIsComparedWholly() {
    Bytes nonce = Bytes.of(new byte[] {1, 2, 3});
    Expectation expectation = new Expectation(AT, Optional.of(nonce));
    accept(judge(VENDOR, VENDOR.sign(payload().nonce(nonce.toArray())), expectation));
    reject(judge(VENDOR, VENDOR.sign(payload()), expectation), NitroStep.NONCE);
    reject(
        judge(VENDOR, VENDOR.sign(payload().nonce(new byte[] {1, 2, 4})), expectation),
        NitroStep.NONCE);
    reject(
        judge(VENDOR, VENDOR.sign(payload().nonce(new byte[] {1, 2, 3, 0})), expectation),
        NitroStep.NONCE);
    reject(
        judge(VENDOR, VENDOR.sign(payload().userData(nonce.toArray())), expectation),
        NitroStep.NONCE);
  }

  // Web certificates

  private static final Authority WEB =
      Authority.root("CN=Web", Authority.ecKeys("secp256r1"), "SHA256withECDSA");

  private static CertificateSpec web() {
    return CertificateSpec.leaf("CN=host", WEB.keys().getPublic());
  }

  private static byte[] webKey() {
    return WEB.keys().getPublic().getEncoded();
  }

  private static byte[] alternativeNames(String... names) {
    CborOut content = new CborOut();
    for (String name : names) {
      byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
      content.raw(0x82).raw(length(ascii.length)).raw(ascii);
    }
    byte[] inner = content.toBytes();
    return new CborOut().raw(0x30).raw(length(inner.length)).raw(inner).toBytes();
  }

  private static byte[] length(int length) {
    return length < 128
        ? new byte[] {(byte) length}
        : new byte[] {(byte) 0x82, (byte) (length >>> 8), (byte) length};
  }

  private static Documents with(byte[] document, String name, byte[] content) {
    return documents("document.cbor", document).with(name, Bytes.of(content));
  }

  private static Judgement judge(Documents documents) {
    return new NitroVerifier().judge(documents, Expectation.at(AT), anchors(VENDOR.root()));
  }

  @Test
  void theKeyOfTheWebCertificateIsBoundByUserDataOrPublicKey() {
    byte[] certificate = Authority.der(WEB.issue(web()));
    String name = "tls_certificate.der";
    accept(judge(with(VENDOR.sign(payload().userData(webKey())), name, certificate)));
    accept(judge(with(VENDOR.sign(payload().publicKey(webKey())), name, certificate)));
    reject(
        judge(with(VENDOR.sign(payload().nonce(webKey())), name, certificate)),
        NitroStep.WEB_KEY);
    reject(judge(with(VENDOR.sign(payload()), name, certificate)), NitroStep.WEB_KEY);
  }

  @Test
  void theWebCertificateIsReadableAndInTime() {
    byte[] document = VENDOR.sign(payload().userData(webKey()));
    String name = "tls_certificate.der";
    reject(judge(with(document, name, new byte[] {1})), NitroStep.WEB_CERTIFICATE);
    for (CertificateSpec spec :
        List.of(
            web().valid(AT.minusSeconds(100), AT.minusSeconds(1)),
            web().valid(AT.plusSeconds(1), AT.plusSeconds(100)))) {
      reject(
          judge(with(document, name, Authority.der(WEB.issue(spec)))),
          NitroStep.WEB_CERTIFICATE_DATES);
    }
    Judgement judgement =
        judge(
            with(
                document,
                name,
                Authority.der(WEB.issue(web().valid(AT.minusSeconds(9), AT.plusSeconds(7))))));
    accept(judgement);
    assertThat(judgement.validUntil()).contains(AT.plusSeconds(7));
  }

  @Test
  void theCertificateCarriesExactlyTheDocument() {
    byte[] document = VENDOR.sign(payload().userData(webKey()));
    String label = Bytes.of(document).hex();
    accept(judge(with(document, "certificate.pem", carrier("host", label))));
    accept(judge(with(document, "certificate.pem", carrier(label + ".host.example"))));
    for (String[] names :
        new String[][] {
          {"host"},
          {label.substring(2)},
          {label + "00"},
          {"00" + label.substring(2)},
          {label, label},
          {label, "x".repeat(64)}
        }) {
      reject(
          judge(with(document, "certificate.pem", carrier(names))), NitroStep.CARRIED_DOCUMENT);
    }
    reject(
        judge(with(document, "certificate.pem", pem(WEB.issue(web())))),
        NitroStep.CARRIED_DOCUMENT);
  }

  @Test
  void theKeyOfTheCarrierIsBound() {
    byte[] document = VENDOR.sign(payload());
    byte[] carrier = carrier(Bytes.of(document).hex());
    reject(judge(with(document, "certificate.pem", carrier)), NitroStep.WEB_KEY);
    reject(judge(with(document, "certificate.pem", new byte[0])), NitroStep.WEB_CERTIFICATE);
  }

  @Test
  void whatComesWithTheCarrierIssuedIt() {
    byte[] document = VENDOR.sign(payload().userData(webKey()));
    X509Certificate carrier =
        WEB.issue(
            web().extension("2.5.29.17", false, alternativeNames(Bytes.of(document).hex())));
    X509Certificate root = WEB.certificate();
    Authority other =
        Authority.root("CN=Web", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
    accept(judge(with(document, "certificate.pem", pem(carrier, root))));
    for (byte[] pem :
        List.of(
            pem(carrier, other.certificate()),
            pem(carrier, VENDOR.root()),
            pem(carrier, WEB.issue(web())),
            pem(carrier, root, VENDOR.root()),
            pem(carrier, root, carrier))) {
      reject(judge(with(document, "certificate.pem", pem)), NitroStep.WEB_CERTIFICATE_CHAIN);
    }
    reject(
        judge(with(document, "certificate.pem", pem(root, carrier))),
        NitroStep.WEB_CERTIFICATE_CHAIN,
        NitroStep.CARRIED_DOCUMENT);
  }

  private static byte[] carrier(String... names) {
    return pem(WEB.issue(web().extension("2.5.29.17", false, alternativeNames(names))));
  }

  private static byte[] pem(X509Certificate... certificates) {
    return Authority.pem(certificates).getBytes(StandardCharsets.US_ASCII);
  }
}
