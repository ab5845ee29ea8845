package org.sesemi.attestation;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;

/** A platform, a launch and a moment that the tests agree on. */
final class Fixtures {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final IdentityKey ROOT = key("root");
  static final IdentityKey LAUNCH_KEY = key("launch");
  static final Digest MEASUREMENT = digest("measurement");
  static final Digest CONFIG = digest("config");
  static final Bytes LAUNCH_ID = Bytes.of(new byte[16]);
  static final byte[] REPORT_DATA = reportData("report data");

  private Fixtures() {}

  static IdentityKey key(String name) {
    return IdentityKey.ofSeed(SecretBytes.takeOver(digest(name).bytes()));
  }

  static Digest digest(String name) {
    return Digest.sha256(name.getBytes(StandardCharsets.UTF_8));
  }

  static byte[] reportData(String name) {
    byte[] half = digest(name).bytes();
    byte[] whole = Arrays.copyOf(half, 64);
    System.arraycopy(half, 0, whole, 32, 32);
    return whole;
  }

  static SimulatedLaunch launch() {
    return launch(ROOT, MEASUREMENT);
  }

  static SimulatedLaunch launch(IdentityKey root, Digest measurement) {
    return SimulatedLaunch.certify(
        root,
        LAUNCH_KEY,
        new SimulatedLaunchCertificate(
            LAUNCH_KEY.publicKey().value(),
            LAUNCH_ID,
            measurement,
            CONFIG,
            NOW.minus(Duration.ofHours(1)),
            NOW.plus(Duration.ofHours(1))));
  }

  static SimulatedReport report() {
    return new SimulatedReport(MEASUREMENT, CONFIG, Bytes.of(REPORT_DATA), LAUNCH_ID, 1, false);
  }

  static SimulatedPolicy policy() {
    return SimulatedPolicy.of(ROOT.publicKey().value(), MEASUREMENT, CONFIG);
  }
}
