package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A test event log of a trust domain, and the registers that it leads to. Not thread-safe. */
public final class CcelLog {

  /** An event that extends nothing. */
  public static final int NO_ACTION = 3;

  private static final int SHA1 = 4;
  private static final int SHA384 = 0x0c;

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final List<byte[]> registers = new ArrayList<>();

  /** Begins with the event that names the digests: SHA-384 alone. */
  public CcelLog() {
    this(SHA384);
  }

  /** Begins with the event that names the digests; SHA-1 may be among them. */
  public CcelLog(int... algorithms) {
    for (int i = 0; i < 4; i++) {
      registers.add(new byte[48]);
    }
    byte[] names = IntelQuote.number(algorithms.length, 4);
    for (int algorithm : algorithms) {
      names =
          IntelQuote.join(
              names,
              IntelQuote.number(algorithm, 2),
              IntelQuote.number(algorithm == SHA1 ? 20 : 48, 2));
    }
    byte[] event =
        IntelQuote.join(
            "Spec ID Event03\0".getBytes(StandardCharsets.US_ASCII),
            new byte[] {0, 0, 0, 0, 0, 2, 0, 2},
            names,
            new byte[] {0});
    write(IntelQuote.number(1, 4), IntelQuote.number(NO_ACTION, 4), new byte[20]);
    write(IntelQuote.number(event.length, 4), event);
  }

  /** Adds an event of a measurement register: 1 to 4 is RTMR 0 to 3. */
  public CcelLog event(int index, int type, byte[] data) {
    byte[] digest = sha384(data);
    write(IntelQuote.number(index, 4), IntelQuote.number(type, 4), IntelQuote.number(1, 4));
    write(IntelQuote.number(SHA384, 2), digest, IntelQuote.number(data.length, 4), data);
    if (type != NO_ACTION && index >= 1 && index <= 4) {
      byte[] before = registers.get(index - 1);
      registers.set(index - 1, sha384(IntelQuote.join(before, digest)));
    }
    return this;
  }

  /** Adds bytes as they are. */
  public CcelLog raw(byte[] bytes) {
    write(bytes);
    return this;
  }

  /** Adds filler, as the rest of the firmware's area has it. */
  public CcelLog filler(int length) {
    byte[] filler = new byte[length];
    Arrays.fill(filler, (byte) 0xff);
    return raw(filler);
  }

  /** {@return the log} */
  public byte[] toArray() {
    return log.toByteArray();
  }

  /** {@return an RTMR, 0 to 3, after all events} */
  public byte[] rtmr(int number) {
    return registers.get(number).clone();
  }

  private void write(byte[]... parts) {
    log.writeBytes(IntelQuote.join(parts));
  }

  private static byte[] sha384(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-384").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
