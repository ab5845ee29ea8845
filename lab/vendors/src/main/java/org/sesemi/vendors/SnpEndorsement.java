package org.sesemi.vendors;

import java.io.IOException;
import java.security.PublicKey;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.DERIA5String;

/**
 * What the certificate of a test VCEK or VLEK says, after AMD publication 57230. Every method
 * changes one extension and returns this. Not thread-safe.
 */
public final class SnpEndorsement {

  private static final String ARC = "1.3.6.1.4.1.3704.1.";

  private final String subject;
  private final Map<String, byte[]> extensions = new TreeMap<>();

  private SnpEndorsement(String line, String subject, SnpLevels levels) {
    this.subject = subject;
    boolean turin = line.equals("Turin");
    integer("1", turin ? 1 : 0).product(line);
    integer("3.1", levels.bootloader()).integer("3.2", levels.tee()).integer("3.3", levels.snp());
    integer("3.5", 0).integer("3.6", 0).integer("3.7", 0).integer("3.8", levels.microcode());
    if (turin) {
      integer("3.9", levels.fmc());
    } else {
      integer("3.4", 0);
    }
  }

  /**
   * Begins the certificate of a chip's key.
   *
   * @param line Milan, Genoa or Turin
   * @param levels that the key is derived from
   * @param hwid the chip: 64 bytes, on Turin 8
   */
  public static SnpEndorsement vcek(String line, SnpLevels levels, byte[] hwid) {
    return new SnpEndorsement(line, "SEV-VCEK", levels).raw("4", hwid);
  }

  /**
   * Begins the certificate of a provider's key.
   *
   * @param line Milan, Genoa or Turin
   * @param levels that the key is derived from
   * @param csp the provider
   */
  public static SnpEndorsement vlek(String line, SnpLevels levels, String csp) {
    return new SnpEndorsement(line, "SEV-VLEK", levels).text("5", csp);
  }

  /** Sets the product name. */
  public SnpEndorsement product(String name) {
    return text("2", name);
  }

  /** Sets an extension to an integer; its arc is what follows 1.3.6.1.4.1.3704.1. */
  public SnpEndorsement integer(String arc, long value) {
    return raw(arc, encoded(new ASN1Integer(value)));
  }

  /** Sets an extension to text. */
  public SnpEndorsement text(String arc, String value) {
    return raw(arc, encoded(new DERIA5String(value)));
  }

  /** Sets an extension to bytes. */
  public SnpEndorsement raw(String arc, byte[] value) {
    extensions.put(arc, value.clone());
    return this;
  }

  /** Removes an extension. */
  public SnpEndorsement without(String arc) {
    extensions.remove(arc);
    return this;
  }

  /** {@return the certificate to be, with serial number zero as AMD's have it} */
  public CertificateSpec certificate(PublicKey key) {
    CertificateSpec spec =
        CertificateSpec.leaf(SnpVendor.subject(subject), key).serial(0).keyUsage(0);
    extensions.forEach((arc, value) -> spec.rawExtension(ARC + arc, false, value));
    return spec;
  }

  private static byte[] encoded(ASN1Object value) {
    try {
      return value.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
