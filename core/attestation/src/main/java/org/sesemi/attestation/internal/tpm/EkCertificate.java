package org.sesemi.attestation.internal.tpm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * The certificate of an endorsement key (TCG EK Credential Profile for TPM 2.0).
 *
 * @param certificate the certificate
 * @param names manufacturer, model and version, by their object identifiers, as far as it says them
 */
public record EkCertificate(X509Certificate certificate, Map<String, String> names) {

  /** The attribute of the manufacturer. */
  public static final String MANUFACTURER = "2.23.133.2.1";

  /** The attribute of the model. */
  public static final String MODEL = "2.23.133.2.2";

  /** The attribute of the firmware version. */
  public static final String VERSION = "2.23.133.2.3";

  private static final String WHAT = "the EK certificate";
  private static final String EK_PURPOSE = "2.23.133.8.1";
  private static final String ALTERNATIVE_NAME = "2.5.29.17";
  private static final int DIRECTORY_NAME = 0xa4;

  /** Copies the names. */
  public EkCertificate {
    names = Map.copyOf(names);
  }

  /**
   * Reads a certificate.
   *
   * @throws Unreadable when it is none
   */
  public static EkCertificate read(byte[] der) {
    X509Certificate certificate = X509.read(der, WHAT);
    byte[] extension = certificate.getExtensionValue(ALTERNATIVE_NAME);
    return new EkCertificate(certificate, extension == null ? Map.of() : names(extension));
  }

  private static Map<String, String> names(byte[] extension) {
    Map<String, String> names = new TreeMap<>();
    Der alternatives = Der.parse(Der.parse(extension, WHAT).octets(WHAT), WHAT);
    for (Der alternative : alternatives.expect(Der.SEQUENCE, WHAT).elements(WHAT)) {
      if (alternative.tag() == DIRECTORY_NAME) {
        for (Der name : alternative.elements(WHAT)) {
          for (Der set : name.expect(Der.SEQUENCE, WHAT).elements(WHAT)) {
            for (Der attribute : set.expect(Der.SET, WHAT).elements(WHAT)) {
              List<Der> pair = attribute.expect(Der.SEQUENCE, WHAT).elements(WHAT);
              if (pair.size() != 2) {
                throw new Unreadable(WHAT + " has a name that is not one");
              }
              names.put(pair.getFirst().oid(WHAT), printable(pair.getLast()));
            }
          }
        }
      }
    }
    return names;
  }

  private static String printable(Der value) {
    byte[] content = value.content();
    for (byte each : content) {
      if (each < ' ' || each > '~') {
        throw new Unreadable(WHAT + " has a name that is not printable");
      }
    }
    return new String(content, StandardCharsets.US_ASCII);
  }

  /** {@return what is wrong with its form} */
  public Optional<String> problem() {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      if (purposes == null || !purposes.contains(EK_PURPOSE)) {
        return Optional.of("it is not for an endorsement key");
      }
    } catch (GeneralSecurityException e) {
      return Optional.of("its purposes cannot be read");
    }
    boolean[] usage = certificate.getKeyUsage();
    boolean rsa = certificate.getPublicKey() instanceof RSAPublicKey;
    if (usage == null || !usage[rsa ? 2 : 4]) {
      return Optional.of("its key may not be used to protect keys");
    }
    return Optional.empty();
  }

  /** {@return whether it names a TPM that is known to be a program} */
  public boolean isKnownSoftware() {
    return names.getOrDefault(MODEL, "").equalsIgnoreCase("swtpm")
        || names.getOrDefault(MANUFACTURER, "").equals("id:00001014");
  }

  /**
   * {@return the public area of the key when it was made by the default template for its type, L-1
   * or L-2}
   */
  public Optional<TpmtPublic> defaultArea() {
    return area(certificate.getPublicKey());
  }

  /** {@return the public area of an endorsement key by the default template for its type} */
  public static Optional<TpmtPublic> area(PublicKey key) {
    if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() == 2048) {
      return Optional.of(TpmTemplates.ekRsa(unsigned(rsa.getModulus(), 256)));
    }
    if (key instanceof ECPublicKey ec && EcKeys.P256.owns(key)) {
      return Optional.of(
          TpmTemplates.ekEcc(
              unsigned(ec.getW().getAffineX(), 32), unsigned(ec.getW().getAffineY(), 32)));
    }
    return Optional.empty();
  }

  private static Bytes unsigned(BigInteger value, int length) {
    byte[] bytes = value.toByteArray();
    int skip = bytes[0] == 0 && bytes.length > 1 ? 1 : 0;
    return Bytes.of(
        TpmtPublic.padded(
            Bytes.of(java.util.Arrays.copyOfRange(bytes, skip, bytes.length)), length));
  }
}
