package org.sesemi.attestation.internal.nvidia;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks of GPU evidence, in the order of the record. */
enum NvidiaStep implements Step {
  REPORT_FORM(Code.MALFORMED, "the report is not a signed SPDM measurement exchange"),
  DECLARED_NONCE(Code.BINDING_INVALID, "the container speaks of another nonce than the report"),
  NONCE(Code.REPORT_DATA_MISMATCH, "the report was made for another request"),
  DEVICE_CHAIN(Code.CHAIN_INVALID, "the device's certificates do not lead to the vendor's root"),
  DEVICE_CHAIN_DATES(Code.EXPIRED, "a certificate of the device is not valid at this time"),
  REPORT_SIGNATURE(Code.SIGNATURE_INVALID, "the report is not signed by the device's key"),
  FWID(Code.BINDING_INVALID, "the report comes from other firmware than the certificate names"),
  OCSP_RESPONSE(Code.COLLATERAL_INVALID, "a revocation response is not authentic or not ours"),
  OCSP_DATES(Code.EXPIRED, "a revocation response is not valid at this time"),
  REVOCATION(Code.REVOKED, "the vendor withdrew a certificate of the device"),
  DRIVER_MANIFEST_FORM(Code.MALFORMED, "the driver's manifest is not a reference manifest"),
  DRIVER_MANIFEST_CHAIN(Code.CHAIN_INVALID, "the driver's manifest has a signer of others"),
  DRIVER_MANIFEST_DATES(Code.EXPIRED, "the signer of the driver's manifest is out of date"),
  DRIVER_MANIFEST_SIGNATURE(
      Code.COLLATERAL_INVALID, "the driver's manifest is not what its signer signed"),
  DRIVER_VERSION(Code.COLLATERAL_INVALID, "the manifest is about another driver than reported"),
  VBIOS_MANIFEST_FORM(Code.MALFORMED, "the VBIOS manifest is not a reference manifest"),
  VBIOS_MANIFEST_CHAIN(Code.CHAIN_INVALID, "the VBIOS manifest has a signer of others"),
  VBIOS_MANIFEST_DATES(Code.EXPIRED, "the signer of the VBIOS manifest is out of date"),
  VBIOS_MANIFEST_SIGNATURE(
      Code.COLLATERAL_INVALID, "the VBIOS manifest is not what its signer signed"),
  VBIOS_VERSION(Code.COLLATERAL_INVALID, "the manifest is about another VBIOS than reported"),
  MANIFESTS_DISJOINT(Code.COLLATERAL_INVALID, "both manifests claim to know the same measurement"),
  MEASUREMENTS(Code.TCB_REFUSED, "the device runs something that the manifests do not know");

  private final Code code;
  private final String why;

  NvidiaStep(Code code, String why) {
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
