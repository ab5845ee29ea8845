package org.sesemi.channel;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.IdentityPublicKey;

/**
 * The certificate that carries an Ed25519 key through TLS. It says nothing but the key: names,
 * serial number and dates are the same in all of them, so that there is exactly one certificate per
 * key.
 *
 * <p>Guarantees: {@link #keyOf} accepts exactly what {@link #of} makes, byte for byte; what a
 * foreign certificate says about names, dates or extensions is never interpreted.
 */
final class PlainCertificate {

  private static final int SEQUENCE = 0x30;
  private static final int SET = 0x31;
  private static final int INTEGER = 0x02;
  private static final int BIT_STRING = 0x03;
  private static final int OID = 0x06;
  private static final int UTF8_STRING = 0x0c;
  private static final int UTC_TIME = 0x17;
  private static final int GENERALIZED_TIME = 0x18;
  private static final int VERSION_TAG = 0xa0;

  private static final byte[] ED25519 = HexFormat.of().parseHex("2b6570");
  private static final byte[] COMMON_NAME = HexFormat.of().parseHex("550403");
  private static final String NAME = "sesemi";

  /** No date is meant: the validity of a key is decided by attestation and by statements. */
  private static final String NOT_BEFORE = "700101000000Z";

  private static final String NOT_AFTER = "99991231235959Z";

  private PlainCertificate() {}

  /** The certificate of a key, in DER. */
  static byte[] of(IdentityKey key) {
    byte[] body = body(key.publicKey());
    return concat(body, key.sign(body));
  }

  /** The same as an object that the JDK's TLS takes. */
  static X509Certificate parsed(IdentityKey key) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509", "SUN")
              .generateCertificate(new ByteArrayInputStream(of(key)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK refuses a certificate of ours", e);
    }
  }

  /**
   * The key in a certificate.
   *
   * @throws CertificateException when it is not exactly what {@link #of} makes for that key
   */
  static IdentityPublicKey keyOf(X509Certificate certificate) throws CertificateException {
    byte[] encoded = certificate.getEncoded();
    IdentityPublicKey key;
    try {
      key = IdentityPublicKey.of(certificate.getPublicKey());
    } catch (RuntimeException notOurs) {
      throw new CertificateException("the certificate is not of an Ed25519 key", notOurs);
    }
    byte[] body = body(key);
    int signatureLength = IdentityKey.SIGNATURE_LENGTH;
    if (encoded.length <= signatureLength) {
      throw new CertificateException("the certificate is too short");
    }
    byte[] signature =
        Arrays.copyOfRange(encoded, encoded.length - signatureLength, encoded.length);
    if (!MessageDigest.isEqual(encoded, concat(body, signature))) {
      throw new CertificateException("the certificate has another form than ours");
    }
    if (!key.verifies(body, signature)) {
      throw new CertificateException("the certificate is not signed by its own key");
    }
    return key;
  }

  /** What is signed: the inner part of the certificate. */
  private static byte[] body(IdentityPublicKey key) {
    byte[] name =
        der(
            SEQUENCE,
            der(
                SET,
                der(
                    SEQUENCE,
                    der(OID, COMMON_NAME),
                    der(UTF8_STRING, NAME.getBytes(StandardCharsets.US_ASCII)))));
    return der(
        SEQUENCE,
        der(VERSION_TAG, der(INTEGER, new byte[] {2})),
        der(INTEGER, new byte[] {1}),
        der(SEQUENCE, der(OID, ED25519)),
        name,
        der(
            SEQUENCE,
            der(UTC_TIME, NOT_BEFORE.getBytes(StandardCharsets.US_ASCII)),
            der(GENERALIZED_TIME, NOT_AFTER.getBytes(StandardCharsets.US_ASCII))),
        name,
        key.subjectPublicKeyInfo());
  }

  private static byte[] concat(byte[] body, byte[] signature) {
    byte[] bits = new byte[1 + signature.length];
    System.arraycopy(signature, 0, bits, 1, signature.length);
    return der(SEQUENCE, body, der(SEQUENCE, der(OID, ED25519)), der(BIT_STRING, bits));
  }

  /** One DER value: tag, shortest length, content. */
  private static byte[] der(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 4);
    out.write(tag);
    if (length < 0x80) {
      out.write(length);
    } else if (length < 0x100) {
      out.write(0x81);
      out.write(length);
    } else {
      out.write(0x82);
      out.write(length >> 8);
      out.write(length);
    }
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }
}
