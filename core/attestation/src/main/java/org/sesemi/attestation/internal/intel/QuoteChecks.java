package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.ATTESTATION_KEY;
import static org.sesemi.attestation.internal.intel.IntelStep.BODY_SIGNATURE;
import static org.sesemi.attestation.internal.intel.IntelStep.BODY_TYPE;
import static org.sesemi.attestation.internal.intel.IntelStep.ENCLAVE_INITIALISED;
import static org.sesemi.attestation.internal.intel.IntelStep.KEY_TYPE;
import static org.sesemi.attestation.internal.intel.IntelStep.NONCE;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_NOT_DEBUG;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_REPORT_DATA;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_VENDOR;
import static org.sesemi.attestation.internal.intel.IntelStep.QUOTE_FORM;
import static org.sesemi.attestation.internal.intel.IntelStep.QUOTE_VERSION;
import static org.sesemi.attestation.internal.intel.IntelStep.RESERVED_FIELDS;
import static org.sesemi.attestation.internal.intel.IntelStep.SEAM;
import static org.sesemi.attestation.internal.intel.IntelStep.SUPPLIED_REPORT_DATA;
import static org.sesemi.attestation.internal.intel.IntelStep.TD_ATTRIBUTES;
import static org.sesemi.attestation.internal.intel.IntelStep.TEE_TYPE;
import static org.sesemi.attestation.internal.intel.IntelStep.TRAILING_BYTES;
import static org.sesemi.attestation.internal.intel.IntelStep.XFAM;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** The checks that need nothing but the quote itself. */
final class QuoteChecks {

  private static final int REPORT_DATA_LENGTH = 64;

  private final Checks<IntelStep> checks;

  QuoteChecks(Checks<IntelStep> checks) {
    this.checks = checks;
  }

  /** Reads the quote, if it has a layout that is known. */
  Optional<Quote> read(Bytes bytes, boolean tdx) {
    byte[] quote = bytes.toArray();
    try {
      QuoteHeader header = QuoteHeader.parse(quote);
      header.claim(checks.claims());
      if (!known(header, tdx)) {
        return Optional.empty();
      }
      Optional<Quote.Body> body = body(quote, header, tdx);
      if (body.isEmpty()) {
        return Optional.empty();
      }
      Quote read = Quote.parse(quote, header, body.get());
      checks.pass(QUOTE_FORM, "the declared lengths", "the declared lengths");
      return Optional.of(read);
    } catch (Unreadable e) {
      checks.fail(QUOTE_FORM, "the declared lengths", e);
      return Optional.empty();
    }
  }

  private boolean known(QuoteHeader header, boolean tdx) {
    int version = header.version();
    boolean versionKnown = tdx ? version == 4 || version == 5 : version == 3;
    checks.that(QUOTE_VERSION, versionKnown, tdx ? "4 or 5" : "3", String.valueOf(version));
    long tee = tdx ? QuoteHeader.TDX : QuoteHeader.SGX;
    boolean teeRight =
        checks.that(
            TEE_TYPE,
            header.teeType() == tee,
            Long.toHexString(tee),
            Long.toHexString(header.teeType()));
    boolean keyRight =
        checks.that(
            KEY_TYPE,
            header.keyType() == QuoteHeader.ECDSA_P256,
            QuoteHeader.ECDSA_P256 + " (ECDSA P-256)",
            String.valueOf(header.keyType()));
    checks.equal(QE_VENDOR, QuoteHeader.INTEL.toArray(), header.vendor().toArray());
    return versionKnown && teeRight && keyRight;
  }

  private Optional<Quote.Body> body(byte[] quote, QuoteHeader header, boolean tdx) {
    if (header.version() != 5) {
      checks.skip(BODY_TYPE);
      return Optional.of(tdx ? Quote.Body.TD_1_0 : Quote.Body.SGX);
    }
    int number = Quote.declaredBody(quote);
    Optional<Quote.Body> body =
        Quote.Body.of(number).filter(known -> (known != Quote.Body.SGX) == tdx);
    checks.that(
        BODY_TYPE, body.isPresent(), "2 (TD report 1.0) or 3 (TD report 1.5)", "type " + number);
    return body;
  }

