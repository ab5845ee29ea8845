package org.sesemi.wire;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Locale;

/**
 * A failure of an Open Inference Protocol body: the message names the tensor and the index, never a
 * value.
 */
public final class OipException extends CodedException {

  private static final long serialVersionUID = 1L;

  /** What can be wrong with a body or a tensor. */
  public enum Code implements ErrorCode {
    /** The body is not JSON, or not the JSON of the protocol. */
    MALFORMED("oip.malformed", ErrorCategory.INVALID, "Check the body with a JSON tool."),
    /** The body has a field that the protocol does not define. */
    UNKNOWN_FIELD(
        "oip.unknown-field",
        ErrorCategory.INVALID,
        "Put fields of your own into \"parameters\", which are ignored when unknown."),
    /** The body has more tensors, dimensions or bytes than are read. */
    TOO_LARGE("oip.too-large", ErrorCategory.TOO_LARGE, "Send a smaller body."),
    /** The model has an input that the request does not carry. */
    TENSOR_MISSING(
        "tensor.missing", ErrorCategory.INVALID, "Ask for the model's metadata to see its inputs."),
    /** The model has no tensor of that name. */
    TENSOR_UNKNOWN(
        "tensor.unknown",
        ErrorCategory.INVALID,
        "Ask for the model's metadata to see its tensors."),
    /** A tensor is named twice. */
    TENSOR_DUPLICATE("tensor.duplicate", ErrorCategory.INVALID, "Name each tensor once."),
    /** A tensor has an unknown element type, or not the one that the model takes. */
    TENSOR_DATATYPE(
        "tensor.datatype", ErrorCategory.INVALID, "Use the datatype of the model's metadata."),
    /** A shape is impossible, or not one that the model takes. */
    TENSOR_SHAPE("tensor.shape", ErrorCategory.INVALID, "Use the shape of the model's metadata."),
    /** The data has another number of elements or bytes than the shape says. */
    TENSOR_DATA(
        "tensor.data",
        ErrorCategory.INVALID,
        "The product of the shape is the number of elements."),
    /** An element is of another kind or outside the range of the datatype. */
    TENSOR_VALUE("tensor.value", ErrorCategory.INVALID, "Use values that the datatype can hold."),
    /** An element is NaN or infinite and the form has no way to say so. */
    TENSOR_NOT_FINITE(
        "tensor.not-finite",
        ErrorCategory.MODEL,
        "Use the binary form, or set the request parameter \"quoted_non_finite\" to true and write"
            + " \"NaN\", \"Infinity\" or \"-Infinity\" as strings."),
    /** The tensor has no JSON form. */
    TENSOR_BINARY_ONLY(
        "tensor.binary-only",
        ErrorCategory.INVALID,
        "Use the binary form; for outputs set the request parameter \"binary_data_output\" to true.");

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
   * @param message where: tensor and index
   */
  public OipException(Code code, String message) {
    super(code, message);
  }

  /** Makes a failure with a message of the form that {@link String#format} takes. */
  @FormatMethod
  static OipException of(Code code, @FormatString String format, Object... arguments) {
    return new OipException(code, String.format(Locale.ROOT, format, arguments));
  }

  /** Returns a name from a body in a form fit for messages: printable, quoted and short. */
  static String quoted(String name) {
    StringBuilder text = new StringBuilder(name.length() + 2).append('"');
    name.codePoints()
        .limit(64)
        .forEach(c -> text.appendCodePoint(c < 0x20 || c > 0x7e || c == '"' ? '?' : c));
    if (name.length() > 64) {
      text.append("...");
    }
    return text.append('"').toString();
  }
}
