package org.sesemi.attestation.internal.cca;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks of a CCA token, in the order of the record. */
enum CcaStep implements Step {
  TOKEN_FORMAT(Code.MALFORMED, "the token is no CCA token"),
  ALGORITHM(Code.FIELD_INVALID, "a part of the token is not signed with the one algorithm"),
  UNPROTECTED_HEADERS(Code.FIELD_INVALID, "the token has header fields that nobody signed"),
  PLATFORM_CLAIMS(Code.MALFORMED, "the claims of the platform cannot be read"),
  REALM_CLAIMS(Code.MALFORMED, "the claims of the realm cannot be read"),
  PLATFORM_PROFILE(Code.VERSION_UNKNOWN, "the platform's claims follow an unknown profile"),
  REALM_PROFILE(Code.VERSION_UNKNOWN, "the realm's claims follow an unknown profile"),
  HASH_ALGORITHMS(Code.FIELD_INVALID, "the token names a hash that is not allowed"),
  PLATFORM_FIELDS(Code.FIELD_INVALID, "the platform's claims do not follow the specification"),
  REALM_FIELDS(Code.FIELD_INVALID, "the realm's claims do not follow the specification"),
  LIFECYCLE(Code.FIELD_INVALID, "the platform is in a state in which its keys prove nothing"),
  REALM_KEY(Code.FIELD_INVALID, "the realm's key is not one of the curve"),
  REALM_SIGNATURE(Code.SIGNATURE_INVALID, "the realm's key did not sign the realm's claims"),
  BINDING(Code.BINDING_INVALID, "the platform's claims are not about the realm's key"),
  PLATFORM_KEY(Code.ROOT_UNTRUSTED, "nobody endorses the platform's key"),
  PLATFORM_SIGNATURE(
      Code.SIGNATURE_INVALID, "the platform's key did not sign the platform's claims"),
  NONCE(Code.REPORT_DATA_MISMATCH, "the token was made for somebody else");

  private final Code code;
  private final String why;

  CcaStep(Code code, String why) {
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
