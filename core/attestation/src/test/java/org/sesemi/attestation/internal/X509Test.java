package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.property.Mutation;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;

/** The one encoding of certificates, lists and keys, and who signed them. */
class X509Test {

  private static final Instant MONDAY = Instant.parse("2026-06-01T00:00:00Z");
  private static final KeyPair RSA_KEYS = Authority.rsaKeys(2048);
  private static final KeyPair LEAF_KEYS = Authority.ecKeys("secp256r1");
  private static final Authority EC =
      Authority.root("CN=EC Root", Authority.ecKeys("secp256r1"), "SHA256withECDSA");
  private static final Authority P384 =
      Authority.root("CN=P-384 Root", Authority.ecKeys("secp384r1"), "SHA384withECDSA");
  private static final Authority RSA = Authority.root("CN=RSA Root", RSA_KEYS, "SHA256withRSA");
  private static final Authority PSS =
      Authority.root("CN=PSS Root", RSA_KEYS, Authority.PSS_SHA384);
  private static final List<Authority> ALL = List.of(EC, P384, RSA, PSS);
  private static final X509Certificate LEAF = EC.issue(leaf());

  private static CertificateSpec leaf() {
    return CertificateSpec.leaf("CN=Leaf", LEAF_KEYS.getPublic());
  }

  private static byte[] listDer(Authority authority) {
    return authority.crl(1, MONDAY, MONDAY.plusSeconds(60), List.of());
  }

