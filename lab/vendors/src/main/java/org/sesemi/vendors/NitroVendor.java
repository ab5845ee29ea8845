package org.sesemi.vendors;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.bouncycastle.asn1.x509.KeyUsage;

/**
 * A test vendor of enclaves in the manner of AWS Nitro: a root, a regional, a zonal and an instance
 * authority, and a leaf that signs attestation documents. Thread-safe.
 */
public final class NitroVendor {

  /** From when leaves are valid, and when documents are made unless they say otherwise. */
  public static final Instant ISSUED = Instant.parse("2026-03-01T10:00:00Z");

  /** Until when leaves are valid. */
  public static final Instant EXPIRES = ISSUED.plusSeconds(3 * 3600);

  /** The key usage of a leaf. */
  public static final int DIGITAL_SIGNATURE = KeyUsage.digitalSignature;

  /** A key usage that no certificate of the vendor has. */
  public static final int KEY_AGREEMENT = KeyUsage.keyAgreement;

  private static final String ALGORITHM = "SHA384withECDSA";
  private static final String TAIL = ".test.nitro-enclaves";

  private final Authority root;
  private final List<Authority> below;
  private final KeyPair leafKeys;
  private final X509Certificate leaf;

  private NitroVendor(
      Authority root, List<Authority> below, KeyPair leafKeys, X509Certificate leaf) {
    this.root = root;
    this.below = below;
    this.leafKeys = leafKeys;
    this.leaf = leaf;
  }

  /** Changes of the vendor's certificates; what is not changed is good. */
  public static final class Setup {

    private UnaryOperator<CertificateSpec> ofRoot = spec -> spec;
    private UnaryOperator<CertificateSpec> ofRegion = spec -> spec;
    private UnaryOperator<CertificateSpec> ofZone = spec -> spec;
    private UnaryOperator<CertificateSpec> ofInstance = spec -> spec;
    private UnaryOperator<CertificateSpec> ofLeaf = spec -> spec;
    private String leafCurve = "secp384r1";

    /** Begins with no changes. */
    public Setup() {}

    /** Changes the root. */
    public Setup root(UnaryOperator<CertificateSpec> change) {
      ofRoot = change;
      return this;
    }

    /** Changes the regional authority. */
    public Setup region(UnaryOperator<CertificateSpec> change) {
      ofRegion = change;
      return this;
    }

    /** Changes the zonal authority. */
    public Setup zone(UnaryOperator<CertificateSpec> change) {
      ofZone = change;
      return this;
    }

    /** Changes the instance's authority. */
    public Setup instance(UnaryOperator<CertificateSpec> change) {
      ofInstance = change;
      return this;
    }

    /** Changes the leaf. */
    public Setup leaf(UnaryOperator<CertificateSpec> change) {
      ofLeaf = change;
      return this;
    }

    /** Changes the curve of the leaf's key. */
    public Setup leafCurve(String curve) {
      leafCurve = curve;
      return this;
    }

    /** {@return a vendor with new keys} */
    public NitroVendor create() {
      KeyPair rootKeys = Authority.ecKeys("secp384r1");
      Authority root =
          Authority.root(
              ofRoot.apply(CertificateSpec.authority("CN=root" + TAIL, rootKeys.getPublic())),
              rootKeys,
              ALGORITHM);
      Authority region = under(root, "region", 2, ofRegion);
      Authority zone = under(region, "zone", 1, ofZone);
      Authority instance = under(zone, "instance", 0, ofInstance);
      KeyPair leafKeys = Authority.ecKeys(leafCurve);
      CertificateSpec spec =
          CertificateSpec.leaf("CN=enclave" + TAIL, leafKeys.getPublic())
              .keyUsage(KeyUsage.digitalSignature | KeyUsage.nonRepudiation)
              .valid(ISSUED, EXPIRES);
      return new NitroVendor(
          root, List.of(region, zone, instance), leafKeys, instance.issue(ofLeaf.apply(spec)));
    }

    private static Authority under(
        Authority issuer, String name, int pathLength, UnaryOperator<CertificateSpec> change) {
      KeyPair keys = Authority.ecKeys("secp384r1");
      CertificateSpec spec =
          CertificateSpec.authority("CN=" + name + TAIL, keys.getPublic()).pathLength(pathLength);
      return issuer.intermediate(change.apply(spec), keys, ALGORITHM);
    }
  }

  /** {@return a vendor with good certificates and new keys} */
  public static NitroVendor create() {
    return new Setup().create();
  }

  /** {@return the root's certificate} */
  public X509Certificate root() {
    return root.certificate();
  }

  /** {@return the regional authority} */
  public Authority region() {
    return below.get(0);
  }

  /** {@return the instance's authority} */
  public Authority instance() {
    return below.get(2);
  }

  /** {@return the certificates of the authorities in DER, root first} */
  public List<byte[]> bundle() {
    return List.of(root.der(), below.get(0).der(), below.get(1).der(), below.get(2).der());
  }

  /** {@return the leaf in DER} */
  public byte[] leaf() {
    return Authority.der(leaf);
  }

  /** {@return the keys of the leaf} */
  public KeyPair leafKeys() {
    return leafKeys;
  }

  /** {@return a good document, to be changed} */
  public NitroPayload payload() {
    return new NitroPayload(leaf(), bundle(), ISSUED.plusSeconds(60));
  }

  /** {@return a signed document} */
  public byte[] sign(NitroPayload payload) {
    return sign(new CoseOut(payload.encode()));
  }

  /** {@return a signed message} */
  public byte[] sign(CoseOut message) {
    return message.encode(leafKeys.getPrivate());
  }
}
