package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import org.sesemi.wire.RandomSource;

/**
 * Bytes that must not be seen: never printed, compared in constant time, wiped when closed.
 *
 * <p>Guarantees: {@code toString} shows the length only; the raw bytes are handed out only against
 * a {@link SecretKeyAccess}, as a copy; after {@link #close()} this object holds zeros and every
 * use fails. Not guaranteed: a garbage collector that moved the array before may have left a copy
 * in freed heap; inside an enclave that memory is protected too.
 *
 * <p>Thread-safe.
 */
public final class SecretBytes implements AutoCloseable {

  private final byte[] value;
  private boolean closed;

  private SecretBytes(byte[] value) {
    this.value = value;
  }

  /**
   * Takes a copy; the caller wipes its own array.
   *
   * @param secret the bytes
   * @return the secret
   */
  public static SecretBytes copyOf(byte[] secret) {
    return new SecretBytes(secret.clone());
  }

  /**
   * Takes a copy and wipes the source.
   *
   * @param secret the bytes, zeros afterwards
   * @return the secret
   */
  public static SecretBytes takeOver(byte[] secret) {
    SecretBytes taken = copyOf(secret);
    Arrays.fill(secret, (byte) 0);
    return taken;
  }

  /**
   * Draws a secret.
   *
   * @param random the source
   * @param length in bytes
   * @return the secret
   */
  public static SecretBytes random(RandomSource random, int length) {
    return takeOver(random.bytes(length));
  }

  /** {@return the length in bytes} */
  public int length() {
    return value.length;
  }

  /**
   * Gives the bytes to a function and wipes that copy afterwards.
   *
   * @param access the capability
   * @param use what needs the bytes; it must not keep them
   * @param <T> what it makes of them
   * @return what it made
   */
  public <T> T use(SecretKeyAccess access, Function<byte[], T> use) {
    byte[] copy = reveal(access);
    try {
      return use.apply(copy);
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  /**
   * Reveals the bytes; the caller wipes them.
   *
   * @param access the capability
   * @return a copy
   */
  public synchronized byte[] reveal(SecretKeyAccess access) {
    requireNonNull(access, "access");
    if (closed) {
      throw new IllegalStateException("the secret was wiped");
    }
    return value.clone();
  }

  /**
   * Compares in time that depends on the lengths only.
   *
   * @param other the other secret
   * @return whether both hold the same bytes
   */
  public boolean sameAs(SecretBytes other) {
    SecretKeyAccess access = InsecureSecretAccess.get();
    return use(access, mine -> other.use(access, theirs -> MessageDigest.isEqual(mine, theirs)));
  }

  /** Wipes the bytes. A second call does nothing. */
  @Override
  public synchronized void close() {
    closed = true;
    Arrays.fill(value, (byte) 0);
  }

  @Override
  public String toString() {
    return "SecretBytes[" + value.length + " bytes]";
  }
}
