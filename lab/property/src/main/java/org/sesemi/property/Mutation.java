package org.sesemi.property;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One change that whoever carries a message can make to it.
 *
 * <p>Immutable. Two mutations of the same message always differ from the message itself: every
 * factory leaves out the changes that would give the original bytes back.
 *
 * @param what the change in words, for the failure message
 * @param bytes the changed message; not copied, so treat it as read-only
 */
@SuppressWarnings("ArrayRecordComponent") // test data: value equality of mutations is not needed
public record Mutation(String what, byte[] bytes) {

  /** Checks the parts. */
  public Mutation {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(bytes, "bytes");
  }

  /**
   * Flips each byte in turn, each with a bit pattern of its own.
   *
   * @param message the original
   * @return as many mutations as the message has bytes
   */
  public static Stream<Mutation> flips(byte[] message) {
    return IntStream.range(0, message.length).mapToObj(at -> flip(message, at, 1 << (at % 8)));
  }

  /**
   * Flips bits of one byte.
   *
   * @param message the original
   * @param at the position
   * @param mask the bits to flip, 1 to 255
   * @return the mutation
   */
  public static Mutation flip(byte[] message, int at, int mask) {
    if ((mask & 0xFF) == 0) {
      throw new IllegalArgumentException("a mask of zero changes nothing");
    }
    byte[] changed = message.clone();
    changed[at] ^= (byte) mask;
    return new Mutation(
        "byte " + at + " flipped by 0x" + Integer.toHexString(mask & 0xFF), changed);
  }

  /**
   * Cuts the message at every length below its own, the empty message included.
   *
   * @param message the original
   * @return as many mutations as the message has bytes
   */
  public static Stream<Mutation> cuts(byte[] message) {
    return IntStream.range(0, message.length)
        .mapToObj(
            length -> new Mutation("cut to " + length + " bytes", Arrays.copyOf(message, length)));
  }

  /**
   * Extends the message at its end and at its beginning.
   *
   * @param message the original
   * @param random source of the added bytes
   * @return a few mutations
   */
  public static Stream<Mutation> extensions(byte[] message, RandomGenerator random) {
    List<Mutation> all = new ArrayList<>();
    for (int added : new int[] {1, 2, 16, 64}) {
      byte[] extra = new byte[added];
      all.add(new Mutation(added + " zero bytes appended", concat(message, extra)));
      random.nextBytes(extra);
      all.add(new Mutation(added + " random bytes appended", concat(message, extra)));
      all.add(new Mutation(added + " random bytes put in front", concat(extra, message)));
    }
    all.add(new Mutation("the message twice", concat(message, message)));
    return all.stream();
  }

  /**
   * Swaps pairs of blocks of equal size inside the message.
   *
   * @param message the original
   * @param block the size of a block in bytes
   * @param random chooses the pairs
   * @param count how many swaps to try
   * @return at most {@code count} mutations: equal blocks are left out
   */
  public static Stream<Mutation> swaps(
      byte[] message, int block, RandomGenerator random, int count) {
    int blocks = message.length / block;
    if (blocks < 2) {
      return Stream.empty();
    }
    return IntStream.range(0, count)
        .mapToObj(_ -> swap(message, block, random.nextInt(blocks), random.nextInt(blocks)))
        .filter(mutation -> !Arrays.equals(mutation.bytes(), message));
  }

  /**
   * Everything above on one message: each byte flipped, each length cut, extended, blocks swapped.
   *
   * @param message the original
   * @param random source of choices
   * @return the mutations, lazily made
   */
  public static Stream<Mutation> all(byte[] message, RandomGenerator random) {
    return Stream.of(
            flips(message),
            cuts(message),
            extensions(message, random),
            swaps(message, 16, random, 32))
        .flatMap(stream -> stream);
  }

  private static Mutation swap(byte[] message, int block, int first, int second) {
    byte[] changed = message.clone();
    System.arraycopy(message, first * block, changed, second * block, block);
    System.arraycopy(message, second * block, changed, first * block, block);
    return new Mutation("blocks " + first + " and " + second + " swapped", changed);
  }

  private static byte[] concat(byte[] left, byte[] right) {
    byte[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    return joined;
  }
}
