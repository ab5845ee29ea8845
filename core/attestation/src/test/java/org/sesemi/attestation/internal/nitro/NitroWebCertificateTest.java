package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.documents;
import static org.sesemi.attestation.internal.nitro.NitroCase.AT;
import static org.sesemi.attestation.internal.nitro.NitroCase.VENDOR;
import static org.sesemi.attestation.internal.nitro.NitroCase.accept;
import static org.sesemi.attestation.internal.nitro.NitroCase.judge;
import static org.sesemi.attestation.internal.nitro.NitroCase.payload;
import static org.sesemi.attestation.internal.nitro.NitroCase.reject;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CborOut;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.wire.Bytes;

final class NitroWebCertificateTest {

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

  @Test
  void theKeyOfTheWebCertificateIsBoundByUserDataOrPublicKey() {
    byte[] certificate = Authority.der(WEB.issue(web()));
    String name = "tls_certificate.der";
    accept(judge(with(VENDOR.sign(payload().userData(webKey())), name, certificate)));
    accept(judge(with(VENDOR.sign(payload().publicKey(webKey())), name, certificate)));
    reject(
        judge(with(VENDOR.sign(payload().nonce(webKey())), name, certificate)), NitroStep.WEB_KEY);
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
      reject(judge(with(document, "certificate.pem", carrier(names))), NitroStep.CARRIED_DOCUMENT);
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
        WEB.issue(web().extension("2.5.29.17", false, alternativeNames(Bytes.of(document).hex())));
    X509Certificate root = WEB.certificate();
    Authority other = Authority.root("CN=Web", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
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
