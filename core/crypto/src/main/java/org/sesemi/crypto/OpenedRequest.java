package org.sesemi.crypto;

import java.nio.ByteBuffer;
import org.sesemi.wire.Digest;
import org.sesemi.wire.SealedRequestHeader;

/**
 * A request whose seal was checked, with its plaintext in a buffer that {@link #close()} wipes.
 *
 * <p>The content's body is a view of that buffer: it must not be used afterwards. Not thread-safe.
 */
public final class OpenedRequest implements AutoCloseable {

  private final SealedRequestHeader header;
  private final RequestContent content;
  private final RequestKey key;
  private final ByteBuffer envelope;
  private final ByteBuffer plain;

  OpenedRequest(
      SealedRequestHeader header,
      RequestContent content,
      RequestKey key,
      ByteBuffer envelope,
      ByteBuffer plain) {
    this.header = header;
    this.content = content;
    this.key = key;
    this.envelope = envelope;
    this.plain = plain;
  }

  /** {@return the header, authentic now} */
  public SealedRequestHeader header() {
    return header;
  }

  /** {@return the content} */
  public RequestContent content() {
    return content;
  }

  /** {@return SHA-256 of the sealed request, computed at each call} */
  public Digest digest() {
    return Digest.sha256(envelope.duplicate());
  }

  /**
   * Returns the plaintext buffer, for callers that reuse buffers.
   *
   * @return the buffer; wiped after {@link #close()}
   */
  public ByteBuffer buffer() {
    return plain;
  }

  RequestKey key() {
    return key;
  }

  @Override
  public void close() {
    SealedContent.wipe(plain);
  }
}
