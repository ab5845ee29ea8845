package org.sesemi.attestation.internal.tpm;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/** The checks on the endorsement key's certificate and what stands behind it. Not thread-safe. */
final class EkChain {

  private static final int MAX_CHAIN = 6;
  private static final Chain.Profile PROFILE =
      new Chain.Profile(
          Set.of(
              "SHA256withRSA",
              "SHA384withRSA",
              "SHA512withRSA",
              "SHA256withECDSA",
              "SHA384withECDSA",
              "SHA512withECDSA"),
          MAX_CHAIN,
          // Manufacturer, model and version stand in a critical alternative name.
          Set.of("2.5.29.17"));
  private static final List<String> ISSUERS = List.of("ek_issuer.pem", "ek_root.pem");

  private final Documents documents;
  private final Expectation expectation;
  private final Anchors.Set anchors;
  private final Checks<TpmStep> checks;

  EkChain(
      Documents documents, Expectation expectation, Anchors.Set anchors, Checks<TpmStep> checks) {
    this.documents = documents;
    this.expectation = expectation;
    this.anchors = anchors;
    this.checks = checks;
  }

  /** Judges the certificate; returns it when it can be read. */
  Optional<EkCertificate> judge(Optional<Bytes> der) {
    if (der.isEmpty()) {
      checks.unverified(
          TpmStep.EK_CERTIFICATE,
          "a certificate of an endorsement key",
          "no " + QuoteDocuments.EK_CERTIFICATE + " was supplied");
      return Optional.empty();
    }
    EkCertificate ek;
    List<X509Certificate> supplied = new ArrayList<>();
    try {
      ek = EkCertificate.read(der.get().toArray());
      for (String name : ISSUERS) {
        documents.get(name).ifPresent(text -> supplied.addAll(X509.readPem(text.toArray(), name)));
      }
    } catch (Unreadable e) {
      checks.fail(TpmStep.EK_CERTIFICATE, "a certificate of an endorsement key", e);
      return Optional.empty();
    }
    Optional<String> problem = ek.problem();
    checks.that(
        TpmStep.EK_CERTIFICATE,
        problem.isEmpty(),
        "a certificate for an endorsement key that protects keys",
        problem.orElse(Chain.name(ek.certificate())));
    claim(ek);
    chain(ek.certificate(), supplied);
    return Optional.of(ek);
  }

  private void claim(EkCertificate ek) {
    ek.names()
        .forEach(
            (oid, text) -> {
              switch (oid) {
                case EkCertificate.MANUFACTURER -> checks.claims().put("tpmManufacturer", text);
                case EkCertificate.MODEL -> checks.claims().put("tpmModel", text);
                case EkCertificate.VERSION -> checks.claims().put("tpmVersion", text);
                default -> {
                  // Other names say nothing about the TPM.
                }
              }
            });
    checks
        .claims()
        .put("knownSoftwareTpm", ek.isKnownSoftware())
        .put("ekDigest", TpmHash.SHA256.digest(ek.certificate().getPublicKey().getEncoded()))
        .put("revocation", "no list supplied");
  }

  private void chain(X509Certificate leaf, List<X509Certificate> supplied) {
    Chain chain = Chain.build(leaf, supplied, anchors, PROFILE);
    if (anchors.roots().isEmpty()) {
      checks.unverified(
          TpmStep.EK_CHAIN,
          "a chain to a root of a TPM manufacturer",
          "no such root is pinned or was named");
    } else {
      Optional<String> problem = chain.problem().or(() -> stranger(chain, supplied));
      checks.that(
          TpmStep.EK_CHAIN,
          problem.isEmpty(),
          "a chain to a root that is believed, of exactly the supplied certificates",
          problem.orElseGet(() -> chain.root().map(Chain::name).orElse("")));
    }
    dates(chain, supplied);
  }

  /**
   * Every supplied certificate has to take part, so that nobody wonders what the others are for.
   */
  private Optional<String> stranger(Chain chain, List<X509Certificate> supplied) {
    return supplied.stream()
        .filter(each -> chain.path().stream().noneMatch(used -> Chain.same(used, each)))
        .filter(each -> !(anchors.pins(each) && X509.isSelfSigned(each)))
        .findFirst()
        .map(each -> Chain.name(each) + " is supplied but is not part of the chain");
  }

  private void dates(Chain chain, List<X509Certificate> supplied) {
    List<X509Certificate> all = new ArrayList<>(chain.path());
    all.addAll(supplied);
    Chain judged = new Chain(all, Optional.empty());
    Optional<String> problem = judged.dateProblem(expectation.at());
    checks.that(
        TpmStep.EK_DATES,
        problem.isEmpty(),
        "valid at " + expectation.at(),
        problem.orElse("all are"));
    checks.validUntil(judged.notAfter());
  }
}
