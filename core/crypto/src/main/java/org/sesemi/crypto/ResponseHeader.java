package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RequestId;

/**
 * The clear header of a sealed response. Every field goes into the derivation of the response key
 * or into its associated data, so a response opens only as what it says it is.
 *
 * @param requestId the request that is answered
 * @param salt 32 random bytes drawn for this response
 * @param requestDigest SHA-256 of the whole sealed request
 * @param measurement the code that answers
 * @param configDigest the measured configuration of that code
 * @param manifestDigest the model package that was used
 * @param modelVersion its version
 */
public record ResponseHeader(
    RequestId requestId,
    Bytes salt,
    Digest requestDigest,
    Digest measurement,
    Digest configDigest,
    Digest manifestDigest,
    long modelVersion) {

  /** The number of bytes of the salt. */
  public static final int SALT_LENGTH = 32;

  /** Checks the fields. */
  public ResponseHeader {
    requireNonNull(requestId, "requestId");
    requireNonNull(requestDigest, "requestDigest");
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    requireNonNull(manifestDigest, "manifestDigest");
    if (salt.length() != SALT_LENGTH || modelVersion < 1) {
      throw new CryptoException(
          CryptoException.Code.ENVELOPE_MALFORMED, "the response header is not in its form");
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, requestId.value())
        .put(2, salt)
        .put(3, requestDigest)
        .put(4, measurement)
        .put(5, configDigest)
        .put(6, manifestDigest)
        .put(7, modelVersion)
        .build()
        .encode();
  }

  /**
   * Decodes a header.
   *
   * @param header the header's bytes alone
   * @return the header
   */
  public static ResponseHeader decode(ByteBuffer header) {
    CborReader reader = CborReader.versioned(header);
    ResponseHeader result =
        new ResponseHeader(
            new RequestId(reader.byteString(1, RequestId.LENGTH)),
            reader.byteString(2, SALT_LENGTH),
            reader.digest(3),
            reader.digest(4),
            reader.digest(5),
            reader.digest(6),
            reader.integer(7, 1, Long.MAX_VALUE));
    reader.finish();
    return result;
  }
}
