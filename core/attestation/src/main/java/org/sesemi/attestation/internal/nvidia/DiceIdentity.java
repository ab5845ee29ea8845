package org.sesemi.attestation.internal.nvidia;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * The firmware that a certificate vouches for, as TCG DICE writes it: on Hopper in a composite
 * device id, on Blackwell in TCB info (TCG DICE Attestation Architecture 1.1, section 6.1.1).
 */
final class DiceIdentity {

  private static final String COMPOSITE = "2.23.133.5.4.1";
  private static final String TCB_INFO = "2.23.133.5.4.1.1";
  private static final String SHA384 = "2.16.840.1.101.3.4.2.2";
  private static final int FWIDS = 0xa6;
  private static final int LENGTH = 48;

  private DiceIdentity() {}

  /** {@return the digest of the firmware, when the certificate names one} */
  static Optional<Bytes> fwid(X509Certificate certificate) {
    byte[] composite = certificate.getExtensionValue(COMPOSITE);
    byte[] tcbInfo = certificate.getExtensionValue(TCB_INFO);
    if (composite != null && tcbInfo != null) {
      throw new Unreadable("the certificate names its firmware twice");
    }
    if (composite != null) {
      List<Der> fields = content(composite).elements("the composite device id");
      return Optional.of(digest(fields.getLast()));
    }
    if (tcbInfo != null) {
      return Optional.of(
          content(tcbInfo).elements("the TCB info").stream()
              .filter(field -> field.tag() == FWIDS)
              .findFirst()
              .map(list -> first(list.elements("the firmware ids")))
              .orElseThrow(() -> new Unreadable("the TCB info names no firmware")));
    }
    return Optional.empty();
  }

  private static Bytes first(List<Der> fwids) {
    if (fwids.isEmpty()) {
      throw new Unreadable("the TCB info names no firmware");
    }
    return digest(fwids.getFirst());
  }

  private static Der content(byte[] extension) {
    String what = "the firmware identity";
    Der content =
        Der.parse(Der.parse(extension, what).octets(what), what).expect(Der.SEQUENCE, what);
    if (content.elements(what).isEmpty()) {
      throw new Unreadable(what + " is empty");
    }
    return content;
  }

  private static Bytes digest(Der fwid) {
    String what = "the firmware id";
    List<Der> parts = fwid.expect(Der.SEQUENCE, what).elements(what);
    if (parts.size() != 2 || !parts.getFirst().oid(what).equals(SHA384)) {
      throw new Unreadable(what + " is not a SHA-384 digest");
    }
    byte[] digest = parts.getLast().octets(what);
    if (digest.length != LENGTH) {
      throw new Unreadable(what + " is not a SHA-384 digest");
    }
    return Bytes.of(digest);
  }
}
