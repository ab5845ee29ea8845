package org.sesemi.sdk;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure that the client library itself finds, before or after it talks to a service. */
public final class SdkException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong on the client's side. */
  public enum Code implements ErrorCode {
    /** A named file is not there. */
    FILE_MISSING(
        "file.missing", ErrorCategory.NOT_FOUND, false, "Check the path; it is relative to here."),
    /** A file is there but cannot be read or written. */
    FILE_UNREADABLE(
        "file.unreadable", ErrorCategory.INVALID, false, "Check the file's kind and permissions."),
    /** A model file is not in the ONNX format. */
    MODEL_NOT_ONNX(
        "model.not-onnx",
        ErrorCategory.INVALID,
        false,
        "Export the model as ONNX; a saved checkpoint or archive of a training framework is not one."),
    /** A model is ONNX but uses something that cannot be served. */
    MODEL_UNSUPPORTED(
        "model.unsupported",
        ErrorCategory.MODEL,
        false,
        "Export the model with plain tensors as inputs and outputs (for scikit-learn: zipmap off)."),
    /** No model has the given name. */
    MODEL_UNKNOWN(
        "model.unknown",
        ErrorCategory.NOT_FOUND,
        false,
        "List the models with: sesemi model list; another owner's model is named OWNER-ID/NAME."),
    /** The key service shows another cluster than the one that is pinned. */
    CLUSTER_CHANGED(
        "cluster.changed",
        ErrorCategory.VERIFICATION,
        false,
        "Somebody put another key service in its place, or the state was copied from elsewhere."),
    /** The key service shows a lower epoch than one seen before. */
    EPOCH_LOWER(
        "cluster.epoch-lower",
        ErrorCategory.VERIFICATION,
        false,
        "The key service was set back to an older state; do not use it."),
    /** The packer cannot be reached. */
    PACKER_UNREACHABLE(
        "packer.unreachable",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check that it runs with: sesemi status; start it with: sesemi up"),
    /** The key service cannot be reached. */
    KEYSERVICE_UNREACHABLE(
        "keyservice.unreachable",
        ErrorCategory.UNAVAILABLE,
        true,
        "Check that it runs with: sesemi status; start it with: sesemi up"),
    /** No answer came in the time allowed. */
    ANSWER_LATE(
        "request.deadline",
        ErrorCategory.DEADLINE,
        true,
        "Try again, or allow more time with --timeout."),
    /** What came back is not an answer to the request. */
    ANSWER_INVALID(
        "answer.invalid",
        ErrorCategory.VERIFICATION,
        false,
        "Something between here and the enclave changed the answer; send the request again."),
    /** A file is not a receipt. */
    RECEIPT_MALFORMED(
        "receipt.malformed",
        ErrorCategory.VERIFICATION,
        false,
        "Give a file that was kept with an answer, unchanged."),
    /** A receipt does not verify. */
    RECEIPT_INVALID(
        "receipt.invalid",
        ErrorCategory.VERIFICATION,
        false,
        "Do not rely on this answer; the failed step says what differs."),
    /** Durable client state is damaged or belongs elsewhere. */
    STATE_DAMAGED(
        "state.damaged",
        ErrorCategory.CONFLICT,
        false,
        "Restore the folder from a backup, or move it away and start anew."),
    /** The model's tensors do not fit the request. */
    INPUT_INVALID(
        "input.invalid",
        ErrorCategory.INVALID,
        false,
        "Compare the request with: sesemi model show MODEL");

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
   * @param code what went wrong
   * @param message where and how, free of secrets
   */
  public SdkException(Code code, String message) {
    super(code, message);
  }

  /**
   * Makes a failure with a cause.
   *
   * @param code what went wrong
   * @param message where and how, free of secrets
   * @param cause what led to it
   */
  public SdkException(Code code, String message, Throwable cause) {
    super(code, message, cause);
  }
}
