package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message, that is a CBOR map with small integer keys, field by field. Every read names the
 * type and the range that it accepts; {@link #finish()} refuses fields that nobody asked for.
 */
public final class CborReader {

  private final SortedMap<CborValue.Key, CborValue> left;

  private CborReader(CborValue value) {
    if (!(value instanceof CborValue.Map map)) {
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "the message is not a map");
    }
    this.left = new TreeMap<>(map.entries());
  }

  /**
   * Opens a message.
   *
   * @param bytes its encoding, without anything after it
   * @return the reader
   */
  public static CborReader map(byte[] bytes) {
    return map(ByteBuffer.wrap(bytes));
  }

  /**
   * Opens the message between position and limit of a buffer. Slices share memory with it.
   *
   * @param bytes its encoding, without anything after it
   * @return the reader
   */
  public static CborReader map(ByteBuffer bytes) {
    return map(bytes, Cbor.Limits.DEFAULT);
  }

  /**
   * Opens the message between position and limit of a buffer within other limits than the usual
   * ones.
   *
   * @param bytes its encoding, without anything after it
   * @param limits the limits
   * @return the reader
   */
  public static CborReader map(ByteBuffer bytes, Cbor.Limits limits) {
    return new CborReader(Cbor.decode(bytes, limits));
  }

  /**
   * Opens a message and checks that its format version, at key 0, is 1.
   *
   * @param bytes its encoding, without anything after it
   * @throws WireException with {@code version.unknown} when it is another one
   * @return the reader
   */
  public static CborReader versioned(byte[] bytes) {
    return versioned(ByteBuffer.wrap(bytes));
  }

  /**
   * Opens the message in a buffer and checks that its format version, at key 0, is 1.
   *
   * @param bytes its encoding, without anything after it
   * @throws WireException with {@code version.unknown} when it is another one
   * @return the reader
   */
  public static CborReader versioned(ByteBuffer bytes) {
    CborReader reader = map(bytes);
    reader.version(1);
    return reader;
  }

  /**
   * Opens a map that was read already.
   *
   * @param value the map
   * @return the reader
   */
  public static CborReader of(CborValue value) {
    return new CborReader(value);
  }

  /**
   * Reads the format version at key 0 and refuses any other than the expected one.
   *
   * @param expected the version that the caller reads
   */
  public void version(long expected) {
    long version = integer(CborMap.VERSION_KEY, 0, Long.MAX_VALUE);
    if (version != expected) {
      throw new WireException(
          WireException.Code.VERSION_UNKNOWN,
          "the message has format version " + version + ", known is " + expected);
    }
  }

  /**
   * {@return whether a field is there and not yet read}
   *
   * @param key the key
   */
  public boolean has(int key) {
    return left.containsKey(new CborValue.Int(key));
  }

  /**
   * Reads a byte string of a fixed length.
   *
   * @param key the key
   * @param length the length
   * @return what was read
   */
  public byte[] bytes(int key, int length) {
    return bytes(key, length, length);
  }

  /**
   * Reads a byte string.
   *
   * @param key the key
   * @param min the shortest length accepted
   * @param max the longest length accepted
   * @return what was read
   */
  public byte[] bytes(int key, int min, int max) {
    ByteBuffer slice = slice(key, min, max);
    byte[] copy = new byte[slice.remaining()];
    slice.get(copy);
    return copy;
  }

  /**
   * Reads a byte string of a fixed length as a value.
   *
   * @param key the key
   * @param length the length
   * @return what was read
   */
  public Bytes byteString(int key, int length) {
    return Bytes.of(slice(key, length, length));
  }

  /**
   * Reads a byte string of any length without copying it.
   *
   * @param key the key
   * @return a view that shares memory with the input
   */
  public ByteBuffer slice(int key) {
    return slice(key, 0, Integer.MAX_VALUE);
  }

  /**
   * Reads a byte string without copying it.
   *
   * @param key the key
   * @param min the shortest length accepted
   * @param max the longest length accepted
   * @return a view that shares memory with the input
   */
  public ByteBuffer slice(int key, int min, int max) {
    CborValue value = take(key);
    if (value instanceof CborValue.ByteString string) {
      ByteBuffer content = string.content();
      if (content.remaining() >= min && content.remaining() <= max) {
        return content;
      }
      throw unexpected(key, "has a length of " + content.remaining());
    }
    throw unexpected(key, "is not a byte string");
  }

  /**
   * Reads a digest.
   *
   * @param key the key
   * @return what was read
   */
  public Digest digest(int key) {
    return new Digest(byteString(key, Digest.LENGTH));
  }

  /**
   * Reads a text.
   *
   * @param key the key
   * @param maxLength the most UTF-16 units accepted
   * @return what was read
   */
  public String text(int key, int maxLength) {
    return text(take(key), key, maxLength);
  }

  /**
   * Reads an integer.
   *
   * @param key the key
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return what was read
   */
  public long integer(int key, long min, long max) {
    return integer(take(key), key, min, max);
  }

  /**
   * Reads an integer of 32 bits.
   *
   * @param key the key
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return what was read
   */
  public int int32(int key, int min, int max) {
    return (int) integer(key, min, max);
  }

  /**
   * Reads a truth value.
   *
   * @param key the key
   * @return what was read
   */
  public boolean bool(int key) {
    if (take(key) instanceof CborValue.Bool(boolean value)) {
      return value;
    }
    throw unexpected(key, "is not a truth value");
  }

  /**
   * Reads an array with items of any kind.
   *
   * @param key the key
   * @return what was read
   */
  public List<CborValue> array(int key) {
    return array(key, Integer.MAX_VALUE);
  }

  /**
   * Reads an array with items of any kind.
   *
   * @param key the key
   * @param maxCount the most items accepted
   * @return what was read
   */
  public List<CborValue> array(int key, int maxCount) {
    if (take(key) instanceof CborValue.Array array) {
      if (array.items().size() <= maxCount) {
        return array.items();
      }
      throw unexpected(key, "has " + array.items().size() + " items");
    }
    throw unexpected(key, "is not an array");
  }

  /**
   * Reads a map with integer keys.
   *
   * @param key the key
   * @return what was read
   */
  public CborReader map(int key) {
    return new CborReader(take(key));
  }

  /**
   * Reads an array of maps.
   *
   * @param key the key
   * @param maxCount the most items accepted
   * @return what was read
   */
  public List<CborReader> maps(int key, int maxCount) {
    return array(key, maxCount).stream().map(CborReader::new).toList();
  }

  /**
   * Reads an array of texts.
   *
   * @param key the key
   * @param maxCount the most items accepted
   * @param maxLength the most UTF-16 units accepted in one text
   * @return what was read
   */
  public List<String> texts(int key, int maxCount, int maxLength) {
    return array(key, maxCount).stream().map(item -> text(item, key, maxLength)).toList();
  }

  /**
   * Reads an array of byte strings.
   *
   * @param key the key
   * @param maxCount the most items accepted
   * @param maxLength the most bytes accepted in one string
   * @return what was read
   */
  public List<Bytes> byteStrings(int key, int maxCount, int maxLength) {
    List<Bytes> result = new ArrayList<>();
    for (CborValue item : array(key, maxCount)) {
      if (!(item instanceof CborValue.ByteString string)
          || string.content().remaining() > maxLength) {
        throw unexpected(key, "has an item that is no byte string or too long");
      }
      result.add(Bytes.of(string.content()));
    }
    return List.copyOf(result);
  }

  /**
   * Reads an array of integers.
   *
   * @param key the key
   * @param maxCount the most items accepted
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return what was read
   */
  public long[] integers(int key, int maxCount, long min, long max) {
    return array(key, maxCount).stream().mapToLong(item -> integer(item, key, min, max)).toArray();
  }

  /**
   * Reads a map from texts to texts.
   *
   * @param key the key
   * @param maxCount the most entries accepted
   * @param maxLength the most UTF-16 units accepted in one key or value
   * @return what was read
   */
  public Map<String, String> textMap(int key, int maxCount, int maxLength) {
    if (!(take(key) instanceof CborValue.Map map) || map.entries().size() > maxCount) {
      throw unexpected(key, "is no map or has too many entries");
    }
    Map<String, String> result = new LinkedHashMap<>();
    map.entries().forEach((k, v) -> result.put(text(k, key, maxLength), text(v, key, maxLength)));
    return result;
  }

  /**
   * Reads a field if it is there: {@code r.optional(5, CborReader::digest)}.
   *
   * @param key the key
   * @param read how to read it
   * @param <T> its type
   * @return what was read
   */
  public <T> Optional<T> optional(int key, BiFunction<CborReader, Integer, T> read) {
    return has(key) ? Optional.of(read.apply(this, key)) : Optional.empty();
  }

  /**
   * Reads a byte string if it is there.
   *
   * @param key the key
   * @param min the shortest length accepted
   * @param max the longest length accepted
   * @return what was read
   */
  public Optional<byte[]> optionalBytes(int key, int min, int max) {
    return has(key) ? Optional.of(bytes(key, min, max)) : Optional.empty();
  }

  /**
   * Reads a digest if it is there.
   *
   * @param key the key
   * @return what was read
   */
  public Optional<Digest> optionalDigest(int key) {
    return has(key) ? Optional.of(digest(key)) : Optional.empty();
  }

  /**
   * Reads a text if it is there.
   *
   * @param key the key
   * @param maxLength the most UTF-16 units accepted
   * @return what was read
   */
  public Optional<String> optionalText(int key, int maxLength) {
    return has(key) ? Optional.of(text(key, maxLength)) : Optional.empty();
  }

  /**
   * Reads an integer if it is there.
   *
   * @param key the key
   * @param min the lowest value accepted
   * @param max the highest value accepted
   * @return what was read
   */
  public OptionalLong optionalInteger(int key, long min, long max) {
    return has(key) ? OptionalLong.of(integer(key, min, max)) : OptionalLong.empty();
  }

  /**
   * Reads a text and turns it into a value, for example {@code r.parsed(2, 128, ModelId::parse)}.
   *
   * @param key the key
   * @param maxLength the most UTF-16 units accepted
   * @param parse makes the value
   * @param <T> the type of the value
   * @return what was read
   */
  public <T> T parsed(int key, int maxLength, Function<String, T> parse) {
    return parse.apply(text(key, maxLength));
  }

  /**
   * Ends reading.
   *
   * @throws WireException with {@code cbor.unknown-key} when a field was not read
   */
  public void finish() {
    if (!left.isEmpty()) {
      String key =
          switch (left.firstKey()) {
            case CborValue.Int(long value) -> Long.toString(value);
            case CborValue.Text _ -> "of type text";
          };
      throw new WireException(
          WireException.Code.CBOR_UNKNOWN_KEY, "the message has an unknown key " + key);
    }
  }

  private CborValue take(int key) {
    @Nullable CborValue value = left.remove(new CborValue.Int(key));
    if (value == null) {
      throw new WireException(WireException.Code.CBOR_MISSING, "key " + key + " is missing");
    }
    return value;
  }

  private static String text(CborValue value, int key, int maxLength) {
    if (value instanceof CborValue.Text(String text)) {
      if (text.length() <= maxLength) {
        return text;
      }
      throw unexpected(key, "is longer than " + maxLength);
    }
    throw unexpected(key, "is not a text");
  }

  private static long integer(CborValue value, int key, long min, long max) {
    if (value instanceof CborValue.Int(long integer)) {
      if (integer >= min && integer <= max) {
        return integer;
      }
      throw unexpected(key, "is out of range");
    }
    throw unexpected(key, "is not an integer");
  }

  private static WireException unexpected(int key, String message) {
    return new WireException(WireException.Code.CBOR_UNEXPECTED, "key " + key + " " + message);
  }
}
