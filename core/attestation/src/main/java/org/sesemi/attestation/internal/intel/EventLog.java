package org.sesemi.attestation.internal.intel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * The event log of a trust domain, as firmware leaves it in the ACPI table CCEL. Format: TCG PC
 * Client Platform Firmware Profile, crypto-agile log; registers: UEFI, confidential computing
 * measurement protocol, where index 1 to 4 is RTMR 0 to 3.
 *
 * @param events the events that extend a register, in order
 */
public record EventLog(List<Event> events) {

  /**
   * One event.
   *
   * @param register which runtime register it extends, 0 to 3
   * @param digest with what
   */
  public record Event(int register, Bytes digest) {}

  private static final String WHAT = "the event log";
  private static final String SIGNATURE = "Spec ID Event03\0";
  private static final int NO_ACTION = 3;
  private static final int SHA384 = 0x000c;
  private static final int DIGEST_LENGTH = 48;
  private static final int MAX_DIGESTS = 8;
  private static final long FILLER = 0xffff_ffffL;

  /** Copies the list. */
  public EventLog {
    events = List.copyOf(events);
  }

  /**
   * Reads a log.
   *
   * @throws Unreadable when it is not in the format, or has no SHA-384 digests
   */
  static EventLog parse(Bytes log) {
    ByteInput in = ByteInput.littleEndian(log.toArray(), WHAT);
    Map<Integer, Integer> lengths = specification(in);
    List<Event> events = new ArrayList<>();
    while (in.remaining() > 0) {
      long index = in.u32();
      if (index == FILLER) {
        for (byte value : in.rest()) {
          if (value != -1) {
            throw new Unreadable(WHAT + " has something in the filler after its end");
          }
        }
        break;
      }
      long type = in.u32();
      Bytes digest = digest(in, lengths);
      in.bytes(in.u32());
      if (index > 4 || (index == 0 && type != NO_ACTION)) {
        throw new Unreadable(WHAT + " has an event of a register that cannot be extended");
      }
      if (type != NO_ACTION) {
        events.add(new Event((int) index - 1, digest));
      }
    }
    return new EventLog(events);
  }

  /** Reads the first event, which is in the older format and names the digests of the others. */
  private static Map<Integer, Integer> specification(ByteInput in) {
    in.skip(4);
    if (in.u32() != NO_ACTION) {
      throw new Unreadable(WHAT + " does not begin with its specification");
    }
    in.skip(20);
    ByteInput event = ByteInput.littleEndian(in.bytes(in.u32()), WHAT + "'s first event");
    byte[] signature = event.bytes(SIGNATURE.length());
    if (!new String(signature, StandardCharsets.ISO_8859_1).equals(SIGNATURE)) {
      throw new Unreadable(WHAT + " is not in the crypto-agile format");
    }
    event.skip(8);
    long count = event.u32();
    if (count < 1 || count > MAX_DIGESTS) {
      throw new Unreadable(WHAT + " names too many digest algorithms, or none");
    }
    Map<Integer, Integer> lengths = new HashMap<>();
    for (int i = 0; i < count; i++) {
      if (lengths.put(event.u16(), event.u16()) != null) {
        throw new Unreadable(WHAT + " names a digest algorithm twice");
      }
    }
    event.bytes(event.u8());
    event.finish();
    Integer length = lengths.get(SHA384);
    if (length == null || length != DIGEST_LENGTH) {
      throw new Unreadable(WHAT + " has no SHA-384 digests");
    }
    return lengths;
  }

  private static Bytes digest(ByteInput in, Map<Integer, Integer> lengths) {
    long count = in.u32();
    if (count != lengths.size()) {
      throw new Unreadable(WHAT + " has an event without the digests that were announced");
    }
    @Nullable Bytes digest = null;
    for (int i = 0; i < count; i++) {
      int algorithm = in.u16();
      Integer length = lengths.get(algorithm);
      if (length == null || (algorithm == SHA384 && digest != null)) {
        throw new Unreadable(WHAT + " has a digest that was not announced");
      }
      byte[] bytes = in.bytes(length);
      if (algorithm == SHA384) {
        digest = Bytes.of(bytes);
      }
    }
    if (digest == null) {
      throw new Unreadable(WHAT + " has an event without a SHA-384 digest");
    }
    return digest;
  }

  /** {@return the four registers after all events} */
  List<Bytes> replay() {
    List<Bytes> registers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      registers.add(Bytes.of(new byte[DIGEST_LENGTH]));
    }
    MessageDigest sha384 = sha384();
    for (Event event : events) {
      sha384.update(registers.get(event.register()).toBuffer());
      sha384.update(event.digest().toBuffer());
      registers.set(event.register(), Bytes.of(sha384.digest()));
    }
    return registers;
  }

  private static MessageDigest sha384() {
    try {
      return MessageDigest.getInstance("SHA-384", "SUN");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has SHA-384", e);
    }
  }
}
