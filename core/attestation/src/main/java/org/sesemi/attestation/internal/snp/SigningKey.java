package org.sesemi.attestation.internal.snp;

import java.util.Optional;

/** The key that signed a report, as the report says. */
public enum SigningKey {
  /** The versioned chip endorsement key, which one chip has. */
  VCEK,
  /** The versioned loaded endorsement key, which a cloud provider's chips share. */
  VLEK;

  /** {@return the key of a value of SIGNING_KEY; none for "not signed" and reserved values} */
  public static Optional<SigningKey> of(int value) {
    return switch (value) {
      case 0 -> Optional.of(VCEK);
      case 1 -> Optional.of(VLEK);
      default -> Optional.empty();
    };
  }
}
