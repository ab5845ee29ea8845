package org.sesemi.packer;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure of the packer to have a request served. */
public final class PackerException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong in the packer. */
  public enum Code implements ErrorCode {
    /** The configuration is wrong. */
    CONFIG(
        "packer.config",
        ErrorCategory.INVALID,
        false,
        "Compare the configuration with the documentation."),
    /** The address to listen on cannot be used. */
    LISTEN(
        "packer.listen", ErrorCategory.CONFLICT, false, "Choose another port; 0 takes a free one."),
    /** Nothing is at the path. */
    NO_ROUTE("packer.no-route", ErrorCategory.NOT_FOUND, false, "Requests go to POST /v1/invoke."),
    /** The path does not take the method. */
    METHOD("packer.method", ErrorCategory.INVALID, false, "Requests go to POST /v1/invoke."),
    /** A header has a value that cannot be read. */
    HEADER("packer.header", ErrorCategory.INVALID, false, "Correct the header or leave it out."),
    /** The body is larger than allowed. */
    PAYLOAD_TOO_LARGE(
        "packer.payload-too-large",
        ErrorCategory.TOO_LARGE,
        false,
        "Send fewer or smaller tensors in one request."),
    /** The body ended before its announced length. */
    PAYLOAD_CUT("packer.payload-cut", ErrorCategory.INVALID, true, "Send the request again."),
    /** Too many requests wait already. */
    QUEUE_FULL(
        "packer.queue-full",
        ErrorCategory.BUSY,
        true,
        "Wait for the time in Retry-After, then send the request again."),
    /** The deadline passed while the request waited for a function. */
    DEADLINE(
        "packer.deadline",
        ErrorCategory.DEADLINE,
        true,
        "Allow more time or send fewer requests at a time."),
    /** The packer is shutting down. */
    DRAINING(
        "packer.draining", ErrorCategory.UNAVAILABLE, true, "Wait, then send the request again."),
    /** A defect of the packer. */
    INTERNAL(
        "packer.internal",
        ErrorCategory.INTERNAL,
        false,
        "Report it with the log of the packer; the request id helps to find it.");

    private final String code;
    private final ErrorCategory category;
    private final boolean retryable;
    private final String hint;

    Code(String code, ErrorCategory category, boolean retryable, String hint) {
      this.code = code;
      this.category = category;
      this.retryable = retryable;
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
      return retryable;
    }

    @Override
    public String hint() {
      return hint;
    }
  }

  /**
   * Makes a failure.
   *
   * @param code what kind of failure it is
   * @param message what happened
   */
  public PackerException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what kind of failure it is
   * @param message what happened
   * @param cause what led to it
   */
  public PackerException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
