package org.sesemi.attestation.internal.azure;

import java.security.PublicKey;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.intel.IntelVerifier;
import org.sesemi.attestation.internal.snp.SnpVerifier;
import org.sesemi.attestation.internal.tpm.PcrQuote;
import org.sesemi.attestation.internal.tpm.TpmAlg;
import org.sesemi.attestation.internal.tpm.TpmHash;
import org.sesemi.attestation.internal.tpm.TpmSignatures;
import org.sesemi.attestation.internal.tpm.TpmsAttest;
import org.sesemi.attestation.internal.tpm.TpmtSignature;
import org.sesemi.wire.Bytes;

/** One verification of an Azure machine. Not thread-safe. */
final class AzureRun {

  /** The hardware documents that may come as files beside the evidence. */
  private static final String[] SNP_FILES = {"crl.der", "ask.der", "ark.der"};

  private final AzureEvidence evidence;
  private final Documents documents;
  private final Expectation expectation;
  private final Anchors anchors;
  private final Checks<AzureStep> checks;

  AzureRun(
      AzureEvidence evidence,
      Documents documents,
      Expectation expectation,
      Anchors anchors,
      Checks<AzureStep> checks) {
    this.evidence = evidence;
    this.documents = documents;
    this.expectation = expectation;
    this.anchors = anchors;
    this.checks = checks;
  }

  /** Judges everything; returns what the hardware's verifier says, when there is a report. */
  Optional<Judgement> judge() {
    if (expectation.nonce().isEmpty()) {
      checks.skip(AzureStep.NONCE);
    }
    Optional<HclReport> report = report();
    Optional<PublicKey> key = report.flatMap(this::attestationKey);
    Optional<TpmsAttest> attest = quote();
    key.ifPresent(this::signature);
    attest.ifPresent(this::registers);
    return report.flatMap(this::hardware);
  }

  private Optional<HclReport> report() {
    try {
      HclReport report = HclReport.parse(evidence.hclReport().toArray());
      String kind = name(report);
      boolean same = evidence.platform().map(("az-" + kind)::equals).orElse(true);
      checks.that(
          AzureStep.HCL_REPORT,
          same,
          evidence.platform().orElse("a report with runtime data"),
          "az-" + kind);
      checks
          .claims()
          .put("hardware", kind)
          .put("hclReportVersion", report.version())
          .put("runtimeDataSha256", TpmHash.SHA256.digest(report.runtimeData().toArray()));
      checks.equal(AzureStep.RUNTIME_BINDING, report.expectedReportData(), report.reportData());
      return Optional.of(report);
    } catch (Unreadable e) {
      checks.fail(AzureStep.HCL_REPORT, "a report with runtime data", e);
      return Optional.empty();
    }
  }

  private static String name(HclReport report) {
    return report.kind().name().toLowerCase(Locale.ROOT);
  }

  private Optional<PublicKey> attestationKey(HclReport report) {
    RuntimeData data;
    try {
      data = RuntimeData.parse(report.runtimeData().toArray());
      data.claim(checks.claims());
      checks.pass(AzureStep.RUNTIME_DATA, "strict JSON", "strict JSON");
    } catch (Unreadable e) {
      checks.fail(AzureStep.RUNTIME_DATA, "strict JSON", e);
      return Optional.empty();
    }
    try {
      PublicKey key = data.attestationKey();
      checks.pass(AzureStep.ATTESTATION_KEY, "one RSA key of 2048 bits", "one");
      checks.claims().put("akResidence", "measured by the hardware");
      return Optional.of(key);
    } catch (Unreadable e) {
      checks.fail(AzureStep.ATTESTATION_KEY, "one RSA key of 2048 bits", e);
      return Optional.empty();
    }
  }

  private Optional<TpmsAttest> quote() {
    byte[] message = evidence.message().toArray();
    try {
      long magic = TpmsAttest.magicOf(message);
      int type = TpmsAttest.typeOf(message);
      boolean right =
          checks.that(
              AzureStep.MAGIC, magic == TpmsAttest.MAGIC, hex(TpmsAttest.MAGIC), hex(magic));
      right &=
          checks.that(AzureStep.TYPE, type == TpmsAttest.QUOTE, hex(TpmsAttest.QUOTE), hex(type));
      if (!right) {
        return Optional.empty();
      }
      TpmsAttest attest = TpmsAttest.parse(message);
      checks.pass(AzureStep.QUOTE, "a quote that ends where it says", "one");
      return Optional.of(attest);
    } catch (Unreadable e) {
      checks.fail(AzureStep.QUOTE, "a quote that ends where it says", e);
      return Optional.empty();
    }
  }

