package org.sesemi.wire;

import java.time.Instant;

/**
 * What a key service says about itself: in the claims that its evidence covers on every connection,
 * and as the answer to {@value #PATH}.
 *
 * @param genesis the bytes of the genesis statement
 * @param epoch the present epoch, from 1 on
 * @param serviceTime the time of the key service
 */
public record ClusterStatus(Bytes genesis, long epoch, Instant serviceTime) {

  /** The path that anybody can read it from. */
  public static final String PATH = "/v1/cluster";

  private static final int MAX_GENESIS_LENGTH = 4096;

  /** Checks the ranges. */
  public ClusterStatus {
    serviceTime = Instants.toMillis(serviceTime);
    if (genesis.length() == 0 || genesis.length() > MAX_GENESIS_LENGTH || epoch < 1) {
      throw new WireException(
          WireException.Code.CBOR_UNEXPECTED, "the genesis statement or the epoch is out of range");
    }
  }

  /** {@return the id of the cluster: the SHA-256 digest of the genesis statement} */
  public Digest clusterId() {
    return Digest.sha256(genesis.toArray());
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, genesis)
        .put(2, epoch)
        .put(3, serviceTime.toEpochMilli())
        .build()
        .encode();
  }

  /**
   * Reads a message.
   *
   * @param bytes the encoding
   * @return what was read
   */
  public static ClusterStatus decode(byte[] bytes) {
    CborReader reader = CborReader.versioned(bytes);
    ClusterStatus status =
        new ClusterStatus(
            Bytes.of(reader.slice(1, 1, MAX_GENESIS_LENGTH)),
            reader.integer(2, 1, Long.MAX_VALUE),
            Instants.read(reader, 3));
    reader.finish();
    return status;
  }
}
