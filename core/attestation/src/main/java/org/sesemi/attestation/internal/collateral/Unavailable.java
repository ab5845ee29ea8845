package org.sesemi.attestation.internal.collateral;

import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;

/** Makes the failures of this package. */
final class Unavailable {

  private Unavailable() {}

  static AttestationException because(String message) {
    return new AttestationException(Code.COLLATERAL_UNAVAILABLE, message);
  }

  static AttestationException because(String message, Throwable cause) {
    return new AttestationException(Code.COLLATERAL_UNAVAILABLE, message, cause);
  }
}
