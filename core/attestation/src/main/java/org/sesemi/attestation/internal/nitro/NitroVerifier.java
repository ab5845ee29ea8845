package org.sesemi.attestation.internal.nitro;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.attestation.internal.cose.CborItem;
import org.sesemi.attestation.internal.cose.CoseSign1;
import org.sesemi.wire.Bytes;

/**
 * Judges {@code document.cbor} of AWS Nitro Enclaves, and with it {@code tls_certificate.der},
 * whose key the document must bind, or {@code certificate.pem}, which moreover must carry that very
 * document in an alternative name.
 *
 * <p>Source: AWS Nitro Enclaves NSM API, attestation process, sections 2.2 and 3. AWS publishes no
 * revocation list for these certificates, whose leaves live for three hours.
 */
public final class NitroVerifier implements PlatformVerifier {

  /** How far the clock that stamped a document may be ahead of the relying party's. */
  static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

  private static final String DOCUMENT = "document.cbor";
  private static final String BOUND = "tls_certificate.der";
  private static final String CARRIER = "certificate.pem";
  private static final String WHAT = "the document";
  private static final int DIGITAL_SIGNATURE = 0;

  private static final Chain.Profile PROFILE =
      new Chain.Profile(Set.of("SHA384withECDSA"), NitroDocument.MAX_BUNDLE + 1);

  /** Makes a verifier. */
  public NitroVerifier() {}

  @Override
  public PlatformKind platform() {
    return PlatformKind.NITRO;
  }

  @Override
  public boolean recognises(Documents documents) {
    return documents.get(DOCUMENT).isPresent();
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Checks<NitroStep> checks = new Checks<>("nitro evidence", NitroStep.class);
    skipWhatDoesNotApply(documents, expectation, checks);
    message(documents, checks)
        .flatMap(message -> document(message, checks))
        .ifPresent(signed -> judge(signed, documents, expectation, anchors, checks));
    return checks.judge(platform());
  }

  private record SignedDocument(CoseSign1 message, NitroDocument document) {}

  private static void skipWhatDoesNotApply(
      Documents documents, Expectation expectation, Checks<NitroStep> checks) {
    if (expectation.nonce().isEmpty()) {
      checks.skip(NitroStep.NONCE);
    }
    boolean carrier = documents.get(CARRIER).isPresent();
    if (!carrier) {
      checks.skip(NitroStep.CARRIED_DOCUMENT);
    }
    if (!carrier && documents.get(BOUND).isEmpty()) {
      checks.skip(NitroStep.WEB_CERTIFICATE);
      checks.skip(NitroStep.WEB_CERTIFICATE_CHAIN);
      checks.skip(NitroStep.WEB_CERTIFICATE_DATES);
      checks.skip(NitroStep.WEB_KEY);
    }
  }

  private static Optional<CoseSign1> message(Documents documents, Checks<NitroStep> checks) {
    String expected = "COSE_Sign1 in strict CBOR";
    Optional<Bytes> bytes = documents.get(DOCUMENT);
    if (bytes.isEmpty()) {
      checks.unverified(NitroStep.DOCUMENT_FORMAT, expected, "no " + DOCUMENT + " was supplied");
      return Optional.empty();
    }
    try {
      CoseSign1 message = CoseSign1.read(CborItem.parse(bytes.get().toArray(), WHAT), WHAT);
      checks.pass(NitroStep.DOCUMENT_FORMAT, expected, bytes.get().length() + " bytes");
      return Optional.of(message);
    } catch (Unreadable e) {
      checks.fail(NitroStep.DOCUMENT_FORMAT, expected, e);
      return Optional.empty();
    }
  }

  private static Optional<SignedDocument> document(CoseSign1 message, Checks<NitroStep> checks) {
    checks.that(
        NitroStep.ALGORITHM,
        message.isEs384(),
        "the protected header {1: -35}, which is ES384",
        message.isEs384() ? "ES384" : "another header");
    checks.that(
        NitroStep.UNPROTECTED_HEADER,
        message.unprotectedCount() == 0,
        "empty",
        message.unprotectedCount() + " fields");
    checks.that(
        NitroStep.PAYLOAD_SIZE,
        message.payload().length() <= NitroDocument.MAX_PAYLOAD,
        "at most " + NitroDocument.MAX_PAYLOAD + " bytes",
        message.payload().length() + " bytes");
    String expected = "an attestation document";
    try {
      NitroDocument document = NitroDocument.parse(message.payload().toArray());
      checks.pass(NitroStep.PAYLOAD_FORMAT, expected, expected);
      return Optional.of(new SignedDocument(message, document));
    } catch (Unreadable e) {
      checks.fail(NitroStep.PAYLOAD_FORMAT, expected, e);
      return Optional.empty();
    }
  }

