package org.sesemi.attestation.internal.nitro;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks of an attestation document, in the order of the record. */
enum NitroStep implements Step {
  DOCUMENT_FORMAT(Code.MALFORMED, "the document is no signed message"),
  ALGORITHM(Code.FIELD_INVALID, "the document is not signed with the one algorithm"),
  UNPROTECTED_HEADER(Code.FIELD_INVALID, "the document has header fields that nobody signed"),
  PAYLOAD_SIZE(Code.FIELD_INVALID, "the payload is longer than the specification allows"),
  PAYLOAD_FORMAT(Code.MALFORMED, "the payload is no attestation document"),
  MODULE_ID(Code.FIELD_INVALID, "the document names no module"),
  DIGEST(Code.FIELD_INVALID, "the registers are made with another hash"),
  TIMESTAMP(Code.FIELD_INVALID, "the document has no time"),
  PCRS(Code.FIELD_INVALID, "the registers do not follow the specification"),
  CERTIFICATE_SIZES(Code.FIELD_INVALID, "the certificates do not follow the specification"),
  USER_FIELDS(Code.FIELD_INVALID, "the caller's fields are longer than the specification allows"),
  CERTIFICATES(Code.MALFORMED, "a certificate of the document cannot be read"),
  ROOT(Code.ROOT_UNTRUSTED, "the first certificate of the bundle is not the pinned root"),
  BUNDLE_ORDER(Code.CHAIN_INVALID, "the bundle is not in order from the root to the leaf"),
  CHAIN(Code.CHAIN_INVALID, "the certificates are no chain to the pinned root"),
  LEAF(Code.CHAIN_INVALID, "the leaf may not sign documents"),
  CERTIFICATE_DATES(Code.EXPIRED, "a certificate is not valid at the instant"),
  DOCUMENT_SIGNATURE(Code.SIGNATURE_INVALID, "the key of the leaf did not sign the document"),
  DOCUMENT_TIME(Code.NOT_YET_VALID, "the document is not of a time that its certificates cover"),
  NONCE(Code.REPORT_DATA_MISMATCH, "the document was made for somebody else"),
  WEB_CERTIFICATE(Code.MALFORMED, "the web certificate cannot be read"),
  WEB_CERTIFICATE_CHAIN(
      Code.CHAIN_INVALID, "the certificates with the web certificate are not its issuers"),
  WEB_CERTIFICATE_DATES(Code.EXPIRED, "the web certificate is not valid at the instant"),
  WEB_KEY(Code.BINDING_INVALID, "the document does not bind the key of the web certificate"),
  CARRIED_DOCUMENT(Code.BINDING_INVALID, "the web certificate carries another document");

  private final Code code;
  private final String why;

  NitroStep(Code code, String why) {
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
