package org.sesemi.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The needles of a {@link LeakScanner}, found by a rolling hash over every offset of a stream. */
final class NeedleTable {

  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;
  private static final int FILTER_BITS = 23;
  private static final int BUFFER = 1 << 16;
  private static final long TOP = power(LeakScanner.WINDOW - 1);

  private final List<Needle> needles = new ArrayList<>();
  private final Map<Long, List<Integer>> byHash = new HashMap<>();
  private final long[] filter = new long[1 << (FILTER_BITS - 6)];
  private int removed;

  /** A piece of a secret in one encoding. */
  @SuppressWarnings("ArrayRecordComponent") // compared by content in one place only
  record Needle(byte[] bytes, String secret, String encoding) {}

  /** Receives what was found. */
  @FunctionalInterface
  interface Hit {
    void found(int needle, long offset);
  }

  void add(byte[] source, int from, String secret, String encoding) {
    byte[] bytes = Arrays.copyOfRange(source, from, from + LeakScanner.WINDOW);
    long hash = hash(bytes);
    List<Integer> same = byHash.computeIfAbsent(hash, _ -> new ArrayList<>(1));
    for (int known : same) {
      if (Arrays.equals(needles.get(known).bytes(), bytes)) {
        return;
      }
    }
    same.add(needles.size());
    needles.add(new Needle(bytes, secret, encoding));
    int bit = bit(hash);
    filter[bit >>> 6] |= 1L << bit;
  }

  void remove(int needle) {
    List<Integer> same = byHash.get(hash(needles.get(needle).bytes()));
    if (same != null && same.remove(Integer.valueOf(needle))) {
      removed++;
    }
  }

  Needle needle(int index) {
    return needles.get(index);
  }

  int size() {
    return needles.size() - removed;
  }

  /** Reads the stream to its end and reports each needle at each place. */
  void search(InputStream stream, Hit hit) {
    byte[] ring = new byte[LeakScanner.WINDOW];
    byte[] buffer = new byte[BUFFER];
    long hash = 0;
    long position = 0;
    try {
      for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
        for (int at = 0; at < count; at++) {
          int slot = (int) (position & (LeakScanner.WINDOW - 1));
          hash = (hash - (ring[slot] & 0xFF) * TOP) * PRIME + (buffer[at] & 0xFF);
          ring[slot] = buffer[at];
          position++;
          int bit = bit(hash);
          if ((filter[bit >>> 6] & (1L << bit)) != 0 && position >= LeakScanner.WINDOW) {
            confirm(hash, ring, position, hit);
          }
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void confirm(long hash, byte[] ring, long position, Hit hit) {
    List<Integer> candidates = byHash.get(hash);
    if (candidates == null) {
      return;
    }
    byte[] window = new byte[LeakScanner.WINDOW];
    for (int at = 0; at < window.length; at++) {
      window[at] = ring[(int) ((position + at) & (LeakScanner.WINDOW - 1))];
    }
    for (int candidate : candidates) {
      if (Arrays.equals(needles.get(candidate).bytes(), window)) {
        hit.found(candidate, position - LeakScanner.WINDOW);
      }
    }
  }

  private static int bit(long hash) {
    return (int) ((hash * 0xD6E8_FEB8_6659_FD93L) >>> (64 - FILTER_BITS));
  }

  private static long hash(byte[] bytes) {
    long hash = 0;
    for (byte value : bytes) {
      hash = hash * PRIME + (value & 0xFF);
    }
    return hash;
  }

  private static long power(int exponent) {
    long value = 1;
    for (int count = 0; count < exponent; count++) {
      value *= PRIME;
    }
    return value;
  }
}