  private static void judge(
      SignedDocument signed,
      Documents documents,
      Expectation expectation,
      Anchors anchors,
      Checks<NitroStep> checks) {
    NitroDocument document = signed.document();
    document.addTo(checks.claims());
    fields(document, checks);
    expectation.nonce().ifPresent(nonce -> nonce(document, nonce, checks));
    webCertificates(documents, document, expectation.at(), checks);
    if (document.hasGoodCertificateSizes()) {
      certificates(signed, expectation.at(), anchors.of(Anchors.Vendor.AWS), checks);
    }
  }

  private static void fields(NitroDocument document, Checks<NitroStep> checks) {
    checks.that(
        NitroStep.MODULE_ID, !document.moduleId().isEmpty(), "not empty", document.moduleId());
    checks.that(NitroStep.DIGEST, document.digest().equals("SHA384"), "SHA384", document.digest());
    checks.that(
        NitroStep.TIMESTAMP,
        document.timestamp() > 0,
        "more than 0",
        Long.toString(document.timestamp()));
    checks.that(
        NitroStep.PCRS,
        document.hasGoodPcrs(),
        "1 to 32 registers with indexes below 32, of 32, 48 or 64 bytes",
        document.pcrs().size() + " registers");
    checks.that(
        NitroStep.CERTIFICATE_SIZES,
        document.hasGoodCertificateSizes(),
        "1 to 8 certificates in the bundle, each of 1 to 1024 bytes",
        document.cabundle().size() + " certificates in the bundle");
    checks.that(
        NitroStep.USER_FIELDS,
        document.hasGoodUserFields(),
        "a public key of 1 to 1024 bytes, user data and nonce of at most 1024, where they are",
        sizes(document));
  }

  private static String sizes(NitroDocument document) {
    return "public key "
        + size(document.publicKey())
        + ", user data "
        + size(document.userData())
        + ", nonce "
        + size(document.nonce());
  }

  private static String size(Optional<Bytes> field) {
    return field.map(bytes -> Integer.toString(bytes.length())).orElse("absent");
  }

  private static void nonce(NitroDocument document, Bytes nonce, Checks<NitroStep> checks) {
    checks.equal(
        NitroStep.NONCE, nonce.toArray(), document.nonce().orElse(Bytes.empty()).toArray());
  }

  private static void certificates(
      SignedDocument signed, Instant at, Anchors.Set anchors, Checks<NitroStep> checks) {
    NitroDocument document = signed.document();
    X509Certificate leaf;
    List<X509Certificate> bundle = new ArrayList<>();
    String expected = "X.509 certificates in DER";
    try {
      leaf = X509.read(document.certificate().toArray(), "certificate");
      for (Bytes each : document.cabundle()) {
        bundle.add(X509.read(each.toArray(), "a certificate of cabundle"));
      }
      checks.pass(NitroStep.CERTIFICATES, expected, bundle.size() + 1 + " certificates");
    } catch (Unreadable e) {
      checks.fail(NitroStep.CERTIFICATES, expected, e);
      return;
    }
    X509Certificate first = bundle.getFirst();
    checks.that(
        NitroStep.ROOT,
        anchors.pins(first) && X509.isSelfSigned(first),
        "a pinned root",
        Chain.name(first));
    boolean ordered = isOrdered(bundle, leaf);
    checks.that(
        NitroStep.BUNDLE_ORDER,
        ordered,
        "each certificate issued by the one before",
        ordered ? "in order" : "in another order");
    Chain chain = Chain.build(leaf, bundle, anchors, PROFILE);
    boolean whole = chain.problem().isEmpty() && chain.path().size() == bundle.size() + 1;
    checks.that(
        NitroStep.CHAIN,
        whole,
        "leaf and bundle are one chain to the pinned root",
        chain.problem().orElse("a chain of " + chain.path().size()));
    boolean[] usage = leaf.getKeyUsage();
    boolean signs = usage != null && usage[DIGITAL_SIGNATURE];
    checks.that(
        NitroStep.LEAF,
        signs && leaf.getBasicConstraints() < 0 && EcKeys.P384.owns(leaf.getPublicKey()),
        "a key of P-384 for digital signatures, not a CA",
        Chain.name(leaf));
    Optional<String> dates = chain.dateProblem(at);
    checks.that(
        NitroStep.CERTIFICATE_DATES,
        dates.isEmpty(),
        "valid at " + at,
        dates.orElse("valid until " + chain.notAfter()));
    checks.validUntil(chain.notAfter());
    boolean authentic = signed.message().isSignedBy(leaf.getPublicKey());
    checks.that(
        NitroStep.DOCUMENT_SIGNATURE,
        authentic,
        "ES384 by the key of the leaf",
        authentic ? "by the key of the leaf" : "another or no valid signature");
    documentTime(document, at, chain, checks);
  }

