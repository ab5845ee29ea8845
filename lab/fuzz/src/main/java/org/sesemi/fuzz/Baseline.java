package org.sesemi.fuzz;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;

/**
 * Good evidence of a test vendor, of which one document is replaced by the input.
 *
 * @param platform whose evidence it is
 * @param documents the good documents
 * @param anchors the test vendor's root
 * @param at an instant at which everything is valid
 */
record Baseline(PlatformKind platform, Documents documents, Anchors anchors, Instant at) {

  /** Documents that may change without a difference: nothing in them is needed or signed. */
  private static final Set<String> LOOSE =
      Set.of(
          "quote.bin",
          "tcb_signing_chain.pem",
          "ak.pem",
          "ek_issuer.pem",
          "ek_root.pem",
          "platform_key.pem",
          "cert_chain.pem",
          "tcb_info.json",
          "qe_identity.json");

  private static final List<Baseline> ALL = make();

  static List<Baseline> all() {
    return ALL;
  }

  /** Returns whether evidence with this content in place of a document must not be accepted. */
  boolean mustDiffer(String name, Bytes content) {
    return !LOOSE.contains(name) && !documents.get(name).orElseThrow().equals(content);
  }

  private static List<Baseline> make() {
    List<Baseline> all = new ArrayList<>();
    all.add(snp());
    IntelVendor intel = IntelVendor.create();
    Anchors root = anchors(List.of(intel.root().certificate()), List.of());
    all.add(intel(PlatformKind.TDX, intel.tdx(5), root));
    all.add(intel(PlatformKind.SGX, intel.sgx(), root));
    all.add(nitro());
    all.add(tpm());
    all.add(cca());
    return List.copyOf(all);
  }

  private static Baseline snp() {
    String line = "Milan";
    // Short keys: they are made anew in each run.
    SnpVendor vendor = SnpVendor.of(line, Authority.rsaKeys(2048), Authority.rsaKeys(2048));
    SnpLevels levels = new SnpLevels(1, 4, 0, 24, 217);
    byte[] chip = new byte[64];
    chip[0] = 1;
    KeyPair keys = Authority.ecKeys("secp384r1");
    SnpReportSpec report = SnpReportSpec.of(line, 3).signingKey(0).chipId(chip).levels(levels);
    CertificateSpec vcek = SnpEndorsement.vcek(line, levels, chip).certificate(keys.getPublic());
    Map<String, byte[]> files = new TreeMap<>();
    files.put("report.bin", report.sign(keys.getPrivate()));
    files.put("vcek.der", Authority.der(vendor.ask().issue(vcek)));
    return new Baseline(
        PlatformKind.SNP,
        documents(files),
        anchors(
            List.of(vendor.ark().certificate()),
            List.of(vendor.ask().certificate(), vendor.asvk().certificate())),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static Baseline intel(PlatformKind platform, IntelEvidence evidence, Anchors root) {
    return new Baseline(platform, documents(evidence.files()), root, IntelEvidence.AT);
  }

  private static Baseline nitro() {
    NitroVendor vendor = NitroVendor.create();
    return new Baseline(
        PlatformKind.NITRO,
        documents(Map.of("document.cbor", vendor.sign(vendor.payload()))),
        anchors(List.of(vendor.root()), List.of()),
        NitroVendor.ISSUED.plusSeconds(120));
  }

  private static Baseline tpm() {
    TpmVendor vendor =
        new TpmVendor(Authority.ecKeys("secp256r1"), Authority.ecKeys("secp256r1"), 0x0018);
    return new Baseline(
        PlatformKind.TPM,
        documents(vendor.files()),
        anchors(List.of(vendor.root.certificate()), List.of()),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static Baseline cca() {
    CcaVendor vendor = new CcaVendor();
    PublicKey key = vendor.platformKey();
    return new Baseline(
        PlatformKind.CCA,
        documents(
            Map.of(
                "token.cbor",
                vendor.encode(),
                "platform_key.pem",
                CcaVendor.pem(key).getBytes(StandardCharsets.US_ASCII))),
        Anchors.of(new Anchors.Set(List.of(), List.of(), List.of(key))),
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  private static Anchors anchors(List<X509Certificate> roots, List<X509Certificate> others) {
    return Anchors.of(new Anchors.Set(roots, others, List.of()));
  }

  private static Documents documents(Map<String, byte[]> files) {
    Map<String, Bytes> documents = new TreeMap<>();
    files.forEach((name, content) -> documents.put(name, Bytes.of(content)));
    return new Documents(documents);
  }
}
