package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

/**
 * What a function runtime asks the key service for: the keys to serve one user with one model.
 * Which runtime asks is not in the message but in the evidence of the connection.
 *
 * @param modelId the model
 * @param user the user whose request came in
 * @param requestKeyId the key that the user sealed it with
 * @param receiptPublicKey the raw 32-byte Ed25519 key of the runtime to be certified
 * @param epoch the highest epoch that the runtime has seen, at least 1
 */
public record Provision(
    ModelId modelId, PartyId user, KeyId requestKeyId, Bytes receiptPublicKey, long epoch) {

  /** The path that it is posted to. */
  public static final String PATH = "/v1/provision";

  /** Checks the parts. */
  public Provision {
    requireNonNull(modelId, "modelId");
    requireNonNull(user, "user");
    requireNonNull(requestKeyId, "requestKeyId");
    if (receiptPublicKey.length() != 32 || epoch < 1) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "the receipt key or the epoch is out of range");
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, modelId.text())
        .put(2, user.digest())
        .put(3, requestKeyId.value())
        .put(4, receiptPublicKey)
        .put(5, epoch)
        .build()
        .encode();
  }

  /**
   * Reads a message.
   *
   * @param bytes the encoding
   * @return what was read
   */
  public static Provision decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    Provision provision =
        new Provision(
            OperationCodec.model(reader, 1),
            new PartyId(reader.digest(2)),
            OperationCodec.keyId(reader, 3),
            reader.byteString(4, 32),
            reader.integer(5, 1, Long.MAX_VALUE));
    reader.finish();
    return provision;
  }
}
