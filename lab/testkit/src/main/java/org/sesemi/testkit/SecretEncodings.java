package org.sesemi.testkit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The forms in which a secret commonly leaves a program: raw, hexadecimal, base64 in both alphabets
 * and all three alignments, UTF-16, reversed byte order of 4-byte words, a JSON array of bytes
 * (signed and unsigned), percent escapes, Java's array printing.
 */
final class SecretEncodings {

  private static final int TEXT_LIMIT = 1 << 16;

  private SecretEncodings() {}

  /** A secret in one form. */
  @SuppressWarnings("ArrayRecordComponent") // short-lived test data
  record Encoded(String encoding, byte[] bytes) {}

  static List<Encoded> of(byte[] secret) {
    List<Encoded> all = new ArrayList<>();
    all.add(new Encoded("raw", secret));
    all.add(new Encoded("hex", utf8(HexFormat.of().formatHex(secret))));
    all.add(new Encoded("HEX", utf8(HexFormat.of().withUpperCase().formatHex(secret))));
    for (int shift = 0; shift < 3; shift++) {
      all.add(base64("base64+" + shift, Base64.getEncoder(), secret, shift));
      all.add(base64("base64url+" + shift, Base64.getUrlEncoder(), secret, shift));
    }
    all.add(new Encoded("words reversed", reversedWords(secret)));
    // The wordy forms of a big model are big; its beginning is enough to catch a program that
    // prints arrays.
    byte[] head = secret.length <= TEXT_LIMIT ? secret : Arrays.copyOf(secret, TEXT_LIMIT);
    all.add(new Encoded("utf-16", utf16(head)));
    all.add(new Encoded("percent", utf8(HexFormat.ofDelimiter("%").formatHex(head))));
    all.add(new Encoded("bytes, signed", utf8(numbers(head, ", ", false))));
    all.add(new Encoded("bytes, unsigned", utf8(numbers(head, ", ", true))));
    all.add(new Encoded("bytes, signed, dense", utf8(numbers(head, ",", false))));
    all.add(new Encoded("bytes, unsigned, dense", utf8(numbers(head, ",", true))));
    return all;
  }

  static List<Encoded> forms(float[] values) {
    ByteBuffer little =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      little.putFloat(value);
    }
    String dense =
        IntStream.range(0, values.length)
            .mapToObj(index -> Float.toString(values[index]))
            .collect(Collectors.joining(","));
    return List.of(
        new Encoded("float32", little.array()),
        new Encoded("text", utf8(dense)),
        new Encoded("spaced text", utf8(dense.replace(",", ", "))));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Encodes from one of the three alignments and drops the characters that neighbours change. */
  private static Encoded base64(String name, Base64.Encoder encoder, byte[] secret, int shift) {
    byte[] shifted = Arrays.copyOfRange(secret, shift, secret.length);
    byte[] whole = Arrays.copyOf(shifted, shifted.length - shifted.length % 3);
    return new Encoded(name, encoder.encode(whole));
  }

  private static byte[] reversedWords(byte[] secret) {
    byte[] reversed = Arrays.copyOf(secret, secret.length - secret.length % 4);
    for (int word = 0; word < reversed.length; word += 4) {
      byte first = reversed[word];
      byte second = reversed[word + 1];
      reversed[word] = reversed[word + 3];
      reversed[word + 1] = reversed[word + 2];
      reversed[word + 2] = second;
      reversed[word + 3] = first;
    }
    return reversed;
  }

  private static byte[] utf16(byte[] secret) {
    return new String(secret, StandardCharsets.ISO_8859_1).getBytes(StandardCharsets.UTF_16LE);
  }

  private static String numbers(byte[] secret, String separator, boolean unsigned) {
    return IntStream.range(0, secret.length)
        .mapToObj(at -> Integer.toString(unsigned ? secret[at] & 0xFF : secret[at]))
        .collect(Collectors.joining(separator));
  }
}
