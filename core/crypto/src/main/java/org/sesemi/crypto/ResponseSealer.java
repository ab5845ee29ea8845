package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.RandomSource;

/**
 * Seals responses to opened requests.
 *
 * <p>Guarantees: the key is bound to the request, the measurement, the configuration and the model
 * package, and to a salt drawn for this response: the same request opened twice, anywhere, never
 * answers twice under one key. Thread-safe.
 */
public final class ResponseSealer {

  private final CryptoProvider provider;
  private final RandomSource random;
  private final Digest measurement;
  private final Digest configDigest;

  /**
   * Makes the sealer of one runtime.
   *
   * @param provider the primitives
   * @param random the source of salts
   * @param measurement the runtime's own
   * @param configDigest the runtime's own
   */
  public ResponseSealer(
      CryptoProvider provider, RandomSource random, Digest measurement, Digest configDigest) {
    this.provider = requireNonNull(provider, "provider");
    this.random = requireNonNull(random, "random");
    this.measurement = requireNonNull(measurement, "measurement");
    this.configDigest = requireNonNull(configDigest, "configDigest");
  }

  /**
   * Seals a response.
   *
   * @param request the request, still open
   * @param requestDigest its digest, computed once by the caller
   * @param manifestDigest the model package that was used
   * @param modelVersion its version
   * @param content the result or the problem
   * @return the sealed response
   */
  public ByteBuffer seal(
      OpenedRequest request,
      Digest requestDigest,
      Digest manifestDigest,
      long modelVersion,
      ResponseContent content) {
    ResponseHeader header =
        new ResponseHeader(
            request.header().requestId(),
            Bytes.random(random, ResponseHeader.SALT_LENGTH),
            requestDigest,
            measurement,
            configDigest,
            manifestDigest,
            modelVersion);
    return SealedContent.seal(
        provider,
        EnvelopeFrame.Kind.RESPONSE,
        header.encode(),
        EnvelopeKeys.response(request.key(), request.header().salt(), header),
        content.around(),
        content.body().bytes());
  }

  /**
   * Draws the salt of a response's commitment.
   *
   * @return 32 bytes
   */
  public Bytes commitmentSalt() {
    return Bytes.random(random, RequestContent.SALT_LENGTH);
  }
}
