package org.sesemi.crypto;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.OipBody;

/**
 * A salted commitment to a body: SHA-256 of label, 32-byte salt and body. Whoever knows salt and
 * body can check it; nobody else learns anything from it.
 */
public final class Commitment {

  /** Which of the two bodies of an exchange is committed to. */
  public enum Side {
    /** The request's body. */
    REQUEST("sesemi/v1/commit/request"),
    /** The response's body. */
    RESPONSE("sesemi/v1/commit/response");

    private final String label;

    Side(String label) {
      this.label = label;
    }
  }

  private Commitment() {}

  /**
   * Commits to a body.
   *
   * @param side which body
   * @param salt its salt
   * @param body the body
   * @return the commitment
   */
  public static Digest to(Side side, Bytes salt, OipBody body) {
    MessageDigest digest = Digest.newSha256();
    digest.update(side.label.getBytes(US_ASCII));
    digest.update(salt.toArray());
    digest.update(body.bytes());
    return Digest.of(digest.digest());
  }
}
