package org.sesemi.wire;

import java.util.random.RandomGenerator;

/** Values that the tests of this module draw from a generator. */
final class Drawn {

  private Drawn() {}

  static byte[] bytes(RandomGenerator random, int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** A text of one to four byte characters, control characters included. */
  static String text(RandomGenerator random, int maxLength) {
    int[] ends = {0x20, 0x80, 0x800, 0xd800, 0x110000};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(maxLength + 1); i > 0; i--) {
      int point = random.nextInt(ends[random.nextInt(ends.length)]);
      text.appendCodePoint(point >= 0xd800 && point < 0xe000 ? 'x' : point);
    }
    return text.toString();
  }

  /** One change of a byte string: a flipped, added, removed, repeated or swapped piece. */
  static byte[] mutate(RandomGenerator random, byte[] original) {
    int length = original.length;
    int at = random.nextInt(Math.max(1, length));
    return switch (random.nextInt(5)) {
      case 0 -> {
        byte[] flipped = original.clone();
        if (length > 0) {
          flipped[at] ^= (byte) (1 << random.nextInt(8));
        }
        yield flipped;
      }
      case 1 -> splice(original, at, at, bytes(random, 9));
      case 2 -> splice(original, at, Math.min(length, at + 1 + random.nextInt(9)), new byte[0]);
      case 3 -> splice(original, random.nextInt(length + 1), length, new byte[0]);
      default -> {
        int other = random.nextInt(Math.max(1, length));
        byte[] swapped = original.clone();
        if (length > 0) {
          swapped[at] = original[other];
          swapped[other] = original[at];
        }
        yield swapped;
      }
    };
  }

  private static byte[] splice(byte[] original, int from, int to, byte[] insert) {
    byte[] result = new byte[original.length - (to - from) + insert.length];
    System.arraycopy(original, 0, result, 0, from);
    System.arraycopy(insert, 0, result, from, insert.length);
    System.arraycopy(original, to, result, from + insert.length, original.length - to);
    return result;
  }
}
