package org.sesemi.attestation.internal.cca;

import java.util.Locale;

/**
 * The states of a platform's security. The upper byte of the claim says which; the lower one is the
 * maker's own. Source: Realm Management Monitor specification, platform security life cycle.
 */
enum Lifecycle {
  /** Nothing is said. */
  UNKNOWN(0x00),
  /** The chip is being made. */
  ASSEMBLY_AND_TEST(0x10),
  /** Keys are being written. */
  ROOT_OF_TRUST_PROVISIONING(0x20),
  /** As sold. */
  SECURED(0x30),
  /** Secured; parts outside CCA can be looked into. */
  OTHER_DEBUG(0x40),
  /** CCA can be looked into, and can be secured again. */
  RECOVERABLE_DEBUG(0x50),
  /** Out of use. */
  DECOMMISSIONED(0x60);

  private final int upper;

  Lifecycle(int upper) {
    this.upper = upper;
  }

  static Lifecycle of(long claim) {
    for (Lifecycle state : values()) {
      if (claim >>> 8 == state.upper) {
        return state;
      }
    }
    return UNKNOWN;
  }

  /** {@return whether somebody may look into the machine} */
  boolean isDebug() {
    return this == OTHER_DEBUG || this == RECOVERABLE_DEBUG;
  }

  /** {@return whether the platform's key is under the platform's control} */
  boolean isInUse() {
    return this == SECURED || isDebug();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
