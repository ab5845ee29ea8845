package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.WireException;

/**
 * What a function answers over the wire: a sealed response, the signed receipt of it, and the
 * certificate of the receipt's key.
 *
 * <p>The response is a view of the bytes it was decoded from; those must not change.
 *
 * @param response the sealed response
 * @param receipt a {@link Receipt}, signed under {@link Signed.Label#RECEIPT}
 * @param certificate an {@link InstanceCertificate}, signed under {@link Signed.Label#INSTANCE}
 */
public record SealedAnswer(ByteBuffer response, Signed receipt, Signed certificate) {

  private static final int MAX_SIGNED = 1 << 14;

  /** Checks that everything is there. */
  public SealedAnswer {
    response = response.slice().asReadOnlyBuffer();
    requireNonNull(receipt, "receipt");
    requireNonNull(certificate, "certificate");
  }

  /** {@return a view of the sealed response} */
  @Override
  public ByteBuffer response() {
    return response.duplicate();
  }

  /** {@return the encoding, in one copy of the response} */
  public ByteBuffer encode() {
    CborMap.Around around =
        CborMap.versioned()
            .put(2, receipt.encode())
            .put(3, certificate.encode())
            .around(1, response.remaining());
    ByteBuffer target = ByteBuffer.allocate(around.length());
    around.writeTo(target).put(response.duplicate());
    return target.flip();
  }

  /**
   * Decodes an answer without judging it.
   *
   * @param encoded its bytes, without anything after them
   * @return the answer
   * @throws CryptoException with {@code envelope.malformed} or {@code envelope.version-unknown}
   */
  public static SealedAnswer decode(ByteBuffer encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      ByteBuffer response = reader.slice(1);
      Signed receipt = Signed.decode(reader.bytes(2, 1, MAX_SIGNED));
      Signed certificate = Signed.decode(reader.bytes(3, 1, MAX_SIGNED));
      reader.finish();
      return new SealedAnswer(response, receipt, certificate);
    } catch (WireException malformed) {
      throw CryptoException.envelope("the answer", malformed);
    }
  }
}
