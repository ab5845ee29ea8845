package org.sesemi.attestation.internal.tpm;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks on a quote of a TPM, in the order of the record. */
public enum TpmStep implements Step {
  /** The documents are there and have their form. */
  DOCUMENTS(Code.MALFORMED, "the documents are not a quote with what belongs to it"),
  /** The quote is signed by a structure of the TPM's own. */
  MAGIC(Code.FIELD_INVALID, "the signed bytes were not made by the TPM itself"),
  /** The quote is a quote. */
  TYPE(Code.FIELD_INVALID, "the TPM signed something else than a quote"),
  /** The quote can be read to its last byte. */
  QUOTE(Code.MALFORMED, "the quote cannot be read"),
  /** The attestation key's public area is there and can be read. */
  AK_PUBLIC(Code.MALFORMED, "the public area says what the attestation key can be used for"),
  /** Two forms of the attestation key are the same key. */
  AK_FORMS(Code.BINDING_INVALID, "the two forms of the attestation key are different keys"),
  /** The attestation key cannot leave the TPM and signs only what the TPM made. */
  AK_ATTRIBUTES(Code.FIELD_INVALID, "another than a restricted, fixed key can sign anything"),
  /** The name of the attestation key can be relied on. */
  AK_NAME(Code.FIELD_INVALID, "the name of the attestation key is a digest that can be forged"),
  /** The attestation key fixes its scheme and hash algorithm. */
  AK_SCHEME(Code.FIELD_INVALID, "the key does not fix one scheme with a strong hash algorithm"),
  /** The attestation key is a key of a size that is used. */
  AK_KEY(Code.FIELD_INVALID, "the attestation key is too small or not a key"),
  /** The quote names this attestation key and its parents. */
  AK_QUALIFIED_NAME(
      Code.BINDING_INVALID, "nothing but the qualified name ties the public area to the quote"),
  /** The signature has the form and algorithm that the key fixes. */
  SIGNATURE_ALGORITHM(
      Code.FIELD_INVALID, "the signature is of another algorithm than the key allows"),
  /** The attestation key signed the quote. */
  SIGNATURE(Code.SIGNATURE_INVALID, "the quote is not signed by the attestation key"),
  /** The quote was made for this caller. */
  NONCE(Code.REPORT_DATA_MISMATCH, "the quote was made for another question"),
  /** The registers are those of one bank with a strong hash algorithm. */
  PCR_BANK(Code.FIELD_INVALID, "registers of another bank than SHA-256 prove nothing"),
  /** The values are those of the selected registers, one for each. */
  PCR_SELECTION(Code.BINDING_INVALID, "the register values are not those that were quoted"),
  /** The values have the digest that was signed. */
  PCR_DIGEST(Code.BINDING_INVALID, "the register values are not those that were quoted"),
  /** The event log leads to the registers. */
  EVENT_LOG(Code.BINDING_INVALID, "the event log does not lead to the registers"),
  /** The endorsement key has a certificate of the form that TPMs have. */
  EK_CERTIFICATE(Code.CHAIN_INVALID, "without it, nobody vouches for the TPM"),
  /** The certificate leads to a root that is believed. */
  EK_CHAIN(Code.CHAIN_INVALID, "no manufacturer that is believed vouches for the TPM"),
  /** All certificates are valid at the instant. */
  EK_DATES(Code.EXPIRED, "a certificate is not valid at the instant"),
  /** The attestation key is in the TPM that has the endorsement key. */
  AK_RESIDENCE(Code.BINDING_INVALID, "the attestation key was not shown to be in the endorsed TPM");

  private final Code code;
  private final String why;

  TpmStep(Code code, String why) {
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
