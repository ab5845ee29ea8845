package org.sesemi.attestation.internal.nvidia;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Anchors.Vendor;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Checks;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/** The checks about both reference manifests, and of the measurements against them. */
final class ManifestChecks {

  private static final Chain.Profile SIGNER = new Chain.Profile(Set.of("SHA384withECDSA"), 4);

  /** Where the steps about one manifest are, and what it is about. */
  private enum Kind {
    DRIVER(
        "driver_rim.xml",
        NvidiaStep.DRIVER_MANIFEST_FORM,
        NvidiaStep.DRIVER_MANIFEST_CHAIN,
        NvidiaStep.DRIVER_MANIFEST_DATES,
        NvidiaStep.DRIVER_MANIFEST_SIGNATURE,
        NvidiaStep.DRIVER_VERSION),
    VBIOS(
        "vbios_rim.xml",
        NvidiaStep.VBIOS_MANIFEST_FORM,
        NvidiaStep.VBIOS_MANIFEST_CHAIN,
        NvidiaStep.VBIOS_MANIFEST_DATES,
        NvidiaStep.VBIOS_MANIFEST_SIGNATURE,
        NvidiaStep.VBIOS_VERSION);

    private final String file;
    private final NvidiaStep form;
    private final NvidiaStep chain;
    private final NvidiaStep dates;
    private final NvidiaStep signature;
    private final NvidiaStep version;

    Kind(
        String file,
        NvidiaStep form,
        NvidiaStep chain,
        NvidiaStep dates,
        NvidiaStep signature,
        NvidiaStep version) {
      this.file = file;
      this.form = form;
      this.chain = chain;
      this.dates = dates;
      this.signature = signature;
      this.version = version;
    }
  }

  private final Checks<NvidiaStep> checks;
  private final Instant at;
  private final Anchors anchors;

  ManifestChecks(Checks<NvidiaStep> checks, Instant at, Anchors anchors) {
    this.checks = checks;
    this.at = at;
    this.anchors = anchors;
  }

  static boolean recognises(Documents documents) {
    return documents.get(Kind.DRIVER.file).isPresent()
        || documents.get(Kind.VBIOS.file).isPresent();
  }

  void judge(Documents documents, @Nullable SpdmReport report) {
    ReferenceManifest driver = manifest(Kind.DRIVER, documents);
    ReferenceManifest vbios = manifest(Kind.VBIOS, documents);
    version(Kind.DRIVER, report, driver);
    version(Kind.VBIOS, report, vbios);
    measurements(report, driver, vbios);
  }

  private @Nullable ReferenceManifest manifest(Kind kind, Documents documents) {
    Optional<Bytes> document = documents.get(kind.file);
    if (document.isEmpty()) {
      String missing = "no " + kind.file + " was supplied";
      for (NvidiaStep step : List.of(kind.form, kind.chain, kind.dates, kind.signature)) {
        checks.unverified(step, "a manifest signed by the vendor", missing);
      }
      return null;
    }
    ReferenceManifest manifest;
    X509Certificate signer;
    try {
      manifest = ReferenceManifest.parse(document.get().toArray());
      signer = DeviceEvidence.leaf(manifest.certificates());
    } catch (Unreadable e) {
      checks.fail(kind.form, "a signed software identity", e);
      return null;
    }
    checks.pass(
        kind.form,
        "a signed software identity",
        manifest.golden().size() + " measurements of " + manifest.version());
    Chain chain =
        Chain.build(signer, manifest.certificates(), anchors.of(Vendor.NVIDIA_MANIFEST), SIGNER);
    Optional<String> problem =
        chain
            .problem()
            .or(() -> NvidiaVerifier.signerProblem(signer))
            .or(
                () ->
                    chain.path().containsAll(manifest.certificates())
                        ? Optional.empty()
                        : Optional.of("the manifest carries certificates of others"));
    checks.that(
        kind.chain,
        problem.isEmpty(),
        "a chain to the pinned root",
        problem.orElse(Chain.name(signer)));
    NvidiaVerifier.dates(checks, kind.dates, chain, at);
    Optional<String> signature =
        manifest.signature().problem(signer.getPublicKey(), document.get().toArray());
    checks.that(
        kind.signature,
        signature.isEmpty(),
        "a signature over the whole manifest",
        signature.orElse("a signature of " + Chain.name(signer)));
    return manifest;
  }

  private void version(
      Kind kind, @Nullable SpdmReport report, @Nullable ReferenceManifest manifest) {
    if (report == null || manifest == null) {
      checks.unverified(
          kind.version, "the reported version", "report or " + kind.file + " is not there");
      return;
    }
    Optional<String> reported =
        kind == Kind.DRIVER ? report.driverVersion() : report.vbiosVersion();
    checks.that(
        kind.version,
        reported.filter(manifest.version()::equalsIgnoreCase).isPresent(),
        manifest.version(),
        reported.orElse("none"));
  }

  private void measurements(
      @Nullable SpdmReport report,
      @Nullable ReferenceManifest driver,
      @Nullable ReferenceManifest vbios) {
    String expected = "every active measurement equal to a known value";
    if (driver == null || vbios == null) {
      checks.unverified(
          NvidiaStep.MANIFESTS_DISJOINT, "no measurement in both", "a manifest is not there");
    } else {
      Set<Integer> both = new TreeSet<>(driver.golden().keySet());
      both.retainAll(vbios.golden().keySet());
      checks.that(
          NvidiaStep.MANIFESTS_DISJOINT,
          both.isEmpty(),
          "no measurement in both",
          both.isEmpty() ? "none" : both.toString());
    }
    if (report == null || (driver == null && vbios == null)) {
      checks.unverified(NvidiaStep.MEASUREMENTS, expected, "report or manifests are not there");
      return;
    }
    compare(report, driver, expected);
    compare(report, vbios, expected);
    boolean known = checks.passed(NvidiaStep.MEASUREMENTS);
    if (known) {
      // The vendor signs manifests of production firmware only; there is no flag of its own.
      checks.claims().put("debug", false).put("secureBoot", true);
    }
  }

  private void compare(SpdmReport report, @Nullable ReferenceManifest manifest, String expected) {
    if (manifest == null) {
      checks.unverified(NvidiaStep.MEASUREMENTS, expected, "a manifest is not there");
      return;
    }
    List<Integer> unknown = new ArrayList<>();
    for (Map.Entry<Integer, Set<Bytes>> golden : manifest.golden().entrySet()) {
      // Manifests count from 0, SPDM from 1.
      Bytes measured = report.blocks().get(golden.getKey() + 1);
      if (measured == null || !golden.getValue().contains(measured)) {
        unknown.add(golden.getKey());
      }
    }
    checks.that(
        NvidiaStep.MEASUREMENTS,
        unknown.isEmpty(),
        expected,
        unknown.isEmpty()
            ? manifest.golden().size() + " of " + manifest.version()
            : "unknown measurements " + unknown + " of " + manifest.version());
  }
}
