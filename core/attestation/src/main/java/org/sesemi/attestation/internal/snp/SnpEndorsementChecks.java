package org.sesemi.attestation.internal.snp;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * The checks of a report against the certificate of the key that signed it, and of that certificate
 * against the pinned roots. Lives for one verification.
 */
final class SnpEndorsementChecks {

  private static final Chain.Profile PROFILE =
      new Chain.Profile(Set.of(PssSignatures.ALGORITHM), 3);

  private final Checks<SnpStep> checks;
  private final SnpReport report;
  private final SigningKey key;
  private final Anchors.Set anchors;
  private final Instant at;

  SnpEndorsementChecks(
      Checks<SnpStep> checks, SnpReport report, SigningKey key, Anchors.Set anchors, Instant at) {
    this.checks = checks;
    this.report = report;
    this.key = key;
    this.anchors = anchors;
    this.at = at;
  }

  /** Judges everything that needs a certificate. */
  void judge(SnpCertificates certificates, SnpRevocation revocation) {
    judgeOthersOfItsKind(certificates);
    List<X509Certificate> endorsing = certificates.endorsing(key);
    if (endorsing.isEmpty()) {
      checks.unverified(
          SnpStep.ENDORSEMENT, "a certificate of the " + key, "no certificate came for the " + key);
      return;
    }
    checks.that(
        SnpStep.ENDORSEMENT,
        endorsing.size() == 1,
        "one certificate of the " + key,
        endorsing.size() + " different ones");
    X509Certificate leaf = endorsing.getFirst();
    Chain chain = Chain.build(leaf, certificates.authorities(), anchors, PROFILE);
    judgeChain(chain);
    judgeExtensions(leaf, chain, certificates);
    judgeRevocation(chain, revocation);
    checks.that(
        SnpStep.REPORT_SIGNATURE,
        EcKeys.P384.verify(leaf.getPublicKey(), report.signed(), report.signature()),
        "a signature of the endorsed key",
        Bytes.of(report.signature()).hex());
  }

  /** A host's table may hold both kinds; a file of the other kind has no business here. */
  private void judgeOthersOfItsKind(SnpCertificates certificates) {
    boolean extra = certificates.besides(key).stream().anyMatch(each -> !each.fromTable());
    checks.that(
        SnpStep.OTHER_ENDORSEMENT,
        !extra,
        "certificates of the " + key + " only",
        extra ? "a certificate of another key" : "nothing else");
  }

  private void judgeChain(Chain chain) {
    String names = String.join(" <- ", chain.path().stream().map(Chain::name).toList());
    if (chain.problem().isPresent()) {
      checks.fail(SnpStep.CERTIFICATE_CHAIN, "a chain to a pinned root", chain.problem().get());
    } else {
      checks.pass(SnpStep.CERTIFICATE_CHAIN, "a chain to a pinned root", names);
    }
    Optional<X509Certificate> odd =
        chain.path().stream()
            .filter(c -> !PssSignatures.areVendors(c.getSigAlgName(), c.getSigAlgParams()))
            .findFirst();
    checks.that(
        SnpStep.CHAIN_SIGNATURES,
        odd.isEmpty(),
        "RSASSA-PSS with SHA-384 and a salt of 48 bytes",
        odd.map(c -> "something else on " + Chain.name(c)).orElse("the same"));
    Optional<String> dates = chain.dateProblem(at);
    checks.that(
        SnpStep.CERTIFICATE_DATES,
        dates.isEmpty(),
        "certificates valid at " + at,
        dates.orElse("valid until " + chain.notAfter()));
    checks.validUntil(chain.notAfter());
  }

  private void judgeExtensions(X509Certificate leaf, Chain chain, SnpCertificates certificates) {
    SnpExtensions extensions;
    try {
      extensions = SnpExtensions.of(leaf);
      checks.pass(SnpStep.CERTIFICATE_EXTENSIONS, "extensions of an endorsement key", "the same");
    } catch (Unreadable e) {
      checks.fail(SnpStep.CERTIFICATE_EXTENSIONS, "extensions of an endorsement key", e);
      return;
    }
    SnpClaims.put(checks.claims(), extensions, leaf);
    judgeIdentity(extensions);
    Optional<SnpLine> line = judgeLine(extensions);
    if (line.isPresent()) {
      SnpClaims.put(checks.claims(), report, line.get().layout());
      judgeAuthority(leaf, chain, line.get());
      judgeOtherCertificates(chain, certificates, line.get());
      judgeTcb(extensions, line.get());
      judgeChip(extensions, line.get());
    }
  }

  private Optional<SnpLine> judgeLine(SnpExtensions extensions) {
    Optional<SnpLine> line = SnpLine.ofProduct(extensions.product());
    if (report.hasCpuid()) {
      checks.that(
          SnpStep.PRODUCT_LINE,
          line.isPresent() && line.equals(report.line()),
          "a certificate for " + cpuidText(),
          extensions.product());
    } else {
      checks.that(
          SnpStep.PRODUCT_LINE, line.isPresent(), "a known product line", extensions.product());
    }
    line.ifPresent(known -> checks.claims().put("productLine", known.text()));
    return line;
  }

  private String cpuidText() {
    return report.line().map(SnpLine::text).orElse("the unknown processor " + report.cpuid().hex());
  }

  private void judgeAuthority(X509Certificate leaf, Chain chain, SnpLine line) {
    if (chain.problem().isPresent()) {
      return;
    }
    List<X509Certificate> path = chain.path();
    checks.that(
        SnpStep.ISSUING_AUTHORITY,
        path.size() == 3
            && leaf.getSubjectX500Principal().equals(SnpLine.subject(key))
            && path.get(1).getSubjectX500Principal().equals(line.authority(key))
            && path.get(2).getSubjectX500Principal().equals(line.root()),
        SnpLine.subject(key).getName()
            + " of "
            + line.authority(key).getName()
            + " of "
            + line.root().getName(),
        String.join(" of ", path.stream().map(Chain::name).toList()));
  }

