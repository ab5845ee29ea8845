package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;

/** The form of revocation responses, one element at a time, and who may answer. */
class OcspResponseTest {

  private static final NvidiaVendor VENDOR = NvidiaScene.VENDOR;
  private static final byte[] SHA384 = hex("0609608648016503040202");
  private static final byte[] OTHER_OID = hex("06032a0304");
  private static final byte[] EXTENSION_VALUE = hex("040100");

  /** The sequences that a response consists of, from the outermost inwards. */
  private enum Part {
    RESPONSE,
    TYPED,
    BASIC,
    ALGORITHM,
    DATA,
    SINGLE,
    CERTIFICATE,
    HASH
  }

  /** A response in a good form, one of its sequences changed; its signature is none. */
  private record Form(Part changed, UnaryOperator<List<byte[]>> change) {

    byte[] encoded() {
      byte[] certificate =
          sequence(
              Part.CERTIFICATE,
              sequence(Part.HASH, SHA384),
              der(0x04, new byte[48]),
              der(0x04, new byte[48]),
              hex("020107"));
      byte[] single =
          sequence(
              Part.SINGLE,
              certificate,
              der(0x80),
              time("20260101000000Z"),
              der(0xa0, time("20260201000000Z")));
      byte[] data =
          sequence(
              Part.DATA,
              der(0xa2, der(0x04, new byte[20])),
              time("20260101000000Z"),
              der(0x30, single));
      byte[] basic =
          sequence(
              Part.BASIC,
              data,
              sequence(Part.ALGORITHM, hex("06082a8648ce3d040303")),
              hex("03020005"));
      byte[] typed = sequence(Part.TYPED, hex("06092b0601050507300101"), der(0x04, basic));
      return sequence(Part.RESPONSE, hex("0a0100"), der(0xa0, typed));
    }

    private byte[] sequence(Part part, byte[]... elements) {
      List<byte[]> content = new ArrayList<>(List.of(elements));
      return der(0x30, (part == changed ? change.apply(content) : content).toArray(byte[][]::new));
    }
  }

  private static byte[] hex(String text) {
    return Bytes.parse(text).toArray();
  }

  private static byte[] time(String text) {
    return der(0x18, text.getBytes(US_ASCII));
  }

