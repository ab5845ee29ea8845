package org.sesemi.attestation.internal.policy;

import java.util.List;
import java.util.Locale;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;

/** The keys of AMD SEV-SNP. */
final class SnpRules {

  private static final int MAX_U32 = 0x7fffffff;

  private SnpRules() {}

  static List<Rule> all() {
    return Tables.join(List.of(guest(), platform()));
  }

  /** What the guest is and how it was started. */
  static List<Rule> guest() {
    return List.of(
        Tables.measurements(48),
        Tables.config("host-data", "hostData", "host data", 32),
        Tables.config("family-id", "familyId", "family id", 16),
        Tables.config("image-id", "imageId", "image id", 16),
        Tables.identity("id-key-digests", "idKeyDigest", "digest of the ID key", 48),
        Tables.identity("author-key-digests", "authorKeyDigest", "digest of the author key", 48),
        Tables.floor("guest-svn", "guestSvn", "guest security version", MAX_U32),
        Tables.debug(),
        Tables.refused("migration", "migrationAllowed", "a migration agent"),
        Rule.of("vmpl", Values.numbers("vmpl", "privilege level", 0, 3))
            .byDefault(new JsonArray(List.of(JsonNumber.of(0)))),
        Tables.refusable("smt", "smtAllowed", "simultaneous multithreading"),
        Tables.refusable("cxl", "cxlAllowed", "CXL memory"),
        Tables.required("single-socket", "singleSocket", "a single socket"),
        Tables.required("page-swap-disabled", "pageSwapDisabled", "page swapping switched off"),
        Tables.required("aes-256-xts", "aes256XtsRequired", "AES-256-XTS"));
  }

  /** What the machine is and runs. */
  static List<Rule> platform() {
    return List.of(
        Rule.of(
            "products", Values.texts("productLine", "product line", Floors.known(), Floors::line)),
        Rule.of("tcb-floor", Floors.of("reportedTcb", "productLine"))
            .code(Code.TCB_REFUSED)
            .start(Floors.start("reportedTcb", "productLine")),
        Rule.of("launch-tcb-floor", Floors.of("launchTcb", "productLine")).code(Code.TCB_REFUSED),
        Rule.of("firmware-floor", VersionFloor.of("currentVer")).code(Code.TCB_REFUSED),
        Tables.refused("provisional-firmware", "provisionalFirmware", "provisional firmware"),
        Tables.required("ciphertext-hiding", "ciphertextHiding", "ciphertext hiding"),
        Tables.required("alias-check-complete", "aliasCheckComplete", "the alias check"),
        Tables.required("tsme", "tsme", "transparent memory encryption"),
        Tables.required("ecc", "ecc", "error-correcting memory"),
        Tables.required("rapl-disabled", "raplDisabled", "RAPL switched off"),
        Rule.of("launch-mitigations", Demands.Bits.of("launchMit", "mitigations at launch")),
        Rule.of("current-mitigations", Demands.Bits.of("currentMit", "mitigations now")),
        Rule.of(
            "endorsement-key",
            Values.texts(
                "signer",
                "kind of endorsement key",
                List.of("vcek", "vlek"),
                text -> text.toLowerCase(Locale.ROOT))),
        Tables.required("require-crl", "revocationChecked", "a revocation list of AMD"),
        Tables.identity("chip-ids", "chipId", "chip", 64));
  }
}
