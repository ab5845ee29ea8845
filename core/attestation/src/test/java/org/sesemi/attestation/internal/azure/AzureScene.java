package org.sesemi.attestation.internal.azure;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.AzureVendor;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelLayout;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;

/** A made-up Azure machine over made-up hardware; tests change it, then judge. */
final class AzureScene {

  private static final KeyPair EK = Authority.rsaKeys(2048);
  private static final KeyPair AK = Authority.rsaKeys(2048);
  private static final KeyPair CHIP = Authority.ecKeys("secp384r1");
  private static final SnpVendor AMD =
      SnpVendor.of("Milan", Authority.rsaKeys(2048), Authority.rsaKeys(2048));
  private static final IntelVendor INTEL = IntelVendor.create();
  private static final SnpLevels LEVELS = new SnpLevels(1, 4, 0, 24, 217);
  private static final byte[] CHIP_ID = new byte[64];

  static {
    Arrays.fill(CHIP_ID, (byte) 7);
  }

  final AzureVendor azure;
  private final boolean snp;
  private UnaryOperator<byte[]> reportData = data -> data;
  private UnaryOperator<byte[]> hardware = bytes -> bytes;
  private UnaryOperator<byte[]> quoted = bytes -> bytes;
  private UnaryOperator<String> document = text -> text;
  private boolean endorsed = true;
  private Optional<Bytes> nonce = Optional.empty();
  private final Map<String, Bytes> further = new TreeMap<>();

  private AzureScene(boolean snp) {
    this.snp = snp;
    this.azure = new AzureVendor(new TpmVendor(EK, AK, TpmKey.RSASSA), snp ? 2 : 4);
  }

  static AzureScene snp() {
    return new AzureScene(true);
  }

  static AzureScene tdx() {
    return new AzureScene(false);
  }

  /** Changes the report data that the hardware gets to sign. */
  AzureScene reportData(UnaryOperator<byte[]> change) {
    reportData = change;
    return this;
  }

  /** Changes the hardware report inside the paravisor's. */
  AzureScene hardware(UnaryOperator<byte[]> change) {
    hardware = change;
    return this;
  }

  /** Changes the TD quote. */
  AzureScene quoted(UnaryOperator<byte[]> change) {
    quoted = change;
    return this;
  }

  /** Changes the JSON document. */
  AzureScene document(UnaryOperator<String> change) {
    document = change;
    return this;
  }

  /** Leaves out the VCEK, or the TD quote. */
  AzureScene unendorsed() {
    endorsed = false;
    return this;
  }

  AzureScene nonce(byte[] expected) {
    nonce = Optional.of(Bytes.of(expected));
    return this;
  }

  /** Adds a document. */
  AzureScene file(String name, byte[] content) {
    further.put(name, Bytes.of(content));
    return this;
  }

  Judgement judge() {
    Map<String, Bytes> files = new TreeMap<>(further);
    String text = snp ? overSnp() : overTdx(files);
    files.put("evidence.json", Bytes.of(document.apply(text).getBytes(StandardCharsets.UTF_8)));
    return EvidenceVerifier.with(anchors())
        .verify(PlatformKind.AZURE_VTPM, new Documents(files), expectation());
  }

  private Expectation expectation() {
    return new Expectation(snp ? Instant.parse("2026-01-01T00:00:00Z") : IntelEvidence.AT, nonce);
  }

  private Anchors anchors() {
    List<X509Certificate> roots =
        snp ? List.of(AMD.ark().certificate()) : List.of(INTEL.root().certificate());
    List<X509Certificate> others = snp ? List.of(AMD.ask().certificate()) : List.of();
    return Anchors.of(new Anchors.Set(roots, others, List.of()));
  }

  private String overSnp() {
    byte[] report =
        SnpReportSpec.of("Milan", 3)
            .levels(LEVELS)
            .chipId(CHIP_ID)
            .signingKey(0)
            .reportData(reportData.apply(azure.reportData()))
            .sign(CHIP.getPrivate());
    X509Certificate vcek =
        AMD.ask()
            .issue(SnpEndorsement.vcek("Milan", LEVELS, CHIP_ID).certificate(CHIP.getPublic()));
    return azure.document(
        hardware.apply(report), endorsed ? AzureVendor.member("vcek", Authority.der(vcek)) : "");
  }

  private String overTdx(Map<String, Bytes> files) {
    IntelEvidence evidence = INTEL.tdx(4);
    evidence.quote().domain().set(IntelLayout.Td.REPORT_DATA, reportData.apply(azure.reportData()));
    evidence.files().forEach((name, content) -> files.put(name, Bytes.of(content)));
    byte[] quote = quoted.apply(files.getOrDefault("quote.bin", Bytes.empty()).toArray());
    files.remove("quote.bin");
    byte[] report = AzureVendor.tdReport(Arrays.copyOfRange(quote, 48, 48 + 584));
    return azure.document(
        hardware.apply(report), endorsed ? AzureVendor.member("td_quote", quote) : "");
  }
}
