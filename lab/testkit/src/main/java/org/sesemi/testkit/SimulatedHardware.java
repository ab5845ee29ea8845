package org.sesemi.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedLaunchCertificate;
import org.sesemi.attestation.SimulatedPolicy;
import org.sesemi.attestation.SimulatedReport;
import org.sesemi.attestation.SimulatedVerifier;
import org.sesemi.attestation.Verifier;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

/**
 * A simulated platform inside the test process: a root key of its own that quotes for any
 * measurement a test names. Unlike the real simulated platform it launches and measures nothing.
 *
 * <p>Thread-safe.
 */
public final class SimulatedHardware {

  /** How long the launch certificates are valid that {@link #launch(Digest, Digest)} makes. */
  public static final Duration VALIDITY = Duration.ofDays(1);

  private final IdentityKey root;
  private final InstantSource clock;
  private final RandomSource random;

  /**
   * Makes a platform with a fresh root.
   *
   * @param clock when launches happen
   * @param random where keys come from
   */
  public SimulatedHardware(InstantSource clock, RandomSource random) {
    this.root = IdentityKey.generate(random);
    this.clock = clock;
    this.random = random;
  }

  /**
   * Makes a platform with a fresh root, on the system's clock.
   *
   * @return the platform
   */
  public static SimulatedHardware create() {
    return new SimulatedHardware(InstantSource.system(), RandomSource.secure());
  }

  /**
   * Returns the public key of the root, for policies.
   *
   * @return 32 bytes
   */
  public Bytes root() {
    return root.publicKey().value();
  }

  /**
   * Pretends to launch an enclave.
   *
   * @param measurement its code
   * @param configDigest its configuration
   * @return its attester
   */
  public SimulatedLaunch launch(Digest measurement, Digest configDigest) {
    Instant now = clock.instant();
    return launch(measurement, configDigest, now.minus(VALIDITY), now.plus(VALIDITY));
  }

  /**
   * Pretends to launch an enclave whose launch certificate has a validity of the test's choice.
   *
   * @param measurement its code
   * @param configDigest its configuration
   * @param notBefore the first instant of validity
   * @param notAfter the first instant after it
   * @return its attester
   */
  public SimulatedLaunch launch(
      Digest measurement, Digest configDigest, Instant notBefore, Instant notAfter) {
    IdentityKey launchKey = IdentityKey.generate(random);
    return SimulatedLaunch.certify(
        root,
        launchKey,
        new SimulatedLaunchCertificate(
            launchKey.publicKey().value(),
            Bytes.random(random, SimulatedReport.LAUNCH_ID_LENGTH),
            measurement,
            configDigest,
            notBefore,
            notAfter));
  }

  /**
   * Returns a verifier that believes this platform.
   *
   * @return the verifier
   */
  public Verifier verifier() {
    return new SimulatedVerifier(Set.of(root()));
  }

  /**
   * Returns a policy that accepts one enclave on this platform.
   *
   * @param measurement its code
   * @param configDigest its configuration
   * @return the policy
   */
  public SimulatedPolicy policy(Digest measurement, Digest configDigest) {
    return SimulatedPolicy.of(root(), measurement, configDigest);
  }
}
