package org.sesemi.platform;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure of a function platform to get an answer from a function. */
public final class FunctionPlatformException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong on a function platform. */
  public enum Code implements ErrorCode {
    /** A specification is out of range. */
    SPEC("function.spec", ErrorCategory.INVALID, false, "Correct the specification."),
    /** No function has the name. */
    UNKNOWN("function.unknown", ErrorCategory.NOT_FOUND, false, "List the functions."),
    /** A function has the name already. */
    EXISTS("function.exists", ErrorCategory.CONFLICT, false, "Delete the function first."),
    /** The sandbox ended while it served the request. */
    CRASHED(
        "function.crashed",
        ErrorCategory.UNAVAILABLE,
        true,
        "Send the request again; a new sandbox is started for it."),
    /** The sandbox went beyond its memory limit and was ended. */
    MEMORY_EXCEEDED(
        "function.memory-exceeded",
        ErrorCategory.UNAVAILABLE,
        true,
        "Raise the memory limit of the function when this happens again with the same model."),
    /** The sandbox broke the connection or the rules of HTTP. */
    CONNECTION_LOST(
        "function.connection-lost",
        ErrorCategory.UNAVAILABLE,
        true,
        "Send the request again; another sandbox serves it."),
    /** A sandbox did not become ready. */
    START_FAILED(
        "function.start-failed",
        ErrorCategory.UNAVAILABLE,
        true,
        "Look at the log of the sandbox in the folder of the platform daemon."),
    /** No sandbox is started for a while, because the last ones failed. */
    BACKING_OFF(
        "function.backing-off",
        ErrorCategory.UNAVAILABLE,
        true,
        "Wait, then send the request again; the function's status names the failure."),
    /** The deadline passed before the answer. */
    DEADLINE(
        "function.deadline",
        ErrorCategory.DEADLINE,
        true,
        "Allow more time; a first request includes the start of a sandbox."),
    /** The platform is shutting down or the function was deleted. */
    CLOSED("function.closed", ErrorCategory.UNAVAILABLE, true, "Try again later.");

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
  public FunctionPlatformException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what kind of failure it is
   * @param message what happened
   * @param cause what led to it
   */
  public FunctionPlatformException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
