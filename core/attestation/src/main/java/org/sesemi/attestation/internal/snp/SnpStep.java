package org.sesemi.attestation.internal.snp;

import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.internal.Step;

/** The checks of SEV-SNP evidence, in the order of the record. */
public enum SnpStep implements Step {
  /** There is a report, and it has the one length. */
  REPORT_LENGTH(Code.MALFORMED, "the report is missing, cut or too long"),
  /** Its version is one whose layout is known. */
  REPORT_VERSION(Code.VERSION_UNKNOWN, "the layout of the report is not known"),
  /** What the version reserves is zero. */
  RESERVED_FIELDS(
      Code.FIELD_INVALID, "the report says something that its version has no field for"),
  /** The algorithm is ECDSA with P-384 and SHA-384. */
  SIGNATURE_ALGORITHM(Code.FIELD_INVALID, "only one signature algorithm is specified"),
  /** VCEK or VLEK signed. */
  SIGNING_KEY(Code.FIELD_INVALID, "no endorsement key signed the report"),
  /** VMPL is 0 to 3, or the host asked. */
  VMPL_RANGE(Code.FIELD_INVALID, "the privilege level does not exist"),
  /** Bit 17 of the guest policy is one, bits 26 to 63 are zero. */
  GUEST_POLICY_BITS(Code.FIELD_INVALID, "the guest policy is not one that firmware takes"),
  /** No reported level is above the current one. */
  REPORTED_TCB(Code.FIELD_INVALID, "the reported firmware is newer than what runs"),
  /** No committed level or version is above the current one. */
  COMMITTED_TCB(Code.FIELD_INVALID, "the committed firmware is newer than what runs"),
  /** No level at launch is above the current one. */
  LAUNCH_TCB(Code.FIELD_INVALID, "the guest was launched by newer firmware than what runs"),
  /** Certificates and tables are well-formed. */
  CERTIFICATE_DOCUMENTS(Code.MALFORMED, "a supplied certificate or table cannot be read"),
  /** One certificate came for the key that signed. */
  ENDORSEMENT(Code.CHAIN_INVALID, "nothing, or not one thing, endorses the signing key"),
  /** No certificate came for a key that did not sign. */
  OTHER_ENDORSEMENT(Code.CHAIN_INVALID, "a certificate of a key that did not sign came along"),
  /** Signatures lead to a pinned root. */
  CERTIFICATE_CHAIN(Code.CHAIN_INVALID, "the endorsement does not lead to a pinned root of AMD"),
  /** Every certificate is signed with RSASSA-PSS of the specified parameters. */
  CHAIN_SIGNATURES(Code.CHAIN_INVALID, "a certificate is signed in another way than AMD signs"),
  /** The authorities are those of this line and kind of key. */
  ISSUING_AUTHORITY(Code.CHAIN_INVALID, "an authority of another kind or line issued it"),
  /** Every used certificate is valid at the instant. */
  CERTIFICATE_DATES(Code.EXPIRED, "a certificate is used outside its validity"),
  /** What else was supplied belongs to the same root and line. */
  OTHER_CERTIFICATES(Code.CHAIN_INVALID, "a supplied certificate is not of this root and line"),
  /** The root signed the revocation list. */
  CRL_SIGNATURE(Code.COLLATERAL_INVALID, "the revocation list is not the root's"),
  /** The list is valid at the instant. */
  CRL_DATES(Code.COLLATERAL_INVALID, "the revocation list is used outside its validity"),
  /** No authority is on the list. */
  NOT_REVOKED(Code.REVOKED, "an authority of the chain is revoked"),
  /** The extensions of the endorsement certificate can be read. */
  CERTIFICATE_EXTENSIONS(Code.CHAIN_INVALID, "the certificate does not say what it endorses"),
  /** Certificate and report speak about the same product line. */
  PRODUCT_LINE(Code.BINDING_INVALID, "certificate and processor are of different product lines"),
  /** The levels of the certificate are the reported ones. */
  CERTIFICATE_TCB(Code.BINDING_INVALID, "the key is not that of the reported firmware"),
  /** A VCEK names a chip, a VLEK a provider. */
  CERTIFICATE_IDENTITY(Code.CHAIN_INVALID, "the certificate names no owner of its kind"),
  /** The chip of the certificate is that of the report. */
  CHIP_ID(Code.BINDING_INVALID, "the key is that of another chip"),
  /** What surrounds the signature is zero. */
  SIGNATURE_FORM(Code.FIELD_INVALID, "bytes beside the signature are set"),
  /** The endorsed key signed the report. */
  REPORT_SIGNATURE(Code.SIGNATURE_INVALID, "the report is not signed by the endorsed key"),
  /** The report carries the nonce. */
  NONCE(Code.REPORT_DATA_MISMATCH, "the report was made for something else");

  private final Code code;
  private final String why;

  SnpStep(Code code, String why) {
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
