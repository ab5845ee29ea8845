package org.sesemi.attestation;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/**
 * What a verifier found to be true about an enclave. Only a {@link Verifier} has a reason to make
 * one; a policy then decides whether it is enough.
 *
 * @param platform the kind of platform that vouches
 * @param root the root public key, one of those the verifier was given, that the evidence leads to
 * @param measurement what code runs
 * @param configDigest which configuration it was started with
 * @param reportData the 64 bytes that the enclave asked the platform to sign
 * @param launchId the name of this one launch
 * @param securityVersion the security version of the platform
 * @param debug whether somebody outside can look into the enclave
 * @param notAfter the first instant at which something in the evidence is no longer valid
 * @param hardware what only a verifier of hardware finds out
 */
public record Claims(
    PlatformKind platform,
    Bytes root,
    Digest measurement,
    Digest configDigest,
    Bytes reportData,
    Bytes launchId,
    long securityVersion,
    boolean debug,
    Instant notAfter,
    Optional<HardwareClaims> hardware) {

  /** The number of bytes that evidence carries for whoever asks for it. */
  public static final int REPORT_DATA_LENGTH = 64;

  /** Checks that everything is there. */
  public Claims {
    requireNonNull(platform, "platform");
    requireNonNull(root, "root");
    requireNonNull(measurement, "measurement");
    requireNonNull(configDigest, "configDigest");
    requireNonNull(launchId, "launchId");
    requireNonNull(notAfter, "notAfter");
    requireNonNull(hardware, "hardware");
    if (reportData.length() != REPORT_DATA_LENGTH) {
      throw new IllegalArgumentException("report data has 64 bytes, not " + reportData.length());
    }
  }

  /**
   * Makes claims of a platform without anything further.
   *
   * @param platform the kind of platform that vouches
   * @param root the root public key that the evidence leads to
   * @param measurement what code runs
   * @param configDigest which configuration it was started with
   * @param reportData the 64 bytes that the enclave asked the platform to sign
   * @param launchId the name of this one launch
   * @param securityVersion the security version of the platform
   * @param debug whether somebody outside can look into the enclave
   * @param notAfter the first instant at which something in the evidence is no longer valid
   */
  public Claims(
      PlatformKind platform,
      Bytes root,
      Digest measurement,
      Digest configDigest,
      Bytes reportData,
      Bytes launchId,
      long securityVersion,
      boolean debug,
      Instant notAfter) {
    this(
        platform,
        root,
        measurement,
        configDigest,
        reportData,
        launchId,
        securityVersion,
        debug,
        notAfter,
        Optional.empty());
  }

  /** Returns the same with another end. */
  Claims until(Instant end) {
    return new Claims(
        platform,
        root,
        measurement,
        configDigest,
        reportData,
        launchId,
        securityVersion,
        debug,
        end,
        hardware);
  }

  /** {@return everything but what only hardware says, which would fill a log} */
  @Override
  public String toString() {
    return "Claims[platform="
        + platform
        + ", root="
        + root
        + ", measurement="
        + measurement
        + ", configDigest="
        + configDigest
        + ", reportData="
        + reportData
        + ", launchId="
        + launchId
        + ", securityVersion="
        + securityVersion
        + ", debug="
        + debug
        + ", notAfter="
        + notAfter
        + "]";
  }
}
