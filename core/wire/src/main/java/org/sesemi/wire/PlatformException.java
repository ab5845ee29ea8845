package org.sesemi.wire;

/** A failure to talk to a platform daemon, or of the pipe between an enclave and its platform. */
public final class PlatformException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong between a platform and those who use it. */
  public enum Code implements ErrorCode {
    /** Nothing answers at the control socket. */
    UNAVAILABLE(
        "platform.unavailable",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check that the platform daemon runs: sesemi status."),
    /** The connection ended before the answer came. */
    CLOSED(
        "platform.closed",
        ErrorCategory.UNAVAILABLE,
        true,
        "The platform daemon ended; try again."),
    /** No answer came in time. */
    TIMEOUT(
        "platform.timeout",
        ErrorCategory.DEADLINE,
        true,
        "The machine is busy; the request may still take effect."),
    /** The other side broke the rules of the protocol. */
    PROTOCOL(
        "platform.protocol",
        ErrorCategory.INVALID,
        false,
        "Check that both programs are of the same release.");

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
  public PlatformException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what kind of failure it is
   * @param message what happened
   * @param cause what led to it
   */
  public PlatformException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