  /** Judges fields that have one right value whatever the collateral says. */
  void fields(Quote quote) {
    checks.that(
        TRAILING_BYTES,
        Octets.isZero(quote.trailing().toArray()),
        "zeros or nothing",
        quote.trailing().length() + " bytes");
    List<String> dirty = new ArrayList<>(quote.qeReport().dirty());
    quote.enclave().ifPresent(enclave -> dirty.addAll(enclave.dirty()));
    checks.that(RESERVED_FIELDS, dirty.isEmpty(), "zeros", describe(dirty, "zeros"));
    quote.domain().ifPresentOrElse(this::domain, () -> noDomain(quote));
    checks.that(
        QE_NOT_DEBUG,
        !quote.qeReport().debug(),
        "DEBUG clear",
        quote.qeReport().debug() ? "DEBUG set" : "DEBUG clear");
  }

  private void domain(TdReport domain) {
    checks.skip(ENCLAVE_INITIALISED);
    checks.that(
        TD_ATTRIBUTES,
        domain.attributesDefined(),
        "bits 0, 28 to 31 and 63 at most",
        domain.tdAttributes().hex());
    checks.that(
        XFAM, domain.xfamPossible(), "bits 0 and 1, and none outside 0x6dbe7", domain.xfam().hex());
    checks.that(
        SEAM,
        Octets.isZero(domain.mrSignerSeam().toArray())
            && Octets.isZero(domain.seamAttributes().toArray()),
        "a signer and attributes of zeros",
        "signer " + domain.mrSignerSeam().hex() + ", attributes " + domain.seamAttributes().hex());
  }

  private void noDomain(Quote quote) {
    checks.skip(TD_ATTRIBUTES);
    checks.skip(XFAM);
    checks.skip(SEAM);
    boolean initialised = quote.enclave().map(SgxReport::initialised).orElse(false);
    checks.that(
        ENCLAVE_INITIALISED, initialised, "INIT set", initialised ? "INIT set" : "INIT clear");
  }

  /** Compares the report data with what it must be, padded with zeros to its length. */
  void reportData(Quote quote, Optional<Bytes> nonce, Optional<Bytes> supplied) {
    byte[] got = quote.reportData().toArray();
    nonce.ifPresentOrElse(
        expected -> {
          if (expected.length() > REPORT_DATA_LENGTH) {
            checks.fail(NONCE, "at most 64 bytes", expected.length() + " bytes");
          } else {
            checks.equal(NONCE, Arrays.copyOf(expected.toArray(), REPORT_DATA_LENGTH), got);
          }
        },
        () -> checks.skip(NONCE));
    supplied.ifPresentOrElse(
        expected -> checks.equal(SUPPLIED_REPORT_DATA, expected.toArray(), got),
        () -> checks.skip(SUPPLIED_REPORT_DATA));
  }

  /** Judges the attestation key, its signature, and that the quoting enclave made it. */
  void signatures(Quote quote) {
    byte[] attestationKey = quote.attestationKey().toArray();
    try {
      PublicKey key = EcKeys.P256.key(attestationKey, "the attestation key");
      checks.pass(ATTESTATION_KEY, "a point of P-256", "a point of P-256");
      checks.that(
          BODY_SIGNATURE,
          EcKeys.P256.verify(key, quote.signed().toArray(), quote.signature().toArray()),
          "a signature of the attestation key",
          quote.signature().hex());
    } catch (Unreadable e) {
      checks.fail(ATTESTATION_KEY, "a point of P-256", e);
    }
    MessageDigest sha256 = sha256();
    sha256.update(attestationKey);
    sha256.update(quote.qeAuthentication().toBuffer());
    checks.equal(
        QE_REPORT_DATA,
        Arrays.copyOf(sha256.digest(), REPORT_DATA_LENGTH),
        quote.qeReport().reportData().toArray());
  }

  private static String describe(List<String> names, String otherwise) {
    return names.isEmpty() ? otherwise : String.join(", ", names);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256", "SUN");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
