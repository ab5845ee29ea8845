package org.sesemi.wire;

import java.util.Locale;

/**
 * The kind of a failure: it decides the HTTP status that a server answers and the exit code that
 * the command line ends with.
 */
public enum ErrorCategory {
  /** The request is malformed or names a wrong shape, type or value. */
  INVALID(400, 1),
  /** The caller did not prove who it is. */
  UNAUTHENTICATED(401, 4),
  /** A policy refuses the caller. */
  DENIED(403, 4),
  /** The named thing does not exist. */
  NOT_FOUND(404, 1),
  /** The request contradicts the present state. */
  CONFLICT(409, 1),
  /** The request is larger than the receiver accepts. */
  TOO_LARGE(413, 1),
  /** The body is of a kind that the receiver does not read. */
  MEDIA_TYPE(415, 1),
  /** The model itself is broken or failed. */
  MODEL(422, 1),
  /** Too many requests at present; a later one can succeed. */
  BUSY(429, 5),
  /** Evidence, a signature, a seal or a receipt does not verify. */
  VERIFICATION(502, 3),
  /** The service or a part that it needs is not there at present. */
  UNAVAILABLE(503, 5),
  /** The time allowed for the request is over. */
  DEADLINE(504, 5),
  /** A defect of the receiver. */
  INTERNAL(500, 1);

  private final int httpStatus;
  private final int exitCode;

  ErrorCategory(int httpStatus, int exitCode) {
    this.httpStatus = httpStatus;
    this.exitCode = exitCode;
  }

  /** {@return the HTTP status of answers of this category} */
  public int httpStatus() {
    return httpStatus;
  }

  /** {@return the process exit code of failures of this category} */
  public int exitCode() {
    return exitCode;
  }

  /** {@return the name used in problem documents, for example {@code too-large}} */
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * {@return the category with a name as {@link #text()} gives it}
   *
   * @param text the name
   * @throws WireException with {@code id.malformed} when no category has it
   */
  public static ErrorCategory parse(String text) {
    for (ErrorCategory category : values()) {
      if (category.text().equals(text)) {
        return category;
      }
    }
    throw new WireException(WireException.Code.ID_MALFORMED, "no such error category");
  }
}
