package org.sesemi.crypto;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.SealedRequestHeader;
import org.sesemi.wire.WireException;

/**
 * A sealed request that waits for its one answer.
 *
 * <p>Guarantees: an answer that is not authentic, or not for this request, changes nothing; the
 * first authentic answer is accepted; every later one is refused with {@code
 * response.already-accepted}. Thread-safe.
 */
public final class PendingRequest {

  private final CryptoProvider provider;
  private final RequestKey key;
  private final SealedRequestHeader header;
  private final ByteBuffer envelope;
  private final Digest digest;
  private final Digest commitment;
  private final Bytes commitmentSalt;
  private final AtomicBoolean accepted = new AtomicBoolean();

  PendingRequest(
      CryptoProvider provider,
      RequestKey key,
      SealedRequestHeader header,
      ByteBuffer envelope,
      Digest digest,
      Digest commitment,
      Bytes commitmentSalt) {
    this.provider = provider;
    this.key = key;
    this.header = header;
    this.envelope = envelope;
    this.digest = digest;
    this.commitment = commitment;
    this.commitmentSalt = commitmentSalt;
  }

  /**
   * An answer that opened.
   *
   * @param header what answered
   * @param content the result or the problem
   * @param responseDigest SHA-256 of the sealed response
   * @param responseCommitment the commitment to the response's body, as the receipt must hold it
   */
  public record Answer(
      ResponseHeader header,
      ResponseContent content,
      Digest responseDigest,
      Digest responseCommitment) {}

  /** {@return the sealed request, to be sent as it is} */
  public ByteBuffer envelope() {
    return envelope.duplicate();
  }

  /** {@return the clear header} */
  public SealedRequestHeader header() {
    return header;
  }

  /** {@return SHA-256 of the sealed request} */
  public Digest digest() {
    return digest;
  }

  /** {@return the commitment to the request's body, as the receipt must hold it} */
  public Digest commitment() {
    return commitment;
  }

  /** {@return the salt of the commitment, which proves the body to a third party} */
  public Bytes commitmentSalt() {
    return commitmentSalt;
  }

  /**
   * Opens the answer.
   *
   * @param sealedResponse the sealed response, without anything after it
   * @return the answer
   * @throws CryptoException with {@code envelope.*}, {@code response.unexpected} or {@code
   *     response.already-accepted}
   */
  public Answer open(ByteBuffer sealedResponse) {
    try {
      EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, sealedResponse);
      ResponseHeader response = ResponseHeader.decode(frame.header());
      if (!response.requestId().equals(header.requestId())
          || !response.requestDigest().equals(digest)) {
        throw new CryptoException(
            CryptoException.Code.RESPONSE_UNEXPECTED, "the response answers another request");
      }
      SealedContent.Opened opened =
          SealedContent.open(
              provider,
              frame,
              EnvelopeKeys.response(key, header.salt(), response),
              ByteBuffer::allocateDirect);
      ResponseContent content = ResponseContent.decode(opened.content());
      if (!accepted.compareAndSet(false, true)) {
        throw new CryptoException(
            CryptoException.Code.RESPONSE_ALREADY_ACCEPTED,
            "request " + header.requestId() + " was answered before");
      }
      return new Answer(
          response,
          content,
          Digest.sha256(sealedResponse.duplicate()),
          Commitment.to(Commitment.Side.RESPONSE, content.commitmentSalt(), content.body()));
    } catch (WireException malformed) {
      throw CryptoException.envelope("the response", malformed);
    }
  }
}
