package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One item of the CBOR subset that all messages use: integers, byte strings, texts, truth values,
 * arrays and maps. Floating-point numbers, tags, null and undefined are outside: an absent value is
 * an absent key.
 */
public sealed interface CborValue {

  /** What may be the key of a map: non-negative integers sort before texts. */
  sealed interface Key extends CborValue, Comparable<Key> permits Int, Text {}

  /**
   * An integer of 64 bits with sign.
   *
   * @param value the integer
   */
  record Int(long value) implements Key {
    @Override
    public int compareTo(Key other) {
      return switch (other) {
        case Int that -> Long.compare(value, that.value);
        case Text _ -> -1;
      };
    }
  }

  /**
   * A byte string, which shares memory with what it was made from.
   *
   * @param content the bytes between position and limit
   */
  record ByteString(ByteBuffer content) implements CborValue {
    /** Detaches position and limit from the buffer that was handed in. */
    public ByteString {
      content = content.slice();
    }

    /** {@return a view of the bytes with a position of its own} */
    @Override
    public ByteBuffer content() {
      return content.duplicate();
    }
  }

  /**
   * A text.
   *
   * @param value the text
   */
  record Text(String value) implements Key {
    /** Checks that the text is there. */
    public Text {
      requireNonNull(value, "value");
    }

    @Override
    public int compareTo(Key other) {
      return switch (other) {
        case Int _ -> 1;
        case Text that -> Cbor.compareTexts(value, that.value);
      };
    }
  }

  /**
   * A truth value.
   *
   * @param value the truth value
   */
  record Bool(boolean value) implements CborValue {}

  /**
   * An array.
   *
   * @param items its items in order
   */
  record Array(List<CborValue> items) implements CborValue {
    /** Copies the list. */
    public Array {
      items = List.copyOf(items);
    }
  }

  /**
   * A map, sorted by key.
   *
   * @param entries its entries
   */
  record Map(SortedMap<Key, CborValue> entries) implements CborValue {
    /** Copies the map and checks the keys. */
    public Map {
      TreeMap<Key, CborValue> copy = new TreeMap<>(entries);
      if (!copy.isEmpty() && copy.firstKey() instanceof Int first && first.value() < 0) {
        throw new WireException(WireException.Code.CBOR_UNEXPECTED, "the key of a map is negative");
      }
      entries = Collections.unmodifiableSortedMap(copy);
    }
  }
}
