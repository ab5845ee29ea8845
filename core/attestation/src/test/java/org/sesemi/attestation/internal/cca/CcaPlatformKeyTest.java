package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cca.CcaCase.AT;
import static org.sesemi.attestation.internal.cca.CcaCase.accept;
import static org.sesemi.attestation.internal.cca.CcaCase.anchors;
import static org.sesemi.attestation.internal.cca.CcaCase.judge;
import static org.sesemi.attestation.internal.cca.CcaCase.pem;
import static org.sesemi.attestation.internal.cca.CcaCase.reject;
import static org.sesemi.attestation.internal.cca.CcaCase.vendor;
import static org.sesemi.attestation.internal.cca.CcaCase.with;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;

import java.security.PublicKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.wire.Verdict;

final class CcaPlatformKeyTest {

  @Test
  void aKeyThatNobodyEndorsesIsNotBelieved() {
    CcaVendor vendor = vendor();
    Documents documents = with(vendor.encode(), vendor.platformKey());
    for (Anchors anchors : List.of(Anchors.pinned(), anchors(vendor().platformKey()))) {
      Judgement judgement = new CcaVerifier().judge(documents, Expectation.at(AT), anchors);
      assertThat(failed(judgement)).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
      assertThat(unverified(judgement)).containsExactly("platform-key");
    }
  }

  @Test
  void withoutAKeyTheAnchorsAreTried() {
    CcaVendor vendor = vendor();
    Documents documents = documents("token.cbor", vendor.encode());
    CcaVerifier verifier = new CcaVerifier();
    Anchors several =
        Anchors.of(
            new Anchors.Set(
                List.of(), List.of(), List.of(vendor().platformKey(), vendor.platformKey())));
    accept(verifier.judge(documents, Expectation.at(AT), several));
    reject(
        verifier.judge(documents, Expectation.at(AT), anchors(vendor().platformKey())),
        CcaStep.PLATFORM_SIGNATURE);
    Judgement judgement = verifier.judge(documents, Expectation.at(AT), Anchors.pinned());
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(unverified(judgement)).containsExactly("platform-key", "platform-signature");
  }

  @Test
  void thePlatformsKeySignsThePlatformsClaims() {
    reject(
        judge(vendor().platformMessage(m -> m.externalData(new byte[] {1}))),
        CcaStep.PLATFORM_SIGNATURE);
    CcaVendor vendor = vendor();
    PublicKey other = vendor().platformKey();
    Judgement judgement =
        new CcaVerifier()
            .judge(with(vendor.encode(), other), Expectation.at(AT), anchors(vendor.platformKey()));
    assertThat(failed(judgement)).containsExactly("platform-signature");
    assertThat(unverified(judgement)).containsExactly("platform-key");
  }

  @Test
  void aKeyOfAnotherCurveSignsNothing() {
    CcaVendor vendor = vendor();
    for (PublicKey key :
        List.of(Authority.ecKeys("secp256r1").getPublic(), Authority.rsaKeys(2048).getPublic())) {
      reject(
          new CcaVerifier().judge(with(vendor.encode(), key), Expectation.at(AT), anchors(key)),
          CcaStep.PLATFORM_SIGNATURE);
    }
  }

  @Test
  void theKeyIsOnePublicKey() {
    CcaVendor vendor = vendor();
    byte[] token = vendor.encode();
    String good = CcaVendor.pem(vendor.platformKey());
    for (String text :
        List.of(
            "",
            "x",
            good + good,
            good.replace("PUBLIC", "PRIVATE"),
            Authority.pem(
                Authority.root("CN=x", Authority.ecKeys("secp384r1"), "SHA384withECDSA")
                    .certificate()),
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")) {
      reject(
          new CcaVerifier()
              .judge(
                  documents("token.cbor", token).with("platform_key.pem", pem(text)),
                  Expectation.at(AT),
                  anchors(vendor.platformKey())),
          CcaStep.PLATFORM_KEY);
    }
  }
}
