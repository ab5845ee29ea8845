package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.CborReader;
import org.sesemi.wire.Digest;

/**
 * What the simulated platform says about one launch when that launch asks for a quote.
 *
 * @param measurement the code that was launched
 * @param configDigest the configuration it was launched with
 * @param reportData 64 bytes chosen by the enclave
 * @param launchId 16 bytes that name the launch
 * @param securityVersion the security version of the platform
 * @param debug whether the launch can be looked into
 */
public record SimulatedReport(
    Digest measurement,
    Digest configDigest,
    Bytes reportData,
    Bytes launchId,
    long securityVersion,
    boolean debug) {

  /** The number of bytes of a launch id. */
  public static final int LAUNCH_ID_LENGTH = 16;

  /** Checks the lengths. */
  public SimulatedReport {
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    if (reportData.length() != Claims.REPORT_DATA_LENGTH) {
      throw new IllegalArgumentException("report data has 64 bytes, not " + reportData.length());
    }
    if (launchId.length() != LAUNCH_ID_LENGTH) {
      throw new IllegalArgumentException("a launch id has 16 bytes, not " + launchId.length());
    }
    if (securityVersion < 0) {
      throw new IllegalArgumentException("the security version is negative: " + securityVersion);
    }
  }

  /** {@return the encoding} */
  public byte[] encode() {
    return CborMap.versioned()
        .put(1, measurement)
        .put(2, configDigest)
        .put(3, reportData)
        .put(4, launchId)
        .put(5, securityVersion)
        .put(6, debug)
        .build()
        .encode();
  }

  static SimulatedReport decode(byte[] encoded) {
    CborReader reader = CborReader.versioned(encoded);
    SimulatedReport report =
        new SimulatedReport(
            reader.digest(1),
            reader.digest(2),
            reader.byteString(3, Claims.REPORT_DATA_LENGTH),
            reader.byteString(4, LAUNCH_ID_LENGTH),
            reader.integer(5, 0, Long.MAX_VALUE),
            reader.bool(6));
    reader.finish();
    return report;
  }
}
