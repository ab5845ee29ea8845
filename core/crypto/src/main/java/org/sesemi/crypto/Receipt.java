package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.IsolationLevel;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RequestId;
import org.sesemi.wire.WireException;

/**
 * What one function instance says of one answer, to be signed with its certified key.
 *
 * @param requestDigest SHA-256 of the sealed request
 * @param responseDigest SHA-256 of the sealed response
 * @param requestCommitment the {@link Commitment} to the request's body
 * @param responseCommitment the {@link Commitment} to the response's body
 * @param model the model
 * @param modelVersion its version
 * @param manifestDigest the package that was used
 * @param form {@code original}, or {@code optimised:} and a digest
 * @param measurement the code of the instance
 * @param configDigest its measured configuration
 * @param time when the answer was made, in milliseconds, by the instance's clock
 * @param isolation the isolation level that was in effect
 * @param clusterId the key-service cluster that released the keys
 * @param epoch the policy epoch of the keys
 * @param user who asked
 * @param requestId the request
 * @param outcome {@code ok} or {@code error}
 */
public record Receipt(
    Digest requestDigest,
    Digest responseDigest,
    Digest requestCommitment,
    Digest responseCommitment,
    ModelId model,
    long modelVersion,
    Digest manifestDigest,
    String form,
    Digest measurement,
    Digest configDigest,
    Instant time,
    IsolationLevel isolation,
    Digest clusterId,
    long epoch,
    PartyId user,
    RequestId requestId,
    String outcome) {

  /** The form of a model that runs as its owner published it. */
  public static final String ORIGINAL = "original";

  private static final int MAX_NAME = 128;
  private static final long MAX_MILLIS = 253_402_300_799_999L;

  /** Checks the fields. */
  public Receipt {
    requireNonNull(requestDigest, "requestDigest");
    requireNonNull(responseDigest, "responseDigest");
    requireNonNull(requestCommitment, "requestCommitment");
    requireNonNull(responseCommitment, "responseCommitment");
    requireNonNull(model, "model");
    requireNonNull(manifestDigest, "manifestDigest");
    requireNonNull(form, "form");
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    requireNonNull(isolation, "isolation");
    requireNonNull(clusterId, "clusterId");
    requireNonNull(user, "user");
    requireNonNull(requestId, "requestId");
    time = Instant.ofEpochMilli(time.toEpochMilli());
    if (modelVersion < 1
        || epoch < 1
        || !(outcome.equals(ResponseContent.OK) || outcome.equals(ResponseContent.ERROR))) {
      throw new CryptoException(
          CryptoException.Code.RECEIPT_MALFORMED, "the receipt is not in its form");
    }
  }

  /** {@return the encoding, which is what is signed} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, requestDigest)
        .put(2, responseDigest)
        .put(3, requestCommitment)
        .put(4, responseCommitment)
        .put(5, model.text())
        .put(6, modelVersion)
        .put(7, manifestDigest)
        .put(8, form)
        .put(9, measurement)
        .put(10, configDigest)
        .put(11, time.toEpochMilli())
        .put(12, isolation.text())
        .put(13, clusterId)
        .put(14, epoch)
        .put(15, user.digest())
        .put(16, requestId.value())
        .put(17, outcome)
        .build()
        .encode();
  }

  /**
   * Decodes a receipt without judging who signed it.
   *
   * @param encoded its bytes
   * @return the receipt
   * @throws CryptoException with {@code receipt.malformed} or {@code receipt.version-unknown}
   */
  public static Receipt decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      Receipt result =
          new Receipt(
              reader.digest(1),
              reader.digest(2),
              reader.digest(3),
              reader.digest(4),
              reader.parsed(5, ModelId.MAX_TEXT_LENGTH, ModelId::parse),
              reader.integer(6, 1, Long.MAX_VALUE),
              reader.digest(7),
              reader.text(8, MAX_NAME),
              reader.digest(9),
              reader.digest(10),
              Instant.ofEpochMilli(reader.integer(11, 0, MAX_MILLIS)),
              reader.parsed(12, MAX_NAME, IsolationLevel::parse),
              reader.digest(13),
              reader.integer(14, 1, Long.MAX_VALUE),
              new PartyId(reader.digest(15)),
              new RequestId(reader.byteString(16, RequestId.LENGTH)),
              reader.text(17, MAX_NAME));
      reader.finish();
      return result;
    } catch (WireException malformed) {
      throw CryptoException.receipt("the receipt", malformed);
    }
  }
}
