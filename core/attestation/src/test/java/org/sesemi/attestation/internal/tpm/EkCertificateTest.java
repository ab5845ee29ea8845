package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.attestation.internal.tpm.TpmSample.AT;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.check;
import static org.sesemi.attestation.internal.tpm.TpmSample.ecc;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.EllipticCurve;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;

/** Certificates of endorsement keys: purposes, names, keys, and what is supplied with them. */
class EkCertificateTest {

  private static final KeyPair KEYS = Authority.ecKeys("secp256r1");
  private static final Authority ROOT = Authority.root("CN=Root", KEYS, "SHA256withECDSA");
  private static final KeyPurposeId EK =
      KeyPurposeId.getInstance(new ASN1ObjectIdentifier("2.23.133.8.1"));
  private static final ASN1ObjectIdentifier MODEL = new ASN1ObjectIdentifier(EkCertificate.MODEL);
  private static final int KEY_AGREEMENT = 8;

  private static CertificateSpec leaf() {
    return CertificateSpec.leaf("CN=EK", KEYS.getPublic()).keyUsage(KEY_AGREEMENT);
  }

  private static EkCertificate read(CertificateSpec spec) {
    return EkCertificate.read(Authority.der(ROOT.issue(spec)));
  }

  private static CertificateSpec purposes(KeyPurposeId... purposes) throws IOException {
    return leaf().extension("2.5.29.37", false, new ExtendedKeyUsage(purposes).getEncoded());
  }

  @Test
  void onePurposeIsAnEndorsementKey() throws IOException {
    KeyPurposeId server = KeyPurposeId.id_kp_serverAuth;
    assertThat(read(purposes(EK)).problem()).isEmpty();
    assertThat(read(purposes(server, EK)).problem()).isEmpty();
    assertThat(read(purposes(server)).problem()).contains("it is not for an endorsement key");
    assertThat(read(leaf()).problem()).contains("it is not for an endorsement key");
    byte[] unreadable = {5, 0};
    assertThat(read(leaf().rawExtension("2.5.29.37", false, unreadable)).problem())
        .contains("its purposes cannot be read");
  }

