package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.FMSPC;
import static org.sesemi.attestation.internal.intel.IntelStep.PCE_ID;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_IDENTITY_DATES;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_IDENTITY_FORM;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_IDENTITY_SIGNATURE;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_INFO_DATES;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_INFO_FORM;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_INFO_SIGNATURE;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_SIGNING_CHAIN;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_SIGNING_DATES;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/** The checks of the signed documents that Intel publishes about platforms. */
final class CollateralChecks {

  /** The TCB info, signed answer. */
  static final String TCB_INFO_FILE = "tcb_info.json";

  /** The QE identity, signed answer. */
  static final String QE_IDENTITY_FILE = "qe_identity.json";

  /** The chain of the key that signs both. */
  static final String SIGNING_CHAIN_FILE = "tcb_signing_chain.pem";

  private static final String SIGNER_NAME = "Intel SGX TCB Signing";
  private static final int CHAIN_LENGTH = 2;

  private final Checks<IntelStep> checks;
  private final Documents documents;
  private final Instant at;
  private final boolean tdx;

  CollateralChecks(Checks<IntelStep> checks, Documents documents, Instant at, boolean tdx) {
    this.checks = checks;
    this.documents = documents;
    this.at = at;
    this.tdx = tdx;
  }

  /** Builds the path from the signer to the root that certified the platform as well. */
  Optional<Certificates> signer(Anchors.Set anchors, Optional<X509Certificate> platformRoot) {
    Optional<Bytes> file = documents.get(SIGNING_CHAIN_FILE);
    String due = "a chain from " + SIGNER_NAME + " to the root of the platform";
    if (file.isEmpty()) {
      checks.unverified(TCB_SIGNING_CHAIN, due, "no " + SIGNING_CHAIN_FILE + " was supplied");
      return Optional.empty();
    }
    try {
      List<X509Certificate> supplied = X509.readPem(file.get().toArray(), SIGNING_CHAIN_FILE);
      List<X509Certificate> signers =
          supplied.stream()
              .filter(each -> Certificates.commonName(each).filter(SIGNER_NAME::equals).isPresent())
              .toList();
      if (signers.size() != 1) {
        checks.fail(TCB_SIGNING_CHAIN, due, signers.size() + " certificates of " + SIGNER_NAME);
        return Optional.empty();
      }
      Certificates chain = Certificates.from(signers.getFirst(), supplied, anchors, CHAIN_LENGTH);
      Optional<String> problem = chain.problem().or(() -> otherRoot(chain, platformRoot));
      checks.that(TCB_SIGNING_CHAIN, problem.isEmpty(), due, problem.orElse("such a chain"));
      Optional<String> dates = chain.dateProblem(at);
      checks.that(TCB_SIGNING_DATES, dates.isEmpty(), "valid at " + at, dates.orElse("valid"));
      checks.validUntil(chain.notAfter());
      return problem.isEmpty() ? Optional.of(chain) : Optional.empty();
    } catch (Unreadable e) {
      checks.fail(TCB_SIGNING_CHAIN, due, e);
      return Optional.empty();
    }
  }

  private static Optional<String> otherRoot(
      Certificates chain, Optional<X509Certificate> platformRoot) {
    boolean other =
        platformRoot.filter(root -> !sameKey(root, chain.chain().path().getLast())).isPresent();
    return other ? Optional.of("a chain to another root") : Optional.empty();
  }

  private static boolean sameKey(X509Certificate one, X509Certificate other) {
    return Arrays.equals(one.getPublicKey().getEncoded(), other.getPublicKey().getEncoded());
  }

  /** Reads the TCB info if it is signed, and judges its dates and whose it is. */
  Optional<TcbInfo> tcbInfo(Optional<Certificates> signer, Optional<PckExtension> pck) {
    Optional<TcbInfo> info =
        signed(TCB_INFO_FILE, "tcbInfo", TCB_INFO_SIGNATURE, signer)
            .flatMap(json -> read(TCB_INFO_FORM, json, TcbInfo::parse));
    info.ifPresent(
        read -> {
          checks.claims().put("tcbEvaluationDataNumber", read.evaluationNumber());
          dates(TCB_INFO_DATES, read.issued(), read.nextUpdate());
        });
    return info.filter(read -> pck.isPresent() && isAbout(read, pck.get()));
  }

  private boolean isAbout(TcbInfo info, PckExtension pck) {
    boolean family = checks.equal(FMSPC, pck.fmspc().toArray(), info.fmspc().toArray());
    boolean enclave = checks.equal(PCE_ID, pck.pceId().toArray(), info.pceId().toArray());
    return family && enclave;
  }

  /** Reads the QE identity if it is signed, and judges its dates. */
  Optional<QeIdentity> qeIdentity(Optional<Certificates> signer) {
    Optional<QeIdentity> identity =
        signed(QE_IDENTITY_FILE, "enclaveIdentity", QE_IDENTITY_SIGNATURE, signer)
            .flatMap(json -> read(QE_IDENTITY_FORM, json, QeIdentity::parse));
    identity.ifPresent(
        read -> {
          checks.claims().put("qeEvaluationDataNumber", read.evaluationNumber());
          dates(QE_IDENTITY_DATES, read.issued(), read.nextUpdate());
        });
    return identity;
  }

  private Optional<SignedJson> signed(
      String file, String name, IntelStep step, Optional<Certificates> signer) {
    String due = "a signature of " + SIGNER_NAME;
    Optional<Bytes> document = documents.get(file);
    if (document.isEmpty()) {
      checks.unverified(step, due, "no " + file + " was supplied");
      return Optional.empty();
    }
    try {
      SignedJson json = SignedJson.parse(document.get(), name);
      if (signer.isEmpty()) {
        checks.unverified(step, due, "there is no signer to verify it with");
        return Optional.empty();
      }
      X509Certificate certificate = signer.get().chain().path().getFirst();
      boolean right =
          checks.that(
              step, json.isSignedBy(certificate.getPublicKey()), due, json.signature().hex());
      return right ? Optional.of(json) : Optional.empty();
    } catch (Unreadable e) {
      checks.fail(step, due, e);
      return Optional.empty();
    }
  }

  /** Reads one kind of signed document. */
  private interface Reader<T> {
    T read(SignedJson json, boolean tdx);
  }

  private <T> Optional<T> read(IntelStep step, SignedJson json, Reader<T> reader) {
    String due = (tdx ? "for TDX" : "for SGX") + ", of the version that is read";
    try {
      T document = reader.read(json, tdx);
      checks.pass(step, due, due);
      return Optional.of(document);
    } catch (Unreadable e) {
      checks.fail(step, due, e);
      return Optional.empty();
    }
  }

  private void dates(IntelStep step, Instant from, Instant to) {
    checks.that(
        step, !at.isBefore(from) && !at.isAfter(to), "from " + from + " to " + to, at.toString());
    checks.validUntil(to);
  }
}
