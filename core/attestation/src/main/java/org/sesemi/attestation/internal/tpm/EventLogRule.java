package org.sesemi.attestation.internal.tpm;

import java.util.Map;
import java.util.Optional;
import org.sesemi.wire.Bytes;

/** How an event log and quoted registers have to agree. */
final class EventLogRule {

  private static final int FIRMWARE = 8;

  private EventLogRule() {}

  /**
   * {@return the first disagreement}
   *
   * <p>A register that has events must have the value that they lead to. The registers 0 to 7
   * belong to the firmware alone, so without events they must still be zero. Later registers
   * without events were extended by software that keeps logs of its own.
   */
  static Optional<String> problem(EventLog log, Map<Integer, Bytes> quoted) {
    Bytes untouched = Bytes.of(new byte[TpmHash.SHA256.length()]);
    boolean any = false;
    for (Map.Entry<Integer, Bytes> entry : quoted.entrySet()) {
      int register = entry.getKey();
      Bytes replayed = log.registers().get(register);
      if (replayed == null && register < FIRMWARE) {
        replayed = untouched;
      }
      if (replayed != null) {
        if (!replayed.equals(entry.getValue())) {
          return Optional.of("another value for register " + register);
        }
        any = true;
      }
    }
    return any ? Optional.empty() : Optional.of("no register that is in the log");
  }
}
