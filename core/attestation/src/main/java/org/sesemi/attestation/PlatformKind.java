package org.sesemi.attestation;

/**
 * The kind of platform that an enclave runs on, and with it the form of its evidence and the type
 * of policy that can accept it.
 */
public enum PlatformKind {
  /** A process of the simulated platform. It behaves like hardware and protects nothing. */
  SIMULATED("simulated");

  private final String text;

  PlatformKind(String text) {
    this.text = text;
  }

  /** {@return the name used in messages} */
  public String text() {
    return text;
  }

  /**
   * {@return the kind with a name}
   *
   * @param text a name as {@link #text()} gives it
   * @throws AttestationException with {@code attestation.platform-unknown} when no kind has it
   */
  public static PlatformKind parse(String text) {
    for (PlatformKind kind : values()) {
      if (kind.text.equals(text)) {
        return kind;
      }
    }
    throw new AttestationException(
        AttestationException.Code.PLATFORM_UNKNOWN, "the message names an unknown platform");
  }
}
