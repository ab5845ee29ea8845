package org.sesemi.attestation.internal.intel;

import static org.sesemi.attestation.internal.intel.IntelStep.CERTIFICATION_DATA;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CA;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CERTIFICATE;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CHAIN;
import static org.sesemi.attestation.internal.intel.IntelStep.PCK_CHAIN_DATES;
import static org.sesemi.attestation.internal.intel.IntelStep.QE_SIGNATURE;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/** The checks from the quoting enclave's report to the pinned root. */
final class PckChecks {

  /** The certificates of a platform whose quote brings none, or only the first one. */
  static final String CHAIN_FILE = "pck_chain.pem";

  private static final String LEAF_NAME = "Intel SGX PCK Certificate";
  private static final String PROCESSOR_CA = "Intel SGX PCK Processor CA";
  private static final String PLATFORM_CA = "Intel SGX PCK Platform CA";
  private static final int CHAIN_LENGTH = 3;

  /**
   * The PCK certificate.
   *
   * @param leaf the certificate
   * @param extension what it says of the platform
   * @param supplied it and the others that came with it
   */
  record Pck(X509Certificate leaf, PckExtension extension, List<X509Certificate> supplied) {
    Pck {
      supplied = List.copyOf(supplied);
    }
  }

  private final Checks<IntelStep> checks;

  PckChecks(Checks<IntelStep> checks) {
    this.checks = checks;
  }

  /** Finds the PCK certificate and judges what it signed. */
  Optional<Pck> certificate(Quote quote, Optional<Bytes> file) {
    Optional<Pck> pck = supplied(quote, file).flatMap(this::leaf);
    pck.ifPresent(
        found ->
            checks.that(
                QE_SIGNATURE,
                EcKeys.P256.verify(
                    found.leaf().getPublicKey(),
                    quote.qeReportBytes().toArray(),
                    quote.qeSignature().toArray()),
                "a signature of the PCK",
                quote.qeSignature().hex()));
    return pck;
  }

  private Optional<List<X509Certificate>> supplied(Quote quote, Optional<Bytes> file) {
    CertificationData data = quote.certification();
    CertificationData.Type type = data.type();
    String shown = type.number() + " (" + type.text() + ")";
    checks.claims().put("certificationDataType", type.number());
    try {
      List<X509Certificate> certificates = new ArrayList<>();
      if (data.holdsCertificates()) {
        certificates.addAll(X509.readPem(data.content().toArray(), "the certification data"));
      }
      if (type == CertificationData.Type.PCK_LEAF && certificates.size() != 1) {
        throw new Unreadable("certification data of type 4 has more than one certificate");
      }
      if (type != CertificationData.Type.PCK_CHAIN && file.isPresent()) {
        certificates.addAll(X509.readPem(file.get().toArray(), CHAIN_FILE));
      }
      if (certificates.isEmpty()) {
        checks.unverified(
            CERTIFICATION_DATA,
            "a PCK certificate chain",
            "the quote has certification data of type "
                + shown
                + ", and no "
                + CHAIN_FILE
                + " was supplied");
        return Optional.empty();
      }
      checks.pass(CERTIFICATION_DATA, "certificates", "type " + shown);
      return Optional.of(certificates);
    } catch (Unreadable e) {
      checks.fail(CERTIFICATION_DATA, "certificates in PEM", e);
      return Optional.empty();
    }
  }

  private Optional<Pck> leaf(List<X509Certificate> certificates) {
    List<X509Certificate> leaves =
        certificates.stream()
            .filter(certificate -> certificate.getExtensionValue(PckExtension.OID) != null)
            .toList();
    if (leaves.size() != 1) {
      checks.fail(
          PCK_CERTIFICATE,
          "one certificate with the SGX extension",
          leaves.size() + " among " + certificates.size());
      return Optional.empty();
    }
    X509Certificate leaf = leaves.getFirst();
    String name = Certificates.commonName(leaf).orElse("none");
    try {
      PckExtension extension = PckExtension.of(leaf);
      extension.claim(checks.claims());
      checks.that(PCK_CERTIFICATE, name.equals(LEAF_NAME), LEAF_NAME, name);
      return Optional.of(new Pck(leaf, extension, certificates));
    } catch (Unreadable e) {
      checks.fail(PCK_CERTIFICATE, "the SGX extension", e);
      return Optional.empty();
    }
  }

  /** Builds the path to the pinned root. */
  Optional<Certificates> chain(Quote quote, Pck pck, Anchors.Set anchors, Instant at) {
    Certificates chain = Certificates.from(pck.leaf(), pck.supplied(), anchors, CHAIN_LENGTH);
    String due = "a chain from the PCK certificate over a PCK CA to a pinned root";
    if (quote.certification().type() == CertificationData.Type.PCK_LEAF
        && pck.supplied().size() == 1
        && chain.chain().path().size() == 1) {
      checks.unverified(PCK_CHAIN, due, "no " + CHAIN_FILE + " was supplied");
      return Optional.empty();
    }
    Optional<String> problem = chain.problem();
    checks.that(PCK_CHAIN, problem.isEmpty(), due, problem.orElse("such a chain"));
    Optional<String> dates = chain.dateProblem(at);
    checks.that(PCK_CHAIN_DATES, dates.isEmpty(), "valid at " + at, dates.orElse("valid"));
    checks.validUntil(chain.notAfter());
    if (problem.isPresent()) {
      return Optional.empty();
    }
    String name = chain.chain().issuer().flatMap(Certificates::commonName).orElse("none");
    checks.claims().put("pckCa", name);
    boolean known = name.equals(PROCESSOR_CA) || name.equals(PLATFORM_CA);
    checks.that(PCK_CA, known, PROCESSOR_CA + " or " + PLATFORM_CA, name);
    return Optional.of(chain);
  }
}
