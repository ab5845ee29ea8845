package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;
import static org.sesemi.attestation.internal.nitro.NitroCase.AT;
import static org.sesemi.attestation.internal.nitro.NitroCase.VENDOR;
import static org.sesemi.attestation.internal.nitro.NitroCase.accept;
import static org.sesemi.attestation.internal.nitro.NitroCase.anchors;
import static org.sesemi.attestation.internal.nitro.NitroCase.judge;
import static org.sesemi.attestation.internal.nitro.NitroCase.payload;
import static org.sesemi.attestation.internal.nitro.NitroCase.reject;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.CoseOut;
import org.sesemi.vendors.NitroPayload;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

final class NitroVerifierTest {

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
    accept(EvidenceVerifier.with(anchors(VENDOR.root())).verify(documents, Expectation.at(AT)));
  }

  @Test
  void withoutADocumentNothingIsVerified() {
    Judgement judgement =
        new NitroVerifier()
            .judge(
                documents("other.cbor", new byte[1]), Expectation.at(AT), anchors(VENDOR.root()));
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(unverified(judgement)).contains("document-format", "document-signature");
  }

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
    assertThat(judgement.claims().hex("measurement").orElseThrow().hex())
        .isEqualTo("01".repeat(48));
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
    assertThat(judge(payload().withoutPcr(0).withoutPcr(1).withoutPcr(2)).claims().flag("debug"))
        .contains(true);
  }

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
}
