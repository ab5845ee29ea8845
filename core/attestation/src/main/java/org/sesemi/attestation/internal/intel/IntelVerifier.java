package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.EVENT_LOG;
import static org.sesemi.attestation.internal.intel.IntelStep.EVENT_LOG_FORM;
import static org.sesemi.attestation.internal.intel.IntelStep.QUOTE_FORM;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Judges quotes of Intel SGX (version 3) and TDX (versions 4 and 5) with the collateral of Intel's
 * provisioning certification service.
 *
 * <p>Steps: Intel SGX and TDX Quote Verification Library, 4.1.2.4. Thread-safe.
 */
public final class IntelVerifier implements PlatformVerifier {

  /** Judges TDX quotes. */
  public static final IntelVerifier TDX = new IntelVerifier(PlatformKind.TDX);

  /** Judges SGX quotes. */
  public static final IntelVerifier SGX = new IntelVerifier(PlatformKind.SGX);

  private static final String QUOTE_FILE = "quote.bin";
  private static final String EVENT_LOG_FILE = "ccel_data.bin";
  private static final String REPORT_DATA_FILE = "nonce.bin";

  private final PlatformKind platform;
  private final boolean tdx;

  private IntelVerifier(PlatformKind platform) {
    this.platform = platform;
    this.tdx = platform == PlatformKind.TDX;
  }

  @Override
  public PlatformKind platform() {
    return platform;
  }

  @Override
  public boolean recognises(Documents documents) {
    return documents.get(QUOTE_FILE).filter(this::isOurs).isPresent();
  }

  private boolean isOurs(Bytes quote) {
    if (quote.length() < QuoteHeader.LENGTH) {
      return false;
    }
    ByteInput in = ByteInput.littleEndian(quote.toArray(), "the quote");
    int version = in.u16();
    in.skip(2);
    long teeType = in.u32();
    return version >= 3 && version <= 5 && teeType == (tdx ? QuoteHeader.TDX : QuoteHeader.SGX);
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Optional<Bytes> quote = documents.get(QUOTE_FILE);
    if (quote.isPresent()) {
      return judgeQuote(quote.get(), documents, expectation, anchors);
    }
    Checks<IntelStep> checks = checks();
    checks.unverified(QUOTE_FORM, "a quote", "no " + QUOTE_FILE + " was supplied");
    return checks.judge(platform);
  }

  /**
   * Judges a quote that came another way than in a file of its own.
   *
   * @param quote the quote
   * @param documents the collateral
   * @param expectation instant and report data
   * @param anchors whom to believe
   * @return every check, and what the quote says
   */
  public Judgement judgeQuote(
      Bytes quote, Documents documents, Expectation expectation, Anchors anchors) {
    Checks<IntelStep> checks = checks();
    QuoteChecks quoteChecks = new QuoteChecks(checks);
    Optional<Quote> read = quoteChecks.read(quote, tdx);
    if (read.isPresent()) {
      Quote known = read.get();
      known.domain().ifPresent(domain -> domain.claim(checks.claims()));
      known.enclave().ifPresent(enclave -> enclave.claim(checks.claims()));
      quoteChecks.fields(known);
      quoteChecks.reportData(known, expectation.nonce(), documents.get(REPORT_DATA_FILE));
      quoteChecks.signatures(known);
      certified(checks, known, documents, expectation.at(), anchors.of(Anchors.Vendor.INTEL));
      eventLog(checks, known.domain(), documents.get(EVENT_LOG_FILE));
    }
    return checks.judge(platform);
  }

  private Checks<IntelStep> checks() {
    return new Checks<>(platform.text() + " evidence", IntelStep.class);
  }

  private void certified(
      Checks<IntelStep> checks, Quote quote, Documents documents, Instant at, Anchors.Set anchors) {
    PckChecks pckChecks = new PckChecks(checks);
    Optional<PckChecks.Pck> pck = pckChecks.certificate(quote, documents.get(PckChecks.CHAIN_FILE));
    Optional<Certificates> chain = pck.flatMap(found -> pckChecks.chain(quote, found, anchors, at));
    CollateralChecks collateral = new CollateralChecks(checks, documents, at, tdx);
    Optional<X509Certificate> root = chain.flatMap(path -> path.chain().root());
    Optional<Certificates> signer = collateral.signer(anchors, root);
    RevocationChecks revocation = new RevocationChecks(checks, documents, at);
    revocation.root(chain, signer);
    revocation.pck(chain);
    Optional<PckExtension> extension = pck.map(PckChecks.Pck::extension);
    Optional<TcbInfo> info = collateral.tcbInfo(signer, extension);
    Optional<QeIdentity> identity = collateral.qeIdentity(signer);
    levels(checks, quote, extension, info, identity);
  }

  private static void levels(
      Checks<IntelStep> checks,
      Quote quote,
      Optional<PckExtension> pck,
      Optional<TcbInfo> info,
      Optional<QeIdentity> identity) {
    LevelChecks levels = new LevelChecks(checks);
    if (quote.domain().isEmpty()) {
      levels.noDomain();
    }
    Optional<TcbLevel<Integer>> qe =
        identity.flatMap(known -> levels.quotingEnclave(known, quote.qeReport()));
    if (info.isPresent() && pck.isPresent()) {
      TcbEvaluation evaluation = levels.platform(info.get(), pck.get(), quote.domain());
      levels.together(evaluation, info.get(), quote.domain(), qe);
    }
  }

  private static void eventLog(
      Checks<IntelStep> checks, Optional<TdReport> domain, Optional<Bytes> file) {
    if (domain.isEmpty() || file.isEmpty()) {
      checks.skip(EVENT_LOG_FORM);
      checks.skip(EVENT_LOG);
      return;
    }
    try {
      EventLog log = EventLog.parse(file.get());
      checks.claims().put("eventLogEvents", log.events().size());
      checks.pass(EVENT_LOG_FORM, "a crypto-agile log", "a crypto-agile log");
      List<Bytes> replayed = log.replay();
      List<String> different = new ArrayList<>();
      for (int i = 0; i < replayed.size(); i++) {
        if (!replayed.get(i).equals(domain.get().rtmrs().get(i))) {
          different.add("rtmr" + i);
        }
      }
      checks.that(
          EVENT_LOG,
          different.isEmpty(),
          "rtmr0 to rtmr3 of the report",
          different.isEmpty() ? "the same" : "another " + String.join(", ", different));
    } catch (Unreadable e) {
      checks.fail(EVENT_LOG_FORM, "a crypto-agile log", e);
    }
  }
}
