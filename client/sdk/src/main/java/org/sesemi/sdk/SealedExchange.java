package org.sesemi.sdk;

import java.nio.ByteBuffer;
import org.sesemi.crypto.PendingRequest;
import org.sesemi.crypto.RequestKey;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.RequestId;

/**
 * A sealed request that waits for its answer. It can be carried by anybody; only the client that
 * made it can open the answer, and only once.
 */
public final class SealedExchange implements AutoCloseable {

  private final PendingRequest pending;
  private final RequestKey key;
  private final ModelId modelId;
  private final long plainBytes;
  private final long beganNanos;

  SealedExchange(
      PendingRequest pending, RequestKey key, ModelId modelId, long plainBytes, long beganNanos) {
    this.pending = pending;
    this.key = key;
    this.modelId = modelId;
    this.plainBytes = plainBytes;
    this.beganNanos = beganNanos;
  }

  /** {@return the sealed request} */
  public byte[] sealed() {
    ByteBuffer envelope = pending.envelope();
    byte[] bytes = new byte[envelope.remaining()];
    envelope.get(bytes);
    return bytes;
  }

  /** {@return the name of the request} */
  public RequestId requestId() {
    return pending.header().requestId();
  }

  /** {@return the model that it goes to} */
  public ModelId modelId() {
    return modelId;
  }

  PendingRequest pending() {
    return pending;
  }

  long plainBytes() {
    return plainBytes;
  }

  long beganNanos() {
    return beganNanos;
  }

  /** Wipes the key that would open the answer. */
  @Override
  public void close() {
    key.close();
  }
}
