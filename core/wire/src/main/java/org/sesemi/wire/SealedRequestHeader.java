package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * The clear header of a sealed request: what routing needs and nothing else. Whoever routes may
 * read it; only whoever opens the envelope knows that it is authentic.
 *
 * @param user the sender
 * @param model the model asked for
 * @param versionRule the versions of the model that the sender accepts
 * @param requestKey the request key that the envelope is sealed with
 * @param requestId the name of this request
 * @param time when it was sealed, in milliseconds
 * @param salt 32 random bytes that make the key of this envelope unique
 */
public record SealedRequestHeader(
    PartyId user,
    ModelId model,
    VersionRule versionRule,
    KeyId requestKey,
    RequestId requestId,
    Instant time,
    Bytes salt) {

  /** The number of bytes of the salt. */
  public static final int SALT_LENGTH = 32;

  /** The latest time that the format can hold. */
  private static final long MAX_MILLIS = Long.MAX_VALUE >> 12;

  /** Checks the fields; the time is cut to milliseconds. */
  public SealedRequestHeader {
    requireNonNull(user, "user");
    requireNonNull(model, "model");
    requireNonNull(versionRule, "versionRule");
    requireNonNull(requestKey, "requestKey");
    requireNonNull(requestId, "requestId");
    time = Instant.ofEpochMilli(time.toEpochMilli());
    if (salt.length() != SALT_LENGTH) {
      throw new WireException(
          WireException.Code.ENVELOPE_MALFORMED, "a salt has 32 bytes, not " + salt.length());
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, user.digest())
        .put(2, model.text())
        .put(3, versionRule.text())
        .put(4, requestKey.value())
        .put(5, requestId.value())
        .put(6, time.toEpochMilli())
        .put(7, salt)
        .build()
        .encode();
  }

  /**
   * Decodes a header.
   *
   * @param header the header's bytes alone
   * @return the header
   */
  public static SealedRequestHeader decode(ByteBuffer header) {
    CborReader reader = CborReader.versioned(header);
    SealedRequestHeader result =
        new SealedRequestHeader(
            new PartyId(reader.digest(1)),
            reader.parsed(2, ModelId.MAX_TEXT_LENGTH, ModelId::parse),
            reader.parsed(3, VersionRule.MAX_TEXT_LENGTH, VersionRule::parse),
            new KeyId(reader.byteString(4, KeyId.LENGTH)),
            new RequestId(reader.byteString(5, RequestId.LENGTH)),
            Instant.ofEpochMilli(reader.integer(6, 0, MAX_MILLIS)),
            reader.byteString(7, SALT_LENGTH));
    reader.finish();
    return result;
  }

  /**
   * Reads the header of a whole sealed request and checks the request's outer form, without a key.
   *
   * @param envelope the sealed request
   * @return its header
   * @throws WireException when the bytes are not a sealed request
   */
  public static SealedRequestHeader ofEnvelope(ByteBuffer envelope) {
    return decode(EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, envelope).header());
  }
}
