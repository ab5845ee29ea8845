package org.sesemi.wire;

/** A failure to read or write one of the formats of this module. */
public final class WireException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can be wrong with a message. */
  public enum Code implements ErrorCode {
    /** An identifier, digest or rule is not in its text or byte form. */
    ID_MALFORMED("id.malformed", ErrorCategory.INVALID, "Check the identifier for typing errors."),
    /** Bytes are not well-formed CBOR. */
    CBOR_MALFORMED(
        "cbor.malformed", ErrorCategory.INVALID, "The message was damaged or cut on its way."),
    /** The CBOR is well-formed but not the one deterministic encoding. */
    CBOR_NOT_DETERMINISTIC(
        "cbor.not-deterministic",
        ErrorCategory.INVALID,
        "Encode with shortest heads, definite lengths, sorted and unique keys."),
    /** The CBOR nests deeper than allowed. */
    CBOR_TOO_DEEP("cbor.too-deep", ErrorCategory.INVALID, "Flatten the message."),
    /** The CBOR has more items than allowed. */
    CBOR_TOO_LARGE("cbor.too-large", ErrorCategory.TOO_LARGE, "Send fewer items in one message."),
    /** A field of a message is absent. */
    CBOR_MISSING(
        "cbor.missing", ErrorCategory.INVALID, "Sender and receiver differ in their version."),
    /** A field has another type, length or range than the message allows. */
    CBOR_UNEXPECTED(
        "cbor.unexpected", ErrorCategory.INVALID, "Sender and receiver differ in their version."),
    /** A message has a field that it does not define. */
    CBOR_UNKNOWN_KEY(
        "cbor.unknown-key", ErrorCategory.INVALID, "Sender and receiver differ in their version."),
    /** The format version of a message is not one that this program reads. */
    VERSION_UNKNOWN(
        "version.unknown", ErrorCategory.INVALID, "Update the older of the two programs."),
    /** Text is not RFC 8259 JSON in strict UTF-8. */
    JSON_MALFORMED("json.malformed", ErrorCategory.INVALID, "Check the document with a JSON tool."),
    /** JSON nests deeper than allowed. */
    JSON_TOO_DEEP("json.too-deep", ErrorCategory.INVALID, "Flatten the document."),
    /** JSON has more values or bytes than allowed. */
    JSON_TOO_LARGE("json.too-large", ErrorCategory.TOO_LARGE, "Send a smaller document."),
    /** A JSON field is absent, of another type or out of range. */
    JSON_UNEXPECTED(
        "json.unexpected", ErrorCategory.INVALID, "Compare the field with the documentation."),
    /** A JSON object has a field that its format does not define. */
    JSON_UNKNOWN_KEY(
        "json.unknown-key", ErrorCategory.INVALID, "Remove the field or correct its name."),
    /** A frame ends before its announced length. */
    FRAME_CUT("frame.cut", ErrorCategory.INVALID, "The connection broke in the middle of a frame."),
    /** A frame announces more bytes than allowed. */
    FRAME_TOO_LARGE("frame.too-large", ErrorCategory.TOO_LARGE, "Send a smaller message."),
    /** Bytes are not a sealed request. */
    ENVELOPE_MALFORMED(
        "envelope.malformed", ErrorCategory.INVALID, "Send the bytes of one sealed request.");

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
      return false;
    }

    @Override
    public String hint() {
      return hint;
    }
  }

  /**
   * Makes a failure.
   *
   * @param code what is wrong
   * @param message where and how
   */
  public WireException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what is wrong
   * @param message where and how
   * @param cause what led to it
   */
  public WireException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
