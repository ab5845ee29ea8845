package org.sesemi.attestation.internal.nvidia;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.wire.Bytes;

/**
 * A GET_MEASUREMENTS request and the MEASUREMENTS response to it, one after the other (DMTF DSP0274
 * 1.1, sections 10.11.1 and 10.11.2), little-endian. The device signs both, up to the signature.
 *
 * @param requestNonce the verifier's nonce
 * @param responseNonce the device's nonce
 * @param blocks the measured values by index, from 1
 * @param opaque the vendor's own fields by type
 * @param signed what the signature covers
 * @param signature r and s
 * @param trailing how many bytes follow the signature: none, or a stray one
 */
record SpdmReport(
    Bytes requestNonce,
    Bytes responseNonce,
    SortedMap<Integer, Bytes> blocks,
    SortedMap<Integer, Bytes> opaque,
    Bytes signed,
    Bytes signature,
    int trailing) {

  static final int DRIVER_VERSION = 3;
  static final int VBIOS_VERSION = 6;
  static final int FWID = 20;

  private static final int VERSION = 0x11;
  private static final int REQUEST = 0xe0;
  private static final int RESPONSE = 0x60;
  private static final int REQUEST_LENGTH = 37;
  private static final int ALL_BLOCKS = 0xff;
  private static final int DMTF = 1;
  private static final int RAW_VALUE = 0x80;
  private static final int VALUE_LENGTH = 48;
  private static final int NONCE_LENGTH = 32;
  private static final int SIGNATURE_LENGTH = 96;
  private static final int MAX_LENGTH = 64 << 10;

  SpdmReport {
    blocks = Collections.unmodifiableSortedMap(new TreeMap<>(blocks));
    opaque = Collections.unmodifiableSortedMap(new TreeMap<>(opaque));
  }

  /** {@return whether bytes begin like such a report} */
  static boolean recognises(Bytes bytes) {
    return bytes.length() > REQUEST_LENGTH + 1
        && (bytes.toBuffer().get(0) & 0xff) == VERSION
        && (bytes.toBuffer().get(1) & 0xff) == REQUEST
        && (bytes.toBuffer().get(REQUEST_LENGTH) & 0xff) == VERSION
        && (bytes.toBuffer().get(REQUEST_LENGTH + 1) & 0xff) == RESPONSE;
  }

  static SpdmReport parse(byte[] bytes) {
    if (bytes.length > MAX_LENGTH) {
      throw new Unreadable("the report is too long");
    }
    ByteInput in = ByteInput.littleEndian(bytes, "the report");
    Bytes requestNonce = request(in);
    expect(in.u8(), VERSION, "the version of the response");
    expect(in.u8(), RESPONSE, "the code of the response");
    expect(in.u8(), 0, "the first parameter of the response");
    in.u8(); // slot and content-change bits, which say nothing about a single exchange
    SortedMap<Integer, Bytes> blocks = blocks(in);
    Bytes responseNonce = Bytes.of(in.bytes(NONCE_LENGTH));
    SortedMap<Integer, Bytes> opaque = opaque(in.bytes(in.u16()));
    Bytes signed = Bytes.of(Arrays.copyOf(bytes, in.position()));
    Bytes signature = Bytes.of(in.bytes(SIGNATURE_LENGTH));
    int trailing = in.remaining();
    if (trailing > 1) {
      throw new Unreadable("the report has " + trailing + " bytes after its signature");
    }
    return new SpdmReport(requestNonce, responseNonce, blocks, opaque, signed, signature, trailing);
  }

  private static Bytes request(ByteInput in) {
    expect(in.u8(), VERSION, "the version of the request");
    expect(in.u8(), REQUEST, "the code of the request");
    expect(in.u8(), 1, "the wish for a signature");
    expect(in.u8(), ALL_BLOCKS, "the choice of all measurements");
    Bytes nonce = Bytes.of(in.bytes(NONCE_LENGTH));
    in.u8(); // slot
    return nonce;
  }

  private static SortedMap<Integer, Bytes> blocks(ByteInput in) {
    int count = in.u8();
    long length = in.u16() | ((long) in.u8() << 16);
    ByteInput record = ByteInput.littleEndian(in.bytes(length), "the measurement record");
    SortedMap<Integer, Bytes> blocks = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int index = record.u8();
      expect(record.u8(), DMTF, "the specification of block " + index);
      int size = record.u16();
      int type = record.u8();
      int valueLength = record.u16();
      if ((type & RAW_VALUE) != 0 || valueLength != VALUE_LENGTH || size != valueLength + 3) {
        throw new Unreadable("block " + index + " is not a SHA-384 digest");
      }
      if (blocks.put(index, Bytes.of(record.bytes(valueLength))) != null) {
        throw new Unreadable("block " + index + " occurs twice");
      }
    }
    record.finish();
    if (blocks.isEmpty()) {
      throw new Unreadable("the report has no measurements");
    }
    return blocks;
  }

  private static SortedMap<Integer, Bytes> opaque(byte[] bytes) {
    ByteInput in = ByteInput.littleEndian(bytes, "the opaque data");
    SortedMap<Integer, Bytes> fields = new TreeMap<>();
    while (in.remaining() > 0) {
      int type = in.u16();
      if (fields.put(type, Bytes.of(in.bytes(in.u16()))) != null) {
        throw new Unreadable("the opaque field " + type + " occurs twice");
      }
    }
    return fields;
  }

  private static void expect(int got, int expected, String what) {
    if (got != expected) {
      throw new Unreadable(what + " is " + got + ", not " + expected);
    }
  }

  /** {@return every measured value, one after the other} */
  byte[] values() {
    byte[] all = new byte[blocks.size() * VALUE_LENGTH];
    int at = 0;
    for (Bytes value : blocks.values()) {
      System.arraycopy(value.toArray(), 0, all, at, VALUE_LENGTH);
      at += VALUE_LENGTH;
    }
    return all;
  }

  /** {@return the version of the driver} */
  Optional<String> driverVersion() {
    return Optional.ofNullable(opaque.get(DRIVER_VERSION)).map(SpdmReport::text);
  }

  /** {@return the version of the VBIOS in the form of manifests, for example 96.00.9F.00.01} */
  Optional<String> vbiosVersion() {
    return Optional.ofNullable(opaque.get(VBIOS_VERSION))
        .map(
            bytes -> {
              byte[] v = bytes.toArray();
              if (v.length != 8) {
                throw new Unreadable("the VBIOS version has not 8 bytes");
              }
              return String.format(
                  Locale.ROOT, "%02X.%02X.%02X.%02X.%02X", v[3], v[2], v[1], v[0], v[4]);
            });
  }

  /** {@return the digest of the firmware that signed, which older drivers leave out} */
  Optional<Bytes> fwid() {
    return Optional.ofNullable(opaque.get(FWID));
  }

  /** {@return the texts and numbers of the vendor's fields, as far as they have names} */
  static Map<Integer, String> names() {
    return Map.ofEntries(
        Map.entry(DRIVER_VERSION, "driverVersion"),
        Map.entry(VBIOS_VERSION, "vbiosVersion"),
        Map.entry(11, "nvdec0Status"),
        Map.entry(12, "measurementCounts"),
        Map.entry(14, "boardId"),
        Map.entry(15, "chipSku"),
        Map.entry(16, "chipSkuMod"),
        Map.entry(17, "project"),
        Map.entry(18, "projectSku"),
        Map.entry(19, "projectSkuMod"),
        Map.entry(FWID, "fwid"),
        Map.entry(21, "protectedPcieStatus"),
        Map.entry(22, "switchPdi"),
        Map.entry(34, "opaqueVersion"),
        Map.entry(36, "featureFlag"));
  }

  /** {@return whether a field is a text that ends in NULs} */
  static boolean isText(int type) {
    return type == DRIVER_VERSION || (type >= 15 && type <= 19);
  }

  static String text(Bytes field) {
    byte[] bytes = field.toArray();
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    for (int i = 0; i < end; i++) {
      if (bytes[i] < ' ' || bytes[i] > '~') {
        throw new Unreadable("a text of the opaque data is not printable");
      }
    }
    return new String(bytes, 0, end, StandardCharsets.US_ASCII);
  }
}
