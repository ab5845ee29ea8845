package org.sesemi.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message to be written: a CBOR map whose keys are small integers. Key 0 holds the format version
 * in all messages that stand alone.
 */
public final class CborMap {

  /** The key of the format version. */
  public static final int VERSION_KEY = 0;

  private final CborValue.Map value;

  private CborMap(CborValue.Map value) {
    this.value = value;
  }

  /** {@return an empty builder} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return a builder that already has format version 1 at key 0} */
  public static Builder versioned() {
    return new Builder().put(VERSION_KEY, 1);
  }

  /** {@return the message as a value} */
  public CborValue.Map value() {
    return value;
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return Cbor.encode(value);
  }

  /**
   * A message around a payload that the caller puts in place, so that big payloads are not copied.
   *
   * @param prefix the bytes before the payload
   * @param payloadLength the length of the payload
   * @param suffix the bytes after the payload
   */
  public record Around(Bytes prefix, int payloadLength, Bytes suffix) {

    /** {@return the length of the whole message} */
    public int length() {
      return Math.addExact(Math.addExact(prefix.length(), payloadLength), suffix.length());
    }

    /**
     * Writes everything but the payload and moves the position of the target behind the message.
     *
     * @param target where to write; needs {@link #length()} bytes
     * @return the place of the payload in the target
     */
    public ByteBuffer writeTo(ByteBuffer target) {
      target.put(prefix.toBuffer());
      ByteBuffer place = target.slice(target.position(), payloadLength);
      target.position(target.position() + payloadLength);
      target.put(suffix.toBuffer());
      return place;
    }
  }

  /** Collects the fields of a message in any order. */
  public static final class Builder {

    private final SortedMap<CborValue.Key, CborValue> entries = new TreeMap<>();

    private Builder() {}

    /**
     * Adds an integer.
     *
     * @param key the key
     * @param value the integer
     * @return this builder
     */
    public Builder put(int key, long value) {
      return put(key, new CborValue.Int(value));
    }

    /**
     * Adds a byte string; the array must not change before the message is encoded.
     *
     * @param key the key
     * @param value the bytes
     * @return this builder
     */
    public Builder put(int key, byte[] value) {
      return put(key, new CborValue.ByteString(ByteBuffer.wrap(value)));
    }

    /**
     * Adds what remains in a buffer as a byte string; it must not change before the message is
     * encoded.
     *
     * @param key the key
     * @param value the buffer
     * @return this builder
     */
    public Builder put(int key, ByteBuffer value) {
      return put(key, new CborValue.ByteString(value));
    }

    /**
     * Adds a byte string.
     *
     * @param key the key
     * @param value the bytes
     * @return this builder
     */
    public Builder put(int key, Bytes value) {
      return put(key, value.toBuffer());
    }

    /**
     * Adds a digest as byte string.
     *
     * @param key the key
     * @param value the digest
     * @return this builder
     */
    public Builder put(int key, Digest value) {
      return put(key, value.value());
    }

    /**
     * Adds a text.
     *
     * @param key the key
     * @param value the text
     * @return this builder
     */
    public Builder put(int key, String value) {
      return put(key, new CborValue.Text(value));
    }

    /**
     * Adds a truth value.
     *
     * @param key the key
     * @param value the truth value
     * @return this builder
     */
    public Builder put(int key, boolean value) {
      return put(key, new CborValue.Bool(value));
    }

    /**
     * Adds a map.
     *
     * @param key the key
     * @param value the map
     * @return this builder
     */
    public Builder put(int key, CborMap value) {
      return put(key, value.value);
    }

    /**
     * Adds any value.
     *
     * @param key the key
     * @param value the value
     * @return this builder
     */
    public Builder put(int key, CborValue value) {
      if (key < 0) {
        throw new IllegalArgumentException("the key is negative: " + key);
      }
      if (entries.put(new CborValue.Int(key), value) != null) {
        throw new IllegalArgumentException("the key is there twice: " + key);
      }
      return this;
    }

    /**
     * Adds an array of maps.
     *
     * @param key the key
     * @param values the maps
     * @return this builder
     */
    public Builder putMaps(int key, List<CborMap> values) {
      return putAll(key, values.stream().map(CborMap::value).toList());
    }

    /**
     * Adds an array of texts.
     *
     * @param key the key
     * @param values the texts
     * @return this builder
     */
    public Builder putTexts(int key, List<String> values) {
      return putAll(key, values.stream().map(CborValue.Text::new).toList());
    }

    /**
     * Adds an array of byte strings.
     *
     * @param key the key
     * @param values the byte strings
     * @return this builder
     */
    public Builder putByteStrings(int key, List<Bytes> values) {
      return putAll(key, values.stream().map(v -> new CborValue.ByteString(v.toBuffer())).toList());
    }

    /**
     * Adds an array of integers.
     *
     * @param key the key
     * @param values the integers
     * @return this builder
     */
    public Builder putIntegers(int key, long[] values) {
      List<CborValue> items = new ArrayList<>(values.length);
      for (long value : values) {
        items.add(new CborValue.Int(value));
      }
      return put(key, new CborValue.Array(items));
    }

    /**
     * Adds a map from texts to texts.
     *
     * @param key the key
     * @param values the map
     * @return this builder
     */
    public Builder putTextMap(int key, Map<String, String> values) {
      SortedMap<CborValue.Key, CborValue> texts = new TreeMap<>();
      values.forEach((k, v) -> texts.put(new CborValue.Text(k), new CborValue.Text(v)));
      return put(key, new CborValue.Map(texts));
    }

    private Builder putAll(int key, List<? extends CborValue> items) {
      return put(key, new CborValue.Array(Collections.unmodifiableList(items)));
    }

    /** {@return the message} */
    public CborMap build() {
      return new CborMap(new CborValue.Map(entries));
    }

    /**
     * {@return the message with one further byte string whose content the caller puts in place}
     *
     * @param key the key of the payload
     * @param payloadLength its length
     */
    public Around around(int key, int payloadLength) {
      CborValue.Int payloadKey = new CborValue.Int(key);
      if (key < 0 || payloadLength < 0 || entries.containsKey(payloadKey)) {
        throw new IllegalArgumentException("no place for a payload at key " + key);
      }
      CborWriter prefix = new CborWriter().mapHead(entries.size() + 1);
      entries.headMap(payloadKey).forEach((k, v) -> prefix.value(k).value(v));
      prefix.integer(key).bytesHead(payloadLength);
      CborWriter suffix = new CborWriter();
      entries.tailMap(payloadKey).forEach((k, v) -> suffix.value(k).value(v));
      return new Around(
          Bytes.of(prefix.toByteArray()), payloadLength, Bytes.of(suffix.toByteArray()));
    }
  }
}
