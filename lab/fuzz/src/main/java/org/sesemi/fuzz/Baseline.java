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
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.AzureVendor;
import org.sesemi.vendors.CcaVendor;
import org.sesemi.vendors.CcelLog;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.vendors.NitroVendor;
import org.sesemi.vendors.NvidiaManifest;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.vendors.SnpCertificateTable;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.vendors.TpmEventLog;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/**
 * Good evidence of a test vendor, of which one document is replaced by the input.
 *
 * @param platform whose evidence it is
 * @param documents the good documents
 * @param further documents that may come on top of them, well-formed
 * @param verifier a verifier with the test vendor's root
 * @param at an instant at which everything is valid
 */
record Baseline(
    PlatformKind platform,
    Documents documents,
    Documents further,
    EvidenceVerifier verifier,
    Instant at) {

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
          "qe_identity.json",
          "evidence.json",
          "driver_rim.xml",
          "vbios_rim.xml",
          "ocsp_gpu_l2.b64",
          "ocsp_gpu_l3.b64",
          "ocsp_gpu_l4.b64");

  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");

  private static final List<Baseline> ALL = make();

  static List<Baseline> all() {
    return ALL;
  }

  /** The names of all documents, the good ones and the further ones. */
  Set<String> names() {
    return files().keySet();
  }

  /** All documents by name, the good ones and the further ones. */
  Map<String, Bytes> files() {
    Map<String, Bytes> all = new TreeMap<>(documents.files());
    all.putAll(further.files());
    return all;
  }

  /** Judges the good documents with one in place of another, or on top of them. */
  Verdict verdict(String name, Bytes content) {
    return verifier.verify(platform, documents.with(name, content), Expectation.at(at)).verdict();
  }

  /** Returns whether evidence with this content in place of a document must not be accepted. */
  boolean mustDiffer(String name, Bytes content) {
    return !LOOSE.contains(name)
        && documents.get(name).filter(good -> !good.equals(content)).isPresent();
  }

  private static List<Baseline> make() {
    List<Baseline> all = new ArrayList<>();
    all.add(snp());
    IntelVendor intel = IntelVendor.create();
    Anchors root = anchors(List.of(intel.root().certificate()), List.of());
    Map<String, byte[]> log =
        Map.of("ccel_data.bin", new CcelLog().event(0, 1, new byte[] {1}).filler(32).toArray());
    all.add(intel(PlatformKind.TDX, intel.tdx(5), log, root));
    all.add(intel(PlatformKind.SGX, intel.sgx(), Map.of(), root));
    all.add(nitro());
    all.add(tpm());
    all.add(cca());
    all.add(azure());
    all.add(nvidia());
    return List.copyOf(all);
  }

  private static Baseline snp() {
    Amd amd = new Amd();
    byte[] vcek = amd.vcek();
    byte[] table =
        new SnpCertificateTable()
            .add(SnpCertificateTable.VCEK, vcek)
            .add(SnpCertificateTable.ASK, Authority.der(amd.vendor.ask().certificate()))
            .bytes();
    return new Baseline(
        PlatformKind.SNP,
        documents(Map.of("report.bin", amd.report(new byte[64]), "vcek.der", vcek)),
        documents(Map.of("auxblob.bin", table)),
        amd.verifier(),
        JANUARY);
  }

  private static Baseline azure() {
    Amd amd = new Amd();
    AzureVendor azure =
        new AzureVendor(
            new TpmVendor(Authority.rsaKeys(2048), Authority.rsaKeys(2048), TpmKey.RSASSA), 2);
    String evidence =
        azure.document(amd.report(azure.reportData()), AzureVendor.member("vcek", amd.vcek()));
    return new Baseline(
        PlatformKind.AZURE_VTPM,
        documents(Map.of("evidence.json", evidence.getBytes(StandardCharsets.UTF_8))),
        documents(Map.of()),
        amd.verifier(),
        JANUARY);
  }

  /** One chip of a line with keys of its own, as short as they may be. */
  private static final class Amd {
    private static final String LINE = "Milan";
    private static final SnpLevels LEVELS = new SnpLevels(1, 4, 0, 24, 217);

    private final SnpVendor vendor =
        SnpVendor.of(LINE, Authority.rsaKeys(2048), Authority.rsaKeys(2048));
    private final KeyPair keys = Authority.ecKeys("secp384r1");
    private final byte[] chip = new byte[64];

    Amd() {
      chip[0] = 1;
    }

    byte[] report(byte[] reportData) {
      return SnpReportSpec.of(LINE, 3)
          .signingKey(0)
          .chipId(chip)
          .levels(LEVELS)
          .reportData(reportData)
          .sign(keys.getPrivate());
    }

    byte[] vcek() {
      return Authority.der(
          vendor
              .ask()
              .issue(SnpEndorsement.vcek(LINE, LEVELS, chip).certificate(keys.getPublic())));
    }

    EvidenceVerifier verifier() {
      return Baseline.verifier(
          List.of(vendor.ark().certificate()),
          List.of(vendor.ask().certificate(), vendor.asvk().certificate()));
    }
  }

  private static Baseline nvidia() {
    NvidiaVendor vendor = new NvidiaVendor();
    byte[] firmware = NvidiaReport.bytes(48, 0x77);
    NvidiaReport report = new NvidiaReport();
    report.opaque.put(NvidiaReport.FWID, firmware);
    NvidiaManifest driver = new NvidiaManifest().active(7, NvidiaReport.bytes(48, 8));
    NvidiaManifest vbios = new NvidiaManifest().active(0, NvidiaReport.bytes(48, 1));
    vbios.version = "96.00.9F.00.01";
    Map<String, byte[]> files = new TreeMap<>();
    files.put("report.bin", report.sign(vendor.deviceKeys.getPrivate()));
    files.put("cert_chain.pem", vendor.chain(vendor.device(firmware)));
    files.put("driver_rim.xml", vendor.sign(driver));
    files.put("vbios_rim.xml", vendor.sign(vbios));
    Authority[] issuers = {vendor.root, vendor.identity, vendor.provisioner};
    Authority[] subjects = {vendor.identity, vendor.provisioner, vendor.bootRom};
    for (int i = 0; i < issuers.length; i++) {
      files.put(
          "ocsp_gpu_l" + (i + 2) + ".b64",
          new NvidiaVendor.Ocsp(issuers[i], subjects[i].certificate()).base64());
    }
    return new Baseline(
        PlatformKind.NVIDIA,
        documents(files),
        documents(Map.of()),
        verifier(List.of(vendor.root.certificate(), vendor.manifestRoot.certificate()), List.of()),
        Instant.parse("2026-06-01T00:00:00Z"));
  }

  private static Baseline intel(
      PlatformKind platform, IntelEvidence evidence, Map<String, byte[]> further, Anchors root) {
    return new Baseline(
        platform,
        documents(evidence.files()),
        documents(further),
        EvidenceVerifier.with(root),
        IntelEvidence.AT);
  }

  private static Baseline nitro() {
    NitroVendor vendor = NitroVendor.create();
    return new Baseline(
        PlatformKind.NITRO,
        documents(Map.of("document.cbor", vendor.sign(vendor.payload()))),
        documents(Map.of()),
        verifier(List.of(vendor.root()), List.of()),
        NitroVendor.ISSUED.plusSeconds(120));
  }

  private static Baseline tpm() {
    TpmVendor vendor =
        new TpmVendor(Authority.ecKeys("secp256r1"), Authority.ecKeys("secp256r1"), 0x0018);
    return new Baseline(
        PlatformKind.TPM,
        documents(vendor.files()),
        documents(
            Map.of("eventlog.bin", new TpmEventLog(0x000b).event(1, 2, new byte[] {3}).bytes())),
        verifier(List.of(vendor.root.certificate()), List.of()),
        JANUARY);
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
        documents(Map.of()),
        EvidenceVerifier.with(Anchors.of(new Anchors.Set(List.of(), List.of(), List.of(key)))),
        JANUARY);
  }

  private static EvidenceVerifier verifier(
      List<X509Certificate> roots, List<X509Certificate> others) {
    return EvidenceVerifier.with(anchors(roots, others));
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
