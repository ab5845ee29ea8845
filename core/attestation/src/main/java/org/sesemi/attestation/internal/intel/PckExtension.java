package org.sesemi.attestation.internal.intel;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * What Intel certifies of a platform in its PCK certificate. Layout: Intel SGX PCK Certificate and
 * CRL Profile.
 *
 * @param ppid the platform's identifier
 * @param components the sixteen security versions, each from 0 to 255
 * @param pceSvn the version of the certification enclave
 * @param cpuSvn security versions, raw
 * @param pceId which certification enclave
 * @param fmspc the family of the platform
 * @param sgxType 0 standard, 1 scalable, 2 scalable with integrity
 * @param platformInstanceId the instance of a platform of several packages
 * @param configuration what is known of the configuration of such a platform
 */
public record PckExtension(
    Bytes ppid,
    Bytes components,
    int pceSvn,
    Bytes cpuSvn,
    Bytes pceId,
    Bytes fmspc,
    int sgxType,
    Optional<Bytes> platformInstanceId,
    Optional<Configuration> configuration) {

  /** The extension's object identifier. */
  public static final String OID = "1.2.840.113741.1.13.1";

  private static final String WHAT = "the extension of the PCK certificate";

  /**
   * The configuration of a platform of several packages.
   *
   * @param dynamicPlatform whether packages can be added
   * @param cachedKeys whether the manufacturer keeps root keys of the platform
   * @param smt whether simultaneous multithreading is on
   */
  public record Configuration(
      Optional<Boolean> dynamicPlatform, Optional<Boolean> cachedKeys, Optional<Boolean> smt) {}

  /**
   * Reads the extension of a certificate.
   *
   * @throws Unreadable when it is missing or not in its form
   */
  static PckExtension of(X509Certificate certificate) {
    byte[] value = certificate.getExtensionValue(OID);
    if (value == null) {
      throw new Unreadable("the PCK certificate has no SGX extension");
    }
    return parse(Der.parse(value, WHAT).octets(WHAT));
  }

  /** Reads the content of the extension. */
  static PckExtension parse(byte[] der) {
    Map<String, Der> values = members(Der.parse(der, WHAT), OID);
    Map<String, Der> tcb = members(due(values, ".2"), OID + ".2");
    byte[] components = new byte[16];
    for (int i = 0; i < 16; i++) {
      components[i] = (byte) due(tcb, "." + (i + 1)).integer(255, WHAT);
    }
    return new PckExtension(
        octets(due(values, ".1"), 16),
        Bytes.of(components),
        due(tcb, ".17").integer(0xffff, WHAT),
        octets(due(tcb, ".18"), 16),
        octets(due(values, ".3"), 2),
        octets(due(values, ".4"), 6),
        due(values, ".5").integer(255, WHAT),
        Optional.ofNullable(values.get(".6")).map(der6 -> octets(der6, 16)),
        Optional.ofNullable(values.get(".7")).map(PckExtension::configuration));
  }

  private static Configuration configuration(Der der) {
    Map<String, Der> values = members(der, OID + ".7");
    return new Configuration(flag(values, ".1"), flag(values, ".2"), flag(values, ".3"));
  }

  private static Optional<Boolean> flag(Map<String, Der> values, String name) {
    return Optional.ofNullable(values.get(name)).map(der -> der.bool(WHAT));
  }

  private static Bytes octets(Der der, int length) {
    byte[] bytes = der.octets(WHAT);
    if (bytes.length != length) {
      throw new Unreadable(WHAT + " has a field that has not " + length + " bytes");
    }
    return Bytes.of(bytes);
  }

  private static Der due(Map<String, Der> values, String name) {
    Der value = values.get(name);
    if (value == null) {
      throw new Unreadable(WHAT + " lacks the field " + name);
    }
    return value;
  }

  /** Reads pairs of identifier and value; the names are what follows the prefix. */
  private static Map<String, Der> members(Der sequence, String prefix) {
    Map<String, Der> values = new HashMap<>();
    for (Der member : sequence.expect(Der.SEQUENCE, WHAT).elements(WHAT)) {
      List<Der> pair = new ArrayList<>(member.expect(Der.SEQUENCE, WHAT).elements(WHAT));
      if (pair.size() != 2) {
        throw new Unreadable(WHAT + " has a field that is not a pair");
      }
      String oid = pair.getFirst().oid(WHAT);
      if (!oid.startsWith(prefix + ".")
          || values.put(oid.substring(prefix.length()), pair.getLast()) != null) {
        throw new Unreadable(WHAT + " has a field that is there twice or out of place");
      }
    }
    return values;
  }

  /** Adds what the certificate says of the platform. */
  void claim(ClaimSet.Builder claims) {
    claims
        .put("fmspc", fmspc)
        .put("pceid", pceId)
        .put("pcesvn", pceSvn)
        .put("pckComponents", components)
        .put("pckCpusvn", cpuSvn)
        .put("ppid", ppid)
        .put("sgxType", sgxType);
    platformInstanceId.ifPresent(id -> claims.put("platformInstanceId", id));
    configuration.ifPresent(
        known -> {
          known.dynamicPlatform().ifPresent(set -> claims.put("dynamicPlatform", set));
          known.cachedKeys().ifPresent(set -> claims.put("cachedKeys", set));
          known.smt().ifPresent(set -> claims.put("smtEnabled", set));
        });
  }
}
