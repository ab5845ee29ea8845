package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * A firmware event log in the crypto-agile form, little-endian, with any digests. Not thread-safe.
 */
public final class TpmEventLog {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final int[] algorithms;

  /** Begins a log that has digests of some algorithms. */
  public TpmEventLog(int... algorithms) {
    this("Spec ID Event03", algorithms);
  }

  /** Begins a log with another signature. */
  public TpmEventLog(String signature, int... algorithms) {
    this.algorithms = algorithms.clone();
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    event.writeBytes((signature + "\0").getBytes(StandardCharsets.US_ASCII));
    little(event, 0, 4);
    event.writeBytes(new byte[] {0, 2, 0, 2});
    little(event, algorithms.length, 4);
    for (int algorithm : algorithms) {
      little(event, algorithm, 2);
      little(event, TpmBytes.digest(algorithm).length, 2);
    }
    event.write(0);
    little(out, 0, 4);
    little(out, 3, 4);
    out.writeBytes(new byte[20]);
    little(out, event.size(), 4);
    out.writeBytes(event.toByteArray());
  }

  /** Adds an event whose digests are over its data. */
  public TpmEventLog event(int register, long type, byte[] data) {
    little(out, register, 4);
    little(out, type, 4);
    little(out, algorithms.length, 4);
    for (int algorithm : algorithms) {
      little(out, algorithm, 2);
      out.writeBytes(TpmBytes.digest(algorithm, data));
    }
    little(out, data.length, 4);
    out.writeBytes(data);
    return this;
  }

  /** Adds bytes as they are. */
  public TpmEventLog raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  /** {@return the log} */
  public byte[] bytes() {
    return out.toByteArray();
  }

  /** {@return what a register holds after it was extended with digests over data} */
  public static byte[] extended(byte[] start, byte[]... data) {
    byte[] value = start.clone();
    for (byte[] each : data) {
      value = TpmBytes.digest(TpmKey.SHA256, value, TpmBytes.digest(TpmKey.SHA256, each));
    }
    return value;
  }

  private static void little(ByteArrayOutputStream target, long value, int length) {
    for (int i = 0; i < length; i++) {
      target.write((int) (value >>> (8 * i)));
    }
  }
}
