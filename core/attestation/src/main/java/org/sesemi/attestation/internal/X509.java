package org.sesemi.attestation.internal;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.List;
import org.sesemi.attestation.AttestationException;

/**
 * Certificates, revocation lists and public keys in DER, read by the JDK's own provider, after it
 * is clear that the bytes are one DER element and nothing else. Several forms that the JDK would
 * take as well, such as PEM or PKCS #7, do not get that far.
 */
public final class X509 {

  private static final int MAX_LENGTH = 1 << 20;

  private X509() {}

  /**
   * Reads a certificate for whoever configured it.
   *
   * @throws AttestationException with {@code attestation.malformed} when it is none
   */
  public static X509Certificate certificate(byte[] der, String what) {
    try {
      return read(der, what);
    } catch (Unreadable e) {
      throw new AttestationException(AttestationException.Code.MALFORMED, e.getMessage(), e);
    }
  }

  /**
   * Reads a certificate of evidence.
   *
   * @throws Unreadable when it is none
   */
  public static X509Certificate read(byte[] der, String what) {
    checkForm(der, what);
    try {
      X509Certificate certificate =
          (X509Certificate) factory().generateCertificate(new ByteArrayInputStream(der));
      if (!Arrays.equals(certificate.getEncoded(), der)) {
        throw new Unreadable(what + " is not a certificate in its one encoding");
      }
      return certificate;
    } catch (GeneralSecurityException | RuntimeException e) {
      throw e instanceof Unreadable unreadable
          ? unreadable
          : new Unreadable(what + " is not an X.509 certificate");
    }
  }

  /**
   * Reads the certificates of a PEM text.
   *
   * @throws Unreadable when there is anything else in it
   */
  public static List<X509Certificate> readPem(byte[] text, String what) {
    return Pem.read(text, what).stream()
        .map(
            block -> {
              if (!block.label().equals("CERTIFICATE")) {
                throw new Unreadable(what + " holds something that is not a certificate");
              }
              return read(block.der().toArray(), what);
            })
        .toList();
  }

  /**
   * Reads a revocation list.
   *
   * @throws Unreadable when it is none
   */
  public static X509CRL readCrl(byte[] der, String what) {
    checkForm(der, what);
    try {
      return (X509CRL) factory().generateCRL(new ByteArrayInputStream(der));
    } catch (GeneralSecurityException | RuntimeException e) {
      throw new Unreadable(what + " is not an X.509 revocation list");
    }
  }

  /**
   * Reads a public key for whoever configured it.
   *
   * @throws AttestationException with {@code attestation.malformed} when it is none
   */
  public static PublicKey publicKey(byte[] der, String what) {
    for (String[] algorithm :
        List.of(new String[] {"EC", "SunEC"}, new String[] {"RSA", "SunRsaSign"})) {
      try {
        return KeyFactory.getInstance(algorithm[0], algorithm[1])
            .generatePublic(new X509EncodedKeySpec(der));
      } catch (GeneralSecurityException e) {
        // The next algorithm, or the refusal below.
      }
    }
    throw new AttestationException(
        AttestationException.Code.MALFORMED, what + " is not a public key of EC or RSA");
  }

  /** {@return whether a certificate names itself as issuer and is signed with its own key} */
  public static boolean isSelfSigned(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
        && isSignedBy(certificate, certificate.getPublicKey());
  }

  /** {@return whether a key signed a certificate} */
  public static boolean isSignedBy(X509Certificate certificate, PublicKey key) {
    return isSignedBy(
        "certificate",
        key,
        certificate::getEncoded,
        () -> certificate.verify(key, Security.getProvider(providerOf(key))));
  }

  /** {@return whether a key signed a revocation list} */
  public static boolean isSignedBy(X509CRL list, PublicKey key) {
    return isSignedBy(
        "crl",
        key,
        list::getEncoded,
        () -> list.verify(key, Security.getProvider(providerOf(key))));
  }

  private static boolean isSignedBy(
      String form, PublicKey key, Encoding encoding, Verification verification) {
    try {
      return SignatureMemo.verify(form, key, encoding.bytes(), () -> holds(verification));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static boolean holds(Verification verification) {
    try {
      verification.run();
      return true;
    } catch (GeneralSecurityException | RuntimeException e) {
      return false;
    }
  }

  /** What the JDK calls the encoding of a signed object. */
  private interface Encoding {
    byte[] bytes() throws GeneralSecurityException;
  }

  /** What the JDK calls to verify: it returns, or says what is wrong. */
  private interface Verification {
    void run() throws GeneralSecurityException;
  }

  private static String providerOf(PublicKey key) {
    return key.getAlgorithm().equals("EC") ? "SunEC" : "SunRsaSign";
  }

  private static void checkForm(byte[] der, String what) {
    if (der.length > MAX_LENGTH) {
      throw new Unreadable(what + " is too long");
    }
    List<Der> parts = Der.parse(der, what).expect(Der.SEQUENCE, what).elements(what);
    if (parts.size() != 3) {
      throw new Unreadable(what + " has not content, algorithm and signature");
    }
    // The JDK reads a signature with a number of unused bits as well, which nobody signed.
    parts.getLast().bits(what);
  }

  private static CertificateFactory factory() throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509", "SUN");
  }
}
