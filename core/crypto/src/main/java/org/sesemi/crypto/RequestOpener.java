package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.util.function.IntFunction;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.WireException;

/**
 * The runtime's side of the envelope: opens sealed requests.
 *
 * <p>Guarantees: a request that opens was sealed by somebody who holds the request key, and not one
 * byte of it was changed. Nothing is remembered; refusing replays is the caller's part.
 *
 * <p>Thread-safe.
 */
public final class RequestOpener {

  private final CryptoProvider provider;
  private final IntFunction<ByteBuffer> buffers;

  /**
   * Makes an opener that takes a new direct buffer for each request.
   *
   * @param provider the primitives
   */
  public RequestOpener(CryptoProvider provider) {
    this(provider, ByteBuffer::allocateDirect);
  }

  /**
   * Makes an opener with buffers of the caller's choice.
   *
   * @param provider the primitives
   * @param buffers gives a buffer of exactly the size asked for, position 0
   */
  public RequestOpener(CryptoProvider provider, IntFunction<ByteBuffer> buffers) {
    this.provider = requireNonNull(provider, "provider");
    this.buffers = requireNonNull(buffers, "buffers");
  }

  /**
   * Reads the clear header, which is not authentic before {@link #open} succeeded.
   *
   * @param envelope the sealed request
   * @return its header
   * @throws CryptoException with {@code envelope.malformed} or {@code envelope.version-unknown}
   */
  public static SealedRequestHeader header(ByteBuffer envelope) {
    try {
      return SealedRequestHeader.ofEnvelope(envelope);
    } catch (WireException malformed) {
      throw CryptoException.envelope("the request", malformed);
    }
  }

  /**
   * Opens a request.
   *
   * @param envelope the sealed request, without anything after it
   * @param key the key that its header names; must stay open until the response was sealed
   * @return the opened request, to be closed
   * @throws CryptoException with {@code envelope.malformed}, {@code envelope.version-unknown} or
   *     {@code envelope.tampered}
   */
  public OpenedRequest open(ByteBuffer envelope, RequestKey key) {
    try {
      EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, envelope);
      SealedRequestHeader header = SealedRequestHeader.decode(frame.header());
      if (!header.requestKey().equals(key.id())) {
        throw new CryptoException(
            CryptoException.Code.ENVELOPE_TAMPERED, "the request names another key");
      }
      SealedContent.Opened opened =
          SealedContent.open(provider, frame, EnvelopeKeys.request(key, header.salt()), buffers);
      boolean decoded = false;
      try {
        RequestContent content = RequestContent.decode(opened.content());
        decoded = true;
        return new OpenedRequest(header, content, key, envelope.asReadOnlyBuffer(), opened.plain());
      } finally {
        if (!decoded) {
          SealedContent.wipe(opened.plain());
        }
      }
    } catch (WireException malformed) {
      throw CryptoException.envelope("the request", malformed);
    }
  }
}
