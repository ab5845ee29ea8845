package org.sesemi.runtime;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure of the function runtime to serve a request; its message holds no plaintext. */
public final class FunctionException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** Why a request is not served. */
  public enum Code implements ErrorCode {
    /** The measured configuration or a parameter is malformed. */
    CONFIG_INVALID(
        "config.invalid",
        ErrorCategory.INVALID,
        false,
        "Correct the configuration and start again."),
    /** The time in the request is too far from the runtime's clock. */
    REQUEST_EXPIRED(
        "request.expired",
        ErrorCategory.INVALID,
        false,
        "Seal the request again; check the clocks of client and server when it repeats."),
    /** This instance has already served the request. */
    REQUEST_REPLAYED(
        "request.replayed",
        ErrorCategory.CONFLICT,
        false,
        "Seal a new request: each one is answered once."),
    /** The sealed request is larger than this runtime accepts. */
    REQUEST_TOO_LARGE(
        "request.too-large", ErrorCategory.TOO_LARGE, false, "Send fewer or smaller tensors."),
    /** The body of an HTTP request is not what its path takes. */
    REQUEST_MALFORMED(
        "request.malformed", ErrorCategory.INVALID, false, "Compare the body with the protocol."),
    /** The body of an HTTP request is said to be something else. */
    MEDIA_TYPE(
        "http.media-type",
        ErrorCategory.MEDIA_TYPE,
        false,
        "Send the bytes of a sealed request as application/octet-stream."),
    /** The time allowed for the request is over. */
    DEADLINE("request.deadline", ErrorCategory.DEADLINE, true, "Allow more time for the request."),
    /** The bounded queue is full. */
    BUSY("runtime.busy", ErrorCategory.BUSY, true, "Send the request again after a moment."),
    /** The runtime is stopping. */
    DRAINING(
        "runtime.draining",
        ErrorCategory.UNAVAILABLE,
        true,
        "Send the request again: another instance serves it."),
    /** The runtime was initialised before. */
    INITIALISED(
        "runtime.initialised",
        ErrorCategory.VERIFICATION,
        false,
        "An action container is initialised once."),
    /** A defect of the runtime. */
    INTERNAL(
        "runtime.internal",
        ErrorCategory.INTERNAL,
        false,
        "Report it with the request id; the details are in the log of the instance."),
    /** The key service cannot be reached. */
    KEYSERVICE_UNAVAILABLE(
        "keyservice.unavailable",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check that the key service runs; the request can be sent again."),
    /** The service at the configured address does not prove to be the key service. */
    KEYSERVICE_UNTRUSTED(
        "keyservice.untrusted",
        ErrorCategory.VERIFICATION,
        false,
        "Check the key service address, and the cluster id in the measured configuration."),
    /** The key service is behind the policy epoch that the user has seen. */
    EPOCH_BEHIND(
        "epoch.behind",
        ErrorCategory.UNAVAILABLE,
        true,
        "The key service answers with an older policy than the client knows: ask its operator."),
    /** None of the versions that the request accepts may be served. */
    VERSION_NOT_ALLOWED(
        "model.version-not-allowed",
        ErrorCategory.DENIED,
        false,
        "Ask for a version that the grant allows, or for the current one."),
    /** The storage holds another version of the model than the one that must be served now. */
    VERSION_NOT_CURRENT(
        "model.version-not-current",
        ErrorCategory.CONFLICT,
        true,
        "The storage serves an old package: ask the operator to restore the current one."),
    /** The storage holds bytes that are not the package that must be served. */
    PACKAGE_CHANGED(
        "model.package-changed",
        ErrorCategory.VERIFICATION,
        false,
        "The package was changed in storage: publish it again or ask the operator."),
    /** The storage has no package for the version that must be served. */
    PACKAGE_MISSING(
        "model.package-missing",
        ErrorCategory.NOT_FOUND,
        true,
        "Put the package of this version into the storage folder."),
    /** The storage cannot be read. */
    STORAGE_FAILED(
        "model.storage-failed",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check the storage folder of the instance."),
    /** The model does not fit into the memory of this instance. */
    MODEL_TOO_LARGE(
        "model.too-large",
        ErrorCategory.TOO_LARGE,
        false,
        "Give the function a larger memory budget."),
    /** The isolation level asked for is not offered by this runtime. */
    ISOLATION_UNSUPPORTED(
        "isolation.unsupported",
        ErrorCategory.CONFLICT,
        false,
        "Grant or ask for an isolation level that this runtime offers.");

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
   * @param code why
   * @param message what happened
   */
  public FunctionException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code why
   * @param message what happened
   * @param cause what led to it
   */
  public FunctionException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
