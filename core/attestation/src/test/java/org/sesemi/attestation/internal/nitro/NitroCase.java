package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.NitroPayload;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Verdict;

/** A vendor with good certificates, and what tests ask of judgements about its documents. */
final class NitroCase {

  static final NitroVendor VENDOR = NitroVendor.create();
  static final Instant AT = NitroVendor.ISSUED.plusSeconds(120);

  private NitroCase() {}

  static Anchors anchors(X509Certificate root) {
    return Anchors.of(new Anchors.Set(List.of(root), List.of(), List.of()));
  }

  static Judgement judge(NitroVendor vendor, byte[] document, Expectation expectation) {
    return new NitroVerifier()
        .judge(documents("document.cbor", document), expectation, anchors(vendor.root()));
  }

  static Judgement judge(byte[] document) {
    return judge(VENDOR, document, Expectation.at(AT));
  }

  static Judgement judge(NitroPayload payload) {
    return judge(VENDOR.sign(payload));
  }

  static Judgement judge(NitroVendor.Setup setup) {
    NitroVendor vendor = setup.create();
    return judge(vendor, vendor.sign(vendor.payload()), Expectation.at(AT));
  }

  static void reject(Judgement judgement, NitroStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement))
        .containsExactly(Arrays.stream(steps).map(NitroStep::text).toArray(String[]::new));
  }

  static void accept(Judgement judgement) {
    assertThat(failed(judgement)).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  static void isNoDocument(NitroPayload payload) {
    reject(judge(payload), NitroStep.PAYLOAD_FORMAT);
  }

  static NitroPayload payload() {
    return VENDOR.payload();
  }

  static Judgement judge(Documents documents) {
    return new NitroVerifier().judge(documents, Expectation.at(AT), anchors(VENDOR.root()));
  }
}