  /** What was supplied beyond the path has to be genuine too, or it would go unnoticed. */
  private void judgeOtherCertificates(Chain chain, SnpCertificates certificates, SnpLine line) {
    Optional<X509Certificate> root = chain.root();
    if (root.isEmpty()) {
      return;
    }
    List<String> strange = new ArrayList<>();
    for (X509Certificate each : certificates.authorities()) {
      if (!chain.path().contains(each) && !isOfLine(each, root.get(), line)) {
        strange.add(Chain.name(each));
      }
    }
    for (SnpCertificates.Supplied each : certificates.besides(key)) {
      Chain other = Chain.build(each.certificate(), certificates.authorities(), anchors, PROFILE);
      if (!other.root().equals(root)) {
        strange.add(Chain.name(each.certificate()));
      }
    }
    checks.that(
        SnpStep.OTHER_CERTIFICATES,
        strange.isEmpty(),
        "nothing that " + Chain.name(root.get()) + " does not vouch for",
        strange.isEmpty() ? "nothing else" : String.join(", ", strange));
  }

  private static boolean isOfLine(X509Certificate each, X509Certificate root, SnpLine line) {
    Set<String> names =
        Set.of(
            line.root().getName(),
            line.authority(SigningKey.VCEK).getName(),
            line.authority(SigningKey.VLEK).getName());
    return names.contains(each.getSubjectX500Principal().getName())
        && X509.isSignedBy(each, root.getPublicKey());
  }

  private void judgeTcb(SnpExtensions extensions, SnpLine line) {
    String expected = "levels " + report.reportedTcb().hex();
    try {
      Bytes endorsed = extensions.tcb(line.layout()).raw();
      checks.that(
          SnpStep.CERTIFICATE_TCB,
          endorsed.equals(report.reportedTcb()),
          expected,
          "levels " + endorsed.hex());
    } catch (Unreadable e) {
      checks.fail(SnpStep.CERTIFICATE_TCB, expected, e);
    }
  }

  private void judgeIdentity(SnpExtensions extensions) {
    boolean chip = extensions.hwid().isPresent();
    boolean provider = extensions.cspId().isPresent();
    checks.that(
        SnpStep.CERTIFICATE_IDENTITY,
        key == SigningKey.VLEK ? provider && !chip : chip && !provider,
        key == SigningKey.VLEK ? "a provider and no chip" : "a chip and no provider",
        (chip ? "a chip" : "no chip") + (provider ? " and a provider" : " and no provider"));
  }

  private void judgeChip(SnpExtensions extensions, SnpLine line) {
    if (key == SigningKey.VLEK || extensions.hwid().isEmpty()) {
      checks.skip(SnpStep.CHIP_ID);
      return;
    }
    byte[] hwid = extensions.hwid().get().toArray();
    if (report.chipIdMasked()) {
      checks.that(
          SnpStep.CHIP_ID,
          hwid.length == line.hwidLength(),
          line.hwidLength() + " bytes, of a chip that the host hides",
          hwid.length + " bytes");
      return;
    }
    checks.that(
        SnpStep.CHIP_ID,
        hwid.length == line.hwidLength()
            && Bytes.of(Arrays.copyOf(hwid, 64)).equals(report.chipId()),
        report.chipId().hex(),
        Bytes.of(hwid).hex());
  }

  private void judgeRevocation(Chain chain, SnpRevocation revocation) {
    switch (revocation) {
      case SnpRevocation.None none -> {
        checks.skip(SnpStep.CRL_SIGNATURE);
        checks.skip(SnpStep.CRL_DATES);
        checks.skip(SnpStep.NOT_REVOKED);
        checks.claims().put("revocation", "no list supplied").put("revocationChecked", false);
      }
      case SnpRevocation.Broken broken ->
          checks.fail(SnpStep.CRL_SIGNATURE, "a revocation list of the root", broken.why());
      case SnpRevocation.Listed listed -> {
        if (chain.root().isPresent()) {
          judgeList(chain, chain.root().get(), listed.list());
        }
      }
    }
  }

  private void judgeList(Chain chain, X509Certificate root, X509CRL list) {
    Optional<String> problem = Chain.crlProblem(list, root);
    if (problem.isEmpty()
        && !PssSignatures.areVendors(list.getSigAlgName(), list.getSigAlgParams())) {
      problem = Optional.of("the list is signed in another way than AMD signs");
    }
    String issuer = "a revocation list of " + Chain.name(root);
    checks.that(
        SnpStep.CRL_SIGNATURE, problem.isEmpty(), issuer, problem.orElse("signed by the root"));
    Optional<String> dates = Chain.crlDateProblem(list, at);
    checks.that(
        SnpStep.CRL_DATES,
        dates.isEmpty(),
        "a list valid at " + at,
        dates.orElseGet(() -> "valid until " + list.getNextUpdate().toInstant()));
    if (list.getNextUpdate() != null) {
      checks.validUntil(list.getNextUpdate().toInstant());
    }
    Optional<String> revoked =
        chain.path().stream()
            .skip(1)
            .filter(each -> list.getRevokedCertificate(each.getSerialNumber()) != null)
            .map(Chain::name)
            .findFirst();
    checks.that(
        SnpStep.NOT_REVOKED,
        revoked.isEmpty(),
        "no authority of the chain on the list",
        revoked.orElse("none"));
    checks
        .claims()
        .put("revocation", revoked.isEmpty() ? "not listed" : "listed")
        .put("revocationChecked", true);
  }
}
