package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.attestation.internal.cose.Judgements.check;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.nitro.NitroCase.AT;
import static org.sesemi.attestation.internal.nitro.NitroCase.VENDOR;
import static org.sesemi.attestation.internal.nitro.NitroCase.anchors;
import static org.sesemi.attestation.internal.nitro.NitroCase.judge;
import static org.sesemi.attestation.internal.nitro.NitroCase.payload;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CheckOutcome;

/** What the record says to people, and the borders of what is read. */
final class NitroRecordTest {

  private static final Authority WEB =
      Authority.root("CN=Web", Authority.ecKeys("secp256r1"), "SHA256withECDSA");

  @Test
  void aGoodDocumentIsDescribed() {
    Judgement judgement = judge(payload().userData(new byte[3]).nonce(new byte[20]));
    assertThat(check(judgement, NitroStep.ALGORITHM).got()).isEqualTo("ES384");
    assertThat(check(judgement, NitroStep.CERTIFICATES).got()).isEqualTo("5 certificates");
    assertThat(check(judgement, NitroStep.BUNDLE_ORDER).got()).isEqualTo("in order");
    assertThat(check(judgement, NitroStep.DOCUMENT_SIGNATURE).got())
        .isEqualTo("by the key of the leaf");
    assertThat(check(judgement, NitroStep.USER_FIELDS).got())
        .isEqualTo("public key absent, user data 3, nonce 20");
  }

  @Test
  void aBoundCarrierIsDescribed() {
    byte[] key = WEB.keys().getPublic().getEncoded();
    byte[] document = VENDOR.sign(payload().userData(key));
    String pem = Authority.pem(WEB.issue(web(name(0x82, Bytes.of(document).hex()))));
    Judgement judgement =
        judge(
            documents("document.cbor", document)
                .with("certificate.pem", Bytes.of(pem.getBytes(StandardCharsets.US_ASCII))));
    assertThat(failed(judgement)).isEmpty();
    assertThat(check(judgement, NitroStep.WEB_KEY).got()).isEqualTo("bound");
    assertThat(check(judgement, NitroStep.CARRIED_DOCUMENT).got())
        .isEqualTo("the supplied document");
  }

  @Test
  void whatIsMissingIsNamed() {
    Judgement nothing =
        new NitroVerifier()
            .judge(documents("other", new byte[1]), Expectation.at(AT), anchors(VENDOR.root()));
    assertThat(check(nothing, NitroStep.DOCUMENT_FORMAT).reason()).contains("no document.cbor");
    assertThat(new NitroVerifier().recognises(documents("other", new byte[1]))).isFalse();
  }

  @Test
  void eightCertificatesFitIntoABundle() {
    List<byte[]> bundle = new ArrayList<>(VENDOR.bundle());
    bundle.addAll(Collections.nCopies(8 - bundle.size(), bundle.getLast()));
    assertThat(check(judge(payload().bundle(bundle)), NitroStep.CERTIFICATE_SIZES).outcome())
        .isEqualTo(CheckOutcome.PASSED);
    bundle.add(bundle.getLast());
    assertThat(check(judge(payload().bundle(bundle)), NitroStep.CERTIFICATE_SIZES).outcome())
        .isEqualTo(CheckOutcome.FAILED);
  }

  @Test
  void aLeafThatMayIssueNothingFurtherIsACaAllTheSame() {
    Judgement judgement = judge(new NitroVendor.Setup().leaf(spec -> spec.ca(true).pathLength(0)));
    assertThat(failed(judgement)).contains(NitroStep.LEAF.text());
  }

  @Test
  void onlyLabelsThatAreTooLongForDnsCarryDocuments() {
    assertThat(carried(name(0x82, "x".repeat(63)))).isEmpty();
    assertThat(carried(name(0x82, "x".repeat(64)))).containsExactly("x".repeat(64));
    assertThat(carried(name(0x82, "x".repeat(64) + ".host"))).containsExactly("x".repeat(64));
    assertThat(carried(name(0x82, "." + "x".repeat(70)))).as("an empty label").isEmpty();
    assertThat(carried(name(0x81, "x".repeat(64)))).as("a mail address").isEmpty();
    assertThat(carried(name(0x82, " " + "~".repeat(63)))).hasSize(1);
  }

  @Test
  void namesArePrintable() {
    for (char odd : new char[] {'\u001f', '\u007f', '\u00e4'}) {
      assertThatThrownBy(() -> carried(name(0x82, odd + "x".repeat(64))))
          .isInstanceOf(Unreadable.class);
    }
  }

  private static List<String> carried(byte[] names) {
    return WebCertificate.readDer(Authority.der(WEB.issue(web(names)))).carried();
  }

  private static CertificateSpec web(byte[] names) {
    return CertificateSpec.leaf("CN=host", WEB.keys().getPublic())
        .extension("2.5.29.17", false, names);
  }

  private static byte[] name(int tag, String text) {
    return der(0x30, der(tag, text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static byte[] der(int tag, byte[] content) {
    CborOut out = new CborOut().raw(tag);
    int length = content.length;
    if (length < 0x80) {
      out.raw(length);
    } else if (length < 0x100) {
      out.raw(0x81, length);
    } else {
      out.raw(0x82, length >>> 8, length & 0xff);
    }
    return out.raw(content).toBytes();
  }
}
