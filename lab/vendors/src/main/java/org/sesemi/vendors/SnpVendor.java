package org.sesemi.vendors;

import java.math.BigInteger;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A test vendor with the names of AMD: root, authority of chip keys and authority of loaded keys of
 * one product line. Thread-safe.
 */
public final class SnpVendor {

  /** The serial number of the root. */
  public static final long ARK_SERIAL = 0x10000;

  /** The serial number of the authority of chip keys. */
  public static final long ASK_SERIAL = 0x10001;

  /** The serial number of the authority of loaded keys. */
  public static final long ASVK_SERIAL = 0x10101;

  private static final int KEY_BITS = 2048;

  private final String line;
  private final Authority ark;
  private final Authority ask;
  private final Authority asvk;

  private SnpVendor(String line, Authority ark, Authority ask, Authority asvk) {
    this.line = line;
    this.ark = ark;
    this.ask = ask;
    this.asvk = asvk;
  }

  /**
   * Makes a vendor with new keys.
   *
   * @param line Milan, Genoa or Turin
   */
  public static SnpVendor of(String line) {
    return of(line, Authority.rsaKeys(KEY_BITS), Authority.rsaKeys(KEY_BITS));
  }

  /**
   * Makes a vendor.
   *
   * @param line Milan, Genoa or Turin
   * @param root the root's keys
   * @param authorities the keys of both authorities
   */
  public static SnpVendor of(String line, KeyPair root, KeyPair authorities) {
    CertificateSpec spec =
        CertificateSpec.authority(subject("ARK-" + line), root.getPublic()).serial(ARK_SERIAL);
    return under(line, Authority.root(spec, root, Authority.PSS_SHA384), authorities, s -> s);
  }

  private static SnpVendor under(
      String line, Authority ark, KeyPair keys, UnaryOperator<CertificateSpec> change) {
    return new SnpVendor(
        line,
        ark,
        authority(ark, keys, "SEV-" + line, ASK_SERIAL, change),
        authority(ark, keys, "SEV-VLEK-" + line, ASVK_SERIAL, change));
  }

  private static Authority authority(
      Authority ark,
      KeyPair keys,
      String name,
      long serial,
      UnaryOperator<CertificateSpec> change) {
    CertificateSpec spec =
        CertificateSpec.authority(subject(name), keys.getPublic()).serial(serial).pathLength(0);
    return ark.intermediate(change.apply(spec), keys, Authority.PSS_SHA384);
  }

  /** {@return a vendor with the same keys whose root says something else} */
  public SnpVendor withRoot(UnaryOperator<CertificateSpec> change) {
    CertificateSpec spec =
        CertificateSpec.authority(subject("ARK-" + line), ark.keys().getPublic())
            .serial(ARK_SERIAL);
    Authority changed = Authority.root(change.apply(spec), ark.keys(), Authority.PSS_SHA384);
    return under(line, changed, ask.keys(), s -> s);
  }

  /** {@return a vendor with the same keys whose authorities below the root say something else} */
  public SnpVendor withAuthorities(UnaryOperator<CertificateSpec> change) {
    return under(line, ark, ask.keys(), change);
  }

  /** {@return a subject as AMD writes them} */
  public static String subject(String commonName) {
    return "OU=Engineering,C=US,L=Santa Clara,ST=CA,O=Advanced Micro Devices,CN=" + commonName;
  }

  /** {@return the product line} */
  public String line() {
    return line;
  }

  /** {@return the root} */
  public Authority ark() {
    return ark;
  }

  /** {@return the authority that issues certificates of chip keys} */
  public Authority ask() {
    return ask;
  }

  /** {@return the authority that issues certificates of loaded keys} */
  public Authority asvk() {
    return asvk;
  }

  /** {@return the root's revocation list in DER, with serial numbers} */
  public byte[] crl(Instant from, Instant to, long... serials) {
    List<BigInteger> revoked = Arrays.stream(serials).mapToObj(BigInteger::valueOf).toList();
    return ark.crl(1, from, to, revoked);
  }
}
