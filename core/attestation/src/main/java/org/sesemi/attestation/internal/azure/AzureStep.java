package org.sesemi.attestation.internal.azure;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks on an Azure machine that are not those of its hardware, in the record's order. */
public enum AzureStep implements Step {
  /** The evidence has its form. */
  EVIDENCE(Code.MALFORMED, "the evidence cannot be read"),
  /** The report of the paravisor has its form. */
  HCL_REPORT(Code.MALFORMED, "the report of the paravisor cannot be read"),
  /** The runtime data are strict JSON. */
  RUNTIME_DATA(Code.MALFORMED, "the runtime data of the paravisor cannot be read"),
  /** The attestation key is in the runtime data, and nowhere else. */
  ATTESTATION_KEY(Code.FIELD_INVALID, "the runtime data hold no usable attestation key"),
  /** The hardware vouches for the runtime data. */
  RUNTIME_BINDING(Code.BINDING_INVALID, "the hardware does not vouch for the runtime data"),
  /** The TD report in the paravisor's report is the one that was quoted. */
  TD_REPORT(Code.BINDING_INVALID, "the TD report is not the one that was quoted"),
  /** The quote is a structure of the TPM's own. */
  MAGIC(Code.FIELD_INVALID, "the signed bytes were not made by the TPM itself"),
  /** The quote is a quote. */
  TYPE(Code.FIELD_INVALID, "the TPM signed something else than a quote"),
  /** The quote can be read to its last byte. */
  QUOTE(Code.MALFORMED, "the quote cannot be read"),
  /** The attestation key signed the quote. */
  SIGNATURE(Code.SIGNATURE_INVALID, "the quote is not signed by the measured attestation key"),
  /** The quote was made for this caller. */
  NONCE(Code.REPORT_DATA_MISMATCH, "the quote was made for another question"),
  /** The registers are those of one bank with a strong hash algorithm. */
  PCR_BANK(Code.FIELD_INVALID, "registers of another bank than SHA-256 prove nothing"),
  /** The values are those of the selected registers, one for each. */
  PCR_SELECTION(Code.BINDING_INVALID, "the register values are not those that were quoted"),
  /** The values have the digest that was signed. */
  PCR_DIGEST(Code.BINDING_INVALID, "the register values are not those that were quoted"),
  /** The hardware evidence is there. */
  HARDWARE(Code.MALFORMED, "without hardware evidence nothing stands behind the virtual TPM");

  private final Code code;
  private final String why;

  AzureStep(Code code, String why) {
    this.code = code;
    this.why = why;
  }

  @Override
  public Code code() {
    return code;
  }

  @Override
  public String why() {
    return why;
  }
}
