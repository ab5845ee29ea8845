package org.sesemi.attestation.internal.collateral;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sesemi.attestation.CollateralRequest;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.CollateralRequest.SnpProvider;
import org.sesemi.wire.Digest;

/**
 * One thing to fetch and keep: a document, with the issuer chain that comes with it.
 *
 * @param kind what it is
 * @param key what distinguishes it from every other, fit for a file name
 * @param request what it is needed for
 */
public record Item(Kind kind, String key, CollateralRequest request) {

  /** What there is, each with the name of its document. */
  public enum Kind {
    /** The intermediate and root certificates of a product line. */
    AMD_CHAIN("cert_chain.pem"),
    /** The certificate of a chip's endorsement key. */
    AMD_VCEK("vcek.der"),
    /** What the root of a product line revoked. */
    AMD_CRL("crl.der"),
    /** Levels of the TCB of a platform family. */
    INTEL_TCB_INFO("tcb_info.json"),
    /** Levels of the quoting enclave. */
    INTEL_QE_IDENTITY("qe_identity.json"),
    /** What an issuer of platform certificates revoked. */
    INTEL_PCK_CRL("pck_crl.der"),
    /** What Intel's root revoked. */
    INTEL_ROOT_CRL("root_ca_crl.der");

    private final String document;

    Kind(String document) {
      this.document = document;
    }

    /** {@return the name of the document} */
    public String document() {
      return document;
    }
  }

  /** The name of the chain that signed TCB info and QE identity. */
  public static final String SIGNING_CHAIN = "tcb_signing_chain.pem";

  /** The name of the chain of the issuer of a PCK revocation list. */
  public static final String PCK_CRL_CHAIN = "pck_crl_issuer_chain.pem";

  /** {@return everything that a request needs, what vouches for others first} */
  public static List<Item> of(CollateralRequest request) {
    return switch (request) {
      case SnpChip chip ->
          List.of(
              new Item(Kind.AMD_CHAIN, amd(chip.line()) + "-vcek-chain", request),
              new Item(Kind.AMD_VCEK, amd(chip.line()) + "-vcek-" + digest(chip), request),
              new Item(Kind.AMD_CRL, amd(chip.line()) + "-crl", request));
      case SnpProvider provider ->
          List.of(
              new Item(Kind.AMD_CHAIN, amd(provider.line()) + "-vlek-chain", request),
              new Item(Kind.AMD_CRL, amd(provider.line()) + "-crl", request));
      case Intel intel -> {
        String platform = "intel-" + intel.platform().text();
        yield List.of(
            new Item(Kind.INTEL_ROOT_CRL, "intel-root-crl", request),
            new Item(Kind.INTEL_PCK_CRL, "intel-pck-crl-" + intel.authority().text(), request),
            new Item(Kind.INTEL_TCB_INFO, platform + "-tcb-" + intel.fmspc().hex(), request),
            new Item(Kind.INTEL_QE_IDENTITY, platform + "-qe", request));
      }
    };
  }

  /** {@return the product line of a request to AMD} */
  SnpLine line() {
    return switch (request) {
      case SnpChip chip -> chip.line();
      case SnpProvider provider -> provider.line();
      case Intel _ -> throw new IllegalStateException(key + " is not of AMD");
    };
  }

  /** {@return the request to Intel} */
  Intel intel() {
    if (request instanceof Intel intel) {
      return intel;
    }
    throw new IllegalStateException(key + " is not of Intel");
  }

  /** Keys end up in logs, where the identity of a chip does not belong. */
  private static String digest(SnpChip chip) {
    byte[] both = Arrays.copyOf(chip.chipId().toArray(), 72);
    System.arraycopy(chip.reportedTcb().toArray(), 0, both, 64, 8);
    return Digest.sha256(both).hex();
  }

  private static String amd(SnpLine line) {
    return "amd-" + line.text().toLowerCase(Locale.ROOT);
  }
}
