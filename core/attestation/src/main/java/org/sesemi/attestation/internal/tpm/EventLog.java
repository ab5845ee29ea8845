package org.sesemi.attestation.internal.tpm;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * A firmware event log in the crypto-agile form (TCG PC Client Platform Firmware Profile, 10),
 * replayed in its SHA-256 bank. Only digests count; what the events say is not believed.
 *
 * @param registers what the events of each register lead to
 * @param events how many events extended a register
 */
public record EventLog(Map<Integer, Bytes> registers, int events) {

  private static final String WHAT = "the event log";
  private static final int NO_ACTION = 3;
  private static final int SHA1_LENGTH = 20;
  private static final int MAX_ALGORITHMS = 8;
  private static final int MAX_REGISTER = 23;
  private static final byte[] AGILE = "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LOCALITY = "StartupLocality\0".getBytes(StandardCharsets.US_ASCII);

  /** Copies the registers. */
  public EventLog {
    registers = Map.copyOf(registers);
  }

  /**
   * Reads and replays a log.
   *
   * @throws Unreadable when it has another form, or no SHA-256 digests
   */
  public static EventLog replay(byte[] log) {
    ByteInput in = ByteInput.littleEndian(log, WHAT);
    Map<Integer, Integer> lengths = header(in);
    if (lengths.getOrDefault(TpmHash.SHA256.id(), 0) != TpmHash.SHA256.length()) {
      throw new Unreadable(WHAT + " has no SHA-256 digests");
    }
    Map<Integer, Bytes> registers = new TreeMap<>();
    int events = 0;
    byte[] start = new byte[TpmHash.SHA256.length()];
    while (in.remaining() > 0 && !isFiller(log, in.position())) {
      int register = index(in);
      long type = in.u32();
      byte[] digest = digest(in, lengths);
      byte[] data = in.bytes(in.u32());
      if (type == NO_ACTION) {
        if (register == 0 && data.length > LOCALITY.length && startsWith(data, LOCALITY)) {
          start[start.length - 1] = data[LOCALITY.length];
        }
        continue;
      }
      byte[] initial = register == 0 ? start : new byte[start.length];
      byte[] before = registers.getOrDefault(register, Bytes.of(initial)).toArray();
      registers.put(register, Bytes.of(TpmHash.SHA256.digest(before, digest)));
      events++;
    }
    return new EventLog(registers, events);
  }

  private static Map<Integer, Integer> header(ByteInput in) {
    long register = in.u32();
    long type = in.u32();
    in.skip(SHA1_LENGTH);
    byte[] data = in.bytes(in.u32());
    if (register != 0 || type != NO_ACTION || !startsWith(data, AGILE)) {
      throw new Unreadable(WHAT + " does not begin with the event of the crypto-agile form");
    }
    ByteInput event = ByteInput.littleEndian(data, WHAT);
    event.skip(AGILE.length + 8);
    long count = event.u32();
    if (count < 1 || count > MAX_ALGORITHMS) {
      throw new Unreadable(WHAT + " has not 1 to " + MAX_ALGORITHMS + " hash algorithms");
    }
    Map<Integer, Integer> lengths = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int algorithm = event.u16();
      if (lengths.put(algorithm, event.u16()) != null) {
        throw new Unreadable(WHAT + " has a hash algorithm twice");
      }
    }
    event.skip(event.u8());
    event.finish();
    return lengths;
  }

  private static byte[] digest(ByteInput in, Map<Integer, Integer> lengths) {
    long count = in.u32();
    if (count != lengths.size()) {
      throw new Unreadable(WHAT + " has an event without a digest for each hash algorithm");
    }
    byte[] wanted = new byte[0];
    for (int i = 0; i < count; i++) {
      int algorithm = in.u16();
      Integer length = lengths.get(algorithm);
      if (length == null) {
        throw new Unreadable(WHAT + " has a digest of an algorithm that it did not announce");
      }
      byte[] digest = in.bytes(length);
      if (algorithm == TpmHash.SHA256.id()) {
        if (wanted.length > 0) {
          throw new Unreadable(WHAT + " has an event with two digests of one algorithm");
        }
        wanted = digest;
      }
    }
    if (wanted.length == 0) {
      throw new Unreadable(WHAT + " has an event without a SHA-256 digest");
    }
    return wanted;
  }

  private static int index(ByteInput in) {
    long register = in.u32();
    if (register > MAX_REGISTER) {
      throw new Unreadable(WHAT + " has an event of a register that does not exist");
    }
    return (int) register;
  }

  /** Logs are handed out in buffers that were filled with 0xff, or cleared. */
  private static boolean isFiller(byte[] log, int from) {
    byte filler = log[from];
    if (filler != -1 && filler != 0) {
      return false;
    }
    for (int i = from; i < log.length; i++) {
      if (log[i] != filler) {
        return false;
      }
    }
    return true;
  }

  private static boolean startsWith(byte[] data, byte[] prefix) {
    return data.length >= prefix.length
        && Arrays.equals(data, 0, prefix.length, prefix, 0, prefix.length);
  }
}
