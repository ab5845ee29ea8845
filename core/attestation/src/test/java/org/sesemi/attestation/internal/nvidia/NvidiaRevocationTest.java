package org.sesemi.attestation.internal.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Instant;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ocsp.RevokedInfo;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Property;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.Verdict;

/** One wrong value at a time in the responses about revocation. */
class NvidiaRevocationTest extends NvidiaScene {

  private NvidiaVendor.Ocsp ocsp(int level) {
    return switch (level) {
      case 2 -> new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.identity.certificate());
      case 3 -> new NvidiaVendor.Ocsp(VENDOR.identity, VENDOR.provisioner.certificate());
      default -> new NvidiaVendor.Ocsp(VENDOR.provisioner, VENDOR.bootRom.certificate());
    };
  }

  private Judgement withOcsp(Consumer<NvidiaVendor.Ocsp> change) {
    NvidiaScene test = new NvidiaScene();
    for (int level = 2; level <= 4; level++) {
      NvidiaVendor.Ocsp response = ocsp(level);
      if (level == 3) {
        change.accept(response);
      }
      test.extra.put("ocsp_gpu_l" + level + ".b64", Bytes.of(response.base64()));
    }
    return test.judge();
  }

  @Test
  void goodRevocationResponsesAreAccepted() {
    Judgement judgement = withOcsp(o -> {});
    accepted(judgement);
    assertThat(judgement.claims().text("revocation")).contains("responses for l2, l3, l4");
    assertThat(judgement.validUntil()).contains(Instant.parse("2026-12-31T00:00:00Z"));
    accepted(withOcsp(o -> o.responder = null));
    accepted(withOcsp(o -> o.byName = true));
  }

  @Test
  void aRevokedOrUnknownCertificateIsRefused() {
    rejected(
        withOcsp(
            o ->
                o.status =
                    new RevokedStatus(
                        new RevokedInfo(
                            new org.bouncycastle.asn1.ASN1GeneralizedTime("20260101000000Z"),
                            null))),
        "revocation");
    rejected(withOcsp(o -> o.status = new UnknownStatus()), "revocation");
  }

  @Test
  void aResponseOutsideItsDatesIsRefused() {
    rejected(withOcsp(o -> o.from = NOW.plusSeconds(1)), "ocsp-dates");
    rejected(withOcsp(o -> o.to = NOW.minusSeconds(1)), "ocsp-dates");
    rejected(withOcsp(o -> o.to = null), "ocsp-response");
    rejected(
        withOcsp(
            o ->
                o.responder =
                    CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())
                        .valid(Instant.parse("2025-01-01T00:00:00Z"), NOW.minusSeconds(1))
                        .extension(
                            "2.5.29.37",
                            true,
                            NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning))),
        "ocsp-dates");
  }

  /** Without a responder the dates cannot be judged either. */
  private static void notAuthentic(Judgement judgement) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(judgement.record().failing().map(Check::name)).contains("ocsp-response");
  }

  @Test
  void aResponderThatNobodyDelegatedToIsRefused() {
    notAuthentic(withOcsp(o -> o.delegator = VENDOR.root));
    notAuthentic(withOcsp(o -> o.delegator = VENDOR.bootRom));
    notAuthentic(
        withOcsp(o -> o.responder = CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())));
    notAuthentic(
        withOcsp(
            o ->
                o.responder =
                    CertificateSpec.leaf("CN=R", o.responderKeys.getPublic())
                        .extension(
                            "2.5.29.37",
                            true,
                            NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_serverAuth))));
    notAuthentic(
        withOcsp(
            o -> {
              KeyPair certified = NvidiaVendor.keys();
              o.responder =
                  CertificateSpec.leaf("CN=R", certified.getPublic())
                      .extension(
                          "2.5.29.37",
                          true,
                          NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning));
            }));
  }

  @Test
  void otherAlgorithmsOfAResponseAreRefused() {
    notAuthentic(withOcsp(o -> o.algorithm = "SHA256withECDSA"));
    notAuthentic(withOcsp(o -> o.hash = new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1)));
  }

  @Test
  void aResponseAboutAnotherCertificateIsRefused() {
    extra.put("ocsp_gpu_l2.b64", Bytes.of(ocsp(3).base64()));
    notAuthentic(judge());
    extra.put(
        "ocsp_gpu_l2.b64",
        Bytes.of(new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.provisioner.certificate()).base64()));
    notAuthentic(judge());
  }

  @Tag("exhaustive")
  @Test
  void aResponseThatWasChangedIsRefused() {
    byte[] der = ocsp(3).der();
    Property.check(
        "flips in an OCSP response",
        60,
        random -> {
          byte[] changed = der.clone();
          changed[random.nextInt(der.length)] ^= (byte) (1 << random.nextInt(8));
          extra.put("ocsp_gpu_l3.b64", Bytes.of(java.util.Base64.getEncoder().encode(changed)));
          assertThat(judge().verdict()).isEqualTo(Verdict.REJECT);
        });
  }

  @Test
  void someResponsesAreNamed() {
    extra.put("ocsp_gpu_l4.b64", Bytes.of(ocsp(4).base64()));
    assertThat(judge().claims().text("revocation")).contains("responses for l4");
  }
}
