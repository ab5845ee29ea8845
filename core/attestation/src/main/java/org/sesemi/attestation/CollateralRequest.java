package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import org.sesemi.wire.Bytes;

/**
 * What one piece of evidence needs from its vendor: which machine, or which class of machines, the
 * documents must be about. The values come from the evidence itself; asking for them proves nothing
 * about it.
 */
public sealed interface CollateralRequest {

  /** A product line of AMD processors with its own root. */
  enum SnpLine {
    /** EPYC 7003. */
    MILAN("Milan"),
    /** EPYC 9004 and 8004. */
    GENOA("Genoa"),
    /** EPYC 9005. */
    TURIN("Turin");

    private final String text;

    SnpLine(String text) {
      this.text = text;
    }

    /** {@return the name in AMD's addresses and certificates} */
    public String text() {
      return text;
    }
  }

  /** The certification authority that issued the key certificate of an Intel platform. */
  enum PckAuthority {
    /** For single-socket machines of old. */
    PROCESSOR("processor"),
    /** For scalable machines. */
    PLATFORM("platform");

    private final String text;

    PckAuthority(String text) {
      this.text = text;
    }

    /** {@return the name in Intel's addresses} */
    public String text() {
      return text;
    }
  }

  /**
   * SEV-SNP evidence that the chip's own key signed: {@code vcek.der}, {@code cert_chain.pem},
   * {@code crl.der}.
   *
   * @param line the product line
   * @param chipId CHIP_ID of the report, 64 bytes
   * @param reportedTcb REPORTED_TCB of the report, 8 bytes as they are there
   */
  record SnpChip(SnpLine line, Bytes chipId, Bytes reportedTcb) implements CollateralRequest {

    /** Checks lengths, and that the chip says which one it is. */
    public SnpChip {
      requireNonNull(line, "line");
      length("chip id", chipId, 64);
      length("TCB", reportedTcb, 8);
      if (chipId.equals(Bytes.of(new byte[64]))) {
        throw new AttestationException(
            AttestationException.Code.COLLATERAL_UNAVAILABLE,
            "the host hides the identity of the chip: its key certificate cannot be asked for");
      }
    }
  }

  /**
   * SEV-SNP evidence that a key loaded by a cloud provider signed, whose certificate comes with the
   * evidence: {@code cert_chain.pem}, {@code crl.der}.
   *
   * @param line the product line
   */
  record SnpProvider(SnpLine line) implements CollateralRequest {

    /** Checks that it is there. */
    public SnpProvider {
      requireNonNull(line, "line");
    }
  }

  /**
   * An SGX or TDX quote: {@code tcb_info.json}, {@code qe_identity.json}, {@code
   * tcb_signing_chain.pem}, {@code pck_crl.der}, {@code root_ca_crl.der}.
   *
   * @param platform {@link PlatformKind#SGX} or {@link PlatformKind#TDX}
   * @param fmspc FMSPC of the platform's key certificate, 6 bytes
   * @param authority who issued that certificate
   */
  record Intel(PlatformKind platform, Bytes fmspc, PckAuthority authority)
      implements CollateralRequest {

    /** Checks length and platform. */
    public Intel {
      requireNonNull(authority, "authority");
      length("FMSPC", fmspc, 6);
      if (platform != PlatformKind.SGX && platform != PlatformKind.TDX) {
        throw new IllegalArgumentException("Intel has collateral for sgx and tdx");
      }
    }
  }

  private static void length(String what, Bytes bytes, int length) {
    if (bytes.length() != length) {
      throw new IllegalArgumentException(what + " has not " + length + " bytes");
    }
  }
}
