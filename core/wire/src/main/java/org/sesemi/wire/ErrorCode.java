package org.sesemi.wire;

/**
 * The stable identity of one kind of failure, for programs to decide on and for people to look up.
 *
 * <p>Each module implements it with one enum. Neither the code nor the hint is built from input, so
 * that an error code can be shown to anybody.
 */
public interface ErrorCode {

  /**
   * {@return the stable name in the form {@code area.reason}, for example {@code grant.expired}}
   */
  String code();

  /** {@return the category, which carries HTTP status and exit code} */
  ErrorCategory category();

  /** {@return whether the same request can succeed when it is sent again later} */
  boolean retryable();

  /** {@return one sentence on what the reader can do} */
  String hint();
}
