package org.sesemi.attestation.internal.policy;

import java.util.List;
import java.util.Optional;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

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
            List.of(
                Rule.of(HARDWARE, node -> new Hardware(node.text(KINDS)))
                    .start(subject -> subject.text(HARDWARE).map(JsonString::new))),
            machine(),
            hardware.equals("snp") ? SnpRules.all() : trustDomain()));
  }

  /**
   * The hardware beneath, which decides on the other keys.
   *
   * @param kind {@code snp} or {@code tdx}
   */
  private record Hardware(String kind) implements Demand {

    @Override
    public Optional<Check> check(String name, Subject subject) {
      return Optional.of(
          subject
              .text(HARDWARE)
              .map(
                  got ->
                      Check.of(
                          name, got.equals(kind), kind, got, "the policy is for other hardware"))
              .orElseGet(() -> Demands.missing(name, kind, HARDWARE)));
    }

    @Override
    public JsonValue json() {
      return new JsonString(kind);
    }

    @Override
    public String says() {
      return kind;
    }
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
