package org.sesemi.vendors;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Test roots in the place of NVIDIA's: a chain of five certificates down to a device, a chain of
 * four to a signer of manifests, and responders of revocation.
 */
public final class NvidiaVendor {

  /** The extension with a composite device id, as on Hopper. */
  public static final String COMPOSITE = "2.23.133.5.4.1";

  /** The extension with TCB info, as on Blackwell. */
  public static final String TCB_INFO = "2.23.133.5.4.1.1";

  private static final String ECDSA = "SHA384withECDSA";

  /** The certificates of authorities from the root down, without the leaf. */
  public final Authority root = root("CN=NVIDIA Device Identity CA,O=Test");

  /** The second level. */
  public final Authority identity = below(root, "CN=NVIDIA GH100 Identity,O=Test", 2);

  /** The third level. */
  public final Authority provisioner =
      below(identity, "CN=NVIDIA GH100 Provisioner ICA 1,O=Test", 3);

  /** The fourth level: the boot ROM of one chip. */
  public final Authority bootRom = below(provisioner, "CN=GH100 A01 GSP BROM,O=Test", 4);

  /** The key that signs reports. */
  public final KeyPair deviceKeys = keys();

  /** The root of manifests. */
  public final Authority manifestRoot = root("CN=NVIDIA CoRIM signing Root CA,O=Test");

  /** The authority below it. */
  public final Authority manifestCa =
      below(manifestRoot, "CN=NVIDIA Reference Value GH100 CA,O=Test", 12);

  /** The key that signs manifests. */
  public final KeyPair signerKeys = keys();

  /** Makes a vendor with good certificates. */
  public NvidiaVendor() {}

  /** {@return new keys of the only curve in use} */
  public static KeyPair keys() {
    return Authority.ecKeys("secp384r1");
  }

  private static Authority root(String name) {
    return Authority.root(name, keys(), ECDSA);
  }

  private static Authority below(Authority above, String name, long serial) {
    KeyPair keys = keys();
    return above.intermediate(
        CertificateSpec.authority(name, keys.getPublic()).serial(serial), keys, ECDSA);
  }

  /** {@return the beginning of a device's certificate, without a firmware identity} */
  public CertificateSpec deviceSpec() {
    return CertificateSpec.leaf("CN=GH100 A01 GSP FMC LF,O=Test", deviceKeys.getPublic()).serial(5);
  }

  /** {@return a device's certificate with a firmware identity as on Hopper} */
  public X509Certificate device(byte[] fwid) {
    return bootRom.issue(deviceSpec().extension(COMPOSITE, false, composite(fwid)));
  }

