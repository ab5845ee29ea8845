package org.sesemi.crypto;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;
import org.sesemi.wire.WireException;

/**
 * The cluster's word that a receipt key belongs to an instance that it attested.
 *
 * @param instanceKey the key that signs receipts
 * @param measurement the attested code
 * @param configDigest the attested configuration
 * @param clusterId the cluster that certifies
 * @param epoch its policy epoch at that time
 * @param notBefore the first instant of validity, in milliseconds
 * @param notAfter the last instant of validity
 */
public record InstanceCertificate(
    IdentityPublicKey instanceKey,
    Digest measurement,
    Digest configDigest,
    Digest clusterId,
    long epoch,
    Instant notBefore,
    Instant notAfter) {

  private static final long MAX_MILLIS = 253_402_300_799_999L;

  /** Checks the fields. */
  public InstanceCertificate {
    requireNonNull(instanceKey, "instanceKey");
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    requireNonNull(clusterId, "clusterId");
    notBefore = Instant.ofEpochMilli(notBefore.toEpochMilli());
    notAfter = Instant.ofEpochMilli(notAfter.toEpochMilli());
    if (epoch < 1 || notAfter.isBefore(notBefore)) {
      throw new CryptoException(
          CryptoException.Code.RECEIPT_MALFORMED, "the instance certificate is not in its form");
    }
  }

  /** {@return the encoding, which is what is signed} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, instanceKey.value())
        .put(2, measurement)
        .put(3, configDigest)
        .put(4, clusterId)
        .put(5, epoch)
        .put(6, notBefore.toEpochMilli())
        .put(7, notAfter.toEpochMilli())
        .build()
        .encode();
  }

  /**
   * Decodes a certificate without judging who signed it.
   *
   * @param encoded its bytes
   * @return the certificate
   * @throws CryptoException with {@code receipt.malformed} or {@code receipt.version-unknown}
   */
  public static InstanceCertificate decode(byte[] encoded) {
    try {
      CborReader reader = CborReader.versioned(encoded);
      InstanceCertificate result =
          new InstanceCertificate(
              new IdentityPublicKey(reader.byteString(1, IdentityPublicKey.LENGTH)),
              reader.digest(2),
              reader.digest(3),
              reader.digest(4),
              reader.integer(5, 1, Long.MAX_VALUE),
              Instant.ofEpochMilli(reader.integer(6, 0, MAX_MILLIS)),
              Instant.ofEpochMilli(reader.integer(7, 0, MAX_MILLIS)));
      reader.finish();
      return result;
    } catch (WireException malformed) {
      throw CryptoException.receipt("the instance certificate", malformed);
    }
  }

  /**
   * Tells whether the certificate holds at an instant.
   *
   * @param instant the instant
   * @return whether it lies inside the validity, both ends included
   */
  public boolean validAt(Instant instant) {
    return !instant.isBefore(notBefore) && !instant.isAfter(notAfter);
  }
}
