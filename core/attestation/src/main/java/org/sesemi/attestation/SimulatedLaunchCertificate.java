package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.sesemi.crypto.IdentityPublicKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;

/**
 * The statement by which the simulated root lets one key quote for one launch.
 *
 * @param launchPublicKey the raw Ed25519 key that signs the quotes
 * @param launchId 16 bytes that name the launch
 * @param measurement the code that was launched
 * @param configDigest the configuration it was launched with
 * @param notBefore the first instant at which it is valid
 * @param notAfter the first instant at which it is no longer valid; both in whole milliseconds
 */
public record SimulatedLaunchCertificate(
    Bytes launchPublicKey,
    Bytes launchId,
    Digest measurement,
    Digest configDigest,
    Instant notBefore,
    Instant notAfter) {

  /** The last millisecond that can be written: the end of the year 9999. */
  private static final long MAX_TIME = 253_402_300_799_999L;

  /** Checks lengths and times. */
  public SimulatedLaunchCertificate {
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    if (launchPublicKey.length() != IdentityPublicKey.LENGTH) {
      throw new IllegalArgumentException("a key has 32 bytes, not " + launchPublicKey.length());
    }
    if (launchId.length() != SimulatedReport.LAUNCH_ID_LENGTH) {
      throw new IllegalArgumentException("a launch id has 16 bytes, not " + launchId.length());
    }
    notBefore = Instant.ofEpochMilli(notBefore.toEpochMilli());
    notAfter = Instant.ofEpochMilli(notAfter.toEpochMilli());
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, launchPublicKey)
        .put(2, launchId)
        .put(3, measurement)
        .put(4, configDigest)
        .put(5, notBefore.toEpochMilli())
        .put(6, notAfter.toEpochMilli())
        .build()
        .encode();
  }

  static SimulatedLaunchCertificate decode(byte[] encoded) {
    CborReader reader = CborReader.versioned(encoded);
    SimulatedLaunchCertificate certificate =
        new SimulatedLaunchCertificate(
            reader.byteString(1, IdentityPublicKey.LENGTH),
            reader.byteString(2, SimulatedReport.LAUNCH_ID_LENGTH),
            reader.digest(3),
            reader.digest(4),
            Instant.ofEpochMilli(reader.integer(5, 0, MAX_TIME)),
            Instant.ofEpochMilli(reader.integer(6, 0, MAX_TIME)));
    reader.finish();
    return certificate;
  }
}