  /** {@return the whole chain below the root as PEM text} */
  public byte[] chain(X509Certificate device) {
    return Authority.pem(
            device,
            bootRom.certificate(),
            provisioner.certificate(),
            identity.certificate(),
            root.certificate())
        .getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return the beginning of a signer's certificate} */
  public CertificateSpec signerSpec() {
    return CertificateSpec.leaf("CN=HCC RIM L4 Signer,O=Test", signerKeys.getPublic()).serial(13);
  }

  /** {@return a manifest, signed by the usual signer} */
  public byte[] sign(NvidiaManifest manifest) {
    return sign(manifest, manifestCa.issue(signerSpec()));
  }

  /** {@return a manifest, signed by the usual key under another certificate} */
  public byte[] sign(NvidiaManifest manifest, X509Certificate signer) {
    return manifest.sign(
        signerKeys.getPrivate(), signer, manifestCa.certificate(), manifestRoot.certificate());
  }

  /** {@return a firmware identity as on Hopper} */
  public byte[] composite(byte[] fwid) {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(new ASN1Integer(1));
    fields.add(SubjectPublicKeyInfo.getInstance(bootRom.keys().getPublic().getEncoded()));
    fields.add(fwid(fwid));
    return encoded(new DERSequence(fields));
  }

  /** {@return a firmware identity as on Blackwell} */
  public static byte[] tcbInfo(byte[] fwid) {
    ASN1EncodableVector fwids = new ASN1EncodableVector();
    fwids.add(fwid(fwid));
    fwids.add(fwid(new byte[48]));
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(
        new DERTaggedObject(
            false, 0, new DEROctetString("NVIDIA".getBytes(StandardCharsets.US_ASCII))));
    fields.add(new DERTaggedObject(false, 6, new DERSequence(fwids)));
    return encoded(new DERSequence(fields));
  }

  private static DERSequence fwid(byte[] digest) {
    ASN1EncodableVector fields = new ASN1EncodableVector();
    fields.add(NISTObjectIdentifiers.id_sha384);
    fields.add(new DEROctetString(digest));
    return new DERSequence(fields);
  }

  private static byte[] encoded(DERSequence sequence) {
    try {
      return sequence.getEncoded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A revocation response with every field settable. Not thread-safe. */
  public static final class Ocsp {

    private final Authority issuer;
    private final X509Certificate subject;

    /** The answer; none is good. */
    public @Nullable CertificateStatus status;

    /** From when it is valid. */
    public Instant from = Instant.parse("2026-01-01T00:00:00Z");

    /** Until when; none when absent. */
    public @Nullable Instant to = Instant.parse("2026-12-31T00:00:00Z");

    /** The responder's key. */
    public KeyPair responderKeys = keys();

    /** The responder's certificate; none when the issuer answers itself. */
    public @Nullable CertificateSpec responder =
        CertificateSpec.leaf("CN=OCSP Responder,O=Test", responderKeys.getPublic())
            .serial(99)
            .extension("2.5.29.37", true, usage(KeyPurposeId.id_kp_OCSPSigning));

    /** Who issues the responder's certificate. */
    public Authority delegator;

    /** The hash that names the certificate. */
    public AlgorithmIdentifier hash = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha384);

    /** The algorithm of the signature. */
    public String algorithm = ECDSA;

    /** Whether the responder is named, and not its key. */
    public boolean byName;

    /** Makes a good response about a certificate. */
    public Ocsp(Authority issuer, X509Certificate subject) {
      this.issuer = issuer;
      this.subject = subject;
      this.delegator = issuer;
    }

    /** {@return a use of a key in DER} */
    public static byte[] usage(KeyPurposeId purpose) {
      try {
        return new ExtendedKeyUsage(purpose).getEncoded();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }

    /** {@return the response in DER} */
    public byte[] der() {
      try {
        KeyPair keys = responder == null ? issuer.keys() : responderKeys;
        X509CertificateHolder signer =
            new JcaX509CertificateHolder(
                responder == null ? issuer.certificate() : delegator.issue(responder));
        DigestCalculatorProvider digests = new JcaDigestCalculatorProviderBuilder().build();
        RespID id =
            byName
                ? new RespID(signer.getSubject())
                : new RespID(
                    signer.getSubjectPublicKeyInfo(),
                    digests.get(
                        new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1, DERNull.INSTANCE)));
        BasicOCSPRespBuilder builder = new BasicOCSPRespBuilder(id);
        builder.addResponse(
            new CertificateID(
                digests.get(hash),
                new JcaX509CertificateHolder(issuer.certificate()),
                subject.getSerialNumber()),
            status,
            Date.from(from),
            to == null ? null : Date.from(to));
        return new OCSPRespBuilder()
            .build(
                OCSPRespBuilder.SUCCESSFUL,
                builder.build(
                    new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()),
                    responder == null
                        ? new X509CertificateHolder[0]
                        : new X509CertificateHolder[] {signer},
                    Date.from(from)))
            .getEncoded();
      } catch (IOException
          | OCSPException
          | OperatorCreationException
          | java.security.cert.CertificateEncodingException e) {
        throw new IllegalStateException(e);
      }
    }

    /** {@return the response as a case folder has it} */
    public byte[] base64() {
      return Base64.getEncoder().encode(der());
    }
  }
}
