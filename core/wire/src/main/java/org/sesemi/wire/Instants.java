package org.sesemi.wire;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The form of points in time in messages: whole milliseconds since 1970, up to the year 9999. */
final class Instants {

  /** The last millisecond of the year 9999. */
  static final long MAX_MILLIS = 253_402_300_799_999L;

  private Instants() {}

  /**
   * Cuts a time to milliseconds and refuses one outside the range.
   *
   * @return the result
   */
  static Instant toMillis(Instant time) {
    Instant cut = time.truncatedTo(ChronoUnit.MILLIS);
    if (cut.isBefore(Instant.EPOCH) || cut.isAfter(Instant.ofEpochMilli(MAX_MILLIS))) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a time lies outside the years 1970 to 9999");
    }
    return cut;
  }

  /**
   * Reads a time.
   *
   * @return what was read
   */
  static Instant read(CborReader reader, int key) {
    return Instant.ofEpochMilli(reader.integer(key, 0, MAX_MILLIS));
  }
}
