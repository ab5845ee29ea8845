package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CA_REVOCATION;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CRL;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CRL_DATES;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_REVOCATION;
import static org.sesemi.attestation.internal.intel.IntelStep.ROOT_CRL;
import static org.sesemi.attestation.internal.intel.IntelStep.ROOT_CRL_DATES;
import static org.sesemi.attestation.internal.intel.IntelStep.TCB_SIGNER_REVOCATION;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/** The checks of both revocation lists: that of the root, and that of the PCK CA. */
final class RevocationChecks {

  /** The list of the root. */
  static final String ROOT_CRL_FILE = "root_ca_crl.der";

  /** The list of the CA that issued the PCK certificate. */
  static final String PCK_CRL_FILE = "pck_crl.der";

  private final Checks<IntelStep> checks;
  private final Documents documents;
  private final Instant at;

  RevocationChecks(Checks<IntelStep> checks, Documents documents, Instant at) {
    this.checks = checks;
    this.documents = documents;
    this.at = at;
  }

  /** Judges the root's list and whom it names. */
  void root(Optional<Certificates> pck, Optional<Certificates> signer) {
    Optional<X509Certificate> root =
        pck.flatMap(chain -> chain.chain().root())
            .or(() -> signer.flatMap(chain -> chain.chain().root()));
    Optional<X509CRL> list = list(ROOT_CRL_FILE, ROOT_CRL, ROOT_CRL_DATES, root);
    list.ifPresent(
        crl -> {
          pck.flatMap(chain -> chain.chain().issuer())
              .ifPresent(ca -> notListed(PCK_CA_REVOCATION, crl, ca));
          signer
              .map(chain -> chain.chain().path().getFirst())
              .ifPresent(leaf -> notListed(TCB_SIGNER_REVOCATION, crl, leaf));
        });
  }

  /** Judges the list of the CA that issued the PCK certificate, and whether it is on it. */
  void pck(Optional<Certificates> pck) {
    Optional<X509Certificate> ca = pck.flatMap(chain -> chain.chain().issuer());
    list(PCK_CRL_FILE, PCK_CRL, PCK_CRL_DATES, ca)
        .ifPresent(
            crl ->
                pck.map(chain -> chain.chain().path().getFirst())
                    .ifPresent(leaf -> notListed(PCK_REVOCATION, crl, leaf)));
  }

  private Optional<X509CRL> list(
      String file, IntelStep step, IntelStep dateStep, Optional<X509Certificate> issuer) {
    Optional<Bytes> document = documents.get(file);
    if (document.isEmpty()) {
      checks.unverified(step, "a revocation list", "no " + file + " was supplied");
      return Optional.empty();
    }
    try {
      X509CRL crl = X509.readCrl(document.get().toArray(), file);
      if (issuer.isEmpty()) {
        checks.unverified(step, "a revocation list", "there is no issuer to verify it with");
        return Optional.empty();
      }
      Optional<String> dates = Chain.crlDateProblem(crl, at);
      checks.that(dateStep, dates.isEmpty(), "valid at " + at, dates.orElse("valid"));
      if (crl.getNextUpdate() != null) {
        checks.validUntil(crl.getNextUpdate().toInstant());
      }
      Optional<String> problem = Chain.crlProblem(crl, issuer.get());
      String due = "a list of " + Chain.name(issuer.get());
      checks.that(step, problem.isEmpty(), due, problem.orElse(due));
      return problem.isEmpty() ? Optional.of(crl) : Optional.empty();
    } catch (Unreadable e) {
      checks.fail(step, "a revocation list in DER", e);
      return Optional.empty();
    }
  }

  private void notListed(IntelStep step, X509CRL crl, X509Certificate certificate) {
    String serial = certificate.getSerialNumber().toString(16);
    boolean listed = crl.isRevoked(certificate);
    checks.that(
        step, !listed, "not on the list", listed ? "serial number " + serial + " is" : "not on it");
  }
}
