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
        "Check that both programs are of the same release."),
    /** An enclave process was started in a way that lets others load code into it or look in. */
    EXPOSED(
        "platform.enclave-exposed",
        ErrorCategory.DENIED,
        false,
        "Let the platform start the enclave, and take the agent, preload or option away."),
    /** Sealed data comes from an enclave of another measurement. */
    SEALED_ELSEWHERE(
        "platform.sealed-elsewhere",
        ErrorCategory.DENIED,
        false,
        "Start the build that sealed it; a new build joins and does not unseal."),
    /** Sealed data was changed, cut, or belongs to another platform or purpose. */
    SEAL_TAMPERED(
        "platform.seal-tampered",
        ErrorCategory.VERIFICATION,
        false,
        "The file was damaged, exchanged, or comes from another platform."),
    /** A counter has another value than the enclave believed. */
    COUNTER_MOVED(
        "platform.counter-moved",
        ErrorCategory.CONFLICT,
        false,
        "Another instance with the same state runs, or the state is an old one."),
    /** No running enclave has the launch id. */
    LAUNCH_UNKNOWN(
        "platform.launch-unknown",
        ErrorCategory.NOT_FOUND,
        false,
        "The enclave has ended already; sesemi status lists those that run."),
    /** As many enclaves run as the platform allows. */
    FULL(
        "platform.full", ErrorCategory.BUSY, true, "Stop an enclave, or wait until one has ended."),
    /** The operating system did not start the process. */
    START_FAILED(
        "platform.start-failed",
        ErrorCategory.UNAVAILABLE,
        true,
        "Look into the log of the platform daemon."),
    /** The platform's own folder cannot be used. */
    HOME_UNUSABLE(
        "platform.home-unusable",
        ErrorCategory.CONFLICT,
        false,
        "Correct owner and permissions of the folder, or choose another one."),
    /** Another daemon uses the platform's folder. */
    HOME_IN_USE(
        "platform.home-in-use",
        ErrorCategory.CONFLICT,
        false,
        "Stop the other daemon, or choose another folder."),
    /** A defect of the platform. */
    INTERNAL(
        "platform.internal",
        ErrorCategory.INTERNAL,
        false,
        "Look into the log of the platform daemon.");

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
