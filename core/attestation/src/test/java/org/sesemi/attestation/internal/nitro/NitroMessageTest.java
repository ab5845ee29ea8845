package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.nitro.NitroCase.AT;
import static org.sesemi.attestation.internal.nitro.NitroCase.VENDOR;
import static org.sesemi.attestation.internal.nitro.NitroCase.accept;
import static org.sesemi.attestation.internal.nitro.NitroCase.isNoDocument;
import static org.sesemi.attestation.internal.nitro.NitroCase.judge;
import static org.sesemi.attestation.internal.nitro.NitroCase.payload;
import static org.sesemi.attestation.internal.nitro.NitroCase.reject;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Expectation;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CoseOut;
import org.sesemi.vendors.NitroPayload;
import org.sesemi.vendors.NitroVendor;

final class NitroMessageTest {

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
        judge(vendor, document, Expectation.at(AT)), NitroStep.LEAF, NitroStep.DOCUMENT_SIGNATURE);
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

  @Test
  void aPayloadOfMoreThan16KibibytesIsRefused() {
    int other = payload().put("x", out -> out.bytes(new byte[256])).encode().length - 256;
    byte[] atLimit = payload().put("x", out -> out.bytes(new byte[16 * 1024 - other])).encode();
    byte[] beyond = payload().put("x", out -> out.bytes(new byte[16 * 1024 - other + 1])).encode();
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
        judge(VENDOR.sign(new CoseOut(payload().encodeTwice("nonce")))), NitroStep.PAYLOAD_FORMAT);
    reject(judge(VENDOR.sign(new CoseOut(payload().encodeIndefinite()))), NitroStep.PAYLOAD_FORMAT);
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
                out -> out.map(2).integer(0).bytes(new byte[48]).integer(0).bytes(new byte[48])));
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
        judge(payload().publicKey(new byte[1024]).userData(new byte[1024]).nonce(new byte[1024])));
    accept(judge(payload().publicKey(new byte[1]).userData(new byte[0]).nonce(new byte[0])));
    reject(judge(payload().publicKey(new byte[0])), NitroStep.USER_FIELDS);
    reject(judge(payload().publicKey(new byte[1025])), NitroStep.USER_FIELDS);
    reject(judge(payload().userData(new byte[1025])), NitroStep.USER_FIELDS);
    reject(judge(payload().nonce(new byte[1025])), NitroStep.USER_FIELDS);
  }
}
