package org.sesemi.attestation.internal.snp;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Bytes;

/**
 * Evidence of a test vendor that verifies, to change one thing about. The vendor's root is the only
 * anchor, with both of its authorities at hand.
 */
final class SnpScene {

  static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  static final SnpLevels LEVELS = new SnpLevels(1, 4, 0, 24, 217);

  private static final KeyPair ROOT_KEYS = Authority.rsaKeys(2048);
  private static final KeyPair AUTHORITY_KEYS = Authority.rsaKeys(2048);
  static final KeyPair CHIP_KEYS = Authority.ecKeys("secp384r1");
  private static final Map<String, SnpVendor> VENDORS = new ConcurrentHashMap<>();

  final String line;
  SnpReportSpec report;
  private SnpEndorsement endorsement;
  SnpVendor vendor;
  KeyPair keys = CHIP_KEYS;
  Authority issuer;
  private final boolean loaded;
  private UnaryOperator<CertificateSpec> leaf = spec -> spec;
  private UnaryOperator<byte[]> finished = bytes -> bytes;
  private Optional<Bytes> nonce = Optional.empty();
  private Optional<Anchors> anchors = Optional.empty();
  private final Map<String, Bytes> files = new TreeMap<>();
  private final List<String> missing = new ArrayList<>();

  private SnpScene(String line, int version, boolean loaded) {
    this.line = line;
    this.loaded = loaded;
    this.vendor = vendor(line);
    this.issuer = loaded ? vendor.asvk() : vendor.ask();
    byte[] chip = chip(line);
    this.report = SnpReportSpec.of(line, version).signingKey(loaded ? 1 : 0);
    this.endorsement =
        loaded
            ? SnpEndorsement.vlek(line, LEVELS, "CN=csp.example")
            : SnpEndorsement.vcek(line, LEVELS, chip);
    if (!loaded) {
      report.chipId(chip);
    }
  }

  /** A report signed with a chip's key. */
  static SnpScene vcek(String line, int version) {
    return new SnpScene(line, version, false);
  }

  /** A report of Milan in version 3, signed with a chip's key. */
  static SnpScene vcek() {
    return vcek("Milan", 3);
  }

  /** A report signed with a provider's key, by a chip that does not say which it is. */
  static SnpScene vlek(String line, int version) {
    return new SnpScene(line, version, true);
  }

  static SnpVendor vendor(String line) {
    return VENDORS.computeIfAbsent(line, name -> SnpVendor.of(name, ROOT_KEYS, AUTHORITY_KEYS));
  }

  /** {@return a chip identity as long as those of a line} */
  static byte[] chip(String line) {
    byte[] chip = new byte[line.equals("Turin") ? 8 : 64];
    for (int i = 0; i < chip.length; i++) {
      chip[i] = (byte) (i + 1);
    }
    return chip;
  }

  SnpScene report(UnaryOperator<SnpReportSpec> change) {
    this.report = change.apply(report);
    return this;
  }

  SnpScene endorsement(UnaryOperator<SnpEndorsement> change) {
    this.endorsement = change.apply(endorsement);
    return this;
  }

  /** Changes the certificate of the endorsement key. */
  SnpScene leaf(UnaryOperator<CertificateSpec> change) {
    this.leaf = change;
    return this;
  }

  /** Changes the report after it was signed. */
  SnpScene signed(UnaryOperator<byte[]> change) {
    this.finished = change;
    return this;
  }

  /** Has another vendor behind the evidence and the anchors. */
  SnpScene vendor(SnpVendor other) {
    this.vendor = other;
    this.issuer = loaded ? other.asvk() : other.ask();
    return this;
  }

  SnpScene issuer(Authority other) {
    this.issuer = other;
    return this;
  }

  SnpScene keys(KeyPair other) {
    this.keys = other;
    return this;
  }

  SnpScene nonce(byte[] bytes) {
    this.nonce = Optional.of(Bytes.of(bytes));
    return this;
  }

  SnpScene anchors(Anchors other) {
    this.anchors = Optional.of(other);
    return this;
  }

  SnpScene file(String name, byte[] content) {
    files.put(name, Bytes.of(content));
    return this;
  }

  SnpScene without(String name) {
    missing.add(name);
    return this;
  }

  X509Certificate certificate() {
    return issuer.issue(leaf.apply(endorsement.certificate(keys.getPublic())));
  }

  byte[] signedReport() {
    return finished.apply(report.sign(keys.getPrivate()));
  }

  Documents documents() {
    Map<String, Bytes> all = new TreeMap<>();
    all.put("report.bin", Bytes.of(signedReport()));
    all.put(loaded ? "vlek.der" : "vcek.der", Bytes.of(Authority.der(certificate())));
    all.putAll(files);
    missing.forEach(all::remove);
    return new Documents(all);
  }

  Anchors anchors() {
    return anchors.orElseGet(
        () ->
            Anchors.of(
                new Anchors.Set(
                    List.of(vendor.ark().certificate()),
                    List.of(vendor.ask().certificate(), vendor.asvk().certificate()),
                    List.of())));
  }

  Judgement judge() {
    return judge(documents());
  }

  Judgement judge(Documents documents) {
    return judge(documents, NOW);
  }

  Judgement judge(Documents documents, Instant at) {
    return new SnpVerifier().judge(documents, new Expectation(at, nonce), anchors());
  }
}
