package org.sesemi.attestation.internal.policy;

import java.util.List;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonString;

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
        Rule.of(
            "instance-ids",
            Values.texts("moduleId", "instance", module -> module.replaceFirst("-enc[^-]*$", ""))),
        Tables.debug());
  }

  static List<Rule> tpm() {
    return List.of(
        Tables.measurements(32, 48),
        Rule.of("pcrs", Registers.of(index -> "pcr" + index, 24, 32, 48))
            .code(Code.MEASUREMENT_NOT_ALLOWED),
        Rule.of("event-log", Demands.Present.of("eventLogEvents", "an event log")),
        Tables.refused("software-tpm", "knownSoftwareTpm", "a TPM that is software"),
        Tables.identity("ek-digests", "ekDigest", "endorsement key", 32),
        Tables.identity("ak-names", "akName", "attestation key", 34, 50));
  }

  static List<Rule> nvidia() {
    return List.of(
        Tables.measurements(48),
        Rule.of("architectures", Values.texts("arch", "architecture")),
        Rule.of("driver-versions", Values.texts("driverVersion", "driver")),
        Rule.of("vbios-versions", Values.texts("vbiosVersion", "VBIOS")),
        Tables.required("secure-boot", "secureBoot", "secure boot").byDefault(Tables.YES),
        Tables.debug());
  }

  static List<Rule> cca() {
    return List.of(
        Tables.measurements(REALM_LENGTHS),
        Rule.of(
                "rems",
                Registers.of(index -> "realmExtensibleMeasurements." + index, 4, REALM_LENGTHS))
            .code(Code.CONFIG_NOT_ALLOWED),
        Tables.config(
            "personalisation", "realmPersonalization", "personalisation of the realm", 64),
        Rule.of(
                "lifecycle-states",
                Values.texts("platformLifecycleState", "state of the platform's lifecycle"))
            .byDefault(new JsonArray(List.of(new JsonString("secured")))),
        Tables.identity(
            "implementation-ids", "platformImplementationId", "platform implementation", 32),
        Tables.identity("instance-ids", "platformInstanceId", "platform instance", 32, 33),
        Tables.debug());
  }
}
