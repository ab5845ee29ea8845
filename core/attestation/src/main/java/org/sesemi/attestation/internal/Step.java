package org.sesemi.attestation.internal;

import java.util.Locale;
import org.sesemi.attestation.AttestationException.Code;

/**
 * One named check of a verifier. Implemented by one enum per verifier, in the order of the record.
 */
public interface Step {

  /** {@return the constant's own name} */
  String name();

  /** {@return the code of a verification that this check ends} */
  Code code();

  /** {@return why it matters, as the first half of the reason when it does not pass} */
  String why();

  /** {@return the name in records, for example {@code pck-chain}} */
  default String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
