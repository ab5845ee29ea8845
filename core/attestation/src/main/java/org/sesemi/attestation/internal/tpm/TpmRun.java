package org.sesemi.attestation.internal.tpm;

import java.security.PublicKey;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** One verification of a quote. Not thread-safe. */
final class TpmRun {

  private static final long REQUIRED =
      TpmtPublic.FIXED_TPM
          | TpmtPublic.FIXED_PARENT
          | TpmtPublic.SENSITIVE_DATA_ORIGIN
          | TpmtPublic.RESTRICTED
          | TpmtPublic.SIGN;
  private static final long DEFINED = 0x0007_0cf6L;
  private static final long FORBIDDEN =
      TpmtPublic.DECRYPT | TpmtPublic.ENCRYPTED_DUPLICATION | ~DEFINED;
  private static final int MAX_PUBLIC = 1024;

  private final Documents documents;
  private final Expectation expectation;
  private final Anchors.Set anchors;
  private final Optional<Activation> activation;
  private final Checks<TpmStep> checks = new Checks<>("tpm evidence", TpmStep.class);

  TpmRun(
      Documents documents,
      Expectation expectation,
      Anchors anchors,
      Optional<Activation> activation) {
    this.documents = documents;
    this.expectation = expectation;
    this.anchors = anchors.of(Anchors.Vendor.TPM);
    this.activation = activation;
  }

  Judgement judge() {
    try {
      QuoteDocuments evidence = QuoteDocuments.read(documents);
      checks.pass(TpmStep.DOCUMENTS, "a quote", "a quote");
      skipWhatIsNotAsked();
      Optional<EkCertificate> ek = endorsement(evidence);
      Optional<TpmsAttest> attest = evidence.message().flatMap(this::quote);
      Optional<TpmtPublic> area = area(evidence);
      area.ifPresent(this::attestationKey);
      Optional<PublicKey> key = key(evidence, area);
      Optional<TpmHash> hash = signature(evidence, area, key);
      if (attest.isPresent()) {
        area.ifPresent(known -> qualifiedName(attest.get(), known, ek));
        nonce(attest.get());
        registers(attest.get(), evidence, hash);
      }
      residence(area, key, ek);
    } catch (Unreadable e) {
      checks.fail(TpmStep.DOCUMENTS, "a quote and what belongs to it", e);
    }
    return checks.judge(PlatformKind.TPM);
  }

  private Optional<TpmsAttest> quote(Bytes message) {
    try {
      long magic = TpmsAttest.magicOf(message.toArray());
      int type = TpmsAttest.typeOf(message.toArray());
      boolean right =
          checks.that(TpmStep.MAGIC, magic == TpmsAttest.MAGIC, hex(TpmsAttest.MAGIC), hex(magic));
      right &=
          checks.that(TpmStep.TYPE, type == TpmsAttest.QUOTE, hex(TpmsAttest.QUOTE), hex(type));
      if (!right) {
        return Optional.empty();
      }
      TpmsAttest attest = TpmsAttest.parse(message.toArray());
      checks.pass(TpmStep.QUOTE, "a quote that ends where it says", "one");
      PcrQuote.claim(attest, checks.claims());
      return Optional.of(attest);
    } catch (Unreadable e) {
      checks.fail(TpmStep.QUOTE, "a quote that ends where it says", e);
      return Optional.empty();
    }
  }

  private Optional<TpmtPublic> area(QuoteDocuments evidence) {
    if (evidence.akArea().isEmpty()) {
      checks.unverified(
          TpmStep.AK_PUBLIC, "the public area", "no " + QuoteDocuments.AK_PUBLIC + " was supplied");
      return Optional.empty();
    }
    try {
      TpmtPublic area = TpmtPublic.parse(evidence.akArea().get().toArray());
      checks.pass(TpmStep.AK_PUBLIC, "a public area", TpmAlg.name(area.type()));
      checks
          .claims()
          .put("akAttributes", Bytes.of(new TpmWriter().u32(area.attributes()).toArray()));
      TpmHash.find(area.nameAlg()).ifPresent(_ -> checks.claims().put("akName", area.name()));
      return Optional.of(area);
    } catch (Unreadable e) {
      checks.fail(TpmStep.AK_PUBLIC, "a public area", e);
      return Optional.empty();
    }
  }

