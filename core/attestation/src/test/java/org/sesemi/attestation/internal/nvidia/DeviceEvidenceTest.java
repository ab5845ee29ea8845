package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;

/** The report and the certificates of a device, as they are supplied. */
class DeviceEvidenceTest {

  private static final int MAX_CONTAINER = 256 << 10;
  private static final KeyPair KEYS = Authority.ecKeys("secp256r1");
  private static final Authority ROOT = Authority.root("CN=Root", KEYS, "SHA256withECDSA");
  private static final X509Certificate HOPPER = leaf("CN=GH100 A01,O=Test");
  private static final X509Certificate BLACKWELL = leaf("CN=GB100 A01,O=Test");
  private static final X509Certificate OTHER = leaf("CN=GX100 A01,O=Test");

  private static X509Certificate leaf(String name) {
    return ROOT.issue(CertificateSpec.leaf(name, KEYS.getPublic()));
  }

  private static DeviceEvidence evidence(X509Certificate... certificates) {
    return new DeviceEvidence(Bytes.of(new byte[1]), List.of(certificates), Optional.empty());
  }

  private static void refused(ThrowingCallable reading, String reason) {
    assertThatThrownBy(reading).isInstanceOf(Unreadable.class).hasMessageContaining(reason);
  }

  @Test
  void theLeafIsTheOneThatIssuedNone() {
    DeviceEvidence evidence = evidence(ROOT.certificate(), HOPPER);
    assertThat(evidence.leaf()).isEqualTo(HOPPER);
    assertThat(evidence.others()).containsExactly(ROOT.certificate());
    String reason = "the certificates have not one end";
    refused(() -> evidence(HOPPER, BLACKWELL, ROOT.certificate()).leaf(), reason);
    refused(() -> evidence(ROOT.certificate()).leaf(), reason);
    refused(() -> evidence().leaf(), reason);
  }

  @Test
  void thereAreAsManyCertificatesAsThereMayBe() {
    X509Certificate[] most = Collections.nCopies(8, HOPPER).toArray(X509Certificate[]::new);
    assertThat(evidence(most).certificates()).hasSize(8);
    X509Certificate[] more = Collections.nCopies(9, HOPPER).toArray(X509Certificate[]::new);
    refused(() -> evidence(more), "there are too many certificates");
  }

  @Test
  void theArchitectureIsInTheNameOfTheChip() {
    assertThat(evidence(HOPPER).architecture()).contains("HOPPER");
    assertThat(evidence(BLACKWELL).architecture()).contains("BLACKWELL");
    assertThat(evidence(OTHER).architecture()).isEmpty();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String container(X509Certificate leaf, String report, String architecture) {
    return "[{\"evidence\":\""
        + report
        + "\",\"certificate\":\""
        + base64(Authority.pem(leaf))
        + "\",\"arch\":\""
        + architecture
        + "\"}]";
  }

  private static Bytes bytes(String text) {
    return Bytes.of(text.getBytes(UTF_8));
  }

  private static DeviceEvidence read(String json) {
    return DeviceEvidence.of(new Documents(Map.of("evidence.json", bytes(json)))).orElseThrow();
  }

  private static String padded(String json, int length) {
    return json + " ".repeat(length - json.length());
  }

  @Test
  void aContainerIsAsLongAsItMayBe() {
    String json = container(HOPPER, "AA==", "HOPPER");
    String longest = padded(json, MAX_CONTAINER);
    assertThat(read(longest).report()).isEqualTo(Bytes.of(new byte[1]));
    assertThat(DeviceEvidence.recognises(bytes(longest))).isTrue();
    refused(() -> read(longest + " "), "evidence.json is too long");
    assertThat(DeviceEvidence.recognises(bytes(longest + " "))).isFalse();
  }

  @Test
  void aContainerIsRecognisedByItsMembers() {
    String json = container(HOPPER, "AA==", "HOPPER");
    assertThat(DeviceEvidence.recognises(bytes(" \n" + json))).isTrue();
    for (String part : List.of("[{", "\"evidence\"", "\"certificate\"", "\"arch\"")) {
      assertThat(DeviceEvidence.recognises(bytes(json.replace(part, "{"))))
          .as("without %s", part)
          .isFalse();
    }
    assertThat(DeviceEvidence.recognises(Bytes.of(new byte[0]))).isFalse();
  }

  @Test
  void aContainerNamesTheArchitectureOfItsCertificate() {
    assertThat(read(container(BLACKWELL, "AA==", "BLACKWELL")).leaf()).isEqualTo(BLACKWELL);
    String reason = "evidence.json names another architecture than the certificate";
    refused(() -> read(container(HOPPER, "AA==", "BLACKWELL")), reason);
    refused(() -> read(container(OTHER, "AA==", "HOPPER")), reason);
  }

  @Test
  void aContainerIsInTheOneFormOfBase64() {
    String reason = "evidence.json has base64 in another than the one form";
    refused(() -> read(container(HOPPER, "AB==", "HOPPER")), reason);
    refused(() -> read(container(HOPPER, "AA", "HOPPER")), reason);
    refused(() -> read(container(HOPPER, "!", "HOPPER")), "something that is not base64");
  }

  @Test
  void thereIsOneReport() {
    Bytes report = Bytes.of(new byte[] {1});
    Documents alone = new Documents(Map.of("report.bin", report));
    refused(() -> DeviceEvidence.of(alone), "no cert_chain.pem was supplied");
    Documents both = alone.with("cert_chain.pem", bytes(Authority.pem(HOPPER)));
    assertThat(DeviceEvidence.of(both).orElseThrow().report()).isEqualTo(report);
    Documents twice = both.with("evidence.json", bytes(container(HOPPER, "AA==", "HOPPER")));
    refused(() -> DeviceEvidence.of(twice), "there are two reports");
    assertThat(DeviceEvidence.of(both.without("report.bin"))).isEmpty();
  }

  private static Optional<Bytes> fwid(ASN1Encodable... parts) throws java.io.IOException {
    byte[] composite = new DERSequence(new DERSequence(parts)).getEncoded();
    return DiceIdentity.fwid(
        ROOT.issue(
            CertificateSpec.leaf("CN=GH100", KEYS.getPublic())
                .extension(NvidiaVendor.COMPOSITE, false, composite)));
  }

  @Test
  void aFirmwareIdentityIsOneDigest() throws java.io.IOException {
    ASN1ObjectIdentifier sha384 = NISTObjectIdentifiers.id_sha384;
    DEROctetString digest = new DEROctetString(NvidiaScene.value(5));
    assertThat(fwid(sha384, digest)).contains(Bytes.of(NvidiaScene.value(5)));
    String reason = "the firmware id is not a SHA-384 digest";
    refused(() -> fwid(sha384), reason);
    refused(() -> fwid(sha384, digest, digest), reason);
    refused(() -> fwid(NISTObjectIdentifiers.id_sha256, digest), reason);
    refused(() -> fwid(sha384, new DEROctetString(new byte[47])), reason);
    refused(() -> fwid(sha384, new DEROctetString(new byte[49])), reason);
    assertThat(DiceIdentity.fwid(HOPPER)).isEmpty();
  }
}
