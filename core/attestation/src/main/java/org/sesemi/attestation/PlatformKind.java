package org.sesemi.attestation;

/**
 * The kind of platform that an enclave runs on, and with it the form of its evidence and the type
 * of policy that can accept it.
 */
public enum PlatformKind {
  /** A process of the simulated platform. It behaves like hardware and protects nothing. */
  SIMULATED("simulated"),
  /** AMD SEV-SNP: a report and the certificate of its endorsement key. */
  SNP("snp"),
  /** Intel TDX: a quote of version 4 or 5. */
  TDX("tdx"),
  /** Intel SGX: a quote of version 3. */
  SGX("sgx"),
  /** AWS Nitro Enclaves: an attestation document. */
  NITRO("nitro"),
  /** A TPM 2.0, a chip or a virtual one: a quote over its registers. */
  TPM("tpm"),
  /** An Azure confidential machine: a quote of its virtual TPM, bound to SEV-SNP or TDX. */
  AZURE_VTPM("azure-vtpm"),
  /** An NVIDIA GPU in confidential-computing mode: an SPDM measurement report. */
  NVIDIA("nvidia"),
  /** Arm Confidential Compute Architecture: a token of platform and realm. */
  CCA("cca");

  private final String text;

  PlatformKind(String text) {
    this.text = text;
  }

  /** {@return the name used in messages} */
  public String text() {
    return text;
  }

  /**
   * {@return the kind with a name}
   *
   * @param text a name as {@link #text()} gives it
   * @throws AttestationException with {@code attestation.platform-unknown} when no kind has it
   */
  public static PlatformKind parse(String text) {
    for (PlatformKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new AttestationException(
        AttestationException.Code.PLATFORM_UNKNOWN, "the message names an unknown platform");
  }
}
