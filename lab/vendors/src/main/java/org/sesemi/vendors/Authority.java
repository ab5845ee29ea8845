package org.sesemi.vendors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A test certificate authority: issues certificates and revocation lists. Thread-safe. */
public final class Authority {

  /**
   * The JDK's name of RSASSA-PSS with SHA-384, salt of 48 bytes. Other parameters follow the name:
   * {@code RSASSA-PSS/hash/mask hash/salt}, for example {@code RSASSA-PSS/SHA-256/SHA-1/20}.
   */
  public static final String PSS_SHA384 = "RSASSA-PSS";

  private final X509Certificate certificate;
  private final KeyPair keys;
  private final String algorithm;

  private Authority(X509Certificate certificate, KeyPair keys, String algorithm) {
    this.certificate = certificate;
    this.keys = keys;
    this.algorithm = algorithm;
  }

  /** {@return new keys of a curve: {@code secp256r1} or {@code secp384r1}} */
  public static KeyPair ecKeys(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return new RSA keys; 2048 bits keep tests fast} */
  public static KeyPair rsaKeys(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a root with keys and a signature algorithm by its JDK name. */
  public static Authority root(String subject, KeyPair keys, String algorithm) {
    return root(CertificateSpec.authority(subject, keys.getPublic()), keys, algorithm);
  }

  /** Makes a root that says what a specification says. */
  public static Authority root(CertificateSpec spec, KeyPair keys, String algorithm) {
    return new Authority(issue(spec, new X500Name(spec.subject), keys, algorithm), keys, algorithm);
  }

  /** Makes an authority below this one, which signs with an algorithm by its JDK name. */
  public Authority intermediate(CertificateSpec spec, KeyPair keys, String itsAlgorithm) {
    return new Authority(issue(spec), keys, itsAlgorithm);
  }

  /** Issues a certificate. */
  public X509Certificate issue(CertificateSpec spec) {
    return issue(
        spec,
        X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
        keys,
        algorithm);
  }

  /** {@return the authority's own certificate} */
  public X509Certificate certificate() {
    return certificate;
  }

  /** {@return the authority's keys} */
  public KeyPair keys() {
    return keys;
  }

  /** {@return the certificate in DER} */
  public byte[] der() {
    return der(certificate);
  }

  /**
   * Issues a revocation list in DER.
   *
   * @param number the list's number
   * @param thisUpdate from when it is valid
   * @param nextUpdate until when
   * @param revoked the serial numbers on it
   */
  public byte[] crl(long number, Instant thisUpdate, Instant nextUpdate, List<BigInteger> revoked) {
    try {
      X509v2CRLBuilder builder =
          new X509v2CRLBuilder(
              X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()),
              Date.from(thisUpdate));
      builder.setNextUpdate(Date.from(nextUpdate));
      builder.addExtension(Extension.cRLNumber, false, new CRLNumber(BigInteger.valueOf(number)));
      for (BigInteger serial : revoked) {
        builder.addCRLEntry(serial, Date.from(thisUpdate), CRLReason.keyCompromise);
      }
      return builder.build(signer(keys, algorithm)).getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@return certificates as PEM text} */
  public static String pem(X509Certificate... certificates) {
    StringBuilder text = new StringBuilder();
    for (X509Certificate each : certificates) {
      text.append("-----BEGIN CERTIFICATE-----\n")
          .append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der(each)))
          .append("\n-----END CERTIFICATE-----\n");
    }
    return text.toString();
  }

  /** {@return a certificate in DER} */
  public static byte[] der(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509Certificate issue(
      CertificateSpec spec, X500Name issuer, KeyPair keys, String algorithm) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              spec.issuer == null ? issuer : new X500Name(spec.issuer),
              spec.serial,
              Date.from(spec.notBefore),
              Date.from(spec.notAfter),
              new X500Name(spec.subject),
              SubjectPublicKeyInfo.getInstance(spec.key.getEncoded()));
      if (spec.ca) {
        builder.addExtension(
            Extension.basicConstraints,
            true,
            spec.pathLength.isPresent()
                ? new BasicConstraints(spec.pathLength.get())
                : new BasicConstraints(true));
      }
      if (spec.keyUsage != 0) {
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(spec.keyUsage));
      }
      for (CertificateSpec.Extension extension : spec.extensions) {
        extension.addTo(builder);
      }
      byte[] der =
          builder
              .build(
                  signer(
                      keys, spec.signatureAlgorithm == null ? algorithm : spec.signatureAlgorithm))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ContentSigner signer(KeyPair keys, String algorithm) {
    try {
      return algorithm.startsWith(PSS_SHA384)
          ? new PssSigner(keys.getPrivate(), algorithm)
          : new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
    } catch (OperatorCreationException | GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** RSASSA-PSS by the JDK, which knows it by another name than the builder asks for. */
  private static final class PssSigner implements ContentSigner {

    private final AlgorithmIdentifier identifier;
    private final Signature signature;
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    PssSigner(PrivateKey key, String algorithm) throws GeneralSecurityException, IOException {
      AlgorithmParameterSpec pss = parameters(algorithm);
      AlgorithmParameters parameters = AlgorithmParameters.getInstance(PSS_SHA384);
      parameters.init(pss);
      identifier =
          new AlgorithmIdentifier(
              PKCSObjectIdentifiers.id_RSASSA_PSS,
              ASN1Primitive.fromByteArray(parameters.getEncoded()));
      signature = Signature.getInstance(PSS_SHA384);
      signature.setParameter(pss);
      signature.initSign(key);
    }

    private static AlgorithmParameterSpec parameters(String algorithm) {
      String[] parts = algorithm.split("/", -1);
      return parts.length == 1
          ? new PSSParameterSpec("SHA-384", "MGF1", MGF1ParameterSpec.SHA384, 48, 1)
          : new PSSParameterSpec(
              parts[1], "MGF1", new MGF1ParameterSpec(parts[2]), Integer.parseInt(parts[3]), 1);
    }

    @Override
    public AlgorithmIdentifier getAlgorithmIdentifier() {
      return identifier;
    }

    @Override
    public OutputStream getOutputStream() {
      return content;
    }

    @Override
    public byte[] getSignature() {
      try {
        signature.update(content.toByteArray());
        return signature.sign();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
