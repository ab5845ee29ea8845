package org.sesemi.attestation.internal.nitro;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * A certificate of the web's public key infrastructure whose key an attestation document binds. It
 * is authentic through its key alone: who issued it, and whether its names are right, is the
 * business of whoever connects.
 *
 * @param path the certificate, and its issuers where they come with it; they are not believed
 */
record WebCertificate(List<X509Certificate> path) {

  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final int DNS_NAME = 0x82;

  /** No label of a real name in DNS is longer. */
  private static final int MAX_LABEL = 63;

  WebCertificate {
    path = List.copyOf(path);
  }

  static WebCertificate readDer(byte[] der) {
    return new WebCertificate(List.of(X509.read(der, "the web certificate")));
  }

  static WebCertificate readPem(byte[] text) {
    return new WebCertificate(X509.readPem(text, "the web certificate"));
  }

  X509Certificate certificate() {
    return path.getFirst();
  }

  /** {@return the key as SubjectPublicKeyInfo in DER} */
  Bytes key() {
    return Bytes.of(certificate().getPublicKey().getEncoded());
  }

  /** {@return path and dates, of which each may have a problem} */
  Chain chain() {
    return new Chain(path, pathProblem());
  }

  /**
   * Each certificate is issued by the next one. The last one, which need not be a root, is there
   * for its key: nothing covers the rest of it.
   */
  private Optional<String> pathProblem() {
    for (int i = 1; i < path.size(); i++) {
      X509Certificate issued = path.get(i - 1);
      X509Certificate issuer = path.get(i);
      if (!issued.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
          || !X509.isSignedBy(issued, issuer.getPublicKey())) {
        return Optional.of("the next certificate did not issue " + Chain.name(issued));
      }
    }
    return Optional.empty();
  }

  /**
   * {@return the labels in which documents are carried: the first of each alternative name that is
   * too long for DNS}
   */
  List<String> carried() {
    byte[] extension = certificate().getExtensionValue(ALTERNATIVE_NAMES);
    if (extension == null) {
      return List.of();
    }
    String what = "the alternative names";
    byte[] names = Der.parse(extension, what).octets(what);
    return Der.parse(names, what).expect(Der.SEQUENCE, what).elements(what).stream()
        .filter(name -> name.tag() == DNS_NAME)
        .map(name -> ascii(name.content(), what))
        .map(name -> name.indexOf('.') < 0 ? name : name.substring(0, name.indexOf('.')))
        .filter(label -> label.length() > MAX_LABEL)
        .toList();
  }

  private static String ascii(byte[] content, String what) {
    for (byte value : content) {
      if (value < ' ' || value > '~') {
        throw new Unreadable(what + " have a name that is not printable text");
      }
    }
    return new String(content, StandardCharsets.US_ASCII);
  }
}
