package org.sesemi.attestation.internal.cose;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.sesemi.attestation.internal.Unreadable;

/**
 * One data item of CBOR (RFC 8949) that somebody else wrote, with the exact bytes that it was read
 * from.
 *
 * <p>Guarantees: definite lengths in their shortest form; no key twice in a map; keys are integers
 * or text; text is UTF-8; no floating point and no simple values but false, true and null; nothing
 * after the item; bounded length, depth and number of items; memory is taken for what is there,
 * never for what a length promises.
 *
 * <p>Immutable, thread-safe.
 */
public final class CborItem {

  /** The most bytes that are read. */
  public static final int MAX_LENGTH = 64 * 1024;

  /** The most items inside each other. */
  public static final int MAX_DEPTH = 16;

  /** The most items in all. */
  public static final int MAX_ITEMS = 4096;

  private static final int MAX_NAME = 256;

  /** What an item is. */
  public enum Kind {
    /** An integer of 64 bits with sign. */
    INTEGER,
    /** A byte string. */
    BYTES,
    /** A text string. */
    TEXT,
    /** An array. */
    ARRAY,
    /** A map. */
    MAP,
    /** An item with a tag. */
    TAG,
    /** False or true. */
    BOOLEAN,
    /** Null. */
    NULL
  }

  private final Kind kind;
  private final byte[] source;
  private final int from;
  private final int content;
  private final int to;
  private final long number;
  private final String text;
  private final List<CborItem> items;
  private final Map<Object, CborItem> fields;

  CborItem(
      Kind kind,
      byte[] source,
      int from,
      int content,
      int to,
      long number,
      String text,
      List<CborItem> items,
      Map<Object, CborItem> fields) {
    this.kind = kind;
    this.source = source;
    this.from = from;
    this.content = content;
    this.to = to;
    this.number = number;
    this.text = text;
    this.items = items;
    this.fields = fields;
  }

  /**
   * Reads one item that fills the bytes.
   *
   * @throws Unreadable when the bytes are anything else
   */
  public static CborItem parse(byte[] bytes, String what) {
    if (bytes.length > MAX_LENGTH) {
      throw new Unreadable(what + " has more than " + MAX_LENGTH + " bytes");
    }
    return new CborParser(bytes.clone(), what).parse();
  }

  /** {@return what it is} */
  public Kind kind() {
    return kind;
  }

  /** {@return whether it is null} */
  public boolean isNull() {
    return kind == Kind.NULL;
  }

  /** {@return the bytes that it was read from} */
  public byte[] encoded() {
    return Arrays.copyOfRange(source, from, to);
  }

  /** {@return the value of an integer} */
  public long integer(String what) {
    expect(Kind.INTEGER, what);
    return number;
  }

  /** {@return the value of an integer within a range} */
  public int integer(int min, int max, String what) {
    long value = integer(what);
    if (value < min || value > max) {
      throw new Unreadable(what + " is not a number from " + min + " to " + max);
    }
    return (int) value;
  }

  /** {@return the content of a byte string} */
  public byte[] bytes(String what) {
    expect(Kind.BYTES, what);
    return Arrays.copyOfRange(source, content, to);
  }

  /** {@return the content of a text string} */
  public String text(String what) {
    expect(Kind.TEXT, what);
    return text;
  }

  /** {@return a text of at most 256 printable characters of ASCII, fit to be shown} */
  public String name(String what) {
    String value = text(what);
    if (value.length() > MAX_NAME || !value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
      throw new Unreadable(what + " is not a short printable text");
    }
    return value;
  }

  /** {@return the items of an array} */
  public List<CborItem> array(String what) {
    expect(Kind.ARRAY, what);
    return items;
  }

  /** {@return the fields of a map, to be read one by one} */
  public CborFields fields(String what) {
    expect(Kind.MAP, what);
    return new CborFields(fields, what);
  }

  /** {@return whether it has a tag} */
  public boolean hasTag(long tag) {
    return kind == Kind.TAG && number == tag;
  }

  /** {@return the item that has a tag} */
  public CborItem tagged(long tag, String what) {
    if (!hasTag(tag)) {
      throw new Unreadable(what + " has not the tag " + tag);
    }
    return items.getFirst();
  }

  private void expect(Kind expected, String what) {
    if (kind != expected) {
      throw new Unreadable(
          what + " is of the CBOR kind " + kind + " where " + expected + " is due");
    }
  }
}
