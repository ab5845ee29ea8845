package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Anchors.Vendor;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.PlatformVerifier;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * Judges reports of NVIDIA GPUs: {@code report.bin} and {@code cert_chain.pem}, or both in {@code
 * evidence.json}; {@code driver_rim.xml} and {@code vbios_rim.xml}; {@code ocsp_gpu_l2.b64} to
 * {@code l4}, about the certificates of the device from the root downwards.
 *
 * <p>Without both manifests the measurements mean nothing and the judgement is incomplete. Without
 * revocation responses nothing is said about revocation, and a claim says that.
 */
public final class NvidiaVerifier implements PlatformVerifier {

  private static final int DEVICE_CHAIN_LENGTH = 5;
  private static final Chain.Profile DEVICE =
      new Chain.Profile(Set.of("SHA384withECDSA"), DEVICE_CHAIN_LENGTH);
  private static final int TOP_LEVEL = 2;
  private static final int MAX_OCSP = 16 << 10;

  @Override
  public PlatformKind platform() {
    return PlatformKind.NVIDIA;
  }

  @Override
  public boolean recognises(Documents documents) {
    return ManifestChecks.recognises(documents)
        || documents.get("report.bin").filter(SpdmReport::recognises).isPresent()
        || documents.get("evidence.json").filter(DeviceEvidence::recognises).isPresent();
  }

