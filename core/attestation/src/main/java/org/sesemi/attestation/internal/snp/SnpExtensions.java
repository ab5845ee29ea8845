package org.sesemi.attestation.internal.snp;

import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * What AMD adds to the certificate of an endorsement key. AMD publication 57230, chapter 3.
 *
 * @param structVersion form of the extensions
 * @param product product name, with or without a stepping
 * @param levels security levels by the last arc of their identifier
 * @param hwid identity of the chip; of a VCEK only
 * @param cspId identity of the cloud provider; of a VLEK only
 */
public record SnpExtensions(
    int structVersion,
    String product,
    Map<Integer, Integer> levels,
    Optional<Bytes> hwid,
    Optional<String> cspId) {

  private static final String ARC = "1.3.6.1.4.1.3704.1.";
  private static final int LAST_LEVEL = 9;
  private static final int NEWEST_STRUCT = 1;

  /** Copies the levels. */
  public SnpExtensions {
    levels = Map.copyOf(levels);
  }

  /**
   * Reads the extensions of a certificate.
   *
   * @throws Unreadable when one that every such certificate has is missing, or one is malformed
   */
  public static SnpExtensions of(X509Certificate certificate) {
    Map<Integer, Integer> levels = new TreeMap<>();
    for (int arc = 1; arc <= LAST_LEVEL; arc++) {
      String what = "the security level ." + arc + " of the certificate";
      Optional<byte[]> value = value(certificate, "3." + arc);
      if (value.isPresent()) {
        levels.put(arc, Der.parse(value.get(), what).integer(255, what));
      }
    }
    String struct = "the structure version of the certificate";
    return new SnpExtensions(
        Der.parse(required(certificate, "1", struct), struct).integer(NEWEST_STRUCT, struct),
        ia5(required(certificate, "2", "the product name"), "the product name"),
        levels,
        value(certificate, "4").map(Bytes::of),
        value(certificate, "5").map(value -> ia5(value, "the provider's identity")));
  }

  /**
   * {@return the levels together, in the form of a report}
   *
   * @throws Unreadable when the layout has a level that is missing, or has not one that is there
   */
  public SnpTcb tcb(SnpTcb.Layout layout) {
    byte[] raw = new byte[SnpTcb.LENGTH];
    for (int offset = 0; offset < raw.length; offset++) {
      Integer level = levels.get(layout.arc(offset));
      if (level == null) {
        throw new Unreadable("the certificate has no security level ." + layout.arc(offset));
      }
      raw[offset] = (byte) level.intValue();
    }
    if (levels.size() != raw.length) {
      throw new Unreadable("the certificate has a security level that its product line has not");
    }
    return new SnpTcb(layout, Bytes.of(raw));
  }

  private static String ia5(byte[] der, String what) {
    return Der.parse(der, what).expect(Der.IA5_STRING, what).text(what);
  }

  private static byte[] required(X509Certificate certificate, String arc, String what) {
    return value(certificate, arc)
        .orElseThrow(() -> new Unreadable("the certificate does not have " + what));
  }

  private static Optional<byte[]> value(X509Certificate certificate, String arc) {
    return Optional.ofNullable(certificate.getExtensionValue(ARC + arc))
        .map(wrapped -> Der.parse(wrapped, "an extension").octets("an extension"));
  }
}