  private static boolean isOrdered(List<X509Certificate> bundle, X509Certificate leaf) {
    List<X509Certificate> all = new ArrayList<>(bundle);
    all.add(leaf);
    for (int i = 1; i < all.size(); i++) {
      if (!all.get(i).getIssuerX500Principal().equals(all.get(i - 1).getSubjectX500Principal())) {
        return false;
      }
    }
    return true;
  }

  /** The age of a document is a matter of policy; it is bounded by the life of its leaf. */
  private static void documentTime(
      NitroDocument document, Instant at, Chain chain, Checks<NitroStep> checks) {
    Instant time = Instant.ofEpochMilli(document.timestamp());
    checks.that(
        NitroStep.DOCUMENT_TIME,
        chain.dateProblem(time).isEmpty() && !time.minus(CLOCK_SKEW).isAfter(at),
        "within the validity of every certificate, at most "
            + CLOCK_SKEW.toMinutes()
            + " minutes after "
            + at,
        time.toString());
  }

  private static void webCertificates(
      Documents documents, NitroDocument document, Instant at, Checks<NitroStep> checks) {
    String expected = "an X.509 certificate";
    try {
      Optional<WebCertificate> bound =
          documents.get(BOUND).map(der -> WebCertificate.readDer(der.toArray()));
      Optional<WebCertificate> carrier =
          documents.get(CARRIER).map(pem -> WebCertificate.readPem(pem.toArray()));
      Optional<List<String>> carried = carrier.map(WebCertificate::carried);
      bound.ifPresent(certificate -> webCertificate(certificate, document, at, checks));
      carrier.ifPresent(certificate -> webCertificate(certificate, document, at, checks));
      carried.ifPresent(labels -> carried(labels, documents, checks));
    } catch (Unreadable e) {
      checks.fail(NitroStep.WEB_CERTIFICATE, expected, e);
    }
  }

  private static void webCertificate(
      WebCertificate certificate, NitroDocument document, Instant at, Checks<NitroStep> checks) {
    checks.pass(
        NitroStep.WEB_CERTIFICATE, "an X.509 certificate", Chain.name(certificate.certificate()));
    Chain chain = certificate.chain();
    checks.that(
        NitroStep.WEB_CERTIFICATE_CHAIN,
        chain.problem().isEmpty(),
        "each certificate issued by the next one",
        chain.problem().orElse(chain.path().size() + " certificates"));
    Optional<String> dates = chain.dateProblem(at);
    checks.that(
        NitroStep.WEB_CERTIFICATE_DATES, dates.isEmpty(), "valid at " + at, dates.orElse("valid"));
    checks.validUntil(chain.notAfter());
    Bytes key = certificate.key();
    boolean bound =
        document.userData().filter(key::equals).isPresent()
            || document.publicKey().filter(key::equals).isPresent();
    checks.that(
        NitroStep.WEB_KEY,
        bound,
        "user data or public key is " + key.hex(),
        bound ? "bound" : "neither");
  }

  private static void carried(List<String> labels, Documents documents, Checks<NitroStep> checks) {
    boolean same =
        labels.equals(documents.get(DOCUMENT).map(Bytes::hex).map(List::of).orElse(List.of()));
    checks.that(
        NitroStep.CARRIED_DOCUMENT,
        same,
        "exactly the supplied document in one alternative name",
        same ? "the supplied document" : labels.size() + " documents, not the one supplied");
  }
}
