package org.sesemi.attestation.internal.policy;

import java.util.List;

/**
 * The keys of Azure confidential machines: those of the virtual TPM and of the machine's
 * configuration, and those of the hardware beneath. SEPT_VE_DISABLE is not demanded by default,
 * because the paravisor between hardware and guest handles what it prevents.
 */
final class AzureRules {

  static final String HARDWARE = "hardware";
  static final List<String> KINDS = List.of("snp", "tdx");

  private AzureRules() {}

  static List<Rule> of(String hardware) {
    return Tables.join(
        List.of(
            List.of(Rule.of(HARDWARE, Values.texts("hardware", "hardware"))),
            machine(),
            hardware.equals("snp") ? SnpRules.all() : trustDomain()));
  }

  private static List<Rule> machine() {
    return List.of(
        Rule.of("pcrs", Registers.of(index -> "pcr" + index, 24, 32)),
        Tables.required("secure-boot", "secureBoot", "secure boot"),
        Tables.refusable("console", "consoleEnabled", "a console"));
  }

  private static List<Rule> trustDomain() {
    return Tables.join(
        List.of(IntelRules.domain(), List.of(IntelRules.septVe()), IntelRules.platform()));
  }
}
