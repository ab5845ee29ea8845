package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.WireException;

/**
 * The statement that founds a key-service cluster. The cluster's id is the SHA-256 of its bytes.
 *
 * @param caKey the key that certifies instances
 * @param created when the cluster was founded, in milliseconds
 * @param measurement the code of the key service that founded it
 * @param configDigest its measured configuration
 * @param platform the kind of platform that it ran on
 * @param platformRoot the root key of that platform
 * @param epoch the first policy epoch, 1
 * @param random 32 bytes that make the id unique
 */
public record Genesis(
    IdentityPublicKey caKey,
    Instant created,
    Digest measurement,
    Digest configDigest,
    String platform,
    Bytes platformRoot,
    long epoch,
    Bytes random) {

  private static final int RANDOM_LENGTH = 32;
  private static final int MAX_PLATFORM = 32;
  private static final long MAX_MILLIS = 253_402_300_799_999L;

  /** Checks the fields. */
  public Genesis {
    requireNonNull(caKey, "caKey");
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    requireNonNull(platform, "platform");
    created = Instant.ofEpochMilli(created.toEpochMilli());
    if (platformRoot.length() != IdentityPublicKey.LENGTH
        || random.length() != RANDOM_LENGTH
        || epoch != 1) {
      throw new CryptoException(
          CryptoException.Code.RECEIPT_MALFORMED, "the genesis statement is not in its form");
    }
  }

  /** {@return the encoding, which is what is hashed} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, caKey.value())
        .put(2, created.toEpochMilli())
        .put(3, measurement)
        .put(4, configDigest)
        .put(5, platform)
        .put(6, platformRoot)
        .put(7, epoch)
        .put(8, random)
        .build()
        .encode();
  }

  /** {@return the id of the cluster} */
  public Digest clusterId() {
    return Digest.sha256(encode());
  }

  /**
   * Decodes a statement.
   *
   * @param encoded its bytes
   * @return the statement
   * @throws CryptoException with {@code receipt.malformed} or {@code receipt.version-unknown}
   */
  public static Genesis decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      Genesis result =
          new Genesis(
              new IdentityPublicKey(reader.byteString(1, IdentityPublicKey.LENGTH)),
              Instant.ofEpochMilli(reader.integer(2, 0, MAX_MILLIS)),
              reader.digest(3),
              reader.digest(4),
              reader.text(5, MAX_PLATFORM),
              reader.byteString(6, IdentityPublicKey.LENGTH),
              reader.integer(7, 1, 1),
              reader.byteString(8, RANDOM_LENGTH));
      reader.finish();
      return result;
    } catch (WireException malformed) {
      throw CryptoException.receipt("the genesis statement", malformed);
    }
  }

  /**
   * Decodes the statement of a pinned cluster.
   *
   * @param encoded its bytes
   * @param clusterId the id that the caller trusts
   * @return the statement
   * @throws CryptoException with {@code cluster.mismatch} when it is another cluster's
   */
  public static Genesis decode(byte[] encoded, Digest clusterId) {
    if (!Digest.sha256(encoded).equals(clusterId)) {
      throw new CryptoException(
          CryptoException.Code.CLUSTER_MISMATCH,
          "the genesis statement belongs to cluster "
              + Digest.sha256(encoded)
              + ", trusted is "
              + clusterId);
    }
    return decode(encoded);
  }
}