  @Override
  public Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    Checks<NvidiaStep> checks = new Checks<>("nvidia evidence", NvidiaStep.class);
    SpdmReport report = device(checks, documents, expectation, anchors);
    new ManifestChecks(checks, expectation.at(), anchors).judge(documents, report);
    return checks.judge(PlatformKind.NVIDIA);
  }

  private static @Nullable SpdmReport device(
      Checks<NvidiaStep> checks, Documents documents, Expectation expectation, Anchors anchors) {
    DeviceEvidence evidence;
    SpdmReport report;
    try {
      Optional<DeviceEvidence> found = DeviceEvidence.of(documents);
      if (found.isEmpty()) {
        checks.unverified(
            NvidiaStep.REPORT_FORM, "a report with its chain", "no report was supplied");
        withoutReport(checks, documents, expectation);
        return null;
      }
      evidence = found.get();
      report = SpdmReport.parse(evidence.report().toArray());
      NvidiaClaims.put(checks.claims(), report, evidence);
    } catch (Unreadable e) {
      checks.fail(NvidiaStep.REPORT_FORM, "a report with its chain", e);
      withoutReport(checks, documents, expectation);
      return null;
    }
    checks.pass(
        NvidiaStep.REPORT_FORM,
        "a report with its chain",
        report.blocks().size() + " measurements");
    nonces(checks, evidence, report, expectation);
    Chain chain =
        Chain.build(evidence.leaf(), evidence.others(), anchors.of(Vendor.NVIDIA_DEVICE), DEVICE);
    chain(checks, chain, evidence, expectation.at());
    checks.that(
        NvidiaStep.REPORT_SIGNATURE,
        EcKeys.P384.verify(
            evidence.leaf().getPublicKey(),
            report.signed().toArray(),
            report.signature().toArray()),
        "a signature of the device",
        "a signature over " + report.signed().length() + " bytes");
    fwid(checks, report, evidence.leaf());
    revocation(checks, documents, chain, expectation.at());
    return report;
  }

  private static void withoutReport(
      Checks<NvidiaStep> checks, Documents documents, Expectation expectation) {
    checks.skip(NvidiaStep.DECLARED_NONCE);
    if (expectation.nonce().isEmpty()) {
      checks.skip(NvidiaStep.NONCE);
    }
    if (documents.names().stream().noneMatch(name -> name.startsWith("ocsp_gpu_"))) {
      skipRevocation(checks);
    }
  }

  private static void nonces(
      Checks<NvidiaStep> checks,
      DeviceEvidence evidence,
      SpdmReport report,
      Expectation expectation) {
    byte[] nonce = report.requestNonce().toArray();
    evidence
        .declaredNonce()
        .ifPresentOrElse(
            declared -> checks.equal(NvidiaStep.DECLARED_NONCE, declared.toArray(), nonce),
            () -> checks.skip(NvidiaStep.DECLARED_NONCE));
    expectation
        .nonce()
        .ifPresentOrElse(
            expected -> checks.equal(NvidiaStep.NONCE, expected.toArray(), nonce),
            () -> checks.skip(NvidiaStep.NONCE));
  }

  private static void chain(
      Checks<NvidiaStep> checks, Chain chain, DeviceEvidence evidence, Instant at) {
    String expected = "five certificates to the pinned root";
    Optional<String> problem =
        chain
            .problem()
            .or(
                () ->
                    chain.path().size() == DEVICE_CHAIN_LENGTH
                            && evidence.certificates().size() == DEVICE_CHAIN_LENGTH
                            && chain.path().containsAll(evidence.certificates())
                        ? Optional.empty()
                        : Optional.of("the chain has not exactly five certificates"))
            .or(() -> signerProblem(evidence.leaf()));
    checks.that(
        NvidiaStep.DEVICE_CHAIN, problem.isEmpty(), expected, problem.orElse("five certificates"));
    dates(checks, NvidiaStep.DEVICE_CHAIN_DATES, chain, at);
  }

  /** Responders of the vendor's revocation service lead to the same roots and sign other things. */
  static Optional<String> signerProblem(X509Certificate leaf) {
    try {
      boolean[] usage = leaf.getKeyUsage();
      return usage != null && usage[0] && leaf.getExtendedKeyUsage() == null
          ? Optional.empty()
          : Optional.of(Chain.name(leaf) + " is for something else than signing this");
    } catch (CertificateParsingException e) {
      return Optional.of(Chain.name(leaf) + " has a key usage that cannot be read");
    }
  }

  static void dates(Checks<NvidiaStep> checks, NvidiaStep step, Chain chain, Instant at) {
    Optional<String> problem = chain.dateProblem(at);
    checks.that(step, problem.isEmpty(), "valid at " + at, problem.orElse("valid"));
    checks.validUntil(chain.notAfter());
  }

  private static void fwid(Checks<NvidiaStep> checks, SpdmReport report, X509Certificate leaf) {
    if (report.fwid().isEmpty()) {
      checks.claims().put("fwidBinding", "not reported by this driver");
      checks.skip(NvidiaStep.FWID);
      return;
    }
    String reported = report.fwid().get().hex();
    try {
      Optional<Bytes> certified = DiceIdentity.fwid(leaf);
      checks.that(
          NvidiaStep.FWID,
          certified.equals(report.fwid()),
          certified.map(Bytes::hex).orElse("firmware named by the certificate"),
          reported);
      checks.claims().put("fwidBinding", "compared with the certificate");
    } catch (Unreadable e) {
      checks.fail(NvidiaStep.FWID, reported, e);
    }
  }

  private static void skipRevocation(Checks<NvidiaStep> checks) {
    checks.claims().put("revocation", "no response supplied");
    checks.skip(NvidiaStep.OCSP_RESPONSE);
    checks.skip(NvidiaStep.OCSP_DATES);
    checks.skip(NvidiaStep.REVOCATION);
  }

  private static void revocation(
      Checks<NvidiaStep> checks, Documents documents, Chain chain, Instant at) {
    List<String> judged = new ArrayList<>();
    for (int level = TOP_LEVEL; level < DEVICE_CHAIN_LENGTH; level++) {
      String file = "ocsp_gpu_l" + level + ".b64";
      Optional<Bytes> document = documents.get(file);
      if (document.isEmpty()) {
        continue;
      }
      judged.add("l" + level);
      try {
        response(checks, OcspResponse.parse(ocsp(document.get(), file)), file, chain, level, at);
      } catch (Unreadable e) {
        checks.fail(NvidiaStep.OCSP_RESPONSE, file + " about the chain", e);
      }
    }
    if (judged.isEmpty()) {
      skipRevocation(checks);
    } else {
      checks.claims().put("revocation", "responses for " + String.join(", ", judged));
    }
  }

  private static void response(
      Checks<NvidiaStep> checks,
      OcspResponse response,
      String file,
      Chain chain,
      int level,
      Instant at) {
    if (chain.problem().isPresent() || chain.path().size() != DEVICE_CHAIN_LENGTH) {
      checks.unverified(
          NvidiaStep.OCSP_RESPONSE, file + " about the chain", "there is no good chain");
      return;
    }
    X509Certificate certificate = chain.path().get(DEVICE_CHAIN_LENGTH - level);
    X509Certificate issuer = chain.path().get(DEVICE_CHAIN_LENGTH - level + 1);
    Optional<String> problem = response.problem(certificate, issuer);
    checks.that(
        NvidiaStep.OCSP_RESPONSE,
        problem.isEmpty(),
        "signed responses about the chain",
        file + ": " + problem.orElse("signed, about " + Chain.name(certificate)));
    Optional<String> dates = response.dateProblem(issuer, at);
    checks.that(
        NvidiaStep.OCSP_DATES,
        dates.isEmpty(),
        "valid at " + at,
        file + ": " + dates.orElse("valid until " + response.nextUpdate()));
    checks.validUntil(response.nextUpdate());
    checks.that(
        NvidiaStep.REVOCATION,
        response.status() == OcspResponse.Status.GOOD,
        "good",
        file + ": " + response.status().name().toLowerCase(Locale.ROOT));
  }

  private static byte[] ocsp(Bytes text, String file) {
    if (text.length() > MAX_OCSP) {
      throw new Unreadable(file + " is too long");
    }
    try {
      String trimmed = new String(text.toArray(), US_ASCII).strip();
      byte[] der = Base64.getDecoder().decode(trimmed);
      if (!Base64.getEncoder().encodeToString(der).equals(trimmed)) {
        throw new Unreadable(file + " is base64 in another than the one form");
      }
      return der;
    } catch (IllegalArgumentException e) {
      throw new Unreadable(file + " is not base64");
    }
  }
}
