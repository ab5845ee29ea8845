package org.sesemi.attestation.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.sesemi.wire.Digest;

/**
 * The signatures of certificates and collateral that were found right, so that the next piece of
 * evidence under the same chain does not pay for them again. Whether a signature is right depends
 * on key, content and signature only; dates, revocation and what a certificate may do are judged
 * each time.
 *
 * <p>A memo holds SHA-256 over key, content and signature of right signatures, and nothing of wrong
 * ones: whoever sends many wrong ones displaces nothing. It takes effect within {@link #during}, on
 * the thread that calls it; elsewhere everything is computed. Thread-safe.
 */
public final class SignatureMemo {

  private static final ScopedValue<SignatureMemo> CURRENT = ScopedValue.newInstance();

  private static final byte[] NONE = {};

  private final int capacity;
  private final LinkedHashSet<Digest> right = new LinkedHashSet<>();

  /**
   * Makes an empty memo.
   *
   * @param capacity the most signatures to remember; the one unused for longest goes first
   */
  public SignatureMemo(int capacity) {
    this.capacity = capacity;
  }

  /** {@return what a task returns that remembers signatures here} */
  public <T> T during(Supplier<T> task) {
    return ScopedValue.where(CURRENT, this).call(task::get);
  }

  /**
   * Verifies a signature that lies within the signed document, or remembers that it was right.
   *
   * @param form how key and document are to be understood: two forms share nothing
   * @param key who is said to have signed
   * @param document what is signed, with the signature
   * @param verify the verification, which depends on the other arguments only
   * @return whether the signature is right
   */
  public static boolean verify(
      String form, PublicKey key, byte[] document, BooleanSupplier verify) {
    return verify(form, key, document, NONE, verify);
  }

  /**
   * Verifies a signature, or remembers that it was right.
   *
   * @param form how key, content and signature are to be understood: two forms share nothing
   * @param key who is said to have signed
   * @param content what is signed
   * @param signature the signature
   * @param verify the verification, which depends on the other arguments only
   * @return whether the signature is right
   */
  static boolean verify(
      String form, PublicKey key, byte[] content, byte[] signature, BooleanSupplier verify) {
    byte[] encodedKey = key.getEncoded();
    if (encodedKey == null || !CURRENT.isBound()) {
      return verify.getAsBoolean();
    }
    SignatureMemo memo = CURRENT.get();
    Digest digest =
        digest(form.getBytes(StandardCharsets.US_ASCII), encodedKey, content, signature);
    if (memo.knows(digest)) {
      return true;
    }
    boolean valid = verify.getAsBoolean();
    if (valid) {
      memo.remember(digest);
    }
    return valid;
  }

  private synchronized boolean knows(Digest digest) {
    if (!right.contains(digest)) {
      return false;
    }
    right.addLast(digest);
    return true;
  }

  private synchronized void remember(Digest digest) {
    right.addLast(digest);
    if (right.size() > capacity) {
      right.removeFirst();
    }
  }

  private static Digest digest(byte[]... parts) {
    MessageDigest digest = Digest.newSha256();
    for (byte[] part : parts) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
      digest.update(part);
    }
    return Digest.of(digest.digest());
  }
}
