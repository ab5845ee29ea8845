package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * The root of all failures that the project reports: a message for people beside an {@link
 * ErrorCode} for programs. Messages never carry secrets.
 */
public abstract class CodedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ErrorCode errorCode;

  /**
   * Makes a failure.
   *
   * @param errorCode what kind of failure it is
   * @param message what happened, free of secrets
   */
  protected CodedException(ErrorCode errorCode, String message) {
    super(message);
    this.errorCode = requireNonNull(errorCode, "errorCode");
  }

  /**
   * Makes a failure with a cause.
   *
   * @param errorCode what kind of failure it is
   * @param message what happened, free of secrets
   * @param cause what led to it
   */
  protected CodedException(ErrorCode errorCode, String message, Throwable cause) {
    super(message, cause);
    this.errorCode = requireNonNull(errorCode, "errorCode");
  }

  /** {@return the kind of failure} */
  public ErrorCode errorCode() {
    return errorCode;
  }

  /** {@return the stable name of the failure, short for {@code errorCode().code()}} */
  public String code() {
    return errorCode.code();
  }

  /** {@return the message; it is never absent} */
  public String detail() {
    String message = getMessage();
    return message == null ? errorCode.code() : message;
  }
}
