package org.sesemi.attestation.internal;

/**
 * Bytes are not in the form that was expected. Verifiers catch it and turn it into a failed check;
 * it never leaves them.
 */
public final class Unreadable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Makes a failure.
   *
   * @param message where and what, without the bytes themselves
   */
  public Unreadable(String message) {
    super(message, null, false, false);
  }

  /** {@return the message} */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
