package org.sesemi.crypto;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;
import org.sesemi.wire.WireException;

/** A cryptographic check that failed, or material that is not in its form. */
public final class CryptoException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** The failures of this module. */
  public enum Code implements ErrorCode {
    /** A key is not in its encoded form. */
    KEY_MALFORMED(
        "key.malformed", ErrorCategory.INVALID, "Check that the file is a key of this kind."),
    /** A key or signed statement has a format version that this program does not read. */
    KEY_VERSION_UNKNOWN(
        "key.version-unknown", ErrorCategory.INVALID, "Update the older of the two programs."),
    /** A provider lacks an algorithm that sealing needs. */
    PROVIDER_UNSUITABLE(
        "provider.unsuitable",
        ErrorCategory.INTERNAL,
        "Hand in a provider with AES/GCM/NoPadding and Ed25519, or use the JDK's."),
    /** A signature does not verify under the key and label expected. */
    SIGNATURE_INVALID(
        "signature.invalid",
        ErrorCategory.VERIFICATION,
        "The signed bytes were changed, or another key signed them."),
    /** A sealed request or response is not in its outer form. */
    ENVELOPE_MALFORMED(
        "envelope.malformed",
        ErrorCategory.INVALID,
        "The message was cut, extended or is of another kind."),
    /** A sealed request or response has a format version that this program does not read. */
    ENVELOPE_VERSION_UNKNOWN(
        "envelope.version-unknown", ErrorCategory.INVALID, "Update the older of the two programs."),
    /** A sealed request or response fails its authentication. */
    ENVELOPE_TAMPERED(
        "envelope.tampered",
        ErrorCategory.VERIFICATION,
        "The message was changed on its way, or was sealed with another key."),
    /** A response belongs to another request. */
    RESPONSE_UNEXPECTED(
        "response.unexpected",
        ErrorCategory.VERIFICATION,
        "Whoever carried the answer mixed it up; send the request again."),
    /** A second response for a request whose answer was accepted. */
    RESPONSE_ALREADY_ACCEPTED(
        "response.already-accepted",
        ErrorCategory.VERIFICATION,
        "One request has one answer; send a new request for another."),
    /** A model package is not in its form. */
    PACKAGE_MALFORMED(
        "package.malformed",
        ErrorCategory.VERIFICATION,
        "The stored package was cut or replaced; publish the version again."),
    /** A model package has a format version that this program does not read. */
    PACKAGE_VERSION_UNKNOWN(
        "package.version-unknown",
        ErrorCategory.VERIFICATION,
        "Update this program, or publish the version again with a program of this version."),
    /** A model package fails its authentication. */
    PACKAGE_TAMPERED(
        "package.tampered",
        ErrorCategory.VERIFICATION,
        "The stored package was changed; publish the version again."),
    /** A model package cannot be read from where it lies. */
    PACKAGE_UNREADABLE(
        "package.unreadable",
        ErrorCategory.UNAVAILABLE,
        "Check that the storage is reachable and holds this version."),
    /** A receipt or one of its certificates is not in its form. */
    RECEIPT_MALFORMED(
        "receipt.malformed", ErrorCategory.VERIFICATION, "The file is not a receipt of this kind."),
    /** A receipt or certificate has a format version that this program does not read. */
    RECEIPT_VERSION_UNKNOWN(
        "receipt.version-unknown", ErrorCategory.VERIFICATION, "Update this program."),
    /** A receipt fails a check; the record names it. */
    RECEIPT_INVALID(
        "receipt.invalid",
        ErrorCategory.VERIFICATION,
        "Read the failing check of the verification record."),
    /** The genesis statement is not the one of the pinned cluster. */
    CLUSTER_MISMATCH(
        "cluster.mismatch",
        ErrorCategory.VERIFICATION,
        "You reached another key-service cluster than the one you trust.");

    private final String code;
    private final ErrorCategory category;
    private final String hint;

    Code(String code, ErrorCategory category, String hint) {
      this.code = code;
      this.category = category;
      this.hint = hint;
    }

    @Override
    public String code() {
      return code;
    }

    @Override
    public ErrorCategory category() {
      return category;
    }

    @Override
    public boolean retryable() {
      return this == PACKAGE_UNREADABLE;
    }

    @Override
    public String hint() {
      return hint;
    }
  }

  /**
   * Makes a failure.
   *
   * @param code what failed
   * @param message in words, without secret data
   */
  public CryptoException(Code code, String message) {
    super(code, message);
  }

  /**
   * Retells what the parser of a format said, as a failure of what was parsed.
   *
   * @param malformed the code for bytes that are not in their form
   * @param version the code for an unknown format version
   * @param what the thing that was parsed
   * @param cause what the parser said
   */
  static CryptoException parsing(Code malformed, Code version, String what, WireException cause) {
    boolean unknown = cause.errorCode() == WireException.Code.VERSION_UNKNOWN;
    return new CryptoException(
        unknown ? version : malformed, what + " is not in its form: " + cause.detail(), cause);
  }

  static CryptoException envelope(String what, WireException cause) {
    return parsing(Code.ENVELOPE_MALFORMED, Code.ENVELOPE_VERSION_UNKNOWN, what, cause);
  }

  static CryptoException modelPackage(String what, WireException cause) {
    return parsing(Code.PACKAGE_MALFORMED, Code.PACKAGE_VERSION_UNKNOWN, what, cause);
  }

  static CryptoException receipt(String what, WireException cause) {
    return parsing(Code.RECEIPT_MALFORMED, Code.RECEIPT_VERSION_UNKNOWN, what, cause);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what failed
   * @param message in words, without secret data
   * @param cause what was thrown
   */
  public CryptoException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
