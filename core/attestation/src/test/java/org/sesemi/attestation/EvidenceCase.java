package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.Verdict;

/**
 * One case of the shared evidence with what must come out of it.
 *
 * @param platform whose evidence it is
 * @param id the name of its folder
 * @param documents its files
 * @param at the instant at which it is judged
 * @param verifier the verifier with the roots it is judged by
 * @param verdict the verdict by the rules of `sesemi evidence verify` without a policy
 * @param tcbStatus the vendor's status, where there is one
 * @param advisories the advisories, where there are any
 * @param expected what else the manifest says, as far as it is text
 * @param windowEnd the last instant at which all dated inputs are valid, where the manifest says
 * @param windowStart the first such instant
 */
public record EvidenceCase(
    PlatformKind platform,
    String id,
    Documents documents,
    Instant at,
    EvidenceVerifier verifier,
    Verdict verdict,
    Optional<String> tcbStatus,
    List<String> advisories,
    Map<String, String> expected,
    Optional<Instant> windowStart,
    Optional<Instant> windowEnd) {

  /** The verdict of each case, and the instant where its manifest names none. */
  private enum Table {
    SNP_MILAN_V2(Verdict.ACCEPT, "2025-06-01T00:00:00Z"),
    SNP_MILAN_V2_DEBUG(Verdict.ACCEPT, "2025-06-01T00:00:00Z"),
    SNP_MILAN_V2_AZURE(Verdict.ACCEPT, "2025-06-01T00:00:00Z"),
    SNP_MILAN_V3_VLEK_AWS(Verdict.ACCEPT, "2025-06-01T00:00:00Z"),
    SNP_GENOA_V5(Verdict.ACCEPT, "2026-06-01T00:00:00Z"),
    SNP_TURIN_V5(Verdict.ACCEPT, "2026-06-01T00:00:00Z"),
    TDX_V4_UPTODATE(Verdict.ACCEPT, ""),
    TDX_V5_UPTODATE(Verdict.ACCEPT, ""),
    TDX_V4_OUTOFDATE(Verdict.ACCEPT, ""),
    TDX_V5_RELAUNCH(Verdict.ACCEPT, ""),
    TDX_V4_DEBUG(Verdict.ACCEPT, ""),
    TDX_V4_GCP_COS_CCEL(Verdict.ACCEPT, ""),
    TDX_V5_NO_MATCHING_LEVEL(Verdict.REJECT, ""),
    TDX_V4_TDX10_NO_LEVEL(Verdict.REJECT, ""),
    SGX_V3_CONFIG_AND_HARDENING(Verdict.ACCEPT, ""),
    SGX_V3_HARDENING(Verdict.ACCEPT, ""),
    SGX_V3_OCCLUM_DEBUG(Verdict.ACCEPT, ""),
    SGX_V3_EPPID_NO_CHAIN(Verdict.INCOMPLETE, ""),
    SGX_V3_OASIS_NO_CRL(Verdict.INCOMPLETE, ""),
    AZURE_VTPM_SNP_V1(Verdict.ACCEPT, "2025-06-01T00:00:00Z"),
    AZURE_VTPM_SNP_V2_USER_DATA(Verdict.ACCEPT, "2026-06-01T00:00:00Z"),
    AZURE_VTPM_SNP_LIVE(Verdict.ACCEPT, "2026-06-01T00:00:00Z"),
    AZURE_VTPM_TDX_V1(Verdict.ACCEPT, ""),
    NITRO_PROD_NONCE(Verdict.ACCEPT, ""),
    NITRO_DEBUG_MODE(Verdict.ACCEPT, ""),
    NITRO_TLS_BINDING(Verdict.ACCEPT, ""),
    NITRO_IN_CERTIFICATE(Verdict.ACCEPT, ""),
    NITRO_PUBLIC_KEY_RSA(Verdict.ACCEPT, ""),
    NITRO_PUBLIC_KEY_RAW32(Verdict.ACCEPT, ""),
    /** There is no certificate of the endorsement key, so nothing leads to a root. */
    TPM_TRUSTEE_SWTPM_RSASSA(Verdict.INCOMPLETE, "2026-11-21T12:00:00Z"),
    TPM_GCP_VTPM_SHA1(Verdict.REJECT, "2026-11-21T12:00:00Z"),
    /** Judged by the local root that lies in the case. */
    TPM_SWTPM_RSASSA(Verdict.ACCEPT, "2026-11-21T12:00:00Z"),
    TPM_SWTPM_ECDSA(Verdict.ACCEPT, "2026-11-21T12:00:00Z"),
    /** In the one day for which its revocation responses are valid. */
    NVIDIA_HOPPER_550_WITH_RIMS(Verdict.ACCEPT, "2025-08-21T12:00:00Z"),
    NVIDIA_HOPPER_590_JSON(Verdict.INCOMPLETE, "2026-06-01T00:00:00Z"),
    NVIDIA_HOPPER_535(Verdict.INCOMPLETE, "2026-06-01T00:00:00Z"),
    NVIDIA_BLACKWELL(Verdict.INCOMPLETE, "2026-06-01T00:00:00Z"),
    NVIDIA_HOPPER_BAD_SIGNATURE(Verdict.REJECT, "2026-06-01T00:00:00Z"),
    NVIDIA_RIM_BAD_SIGNATURE(Verdict.REJECT, "2026-06-01T00:00:00Z"),
    /** Judged by the platform key that lies in the case, which no vendor endorses. */
    CCA_TF_RMM(Verdict.ACCEPT, "2026-06-01T00:00:00Z");

    private final Verdict verdict;
    private final String at;

    Table(Verdict verdict, String at) {
      this.verdict = verdict;
      this.at = at;
    }

    private static Table of(PlatformKind platform, String id) {
      return valueOf(
          (platform.text() + "_" + id).toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
    }
  }

  /** {@return platform and case, for example {@code snp/milan-v2}} */
  public String name() {
    return platform.text() + "/" + id;
  }

  /** {@return the judgement of documents in place of the case's own} */
  public Judgement judge(Documents changed) {
    return judge(changed, at);
  }

  /** {@return the judgement of documents at an instant} */
  public Judgement judge(Documents changed, Instant when) {
    return verifier.verify(platform, changed, Expectation.at(when));
  }

  /** {@return every case there is; none when the shared evidence is not there} */
  public static List<EvidenceCase> all() {
    List<EvidenceCase> cases = new ArrayList<>();
    for (PlatformKind platform : PlatformKind.values()) {
      EvidenceData.folder()
          .map(folder -> folder.resolve(platform.text()))
          .filter(Files::isDirectory)
          .ifPresent(folder -> cases.addAll(of(platform, folder)));
    }
    return cases;
  }

  private static List<EvidenceCase> of(PlatformKind platform, Path folder) {
    try {
      JsonObject manifest =
          (JsonObject) Json.parse(Files.readAllBytes(folder.resolve("manifest.json")));
      List<EvidenceCase> cases = new ArrayList<>();
      for (JsonValue each : ((JsonArray) manifest.get("cases").orElseThrow()).items()) {
        cases.add(of(platform, folder, (JsonObject) each));
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EvidenceCase of(PlatformKind platform, Path folder, JsonObject manifest) {
    String id = text(manifest, "id").orElseThrow();
    Table row = Table.of(platform, id);
    Path home = folder.resolve(id);
    Instant at = Instant.parse(text(manifest, "verify_at").orElse(row.at));
    JsonObject window = object(manifest, "validity_window");
    JsonObject checked = object(manifest, "verified_independently");
    Map<String, String> expected = new TreeMap<>();
    flatten("", object(manifest, "expected"), expected);
    flatten("", object(manifest, "body"), expected);
    return new EvidenceCase(
        platform,
        id,
        Documents.read(home),
        at,
        EvidenceVerifier.with(
            (platform == PlatformKind.TPM && id.startsWith("swtpm")) || platform == PlatformKind.CCA
                ? Anchors.read(home)
                : Anchors.pinned()),
        row.verdict,
        text(checked, "tcb_status").filter(status -> row.verdict == Verdict.ACCEPT),
        texts(checked, "advisory_ids"),
        expected,
        text(window, "from").map(EvidenceCase::instant),
        text(window, "to").map(EvidenceCase::instant));
  }

  private static void flatten(String prefix, JsonObject object, Map<String, String> into) {
    object
        .members()
        .forEach(
            (name, value) -> {
              if (value instanceof JsonString(var text)) {
                into.put(prefix + name, text);
              } else if (value instanceof JsonObject inner) {
                flatten(prefix + name + ".", inner, into);
              }
            });
  }

  private static Instant instant(String text) {
    return Instant.parse(text.replace(' ', 'T').replace("+00:00", "Z"));
  }

  private static JsonObject object(JsonObject parent, String name) {
    return parent
        .get(name)
        .filter(JsonObject.class::isInstance)
        .map(JsonObject.class::cast)
        .orElseGet(() -> new JsonObject(new LinkedHashMap<>()));
  }

  private static Optional<String> text(JsonObject parent, String name) {
    return parent
        .get(name)
        .flatMap(
            value ->
                value instanceof JsonString(var text)
                    ? Optional.of(requireNonNull(text))
                    : Optional.empty());
  }

  private static List<String> texts(JsonObject parent, String name) {
    return parent.get(name).map(EvidenceCase::texts).orElse(List.of());
  }

  private static List<String> texts(JsonValue value) {
    return value instanceof JsonArray(var items)
        ? items.stream().map(item -> ((JsonString) item).value()).sorted().toList()
        : List.of();
  }
}
