package org.sesemi.attestation.internal.policy;

import java.util.List;
import org.sesemi.attestation.AttestationException.Code;

/** The keys of the platforms that are neither AMD's nor Intel's. */
final class OtherRules {

  private static final Integer[] REALM_LENGTHS = {32, 48, 64};

  private OtherRules() {}

  static List<Rule> nitro() {
    return List.of(
        Tables.measurements(48),
        Rule.of("pcrs", Registers.of(index -> "pcrs.pcr" + index, 32, 48))
            .code(Code.CONFIG_NOT_ALLOWED),
        Rule.of("max-age", Demands.MaxAge.of("timestamp")).named("age"),
        Rule.of("module-ids", Values.texts("moduleId", "module")),
        Tables.debug());
  }

  static List<Rule> tpm() {
    return List.of(
        Tables.measurements(32),
        Rule.of("pcrs", Registers.of(index -> "pcr" + index, 24, 32))
            .code(Code.MEASUREMENT_NOT_ALLOWED),
        Tables.refused("software-tpm", "knownSoftwareTpm", "a TPM that is software"),
        Tables.identity("ek-digests", "ekDigest", "endorsement key", 32),
        Tables.identity("ak-names", "akName", "attestation key", 34));
  }

  static List<Rule> nvidia() {
    return List.of(
        Tables.measurements(32, 48, 64),
        Rule.of("driver-versions", Values.texts("driverVersion", "driver")),
        Rule.of("vbios-versions", Values.texts("vbiosVersion", "VBIOS")),
        Tables.debug());
  }

  static List<Rule> cca() {
    return List.of(
        Tables.measurements(REALM_LENGTHS),
        Tables.config(
            "personalisation", "realmPersonalization", "personalisation of the realm", 64),
        Tables.identity(
            "implementation-ids", "platformImplementationId", "platform implementation", 32),
        Tables.identity("instance-ids", "platformInstanceId", "platform instance", 33, 32),
        Tables.debug());
  }
}
