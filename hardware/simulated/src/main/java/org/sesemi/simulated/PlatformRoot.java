package org.sesemi.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.attestation.SimulatedLaunchCertificate;
import org.sesemi.crypto.CryptoException;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.InsecureSecretAccess;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;

/**
 * The secret that stands in for silicon: the root key that certifies launches, and the source of
 * all sealing keys. It lies in a file, which is why simulation protects nothing.
 */
final class PlatformRoot implements AutoCloseable {

  /** How long a launch certificate is valid; sessions renew theirs after half of it. */
  static final Duration VALIDITY = Duration.ofHours(24);

  /** How far clocks of verifiers may be behind. */
  static final Duration SKEW = Duration.ofMinutes(10);

  private static final byte[] SEALING_LABEL =
      "sesemi/v1/simulated-sealing".getBytes(StandardCharsets.US_ASCII);

  private final IdentityKey key;

  private PlatformRoot(IdentityKey key) {
    this.key = key;
  }

  /** Reads the key, or makes one the first time. */
  static PlatformRoot open(Path file, RandomSource random) throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      IdentityKey fresh = IdentityKey.generate(random);
      byte[] encoded = fresh.encode(InsecureSecretAccess.get());
      try {
        PrivateFiles.replace(file, encoded);
      } finally {
        Arrays.fill(encoded, (byte) 0);
      }
      return new PlatformRoot(fresh);
    }
    PrivateFiles.refuseOthers(file);
    byte[] encoded = Files.readAllBytes(file);
    try {
      return new PlatformRoot(IdentityKey.decode(encoded));
    } catch (CryptoException e) {
      throw new PlatformException(
          PlatformException.Code.HOME_UNUSABLE, file + " is not the root key of a platform", e);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  Bytes publicKey() {
    return key.publicKey().value();
  }

  /** Opens a quoting session for one launch, valid around an instant. */
  SimulatedLaunch certify(
      IdentityKey launchKey, LaunchId launchId, Digest measurement, Digest config, Instant now) {
    return SimulatedLaunch.certify(
        key,
        launchKey,
        new SimulatedLaunchCertificate(
            launchKey.publicKey().value(),
            launchId.value(),
            measurement,
            config,
            now.minus(SKEW),
            now.plus(VALIDITY)));
  }

  /** The key that every enclave of a measurement gets, and no other one. */
  SecretField sealingKey(Digest measurement) {
    byte[] secret = key.encode(InsecureSecretAccess.get());
    ByteArrayOutputStream info = new ByteArrayOutputStream();
    info.writeBytes(SEALING_LABEL);
    info.writeBytes(measurement.bytes());
    try {
      byte[] derived =
          KDF.getInstance("HKDF-SHA256", "SunJCE")
              .deriveData(
                  HKDFParameterSpec.ofExtract()
                      .addIKM(secret)
                      .thenExpand(info.toByteArray(), SecretField.LENGTH));
      try {
        return SecretField.copyOf(derived);
      } finally {
        Arrays.fill(derived, (byte) 0);
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK lacks HKDF-SHA-256", e);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  @Override
  public void close() {
    key.close();
  }
}