  private void attestationKey(TpmtPublic area) {
    boolean attributes = area.has(REQUIRED) && (area.attributes() & FORBIDDEN) == 0;
    checks.that(
        TpmStep.AK_ATTRIBUTES,
        attributes,
        "fixedTPM, fixedParent, sensitiveDataOrigin, restricted, sign; no decrypt, nothing reserved",
        hex(area.attributes()));
    checks.that(
        TpmStep.AK_NAME,
        isStrong(area.nameAlg()),
        "SHA-256, SHA-384 or SHA-512",
        TpmAlg.name(area.nameAlg()));
    checks.that(
        TpmStep.AK_SCHEME,
        isFixed(area),
        "one of RSASSA, RSAPSS, ECDSA, with SHA-256 or stronger, and no cipher",
        scheme(area.scheme(), area.schemeHash()));
  }

  private static boolean isFixed(TpmtPublic area) {
    if (area.symmetric() != TpmAlg.NULL || !isStrong(area.schemeHash())) {
      return false;
    }
    return switch (area.scheme()) {
      case TpmAlg.RSASSA, TpmAlg.RSAPSS -> area.type() == TpmAlg.RSA;
      // The JDK pairs each curve with one hash algorithm, and so do the keys in use.
      case TpmAlg.ECDSA ->
          area.type() == TpmAlg.ECC
              && (area.size() != TpmAlg.P256 || area.schemeHash() == TpmHash.SHA256.id())
              && (area.size() != TpmAlg.P384 || area.schemeHash() == TpmHash.SHA384.id());
      default -> false;
    };
  }

  private static boolean isStrong(int hash) {
    return TpmHash.find(hash).filter(TpmHash::isStrong).isPresent();
  }

  private Optional<PublicKey> key(QuoteDocuments evidence, Optional<TpmtPublic> area) {
    try {
      Optional<PublicKey> ofArea = area.map(TpmtPublic::key);
      Optional<PublicKey> given =
          evidence.akKey().map(der -> AkKeys.read(der.toArray(), "the attestation key"));
      if (area.isPresent() && given.isPresent()) {
        checks.equal(
            TpmStep.AK_FORMS,
            ofArea.orElseThrow().getEncoded(),
            evidence.akKey().orElseThrow().toArray());
      } else {
        checks.skip(TpmStep.AK_FORMS);
      }
      Optional<PublicKey> key = ofArea.or(() -> given);
      if (key.isPresent()) {
        checks.pass(
            TpmStep.AK_KEY, "RSA of 2048 bits or more, P-256 or P-384", key.get().getAlgorithm());
      } else if (evidence.akArea().isEmpty()) {
        checks.unverified(TpmStep.AK_KEY, "the attestation key", "no key was supplied");
      }
      return key;
    } catch (Unreadable e) {
      checks.skip(TpmStep.AK_FORMS);
      checks.fail(TpmStep.AK_KEY, "RSA of 2048 bits or more, P-256 or P-384", e);
      return Optional.empty();
    }
  }

