package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/** The keys that a policy file may have, by platform, in the order of its canonical form. */
final class Tables {

  static final JsonValue NO = new JsonBool(false);
  static final JsonValue YES = new JsonBool(true);
  static final JsonValue NOTHING = new JsonArray(List.of());

  private Tables() {}

  /** {@return the rules of a platform} */
  static List<Rule> of(PlatformKind platform) {
    return switch (platform) {
      case SNP -> SnpRules.all();
      case TDX -> IntelRules.tdx();
      case SGX -> IntelRules.sgx();
      case NITRO -> OtherRules.nitro();
      case TPM -> OtherRules.tpm();
      case AZURE_VTPM -> AzureRules.of("snp");
      case NVIDIA -> OtherRules.nvidia();
      case CCA -> OtherRules.cca();
      case SIMULATED -> List.of();
    };
  }

  /** {@return keys one of which has to be there, because they name what runs} */
  static List<String> references(PlatformKind platform) {
    return switch (platform) {
      case SGX -> List.of("measurements", "signer");
      case TPM -> List.of("measurements", "pcrs");
      default -> List.of("measurements");
    };
  }

  /** {@return the rule about the measurement, which has no wildcard} */
  static Rule measurements(Integer... lengths) {
    return Rule.of("measurements", Values.hex("measurement", "measurement", false, lengths))
        .named("measurement")
        .code(Code.MEASUREMENT_NOT_ALLOWED)
        .start(hex("measurement"));
  }

  /** {@return the rule about debugging} */
  static Rule debug() {
    return Rule.of("allow-debug", Demands.Allow.of("debug", "debugging"))
        .named("debug")
        .code(Code.DEBUG_ENABLED)
        .byDefault(NO);
  }

  /** {@return a rule about something that is refused by default} */
  static Rule refused(String name, String claim, String what) {
    return Rule.of("allow-" + name, Demands.Allow.of(claim, what)).named(name).byDefault(NO);
  }

  /** {@return a rule about something that may be refused} */
  static Rule refusable(String name, String claim, String what) {
    return Rule.of("allow-" + name, Demands.Allow.of(claim, what)).named(name);
  }

  /** {@return a rule about something that may be demanded} */
  static Rule required(String key, String claim, String what) {
    return Rule.of(key, Demands.Require.of(claim, what));
  }

  /** {@return a rule about bytes whose zeros mean that nothing is there, which can be demanded} */
  static Rule config(String key, String claim, String what, Integer... lengths) {
    return Rule.of(key, Values.hex(claim, what, true, lengths))
        .code(Code.CONFIG_NOT_ALLOWED)
        .start(subject -> subject.hex(claim).filter(bytes -> !isZero(bytes)).map(Tables::only));
  }

  /** {@return a rule about bytes that identify something} */
  static Rule identity(String key, String claim, String what, Integer... lengths) {
    return Rule.of(key, Values.hex(claim, what, false, lengths));
  }

  /** {@return a rule about a number with a floor} */
  static Rule floor(String key, String claim, String what, long max) {
    return Rule.of(key, Demands.AtLeast.of(claim, what, max));
  }

  /** {@return a first policy's list with the value of a claim} */
  static Function<Subject, Optional<JsonValue>> hex(String claim) {
    return subject -> subject.hex(claim).filter(bytes -> !isZero(bytes)).map(Tables::only);
  }

  /** {@return a first policy's number with the value of a claim} */
  static Function<Subject, Optional<JsonValue>> number(String claim) {
    return subject -> subject.number(claim).map(JsonNumber::of);
  }

  private static boolean isZero(Bytes bytes) {
    return bytes.equals(Bytes.of(new byte[bytes.length()]));
  }

  static JsonValue only(Bytes bytes) {
    return new JsonArray(List.of(new JsonString(bytes.hex())));
  }

  /** {@return several lists as one} */
  static List<Rule> join(List<List<Rule>> lists) {
    List<Rule> all = new ArrayList<>();
    lists.forEach(all::addAll);
    return List.copyOf(all);
  }
}
