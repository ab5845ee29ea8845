package org.sesemi.keyservice.internal;

import org.sesemi.wire.ErrorCode;

/**
 * A decision against whoever asked: a code and a sentence for the asker, and the reason in full for
 * the audit log.
 */
final class Refusal extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ErrorCode errorCode;
  private final String detail;
  private final String reason;

  /**
   * Makes a refusal.
   *
   * @param errorCode what the asker gets
   * @param detail what the asker reads
   * @param reason what the log keeps
   */
  Refusal(ErrorCode errorCode, String detail, String reason) {
    super(errorCode.code() + ": " + reason, null, false, false);
    this.errorCode = errorCode;
    this.detail = detail;
    this.reason = reason;
  }

  /**
   * Makes a refusal with the same words for asker and log.
   *
   * @param errorCode what the asker gets
   * @param detail what both read
   */
  Refusal(ErrorCode errorCode, String detail) {
    this(errorCode, detail, detail);
  }

  ErrorCode errorCode() {
    return errorCode;
  }

  String detail() {
    return detail;
  }

  String reason() {
    return reason;
  }
}