  @Test
  void theKeyProtectsKeys() throws IOException {
    String reason = "its key may not be used to protect keys";
    assertThat(read(purposes(EK).keyUsage(0)).problem()).contains(reason);
    assertThat(read(purposes(EK).keyUsage(32)).problem()).contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "2.23.133.2.2, swtpm, true",
    "2.23.133.2.2, SwTPM, true",
    "2.23.133.2.1, id:00001014, true",
    "2.23.133.2.2, swtpm2, false",
    "2.23.133.2.1, id:00001015, false",
    "2.23.133.2.1, swtpm, false",
    "2.23.133.2.2, id:00001014, false",
    "2.23.133.2.3, swtpm, false",
  })
  void programsAreKnownByModelOrManufacturer(String oid, String name, boolean software) {
    EkCertificate ek = new EkCertificate(ROOT.certificate(), Map.of(oid, name));
    assertThat(ek.isKnownSoftware()).isEqualTo(software);
  }

  /** The JDK refuses most names of a wrong form itself, but only in a critical extension. */
  private static EkCertificate named(int tag, ASN1Encodable... attribute) throws IOException {
    DERSequence name = new DERSequence(new DERSet(new DERSequence(attribute)));
    return read(
        leaf()
            .rawExtension(
                "2.5.29.17",
                false,
                new DERSequence(new DERTaggedObject(true, tag, name)).getEncoded()));
  }

  private static EkCertificate model(String text) throws IOException {
    return named(4, MODEL, new DERUTF8String(text));
  }

  @Test
  void namesArePrintable() throws IOException {
    for (String good : new String[] {"", " ", "~", "a b~"}) {
      assertThat(model(good).names()).isEqualTo(Map.of(EkCertificate.MODEL, good));
    }
    for (String wrong : new String[] {"\u001f", "\u007f", "a\u007f", "\u00e9", "\n"}) {
      assertThatThrownBy(() -> model(wrong))
          .isInstanceOf(Unreadable.class)
          .hasMessage("the EK certificate has a name that is not printable");
    }
  }

  @Test
  void aNameIsATypeAndAValue() throws IOException {
    DERUTF8String text = new DERUTF8String("x");
    for (ASN1Encodable[] wrong :
        List.of(new ASN1Encodable[] {MODEL, text, text}, new ASN1Encodable[] {MODEL})) {
      assertThatThrownBy(() -> named(4, wrong))
          .isInstanceOf(Unreadable.class)
          .hasMessage("the EK certificate has a name that is not one");
    }
  }

  @Test
  void alternativesOfOtherKindsNameNoTpm() throws IOException {
    assertThat(named(0, MODEL, new DERUTF8String("swtpm")).names()).isEmpty();
  }

  /** The point of P-256 whose first coordinate is zero. */
  @Test
  void aCoordinateMayBeZero() {
    EllipticCurve curve = ((ECPublicKey) KEYS.getPublic()).getParams().getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger y = curve.getB().modPow(p.add(BigInteger.ONE).shiftRight(2), p);
    Bytes root = Bytes.parse(String.format(Locale.ROOT, "%064x", y));
    byte[] xy = Bytes.parse("00".repeat(32) + root.hex()).toArray();
    TpmtPublic area = EkCertificate.area(EcKeys.P256.key(xy, "the key")).orElseThrow();
    assertThat(area.first()).isEqualTo(Bytes.of(new byte[32]));
    assertThat(area.second()).isEqualTo(root);
  }

  @Test
  void onlyKeysOfTheDefaultTemplatesHaveAnArea() {
    assertThat(EkCertificate.area(KEYS.getPublic()).orElseThrow().encoded())
        .isEqualTo(Bytes.of(TpmKey.endorsement(KEYS).area()));
    assertThat(EkCertificate.area(Authority.ecKeys("secp384r1").getPublic())).isEmpty();
    assertThat(EkCertificate.area(AkKeys.rsa(BigInteger.ONE.shiftLeft(3071)))).isEmpty();
  }

  private static Judgement supplied(TpmVendor tpm, Authority other, Authority... further) {
    StringBuilder text = new StringBuilder(Authority.pem(tpm.issuer.certificate()));
    for (Authority each : further) {
      text.append(Authority.pem(each.certificate()));
    }
    Anchors anchors =
        Anchors.of(
            new Anchors.Set(
                List.of(tpm.root.certificate(), other.certificate()), List.of(), List.of()));
    return TpmSample.judge(
        TpmSample.documents(tpm)
            .with("ek_issuer.pem", Bytes.of(text.toString().getBytes(StandardCharsets.US_ASCII))),
        Expectation.at(AT),
        anchors);
  }

  /** A folder of roots may hold more than the one that a chain ends in. */
  @Test
  void pinnedRootsMayBeSuppliedAndNothingElseBesideTheChain() {
    TpmVendor tpm = ecc();
    accepted(supplied(tpm, ROOT));
    accepted(supplied(tpm, ROOT, ROOT));
    Authority renewed =
        Authority.root(
            CertificateSpec.authority("CN=Root", KEYS.getPublic()).serial(2),
            KEYS,
            "SHA256withECDSA");
    accepted(supplied(tpm, ROOT, renewed));
    Authority cross =
        tpm.root.intermediate(
            CertificateSpec.authority("CN=Root", KEYS.getPublic()), KEYS, "SHA256withECDSA");
    Authority stranger =
        Authority.root("CN=Stranger", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
    Map.of("CN=Root", cross, "CN=Stranger", stranger)
        .forEach(
            (name, each) -> {
              Judgement judgement = supplied(tpm, ROOT, each);
              refused(judgement, TpmStep.EK_CHAIN);
              assertThat(check(judgement, TpmStep.EK_CHAIN).got())
                  .isEqualTo(name + " is supplied but is not part of the chain");
            });
  }
}