  private Optional<TpmHash> signature(
      QuoteDocuments evidence, Optional<TpmtPublic> area, Optional<PublicKey> key) {
    if (evidence.message().isEmpty() || evidence.signature().isEmpty()) {
      String what = evidence.message().isEmpty() ? "quote" : "signature";
      checks.unverified(TpmStep.SIGNATURE, "a signed quote", "no " + what + " was supplied");
      return Optional.empty();
    }
    try {
      TpmtSignature signature = form(evidence.signature().get(), area);
      String got = scheme(signature.scheme(), signature.hash());
      boolean allowed =
          isStrong(signature.hash())
              && area.map(
                      known ->
                          known.scheme() == signature.scheme()
                              && known.schemeHash() == signature.hash())
                  .orElse(true);
      String expected =
          area.filter(known -> isStrong(known.schemeHash()))
              .map(known -> scheme(known.scheme(), known.schemeHash()))
              .orElse("a scheme with SHA-256 or stronger");
      if (!checks.that(TpmStep.SIGNATURE_ALGORITHM, allowed, expected, got)) {
        return Optional.empty();
      }
      TpmHash hash = TpmHash.of(signature.hash(), "the signature");
      checks.claims().put("signatureScheme", text(signature, hash));
      if (key.isPresent()) {
        byte[] message = evidence.message().get().toArray();
        boolean good =
            TpmSignatures.verify(key.get(), signature.scheme(), hash, message, signature);
        checks.that(
            TpmStep.SIGNATURE, good, "a signature of the attestation key", good ? got : "another");
      }
      return Optional.of(hash);
    } catch (Unreadable e) {
      checks.fail(TpmStep.SIGNATURE_ALGORITHM, "a signature of a TPM", e);
      return Optional.empty();
    }
  }

  /** Some stacks hand out the bare RSA signature: fine where the key itself fixes the scheme. */
  private static TpmtSignature form(Bytes signature, Optional<TpmtPublic> area) {
    boolean bare =
        area.filter(known -> known.type() == TpmAlg.RSA && known.scheme() != TpmAlg.NULL)
            .filter(known -> signature.length() == known.first().length())
            .isPresent();
    return bare
        ? new TpmtSignature(
            area.orElseThrow().scheme(), area.orElseThrow().schemeHash(), signature, Bytes.empty())
        : TpmtSignature.parse(signature.toArray());
  }

  private void qualifiedName(TpmsAttest attest, TpmtPublic area, Optional<EkCertificate> ek) {
    if (!isStrong(area.nameAlg())) {
      return;
    }
    Map<String, Bytes> possible = new TreeMap<>();
    try {
      AkParents.collect(area, ek, parent(), possible);
    } catch (Unreadable e) {
      checks.fail(TpmStep.AK_QUALIFIED_NAME, "a public area of the parent", e);
      return;
    }
    Optional<String> found =
        possible.entrySet().stream()
            .filter(entry -> entry.getValue().equals(attest.qualifiedSigner()))
            .map(Map.Entry::getKey)
            .findFirst();
    String got = attest.qualifiedSigner().hex();
    if (found.isPresent()) {
      checks.claims().put("akParent", found.get());
      checks.pass(TpmStep.AK_QUALIFIED_NAME, "the name below " + found.get(), got);
    } else if (activation.filter(known -> known.akName().equals(area.name())).isPresent()) {
      checks.pass(TpmStep.AK_QUALIFIED_NAME, "the name that was activated", area.name().hex());
    } else if (documents.get(QuoteDocuments.AK_PARENT).isPresent()) {
      checks.fail(TpmStep.AK_QUALIFIED_NAME, "the name below the supplied parent", got);
    } else {
      checks.unverified(
          TpmStep.AK_QUALIFIED_NAME,
          "the name below a known parent",
          "its parent is neither the certified endorsement key nor a hierarchy, and no "
              + QuoteDocuments.AK_PARENT
              + " was supplied");
    }
  }

  private Optional<TpmtPublic> parent() {
    return documents
        .get(QuoteDocuments.AK_PARENT)
        .map(bytes -> Tpm2b.only(bytes.toArray(), MAX_PUBLIC, QuoteDocuments.AK_PARENT))
        .map(bytes -> TpmtPublic.parse(bytes.toArray()));
  }

  private void nonce(TpmsAttest attest) {
    expectation
        .nonce()
        .ifPresent(
            nonce -> checks.equal(TpmStep.NONCE, nonce.toArray(), attest.extraData().toArray()));
  }