  /** The layout has bare signatures; the scheme is the one that the paravisor gives its key. */
  private void signature(PublicKey key) {
    TpmtSignature signature =
        new TpmtSignature(TpmAlg.RSASSA, TpmHash.SHA256.id(), evidence.signature(), Bytes.empty());
    boolean good =
        TpmSignatures.verify(
            key, TpmAlg.RSASSA, TpmHash.SHA256, evidence.message().toArray(), signature);
    checks.that(
        AzureStep.SIGNATURE,
        good,
        "a signature RSASSA SHA-256 of HCLAkPub",
        good ? "that" : "another");
  }

  private void registers(TpmsAttest attest) {
    checks
        .claims()
        .put("reportData", attest.extraData())
        .put("extraData", attest.extraData())
        .put("pcrSelection", PcrQuote.selection(attest))
        .put("pcrDigest", attest.pcrDigest())
        .put("clock", attest.clock())
        .put("resetCount", attest.resetCount())
        .put("restartCount", attest.restartCount())
        .put("clockSafe", attest.safe())
        .put("vtpmFirmwareVersion", attest.firmwareVersion());
    expectation
        .nonce()
        .ifPresent(
            nonce -> checks.equal(AzureStep.NONCE, nonce.toArray(), attest.extraData().toArray()));
    Optional<String> bank = PcrQuote.bankProblem(attest);
    if (!checks.that(
        AzureStep.PCR_BANK,
        bank.isEmpty(),
        "registers of the bank SHA-256 and no other",
        bank.orElse(TpmHash.SHA256.text()))) {
      return;
    }
    PcrQuote quote = new PcrQuote(attest, evidence.pcrs());
    Optional<String> values = quote.valuesProblem();
    if (checks.that(
        AzureStep.PCR_SELECTION,
        values.isEmpty(),
        PcrQuote.selection(attest),
        values.orElse("a value for each"))) {
      quote.claimValues(checks.claims());
      checks.equal(
          AzureStep.PCR_DIGEST, quote.digest(TpmHash.SHA256), attest.pcrDigest().toArray());
    }
  }

  private Optional<Judgement> hardware(HclReport report) {
    Expectation beneath =
        new Expectation(expectation.at(), Optional.of(Bytes.of(report.expectedReportData())));
    return switch (report.kind()) {
      case SNP -> {
        checks.skip(AzureStep.TD_REPORT);
        yield Optional.of(snp(report, beneath).prefixed("snp-"));
      }
      case TDX -> tdx(report, beneath).map(judgement -> judgement.prefixed("tdx-"));
    };
  }

  private Judgement snp(HclReport report, Expectation beneath) {
    Map<String, Bytes> files = new TreeMap<>();
    files.put("report.bin", report.hardware());
    evidence.vcek().ifPresent(der -> files.put("vcek.der", der));
    for (String name : SNP_FILES) {
      documents.get(name).ifPresent(content -> files.put(name, content));
    }
    if (evidence.tdQuote().isPresent()) {
      checks.fail(
          AzureStep.HARDWARE, "an SEV-SNP report and its certificate", "a TD quote as well");
    } else {
      checks.pass(AzureStep.HARDWARE, "an SEV-SNP report", "an SEV-SNP report");
    }
    return new SnpVerifier().judge(new Documents(files), beneath, anchors);
  }

  private Optional<Judgement> tdx(HclReport report, Expectation beneath) {
    if (evidence.tdQuote().isEmpty()) {
      checks.unverified(AzureStep.HARDWARE, "a TD quote", "no td_quote was supplied");
      return Optional.empty();
    }
    if (evidence.vcek().isPresent()) {
      checks.fail(AzureStep.HARDWARE, "a TD quote", "a certificate of AMD as well");
    } else {
      checks.pass(AzureStep.HARDWARE, "a TD quote", "a TD quote");
    }
    Bytes quote = evidence.tdQuote().get();
    byte[] inReport = TdReportBody.ofReport(report.hardware().toArray());
    byte[] inQuote = TdReportBody.ofQuote(quote.toArray());
    checks.that(
        AzureStep.TD_REPORT,
        Arrays.equals(inReport, inQuote),
        "the fields of the quoted TD report",
        Arrays.equals(inReport, inQuote) ? "the same" : "others");
    return Optional.of(
        IntelVerifier.TDX.judgeQuote(quote, documents.without("nonce.bin"), beneath, anchors));
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "0x%08x", value);
  }
}