  private static byte[] der(int tag, byte[]... contents) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (byte[] each : contents) {
      content.writeBytes(each);
    }
    int length = content.size();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (length >= 0x100) {
      out.writeBytes(new byte[] {(byte) 0x82, (byte) (length >> 8), (byte) length});
    } else if (length >= 0x80) {
      out.writeBytes(new byte[] {(byte) 0x81, (byte) length});
    } else {
      out.write(length);
    }
    out.writeBytes(content.toByteArray());
    return out.toByteArray();
  }

  private static List<byte[]> nothing(List<byte[]> elements) {
    return elements.subList(0, 0);
  }

  private static List<byte[]> cut(List<byte[]> elements) {
    return elements.subList(0, elements.size() - 1);
  }

  private static UnaryOperator<List<byte[]>> plus(byte[]... more) {
    return elements -> {
      Collections.addAll(elements, more);
      return elements;
    };
  }

  private static UnaryOperator<List<byte[]>> with(int at, byte[] element) {
    return elements -> {
      elements.set(at, element);
      return elements;
    };
  }

  private static OcspResponse parse(Part part, UnaryOperator<List<byte[]>> change) {
    return OcspResponse.parse(new Form(part, change).encoded());
  }

  private static void refused(Part part, UnaryOperator<List<byte[]>> change, String reason) {
    assertThatThrownBy(() -> parse(part, change))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aResponseIsRead() {
    OcspResponse response = parse(Part.RESPONSE, UnaryOperator.identity());
    assertThat(response.certificateId())
        .isEqualTo(
            new OcspResponse.CertificateId(
                "SHA-384", Bytes.of(new byte[48]), Bytes.of(new byte[48]), BigInteger.valueOf(7)));
    assertThat(response.status()).isEqualTo(OcspResponse.Status.GOOD);
    assertThat(response.thisUpdate()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(response.nextUpdate()).isEqualTo(Instant.parse("2026-02-01T00:00:00Z"));
    assertThat(response.certificates()).isEmpty();
    assertThat(response.signature()).isEqualTo(Bytes.parse("05"));
  }

  @Test
  void aResponseThatIsNoneIsRefused() {
    refused(Part.RESPONSE, OcspResponseTest::nothing, "has no status");
    refused(Part.RESPONSE, with(0, hex("020100")), "has no status");
    refused(Part.RESPONSE, with(0, hex("0a0101")), "says that there is none");
    refused(Part.RESPONSE, OcspResponseTest::cut, "says that there is none");
    refused(Part.RESPONSE, plus(hex("0500")), "says that there is none");
    refused(Part.RESPONSE, with(1, der(0xa0)), "not one element where one is due");
    refused(
        Part.RESPONSE,
        elements -> List.of(elements.get(0), der(0xa0, hex("3000"), hex("3000"))),
        "not one element where one is due");
  }

  @Test
  void onlyTheBasicTypeIsRead() {
    refused(Part.TYPED, OcspResponseTest::nothing, "is not a basic one");
    refused(Part.TYPED, OcspResponseTest::cut, "is not a basic one");
    refused(Part.TYPED, plus(hex("0500")), "is not a basic one");
    refused(Part.TYPED, with(0, OTHER_OID), "is not a basic one");
  }

  @Test
  void itsPartsAreCounted() {
    byte[] none = der(0xa0, der(0x30));
    refused(Part.BASIC, OcspResponseTest::cut, "has too few parts, or too many");
    refused(Part.BASIC, plus(none, none), "has too few parts, or too many");
    refused(Part.DATA, OcspResponseTest::cut, "has too few fields, or too many");
    refused(Part.DATA, plus(extension(false), extension(false)), "has too few fields, or too many");
    refused(Part.SINGLE, OcspResponseTest::cut, "from when and until when");
    refused(Part.SINGLE, plus(extension(false), extension(false)), "from when and until when");
    refused(Part.CERTIFICATE, OcspResponseTest::cut, "does not name a certificate");
    refused(Part.CERTIFICATE, plus(hex("0500")), "does not name a certificate");
  }

  @Test
  void onlyEcdsaWithoutParametersSigns() {
    String reason = "is not signed with ECDSA and SHA-384";
    refused(Part.ALGORITHM, OcspResponseTest::nothing, reason);
    refused(Part.ALGORITHM, plus(hex("0500")), reason);
    refused(Part.ALGORITHM, with(0, OTHER_OID), reason);
  }

  @Test
  void certificatesAreNamedByHashesThatAreStillSafe() {
    String reason = "by another hash than SHA-256 or SHA-384";
    refused(Part.HASH, OcspResponseTest::nothing, reason);
    refused(Part.HASH, with(0, OTHER_OID), reason);
    assertThat(parse(Part.HASH, with(0, hex("0609608648016503040201"))).certificateId().hash())
        .isEqualTo("SHA-256");
  }

  @Test
  void aResponderIsNamedInOneOfTwoWays() {
    refused(Part.DATA, with(0, der(0xa3, hex("0400"))), "does not say who answers");
    assertThat(parse(Part.DATA, with(0, der(0xa1, hex("3000")))).responderId())
        .isEqualTo(new OcspResponse.Responder(0xa1, Bytes.parse("3000")));
    assertThat(parse(Part.DATA, with(0, der(0xa2, hex("040109")))).responderId())
        .isEqualTo(new OcspResponse.Responder(0xa2, Bytes.parse("09")));
  }

  @Test
  void aStatusIsOneOfThree() {
    assertThat(parse(Part.SINGLE, with(1, der(0xa1))).status())
        .isEqualTo(OcspResponse.Status.REVOKED);
    assertThat(parse(Part.SINGLE, with(1, der(0x82))).status())
        .isEqualTo(OcspResponse.Status.UNKNOWN);
    refused(Part.SINGLE, with(1, hex("800100")), "has a wrong status");
    refused(Part.SINGLE, with(1, der(0x83)), "has a wrong status");
  }

  private static byte[] extension(boolean critical) {
    byte[] extension =
        critical
            ? der(0x30, OTHER_OID, hex("0101ff"), EXTENSION_VALUE)
            : der(0x30, OTHER_OID, EXTENSION_VALUE);
    return der(0xa1, der(0x30, extension));
  }

  @Test
  void criticalExtensionsAreRefused() {
    byte[] notCritical = der(0xa1, der(0x30, der(0x30, OTHER_OID, hex("010100"), EXTENSION_VALUE)));
    for (Part part : List.of(Part.DATA, Part.SINGLE)) {
      refused(part, plus(extension(true)), "has a critical extension");
      refused(part, plus(hex("0500")), "has the DER tag 5");
      assertThat(parse(part, plus(extension(false))).certificates()).isEmpty();
      assertThat(parse(part, plus(notCritical)).certificates()).isEmpty();
    }
  }

  @Test
  void aFewCertificatesMayComeAlong() {
    byte[] one = Authority.der(VENDOR.root.certificate());
    assertThat(parse(Part.BASIC, plus(certificates(one, 4))).certificates()).hasSize(4);
    refused(Part.BASIC, plus(certificates(one, 5)), "has too many certificates");
  }

  private static byte[] certificates(byte[] one, int count) {
    return der(0xa0, der(0x30, Collections.nCopies(count, one).toArray(byte[][]::new)));
  }

  private static OcspResponse about(NvidiaVendor.Ocsp response) {
    return OcspResponse.parse(response.der());
  }

  private static OcspResponse with(OcspResponse response, X509Certificate more) {
    List<X509Certificate> certificates = new ArrayList<>(response.certificates());
    certificates.add(more);
    return new OcspResponse(
        response.certificateId(),
        response.status(),
        response.thisUpdate(),
        response.nextUpdate(),
        response.responderId(),
        certificates,
        response.signed(),
        response.signature());
  }

  @Test
  void certificatesOfOthersDoNotComeAlong() {
    X509Certificate issuer = VENDOR.root.certificate();
    X509Certificate subject = VENDOR.identity.certificate();
    OcspResponse good = about(new NvidiaVendor.Ocsp(VENDOR.root, subject));
    assertThat(good.problem(subject, issuer)).isEmpty();
    assertThat(with(good, good.certificates().getFirst()).problem(subject, issuer)).isEmpty();
    assertThat(with(good, issuer).problem(subject, issuer))
        .contains("the response carries certificates of others");
  }

  /** A CA with no CA below it has the path length 0, where others have none. */
  @Test
  void anAuthorityIsNoResponder() {
    NvidiaVendor.Ocsp response = new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.identity.certificate());
    response.responder =
        CertificateSpec.leaf("CN=R", response.responderKeys.getPublic())
            .ca(true)
            .pathLength(0)
            .extension("2.5.29.37", true, NvidiaVendor.Ocsp.usage(KeyPurposeId.id_kp_OCSPSigning));
    assertThat(about(response).problem(VENDOR.identity.certificate(), VENDOR.root.certificate()))
        .contains("the responder is not the issuer, nor one that it delegated to");
  }

  @Test
  void aResponderWhoseUseCannotBeReadIsNone() {
    NvidiaVendor.Ocsp response = new NvidiaVendor.Ocsp(VENDOR.root, VENDOR.identity.certificate());
    response.responder =
        CertificateSpec.leaf("CN=R", response.responderKeys.getPublic())
            .rawExtension("2.5.29.37", false, hex("0500"));
    assertThat(about(response).problem(VENDOR.identity.certificate(), VENDOR.root.certificate()))
        .contains("the responder is not the issuer, nor one that it delegated to");
  }
}
