package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import org.sesemi.wire.KeyId;
import org.sesemi.wire.RandomSource;

/**
 * The symmetric key that seals one user's requests for one model to the runtimes that the user
 * accepts.
 *
 * <p>Guarantees: see {@link SecretBytes}; printing shows the key id only. Thread-safe.
 */
public final class RequestKey implements AutoCloseable {

  /** The number of bytes of a key. */
  public static final int LENGTH = 32;

  private final KeyId id;
  private final SecretBytes secret;

  private RequestKey(KeyId id, SecretBytes secret) {
    this.id = requireNonNull(id, "id");
    this.secret = secret;
    if (secret.length() != LENGTH) {
      throw new CryptoException(
          CryptoException.Code.KEY_MALFORMED, "a request key has 32 bytes, not " + secret.length());
    }
  }

  /**
   * Wraps existing key material; closing the key closes the material.
   *
   * @param id the name of the key
   * @param secret 32 bytes
   * @return the key
   */
  public static RequestKey of(KeyId id, SecretBytes secret) {
    return new RequestKey(id, secret);
  }

  /**
   * Draws a new key with a new id.
   *
   * @param random the source
   * @return the key
   */
  public static RequestKey generate(RandomSource random) {
    return new RequestKey(KeyId.random(random), SecretBytes.random(random, LENGTH));
  }

  /** {@return the name of the key, which is not secret} */
  public KeyId id() {
    return id;
  }

  /**
   * Reveals the material.
   *
   * @param access the capability
   * @return the secret itself, not a copy
   */
  public SecretBytes secret(SecretKeyAccess access) {
    requireNonNull(access, "access");
    return secret;
  }

  SecretBytes secret() {
    return secret;
  }

  @Override
  public void close() {
    secret.close();
  }

  @Override
  public String toString() {
    return "RequestKey[" + id + "]";
  }
}