  private static X509CRL list(Authority authority) {
    return X509.readCrl(listDer(authority), "list");
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void refused(ThrowingCallable read, String message) {
    assertThatThrownBy(read).isExactlyInstanceOf(Unreadable.class).hasMessage(message);
  }

  private static void malformed(ThrowingCallable read, String message) {
    assertThatThrownBy(read)
        .isInstanceOf(AttestationException.class)
        .hasMessage(message)
        .extracting(e -> ((AttestationException) e).errorCode())
        .isEqualTo(AttestationException.Code.MALFORMED);
  }

  @Test
  void aCertificateIsRead() {
    for (Authority authority : ALL) {
      assertThat(X509.read(authority.der(), "it")).isEqualTo(authority.certificate());
      assertThat(X509.certificate(authority.der(), "it")).isEqualTo(authority.certificate());
    }
  }

  @Test
  void aListIsRead() {
    X509CRL list = list(EC);
    assertThat(list.getIssuerX500Principal()).isEqualTo(EC.certificate().getSubjectX500Principal());
    assertThat(list.getThisUpdate()).isEqualTo(MONDAY);
  }

  @ParameterizedTest
  @CsvSource({
    "'', it ends inside a DER element",
    "30, it ends inside a DER element",
    "31 06 30 00 30 00 03 00, it has the DER tag 31 where 30 is due",
    "30 00, 'it has not content, algorithm and signature'",
    "30 05 30 00 03 01 00, 'it has not content, algorithm and signature'",
    "30 09 30 00 30 00 03 01 00 05 00, 'it has not content, algorithm and signature'",
    "30 06 30 00 30 00 04 00, it has the DER tag 4 where 3 is due",
    "30 07 30 00 30 00 03 01 01, it is not a DER bit string of whole bytes",
    "30 07 30 00 30 00 03 01 00 00, it has bytes after its DER element"
  })
  void anotherFormIsRefused(String bytes, String message) {
    refused(() -> X509.read(hex(bytes), "it"), message);
    refused(() -> X509.readCrl(hex(bytes), "it"), message);
    malformed(() -> X509.certificate(hex(bytes), "it"), message);
  }

  @Test
  void theRightFormWithoutARightContentIsRefused() {
    byte[] empty = hex("30 07 30 00 30 00 03 01 00");
    refused(() -> X509.read(empty, "it"), "it is not an X.509 certificate");
    refused(() -> X509.readCrl(empty, "it"), "it is not an X.509 revocation list");
    refused(() -> X509.read(listDer(EC), "it"), "it is not an X.509 certificate");
    refused(() -> X509.readCrl(EC.der(), "it"), "it is not an X.509 revocation list");
    malformed(() -> X509.certificate(empty, "root.der"), "root.der is not an X.509 certificate");
    assertThatThrownBy(() -> X509.certificate(empty, "it"))
        .hasCauseExactlyInstanceOf(Unreadable.class);
  }

  @Test
  void aMebibyteIsTheMost() {
    refused(() -> X509.read(new byte[1 << 20], "it"), "it has bytes after its DER element");
    refused(() -> X509.readCrl(new byte[1 << 20], "it"), "it has bytes after its DER element");
    refused(() -> X509.read(new byte[(1 << 20) + 1], "it"), "it is too long");
    refused(() -> X509.readCrl(new byte[(1 << 20) + 1], "it"), "it is too long");
  }

  @Test
  void aSignatureWithUnusedBitsIsRefused() {
    for (Authority authority : ALL) {
      byte[] certificate = authority.der();
      certificate[certificate.length - authority.certificate().getSignature().length - 1] = 1;
      refused(() -> X509.read(certificate, "it"), "it is not a DER bit string of whole bytes");
    }
    byte[] list = listDer(RSA);
    list[list.length - 257] = 7;
    refused(() -> X509.readCrl(list, "it"), "it is not a DER bit string of whole bytes");
  }

  @Test
  void otherFormsThatTheJdkTakesAreRefused() throws GeneralSecurityException {
    byte[] pem = ascii(Authority.pem(LEAF));
    byte[] pkcs7 =
        CertificateFactory.getInstance("X.509").generateCertPath(List.of(LEAF)).getEncoded("PKCS7");
    byte[] more = Arrays.copyOf(Authority.der(LEAF), Authority.der(LEAF).length + 1);
    refused(() -> X509.read(pem, "it"), "it has bytes after its DER element");
    refused(() -> X509.read(pkcs7, "it"), "it has not content, algorithm and signature");
    refused(() -> X509.read(more, "it"), "it has bytes after its DER element");
  }

  @Test
  void certificatesOfAPemTextAreReadInOrder() {
    byte[] text = ascii(Authority.pem(LEAF, EC.certificate(), RSA.certificate()));
    assertThat(X509.readPem(text, "it")).containsExactly(LEAF, EC.certificate(), RSA.certificate());
    refused(() -> X509.readPem(ascii("x"), "it"), "it has text outside its PEM blocks");
    String labelled = Authority.pem(LEAF).replace("CERTIFICATE", "X509 CERTIFICATE");
    refused(
        () -> X509.readPem(ascii(Authority.pem(LEAF) + labelled), "it"),
        "it holds something that is not a certificate");
    refused(
        () -> X509.readPem(ascii("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----"), "it"),
        "it ends inside a DER element");
  }

  @Test
  void publicKeysOfTwoKindsAreRead() {
    for (PublicKey key : List.of(LEAF_KEYS.getPublic(), RSA_KEYS.getPublic())) {
      assertThat(X509.publicKey(key.getEncoded(), "it")).isEqualTo(key);
    }
  }

  @Test
  void anotherPublicKeyIsRefused() throws GeneralSecurityException {
    byte[] edwards =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic().getEncoded();
    byte[] right = LEAF_KEYS.getPublic().getEncoded();
    for (byte[] other :
        List.of(
            edwards,
            new byte[0],
            hex("3000"),
            Arrays.copyOf(right, right.length + 1),
            LEAF_KEYS.getPrivate().getEncoded(),
            Authority.der(LEAF))) {
      malformed(() -> X509.publicKey(other, "key.pem"), "key.pem is not a public key of EC or RSA");
    }
  }

  @Test
  void aChangedPublicKeyIsReadOrMalformed() {
    for (PublicKey key : List.of(LEAF_KEYS.getPublic(), RSA_KEYS.getPublic())) {
      Mutation.flips(key.getEncoded())
          .forEach(
              flip -> {
                try {
                  assertThat(X509.publicKey(flip.bytes(), "it")).isNotEqualTo(key);
                } catch (AttestationException e) {
                  assertThat(e.errorCode()).isEqualTo(AttestationException.Code.MALFORMED);
                }
              });
    }
  }

  @Test
  void whoeverSignedIsFound() {
    for (Authority authority : ALL) {
      X509Certificate issued = authority.issue(leaf());
      for (Authority other : ALL) {
        boolean same = other.keys() == authority.keys();
        PublicKey key = other.keys().getPublic();
        assertThat(X509.isSignedBy(issued, key)).isEqualTo(same);
        assertThat(X509.isSignedBy(list(authority), key)).isEqualTo(same);
      }
      PublicKey stranger = LEAF_KEYS.getPublic();
      assertThat(X509.isSignedBy(issued, stranger)).isFalse();
      assertThat(X509.isSignedBy(list(authority), stranger)).isFalse();
    }
  }

  @Test
  void aKeyOfAnotherKindSignedNothing() throws GeneralSecurityException {
    PublicKey edwards = KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic();
    assertThat(X509.isSignedBy(LEAF, edwards)).isFalse();
    assertThat(X509.isSignedBy(list(EC), edwards)).isFalse();
  }

  @Test
  void aProviderInFrontIsNotAsked() {
    PublicKey stranger = LEAF_KEYS.getPublic();
    X509CRL list = list(EC);
    CredulousProvider.first(
        () -> {
          assertThatCode(() -> LEAF.verify(stranger))
              .as("it is in front")
              .doesNotThrowAnyException();
          assertThat(X509.isSignedBy(LEAF, stranger)).isFalse();
          assertThat(X509.isSignedBy(list, stranger)).isFalse();
        });
  }

  @Test
  void whatHasNoEncodingIsNotSigned() {
    X509Certificate unencodable = new UnencodableCertificate(LEAF);
    assertThat(X509.isSignedBy(LEAF, EC.keys().getPublic())).isTrue();
    assertThat(X509.isSignedBy(unencodable, EC.keys().getPublic())).isFalse();
  }

  @Test
  void aRepeatedSignatureIsRightForWhoMadeItOnly() {
    SignatureMemo memo = new SignatureMemo(8);
    for (int round = 0; round < 2; round++) {
      for (Authority authority : ALL) {
        X509Certificate root = authority.certificate();
        PublicKey key = authority.keys().getPublic();
        assertThat(memo.<Boolean>during(() -> X509.isSignedBy(root, key))).isTrue();
        assertThat(memo.<Boolean>during(() -> X509.isSignedBy(list(authority), key))).isTrue();
        PublicKey other = LEAF_KEYS.getPublic();
        assertThat(memo.<Boolean>during(() -> X509.isSignedBy(root, other))).isFalse();
        assertThat(memo.<Boolean>during(() -> X509.isSignedBy(list(authority), other))).isFalse();
      }
    }
  }

  @Test
  void selfSignedMeansItsOwnNameAndItsOwnKey() {
    for (Authority authority : ALL) {
      assertThat(X509.isSelfSigned(authority.certificate())).isTrue();
    }
    assertThat(X509.isSelfSigned(LEAF)).as("neither").isFalse();
    X509Certificate ownName = EC.issue(leaf().issuer("CN=Leaf"));
    assertThat(X509.isSelfSigned(ownName)).as("the name only").isFalse();
    Authority ownKey = Authority.root(leaf().issuer("CN=Other"), LEAF_KEYS, "SHA256withECDSA");
    assertThat(X509.isSignedBy(ownKey.certificate(), LEAF_KEYS.getPublic())).isTrue();
    assertThat(X509.isSelfSigned(ownKey.certificate())).as("the key only").isFalse();
  }

  @Test
  void noChangedByteIsBelieved() {
    Mutation.flips(Authority.der(LEAF))
        .forEach(flip -> assertThat(believed(flip.bytes(), false)).as(flip.what()).isFalse());
    Mutation.flips(listDer(EC))
        .forEach(flip -> assertThat(believed(flip.bytes(), true)).as(flip.what()).isFalse());
  }

  private static boolean believed(byte[] der, boolean list) {
    PublicKey key = EC.keys().getPublic();
    try {
      return list
          ? X509.isSignedBy(X509.readCrl(der, "it"), key)
          : X509.isSignedBy(X509.read(der, "it"), key);
    } catch (Unreadable e) {
      return false;
    }
  }
}
