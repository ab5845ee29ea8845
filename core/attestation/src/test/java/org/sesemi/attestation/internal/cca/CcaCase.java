package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** What tests ask of judgements about tokens of a test platform. */
final class CcaCase {

  static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");

  private CcaCase() {}

  static Anchors anchors(PublicKey key) {
    return Anchors.of(new Anchors.Set(List.of(), List.of(), List.of(key)));
  }

  static Documents with(byte[] token, PublicKey key) {
    return documents("token.cbor", token).with("platform_key.pem", pem(CcaVendor.pem(key)));
  }

  static Bytes pem(String text) {
    return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  static Judgement judge(CcaVendor vendor, byte[] token, Expectation expectation) {
    return new CcaVerifier()
        .judge(with(token, vendor.platformKey()), expectation, anchors(vendor.platformKey()));
  }

  static Judgement judge(CcaVendor vendor) {
    return judge(vendor, vendor.encode(), Expectation.at(AT));
  }

  static void accept(Judgement judgement) {
    assertThat(failed(judgement)).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  static void reject(Judgement judgement, CcaStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement))
        .containsExactly(Arrays.stream(steps).map(CcaStep::text).toArray(String[]::new));
  }

  static CcaVendor vendor() {
    return new CcaVendor();
  }
}
