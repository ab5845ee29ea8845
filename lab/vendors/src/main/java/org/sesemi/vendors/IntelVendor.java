package org.sesemi.vendors;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/**
 * A test vendor in the place of Intel: root, both PCK CAs, the signer of collateral, platforms,
 * quotes and collateral. Immutable; thread-safe.
 */
public final class IntelVendor {

  /** The name of the root. */
  public static final String ROOT_NAME = name("Intel SGX Root CA");

  /** The name of the CA of platforms with one package. */
  public static final String PROCESSOR_CA_NAME = name("Intel SGX PCK Processor CA");

  /** The name of the CA of platforms with several packages. */
  public static final String PLATFORM_CA_NAME = name("Intel SGX PCK Platform CA");

  /** The name of a PCK certificate. */
  public static final String PCK_NAME = name("Intel SGX PCK Certificate");

  /** The name of the signer of collateral. */
  public static final String SIGNER_NAME = name("Intel SGX TCB Signing");

  /** The serial number of the Processor CA. */
  public static final long PROCESSOR_CA_SERIAL = 2;

  /** The serial number of the Platform CA. */
  public static final long PLATFORM_CA_SERIAL = 3;

  /** The serial number of the signer of collateral. */
  public static final long SIGNER_SERIAL = 4;

  /** The serial number of PCK certificates. */
  public static final long PCK_SERIAL = 0x1234;

  private static final String ECDSA = "SHA256withECDSA";

  private final Authority root;
  private final Authority processorCa;
  private final Authority platformCa;
  private final KeyPair signerKeys = Authority.ecKeys("secp256r1");
  private final KeyPair pckKeys = Authority.ecKeys("secp256r1");

  private IntelVendor(Authority root) {
    this.root = root;
    processorCa = ca(PROCESSOR_CA_NAME, PROCESSOR_CA_SERIAL);
    platformCa = ca(PLATFORM_CA_NAME, PLATFORM_CA_SERIAL);
  }

  /** Makes a vendor with new keys. */
  public static IntelVendor create() {
    return new IntelVendor(Authority.root(ROOT_NAME, Authority.ecKeys("secp256r1"), ECDSA));
  }

  private static String name(String common) {
    return "CN=" + common + ",O=Intel Corporation,L=Santa Clara,ST=CA,C=US";
  }

  private Authority ca(String name, long serial) {
    KeyPair keys = Authority.ecKeys("secp256r1");
    return root.intermediate(
        CertificateSpec.authority(name, keys.getPublic()).serial(serial).pathLength(0),
        keys,
        ECDSA);
  }

  /** {@return the root} */
  public Authority root() {
    return root;
  }

  /** {@return the root's certificate issued anew: the same name and key, other bytes} */
  public X509Certificate reissuedRoot() {
    return Authority.root(
            CertificateSpec.authority(ROOT_NAME, root.keys().getPublic()).serial(99),
            root.keys(),
            ECDSA)
        .certificate();
  }

  /** {@return the CA of platforms with one package} */
  public Authority processorCa() {
    return processorCa;
  }

  /** {@return the CA of platforms with several packages} */
  public Authority platformCa() {
    return platformCa;
  }

  /** {@return the keys of the signer of collateral} */
  public KeyPair signerKeys() {
    return signerKeys;
  }

  /** {@return the keys of the platform} */
  public KeyPair pckKeys() {
    return pckKeys;
  }

  /** {@return the certificate of the signer of collateral, to change and issue} */
  public CertificateSpec signer() {
    return CertificateSpec.leaf(SIGNER_NAME, signerKeys.getPublic()).serial(SIGNER_SERIAL);
  }

  /** {@return the certificate of a platform, to change and issue} */
  public CertificateSpec pck(IntelPck says) {
    return CertificateSpec.leaf(PCK_NAME, pckKeys.getPublic())
        .serial(PCK_SERIAL)
        .extension(IntelPck.OID, false, says.der());
  }

  /** {@return a signed answer of the collateral service: the value as it is, and its signature} */
  public byte[] signed(String name, String value) {
    byte[] signature =
        IntelQuote.sign(signerKeys.getPrivate(), value.getBytes(StandardCharsets.UTF_8));
    return ("{\""
            + name
            + "\":"
            + value
            + ",\"signature\":\""
            + HexFormat.of().formatHex(signature)
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** {@return a good SGX quote of version 3 with its collateral, to change} */
  public IntelEvidence sgx() {
    return new IntelEvidence(this, IntelQuote.sgx(), false);
  }

  /** {@return a good TDX quote of version 4 or 5 with its collateral, to change} */
  public IntelEvidence tdx(int version) {
    return new IntelEvidence(this, IntelQuote.tdx(version), true);
  }

  /** {@return serial numbers as revocation lists have them} */
  static BigInteger serial(long number) {
    return BigInteger.valueOf(number);
  }
}
