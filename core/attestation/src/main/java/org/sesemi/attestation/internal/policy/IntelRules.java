package org.sesemi.attestation.internal.policy;

import java.util.List;
import org.sesemi.attestation.AttestationException.Code;

/** The keys of Intel TDX and SGX. */
final class IntelRules {

  private static final int MAX_U16 = 0xffff;

  private IntelRules() {}

  static List<Rule> tdx() {
    return Tables.join(List.of(domain(), List.of(septVe().byDefault(Tables.YES)), platform()));
  }

  static List<Rule> sgx() {
    return Tables.join(List.of(enclave(), platform()));
  }

  /** A trust domain. */
  static List<Rule> domain() {
    return List.of(
        Tables.measurements(48),
        Tables.config("rtmr0", "rtmr0", "runtime register 0", 48),
        Tables.config("rtmr1", "rtmr1", "runtime register 1", 48),
        Tables.config("rtmr2", "rtmr2", "runtime register 2", 48),
        Tables.config("rtmr3", "rtmr3", "runtime register 3", 48),
        Tables.config("mrconfigid", "mrconfigid", "configuration id", 48),
        Tables.config("mrowner", "mrowner", "owner", 48),
        Tables.config("mrownerconfig", "mrownerconfig", "configuration of the owner", 48),
        Tables.identity("mrseam", "mrseam", "TDX module", 48),
        Tables.config("td-attributes", "tdattr", "set of attributes", 8),
        Tables.config("xfam", "xfam", "set of processor features", 8),
        Tables.debug(),
        Tables.refused("migration", "migratable", "migration"),
        Tables.refused("perfmon", "perfmon", "performance monitoring"),
        Rule.of("allow-service-td", Demands.AllowWhereClaimed.of("serviceTd", "a service domain"))
            .named("service-td")
            .byDefault(Tables.NO),
        Rule.of("event-log", Demands.Present.of("eventLogEvents", "an event log")));
  }

  /** The switch that keeps the host from injecting exceptions by taking pages away. */
  static Rule septVe() {
    return Tables.required("sept-ve-disable", "septVeDisable", "SEPT_VE_DISABLE");
  }

  private static List<Rule> enclave() {
    return List.of(
        Tables.measurements(32),
        Rule.of("signer", Signer::read).code(Code.MEASUREMENT_NOT_ALLOWED),
        Tables.config("configid", "configid", "configuration id", 64),
        Tables.floor("configsvn", "configsvn", "version of the configuration", MAX_U16),
        Tables.floor("isv-svn", "isvsvn", "security version of the enclave", MAX_U16)
            .start(Tables.number("isvsvn")),
        Tables.config("isv-family-id", "isvfamilyid", "family id", 16),
        Tables.config("isv-ext-prod-id", "isvextprodid", "extended product id", 16),
        Tables.config("miscselect", "misc", "MISCSELECT", 4),
        Tables.config("attributes", "attributes", "set of attributes", 16),
        Tables.debug(),
        Tables.refused("provision-key", "provisionKey", "the provisioning key"));
  }

  /** The machine, for both kinds. */
  static List<Rule> platform() {
    return List.of(
        Rule.of("statuses", Statuses::read)
            .named("tcb-status")
            .byDefault(Tables.NOTHING)
            .code(Code.TCB_REFUSED),
        Rule.of("tcb-floor", ComponentFloors::read).code(Code.TCB_REFUSED),
        Tables.floor(
                "tcb-evaluation-at-least",
                "tcbEvaluationDataNumber",
                "number of the vendor's evaluation",
                Integer.MAX_VALUE)
            .named("tcb-evaluation")
            .start(Tables.number("tcbEvaluationDataNumber")),
        Tables.refusable("smt", "smtEnabled", "simultaneous multithreading"),
        Tables.refusable("dynamic-platform", "dynamicPlatform", "a platform that can be extended"),
        Tables.refusable("cached-keys", "cachedKeys", "keys cached by the vendor's service"),
        Tables.identity("fmspcs", "fmspc", "family of platforms", 6),
        Tables.identity("ppids", "ppid", "platform", 16),
        Tables.identity("platform-instance-ids", "platformInstanceId", "platform instance", 16));
  }
}
