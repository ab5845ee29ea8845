package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What a party asks the key service to do, in the form that the party signs. It is bound to one
 * cluster, one moment and one nonce, so that it takes effect once and nowhere else.
 *
 * <p>Its text form leaves the arguments out: they may hold a key.
 *
 * @param operation the name of the operation
 * @param clusterId the cluster that it is meant for
 * @param actorKey the raw 32-byte Ed25519 public key of the party
 * @param nonce 16 random bytes
 * @param time when the party made it, in milliseconds
 * @param arguments the encoded arguments of the operation
 */
public record Statement(
    String operation,
    Digest clusterId,
    Bytes actorKey,
    Bytes nonce,
    Instant time,
    Bytes arguments) {

  /** The path that statements are posted to. */
  public static final String PATH = "/v1/statement";

  /** The label that its signature covers in front of its bytes. */
  public static final String SIGNATURE_LABEL = "sesemi/v1/statement";

  /** The number of bytes of a nonce. */
  public static final int NONCE_LENGTH = 16;

  /** The most bytes that the arguments may have. */
  public static final int MAX_ARGUMENTS_LENGTH = 48 * 1024;

  private static final int MAX_NAME_LENGTH = 32;

  /** Checks lengths and cuts the time to milliseconds. */
  public Statement {
    requireNonNull(clusterId, "clusterId");
    time = Instants.toMillis(time);
    if (operation.isEmpty()
        || operation.length() > MAX_NAME_LENGTH
        || actorKey.length() != 32
        || nonce.length() != NONCE_LENGTH
        || arguments.length() > MAX_ARGUMENTS_LENGTH) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "a field of the statement has a wrong length");
    }
  }

  /**
   * {@return a statement with a fresh nonce}
   *
   * @param operation what is asked for
   * @param clusterId the cluster that it is meant for
   * @param actorKey the raw public key of the party
   * @param time the present time
   * @param random where the nonce comes from
   */
  public static Statement of(
      Operation operation, Digest clusterId, Bytes actorKey, Instant time, RandomSource random) {
    return new Statement(
        operation.name(),
        clusterId,
        actorKey,
        Bytes.random(random, NONCE_LENGTH),
        time,
        Bytes.of(operation.encode()));
  }

  /** {@return the bytes to be signed} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, operation)
        .put(2, clusterId)
        .put(3, actorKey)
        .put(4, nonce)
        .put(5, time.toEpochMilli())
        .put(6, arguments)
        .build()
        .encode();
  }

  /**
   * Reads the bytes that were signed.
   *
   * @param bytes the encoding
   * @return what was read
   */
  public static Statement decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    Statement statement =
        new Statement(
            reader.text(1, MAX_NAME_LENGTH),
            reader.digest(2),
            reader.byteString(3, 32),
            reader.byteString(4, NONCE_LENGTH),
            Instants.read(reader, 5),
            Bytes.of(reader.slice(6, 0, MAX_ARGUMENTS_LENGTH)));
    reader.finish();
    return statement;
  }

  /** {@return the party that the actor key names} */
  public PartyId actor() {
    return PartyId.ofPublicKey(actorKey.toArray());
  }

  /**
   * Reads the operation and its arguments.
   *
   * @return what was read
   */
  public Operation readOperation() {
    return Operation.decode(operation, arguments.toArray());
  }

  @Override
  public String toString() {
    return "Statement[" + operation + " by " + actor() + " at " + time + "]";
  }
}
