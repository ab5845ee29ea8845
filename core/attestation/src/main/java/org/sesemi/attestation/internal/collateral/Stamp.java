package org.sesemi.attestation.internal.collateral;

import java.time.Instant;
import java.util.Optional;

/**
 * What an authentic item says about its own time.
 *
 * @param from from when it is valid
 * @param until the last instant at which it is valid
 * @param position where it stands in the sequence of its kind, unless it has none
 */
record Stamp(Instant from, Instant until, Optional<Floor> position) {

  boolean covers(Instant at) {
    return !at.isBefore(from) && !at.isAfter(until);
  }
}
