package org.sesemi.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Evidence;
import org.sesemi.wire.Digest;
import org.sesemi.wire.RandomSource;

class SimulatedHardwareTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Digest CODE = digest("code");
  private static final Digest CONFIG = digest("config");
  private static final byte[] REPORT_DATA = new byte[64];

  static {
    Arrays.fill(REPORT_DATA, (byte) 7);
  }

  @Test
  void itsOwnPolicyAcceptsItsQuotesAndAnotherPlatformsDoesNot() {
    SimulatedHardware hardware = hardware();
    Evidence evidence = hardware.launch(CODE, CONFIG).attest(REPORT_DATA);
    assertThat(hardware.policy(CODE, CONFIG).appraise(evidence, REPORT_DATA, NOW).claims())
        .isPresent();
    assertThat(hardware.policy(CONFIG, CODE).appraise(evidence, REPORT_DATA, NOW).claims())
        .isEmpty();
    assertThat(hardware().verifier().verify(evidence, REPORT_DATA, NOW).claims()).isEmpty();
  }

  @Test
  void launchesEndWhenTheirCertificateDoes() {
    SimulatedHardware hardware = hardware();
    Evidence evidence = hardware.launch(CODE, CONFIG).attest(REPORT_DATA);
    Instant end = NOW.plus(SimulatedHardware.VALIDITY);
    assertThat(hardware.verifier().verify(evidence, REPORT_DATA, end.minusMillis(1)).claims())
        .isPresent();
    assertThat(hardware.verifier().verify(evidence, REPORT_DATA, end).claims()).isEmpty();
  }

  private static SimulatedHardware hardware() {
    return new SimulatedHardware(InstantSource.fixed(NOW), RandomSource.secure());
  }

  private static Digest digest(String name) {
    return Digest.sha256(name.getBytes(StandardCharsets.UTF_8));
  }
}
