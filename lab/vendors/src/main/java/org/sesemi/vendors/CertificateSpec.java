package org.sesemi.vendors;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What a test certificate says. Every method changes one field and returns this; what is not set
 * has the values of a valid end certificate. Not thread-safe.
 */
public final class CertificateSpec {

  /** Adds one extension to a certificate that is being built. */
  @FunctionalInterface
  interface Extension {
    void addTo(X509v3CertificateBuilder builder) throws IOException;
  }

  final String subject;
  final PublicKey key;
  BigInteger serial = BigInteger.ONE;
  Instant notBefore = Instant.parse("2025-01-01T00:00:00Z");
  Instant notAfter = Instant.parse("2035-01-01T00:00:00Z");
  Optional<Integer> pathLength = Optional.empty();
  boolean ca;
  int keyUsage = KeyUsage.digitalSignature;
  @Nullable String signatureAlgorithm;
  @Nullable String issuer;
  final List<Extension> extensions = new ArrayList<>();

  private CertificateSpec(String subject, PublicKey key) {
    this.subject = subject;
    this.key = key;
  }

  /**
   * Begins an end certificate.
   *
   * @param subject its subject, for example {@code CN=SEV-VCEK}
   * @param key its key
   */
  public static CertificateSpec leaf(String subject, PublicKey key) {
    return new CertificateSpec(subject, key);
  }

  /**
   * Begins a CA certificate.
   *
   * @param subject its subject
   * @param key its key
   */
  public static CertificateSpec authority(String subject, PublicKey key) {
    CertificateSpec spec = new CertificateSpec(subject, key);
    spec.ca = true;
    spec.keyUsage = KeyUsage.keyCertSign | KeyUsage.cRLSign;
    return spec;
  }

  /** Sets the serial number. */
  public CertificateSpec serial(long number) {
    this.serial = BigInteger.valueOf(number);
    return this;
  }

  /** Sets both ends of validity, of which X.509 keeps whole seconds. */
  public CertificateSpec valid(Instant from, Instant to) {
    this.notBefore = from;
    this.notAfter = to;
    return this;
  }

  /** Sets whether it says it is a CA. */
  public CertificateSpec ca(boolean is) {
    this.ca = is;
    return this;
  }

  /** Sets the path length of a CA. */
  public CertificateSpec pathLength(int length) {
    this.pathLength = Optional.of(length);
    return this;
  }

  /** Sets the key usage, in bits of {@link KeyUsage}. */
  public CertificateSpec keyUsage(int bits) {
    this.keyUsage = bits;
    return this;
  }

  /** Sets the signature algorithm by its JDK name, in place of the issuer's usual one. */
  public CertificateSpec signedWith(String algorithm) {
    this.signatureAlgorithm = algorithm;
    return this;
  }

  /** Sets an issuer name other than the issuer's own. */
  public CertificateSpec issuer(String name) {
    this.issuer = name;
    return this;
  }

  /** Adds an extension. */
  public CertificateSpec extension(String oid, boolean critical, byte[] der) {
    byte[] copy = der.clone();
    extensions.add(
        builder ->
            builder.addExtension(
                new ASN1ObjectIdentifier(oid), critical, ASN1Primitive.fromByteArray(copy)));
    return this;
  }

  /** Adds an extension with a value that need not be DER. */
  public CertificateSpec rawExtension(String oid, boolean critical, byte[] value) {
    byte[] copy = value.clone();
    extensions.add(builder -> builder.addExtension(new ASN1ObjectIdentifier(oid), critical, copy));
    return this;
  }
}
