package org.sesemi.attestation.internal.intel;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks of an SGX or TDX quote, in the order of the record. */
public enum IntelStep implements Step {
  /** Which layout the quote has. */
  QUOTE_VERSION(Code.VERSION_UNKNOWN, "the layout of the quote is not known"),
  /** SGX or TDX. */
  TEE_TYPE(Code.PLATFORM_MISMATCH, "the quote is about another kind of enclave"),
  /** The attestation key's algorithm. */
  KEY_TYPE(Code.FIELD_INVALID, "the algorithm is not the one of the platform"),
  /** Who made the quoting enclave. */
  QE_VENDOR(Code.FIELD_INVALID, "the quoting enclave is not Intel's"),
  /** Which body a quote of version 5 has. */
  BODY_TYPE(Code.VERSION_UNKNOWN, "the layout of the body is not known"),
  /** Every declared length. */
  QUOTE_FORM(Code.MALFORMED, "the quote is not built as declared"),
  /** What follows the declared end. */
  TRAILING_BYTES(Code.MALFORMED, "only zeros may follow the declared end of the quote"),
  /** Fields of enclave reports that must be zero. */
  RESERVED_FIELDS(Code.FIELD_INVALID, "a reserved field is not zero"),
  /** INIT of the SGX attributes. */
  ENCLAVE_INITIALISED(Code.FIELD_INVALID, "the reporting enclave is not initialised"),
  /** TDATTRIBUTES. */
  TD_ATTRIBUTES(Code.FIELD_INVALID, "a reserved attribute of the domain is set"),
  /** XFAM. */
  XFAM(Code.FIELD_INVALID, "the extended features of the domain are impossible"),
  /** MRSIGNERSEAM and SEAMATTRIBUTES. */
  SEAM(Code.FIELD_INVALID, "the TDX module is not a production module of Intel"),
  /** The caller's nonce. */
  NONCE(Code.REPORT_DATA_MISMATCH, "the quote was made for another nonce"),
  /** The report data that came with the quote. */
  SUPPLIED_REPORT_DATA(Code.REPORT_DATA_MISMATCH, "the quote carries other report data"),
  /** The attestation key is a point of P-256. */
  ATTESTATION_KEY(Code.FIELD_INVALID, "the attestation key is no key"),
  /** Header and body are signed by the attestation key. */
  BODY_SIGNATURE(Code.SIGNATURE_INVALID, "the quote is not signed by its attestation key"),
  /** The quoting enclave vouches for the attestation key. */
  QE_REPORT_DATA(Code.BINDING_INVALID, "the quoting enclave does not vouch for the key"),
  /** What the quote brings to certify the quoting enclave's report. */
  CERTIFICATION_DATA(Code.MALFORMED, "nothing readable certifies the quoting enclave"),
  /** The PCK certificate and its extension. */
  PCK_CERTIFICATE(Code.CHAIN_INVALID, "there is no PCK certificate"),
  /** The quoting enclave's report is signed by the PCK. */
  QE_SIGNATURE(Code.SIGNATURE_INVALID, "the quoting enclave ran on another platform"),
  /** From the PCK certificate to a pinned root. */
  PCK_CHAIN(Code.CHAIN_INVALID, "the platform is not certified by Intel"),
  /** Dates of that chain. */
  PCK_CHAIN_DATES(Code.EXPIRED, "a certificate of the platform is not valid at the instant"),
  /** Processor or Platform CA. */
  PCK_CA(Code.CHAIN_INVALID, "the PCK certificate is not issued by a PCK CA"),
  /** The root's revocation list. */
  ROOT_CRL(Code.COLLATERAL_INVALID, "the revocation list of the root is not authentic"),
  /** Dates of that list. */
  ROOT_CRL_DATES(Code.EXPIRED, "the revocation list of the root is not valid at the instant"),
  /** The PCK CA is not on it. */
  PCK_CA_REVOCATION(Code.REVOKED, "the PCK CA is revoked"),
  /** The PCK CA's revocation list. */
  PCK_CRL(Code.COLLATERAL_INVALID, "the revocation list is not one of the CA of this platform"),
  /** Dates of that list. */
  PCK_CRL_DATES(Code.EXPIRED, "the revocation list of the PCK CA is not valid at the instant"),
  /** The PCK certificate is not on it. */
  PCK_REVOCATION(Code.REVOKED, "the PCK certificate is revoked"),
  /** From the TCB signing certificate to the same root. */
  TCB_SIGNING_CHAIN(Code.CHAIN_INVALID, "the collateral is not signed by Intel's signer"),
  /** Dates of that chain. */
  TCB_SIGNING_DATES(Code.EXPIRED, "the collateral's signer is not valid at the instant"),
  /** The TCB signing certificate is not on the root's list. */
  TCB_SIGNER_REVOCATION(Code.REVOKED, "the collateral's signer is revoked"),
  /** The signature over the exact bytes of the TCB info. */
  TCB_INFO_SIGNATURE(Code.COLLATERAL_INVALID, "the TCB info is not authentic"),
  /** Kind, version and fields of the TCB info. */
  TCB_INFO_FORM(Code.COLLATERAL_INVALID, "the TCB info is not one for this kind of quote"),
  /** Dates of the TCB info. */
  TCB_INFO_DATES(Code.EXPIRED, "the TCB info is not valid at the instant"),
  /** The TCB info is about this family of platforms. */
  FMSPC(Code.COLLATERAL_INVALID, "the TCB info is about other platforms"),
  /** The TCB info is about this provisioning certification enclave. */
  PCE_ID(Code.COLLATERAL_INVALID, "the TCB info is about another certification enclave"),
  /** The signature over the exact bytes of the QE identity. */
  QE_IDENTITY_SIGNATURE(Code.COLLATERAL_INVALID, "the QE identity is not authentic"),
  /** Kind, version and fields of the QE identity. */
  QE_IDENTITY_FORM(Code.COLLATERAL_INVALID, "the QE identity is not one for this kind of quote"),
  /** Dates of the QE identity. */
  QE_IDENTITY_DATES(Code.EXPIRED, "the QE identity is not valid at the instant"),
  /** The quoting enclave is the one that Intel describes. */
  QE_IDENTITY(Code.FIELD_INVALID, "the quoting enclave is not the one that Intel describes"),
  /** The quoting enclave is closed to debuggers. */
  QE_NOT_DEBUG(Code.DEBUG_ENABLED, "somebody can look into the quoting enclave"),
  /** The level of the quoting enclave. */
  QE_LEVEL(Code.TCB_REFUSED, "no level that is not revoked covers the quoting enclave"),
  /** The level of the platform. */
  TCB_LEVEL(Code.TCB_REFUSED, "no level that is not revoked covers the platform"),
  /** The TDX module is one that Intel describes. */
  TDX_MODULE(Code.TCB_REFUSED, "the TDX module is not one that Intel describes"),
  /** The level of the TDX module. */
  TDX_MODULE_LEVEL(Code.TCB_REFUSED, "no level that is not revoked covers the TDX module"),
  /** The levels together. */
  TCB_STATUS(Code.REVOKED, "Intel revoked this state of the machine"),
  /** The event log is readable. */
  EVENT_LOG_FORM(Code.MALFORMED, "the event log cannot be read"),
  /** The event log explains the runtime registers. */
  EVENT_LOG(Code.BINDING_INVALID, "the event log does not lead to the runtime registers");

  private final Code code;
  private final String why;

  IntelStep(Code code, String why) {
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
