package org.sesemi.vendors;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.util.Map;
import java.util.TreeMap;

/**
 * An SPDM measurement exchange as a GPU reports it, every field settable. Fields that are not set
 * have the values of a good report. Not thread-safe.
 */
public final class NvidiaReport {

  /** The opaque field with the driver's version. */
  public static final int DRIVER = 3;

  /** The opaque field with the version of the VBIOS. */
  public static final int VBIOS = 6;

  /** The opaque field with the digest of the firmware. */
  public static final int FWID = 20;

  /** The request: version, code, both parameters. */
  public final byte[] request = {0x11, (byte) 0xe0, 0x01, (byte) 0xff};

  /** The response: version, code, both parameters. */
  public final byte[] response = {0x11, 0x60, 0, 0};

  /** The verifier's nonce. */
  public byte[] nonce = bytes(32, 0x21);

  /** The device's nonce. */
  public byte[] deviceNonce = bytes(32, 0x42);

  /** The measurements by index from 1. */
  public final Map<Integer, byte[]> blocks = new TreeMap<>();

  /** The vendor's fields by type. */
  public final Map<Integer, byte[]> opaque = new TreeMap<>();

  /** The measurement specification of every block. */
  public int specification = 1;

  /** The type of every measured value. */
  public int valueType = 1;

  /** What is added to the length of every block. */
  public int blockLengthError;

  /** What is added to the length of the record. */
  public int recordLengthError;

  /** Whether the last block is written with the index of the first. */
  public boolean repeatIndex;

  /** Whether the last opaque field is written twice. */
  public boolean repeatOpaque;

  /** What follows the signature. */
  public byte[] trailing = {};

  /** Makes a report with 64 measurements, each 48 equal bytes of its index. */
  public NvidiaReport() {
    for (int i = 1; i <= 64; i++) {
      blocks.put(i, bytes(48, i));
    }
    opaque.put(DRIVER, text("550.90.07"));
    opaque.put(VBIOS, new byte[] {0x00, (byte) 0x9f, 0x00, (byte) 0x96, 0x01, 0, 0, 0});
    opaque.put(15, text("882"));
  }

  /** {@return a text as the vendor's fields hold it} */
  public static byte[] text(String value) {
    return (value + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return equal bytes} */
  public static byte[] bytes(int length, int value) {
    byte[] all = new byte[length];
    java.util.Arrays.fill(all, (byte) value);
    return all;
  }

  /** {@return the report, signed} */
  public byte[] sign(PrivateKey key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(request);
    out.writeBytes(nonce);
    out.write(0);
    out.writeBytes(response);
    byte[] record = record();
    out.write(blocks.size());
    little(out, record.length + recordLengthError, 3);
    out.writeBytes(record);
    out.writeBytes(deviceNonce);
    byte[] fields = opaque();
    little(out, fields.length, 2);
    out.writeBytes(fields);
    byte[] signed = out.toByteArray();
    try {
      Signature signature = Signature.getInstance("SHA384withECDSAinP1363Format");
      signature.initSign(key);
      signature.update(signed);
      out.writeBytes(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    out.writeBytes(trailing);
    return out.toByteArray();
  }

  private byte[] record() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int left = blocks.size();
    for (Map.Entry<Integer, byte[]> block : blocks.entrySet()) {
      left--;
      out.write(left == 0 && repeatIndex ? 1 : block.getKey());
      out.write(specification);
      little(out, block.getValue().length + 3 + blockLengthError, 2);
      out.write(valueType);
      little(out, block.getValue().length, 2);
      out.writeBytes(block.getValue());
    }
    return out.toByteArray();
  }

  private byte[] opaque() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] last = {};
    for (Map.Entry<Integer, byte[]> field : opaque.entrySet()) {
      ByteArrayOutputStream one = new ByteArrayOutputStream();
      little(one, field.getKey(), 2);
      little(one, field.getValue().length, 2);
      one.writeBytes(field.getValue());
      last = one.toByteArray();
      out.writeBytes(last);
    }
    if (repeatOpaque) {
      out.writeBytes(last);
    }
    return out.toByteArray();
  }

  private static void little(ByteArrayOutputStream out, int value, int length) {
    for (int i = 0; i < length; i++) {
      out.write(value >>> (8 * i));
    }
  }
}