  private void registers(TpmsAttest attest, QuoteDocuments evidence, Optional<TpmHash> hash) {
    Optional<String> bank = PcrQuote.bankProblem(attest);
    if (!checks.that(
        TpmStep.PCR_BANK,
        bank.isEmpty(),
        "registers of the bank SHA-256 and no other",
        bank.orElse(TpmHash.SHA256.text()))) {
      return;
    }
    if (evidence.pcrs().isEmpty()) {
      checks.unverified(TpmStep.PCR_SELECTION, PcrQuote.selection(attest), "no values supplied");
      return;
    }
    PcrQuote quote = new PcrQuote(attest, evidence.pcrs().get());
    Optional<String> values = quote.valuesProblem();
    if (!checks.that(
        TpmStep.PCR_SELECTION,
        values.isEmpty(),
        PcrQuote.selection(attest),
        values.orElse("a value for each"))) {
      return;
    }
    quote.claimValues(checks.claims());
    hash.ifPresent(
        known ->
            checks.equal(TpmStep.PCR_DIGEST, quote.digest(known), attest.pcrDigest().toArray()));
    eventLog(quote);
  }

  private void eventLog(PcrQuote quote) {
    Optional<Bytes> supplied = documents.get(QuoteDocuments.EVENT_LOG);
    if (supplied.isEmpty()) {
      return;
    }
    try {
      EventLog log = EventLog.replay(supplied.get().toArray());
      Optional<String> problem = EventLogRule.problem(log, quote.byRegister());
      checks.that(
          TpmStep.EVENT_LOG,
          problem.isEmpty(),
          "the quoted value of each firmware register and of each register in the log",
          problem.orElse(log.registers().size() + " registers by " + log.events() + " events"));
      checks.claims().put("eventLogEvents", log.events());
    } catch (Unreadable e) {
      checks.fail(TpmStep.EVENT_LOG, "a log of the crypto-agile form with SHA-256", e);
    }
  }

  /** What nobody asks for is not in the record, however far the verification comes. */
  private void skipWhatIsNotAsked() {
    if (documents.get(QuoteDocuments.EVENT_LOG).isEmpty()) {
      checks.skip(TpmStep.EVENT_LOG);
    }
    if (expectation.nonce().isEmpty()) {
      checks.skip(TpmStep.NONCE);
    }
  }

  private Optional<EkCertificate> endorsement(QuoteDocuments evidence) {
    return new EkChain(documents, expectation, anchors, checks).judge(evidence.ekCertificate());
  }

  private void residence(
      Optional<TpmtPublic> area, Optional<PublicKey> key, Optional<EkCertificate> ek) {
    if (activation.isEmpty()) {
      checks.skip(TpmStep.AK_RESIDENCE);
      boolean pinned = key.filter(anchors::pins).isPresent();
      checks.claims().put("akResidence", pinned ? "pinned by the relying party" : "not proven");
      return;
    }
    Activation shown = activation.get();
    boolean sameName =
        area.filter(known -> isStrong(known.nameAlg()))
            .filter(known -> known.name().equals(shown.akName()))
            .isPresent();
    boolean sameKey =
        ek.map(known -> Bytes.of(known.certificate().getPublicKey().getEncoded()))
            .filter(shown.endorsementKey()::equals)
            .isPresent();
    checks.that(
        TpmStep.AK_RESIDENCE,
        sameName && sameKey,
        "the keys whose challenge was answered",
        sameName ? (sameKey ? "the same" : "another endorsement key") : "another attestation key");
    checks.claims().put("akResidence", sameName && sameKey ? "credential-activated" : "not proven");
  }

  private static String scheme(int scheme, int hash) {
    return TpmAlg.name(scheme) + " " + TpmAlg.name(hash);
  }

  private static String text(TpmtSignature signature, TpmHash hash) {
    return signature.scheme() == TpmAlg.ECDSA
        ? "ECDSA " + (hash == TpmHash.SHA384 ? "P-384 " : "P-256 ") + hash.text()
        : scheme(signature.scheme(), signature.hash());
  }

  private static String hex(long value) {
    return String.format(Locale.ROOT, "0x%08x", value);
  }
}
