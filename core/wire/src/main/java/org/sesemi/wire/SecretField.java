package org.sesemi.wire;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A 32-byte key on its way through a message. It never prints itself and can be wiped; whoever
 * keeps a key longer than a message lives moves it into a type made for that.
 *
 * <p>Not thread-safe: one owner reads it and closes it.
 */
public final class SecretField implements AutoCloseable {

  /** The number of bytes of every key that travels in a message. */
  public static final int LENGTH = 32;

  private final byte[] value;
  private boolean closed;

  private SecretField(byte[] value) {
    this.value = value;
  }

  /**
   * {@return a field with a copy of a key; the caller keeps and wipes its array}
   *
   * @param key 32 bytes
   */
  public static SecretField copyOf(byte[] key) {
    if (key.length != LENGTH) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a key has 32 bytes, not " + key.length);
    }
    return new SecretField(key.clone());
  }

  /** {@return a copy of the key, which the caller has to wipe} */
  public byte[] exposedCopy() {
    if (closed) {
      throw new IllegalStateException("the key was wiped");
    }
    return value.clone();
  }

  /** Overwrites the key. */
  @Override
  public void close() {
    closed = true;
    Arrays.fill(value, (byte) 0);
  }

  /** Compares in constant time. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SecretField that && MessageDigest.isEqual(value, that.value);
  }

  /** Returns the same number for all keys. */
  @Override
  public int hashCode() {
    return LENGTH;
  }

  @Override
  public String toString() {
    return "SecretField[32 bytes]";
  }
}
