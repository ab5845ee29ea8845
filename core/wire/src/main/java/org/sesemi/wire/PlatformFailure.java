package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The answer of a platform that refuses or fails: what a {@link CodedException} says, in the form
 * that travels over the control socket and over the pipe of an enclave.
 *
 * @param code the stable name of the failure
 * @param category the kind of failure
 * @param retryable whether the same request can succeed later
 * @param hint what the reader can do
 * @param detail what happened, for people
 */
public record PlatformFailure(
    String code, ErrorCategory category, boolean retryable, String hint, String detail) {

  /** The most characters of hint and detail; a longer detail is cut. */
  public static final int MAX_TEXT_LENGTH = 2048;

  private static final int MAX_CODE_LENGTH = 128;
  private static final Pattern CODE = Pattern.compile("[a-z0-9-]{1,40}(\\.[a-z0-9-]{1,40}){1,2}");

  /** Checks the parts. */
  public PlatformFailure {
    requireNonNull(category, "category");
    if (!CODE.matcher(code).matches()
        || hint.length() > MAX_TEXT_LENGTH
        || detail.length() > MAX_TEXT_LENGTH) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "not the form of a failure");
    }
  }

  /**
   * {@return what a failure says}
   *
   * @param failure the failure
   */
  public static PlatformFailure of(CodedException failure) {
    ErrorCode code = failure.errorCode();
    return new PlatformFailure(
        code.code(), code.category(), code.retryable(), cut(code.hint()), cut(failure.detail()));
  }

  /** {@return the failure as an exception of the receiver} */
  public RemoteException toException() {
    return new RemoteException(Problem.of(new Received(this), detail));
  }

  CborMap.Builder write(CborMap.Builder map, int firstKey) {
    return map.put(firstKey, code)
        .put(firstKey + 1, category.text())
        .put(firstKey + 2, retryable)
        .put(firstKey + 3, hint)
        .put(firstKey + 4, detail);
  }

  static PlatformFailure read(CborReader reader, int firstKey) {
    return new PlatformFailure(
        reader.text(firstKey, MAX_CODE_LENGTH),
        reader.parsed(firstKey + 1, 32, ErrorCategory::parse),
        reader.bool(firstKey + 2),
        reader.text(firstKey + 3, MAX_TEXT_LENGTH),
        reader.text(firstKey + 4, MAX_TEXT_LENGTH));
  }

  private static String cut(String text) {
    if (text.length() <= MAX_TEXT_LENGTH) {
      return text;
    }
    int end = MAX_TEXT_LENGTH - 3;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + "...";
  }

  private record Received(PlatformFailure failure) implements ErrorCode {
    @Override
    public String code() {
      return failure.code;
    }

    @Override
    public ErrorCategory category() {
      return failure.category;
    }

    @Override
    public boolean retryable() {
      return failure.retryable;
    }

    @Override
    public String hint() {
      return failure.hint;
    }
  }
}
