package org.sesemi.runtime.spi;

import org.sesemi.wire.CodedException;
import org.sesemi.wire.ErrorCategory;
import org.sesemi.wire.ErrorCode;

/** A failure to load or run a model; its message holds nothing of the model or of its inputs. */
public final class ModelException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can go wrong with a model. */
  public enum Code implements ErrorCode {
    /** The bytes are not a model that the engine can read. */
    MALFORMED(
        "model.malformed",
        ErrorCategory.MODEL,
        false,
        "Check the model with the engine's own tools and publish it again."),
    /** The model has an input or output of a kind that cannot be served. */
    UNSUPPORTED(
        "model.unsupported",
        ErrorCategory.MODEL,
        false,
        "Export the model with tensors only; for scikit-learn switch ZipMap off."),
    /** The model failed on these inputs. */
    FAILED(
        "model.failed",
        ErrorCategory.MODEL,
        false,
        "Compare the shapes of the inputs with each other: the model accepts each one alone."),
    /** The run was stopped because its time was over. */
    TERMINATED(
        "model.terminated", ErrorCategory.DEADLINE, true, "Allow more time for the request."),
    /** There is not enough memory for the model. */
    OUT_OF_MEMORY(
        "model.out-of-memory",
        ErrorCategory.UNAVAILABLE,
        true,
        "Give the function more memory, or wait until other models are idle.");

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
   * @param message where, without anything secret
   */
  public ModelException(Code code, String message) {
    super(code, message);
  }
}
