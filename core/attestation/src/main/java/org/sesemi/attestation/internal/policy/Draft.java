package org.sesemi.attestation.internal.policy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;

/**
 * A first policy that names what one piece of evidence says. It never allows what is refused by
 * default: evidence with debugging on gets a policy that it does not satisfy.
 */
public final class Draft {

  private Draft() {}

  /** {@return the policy} */
  public static JsonObject of(Judgement judgement) {
    PlatformKind platform = judgement.platform();
    Subject subject = new Subject(judgement, Instant.EPOCH);
    JsonObject.Builder alternative = JsonObject.builder().put("platform", platform.text());
    List<Rule> rules =
        platform == PlatformKind.AZURE_VTPM
            ? AzureRules.of(subject.text(AzureRules.HARDWARE).orElse("snp"))
            : Tables.of(platform);
    boolean named = false;
    for (Rule rule : rules) {
      Optional<JsonValue> value = rule.start().apply(subject);
      if (value.isPresent()) {
        alternative.put(rule.key(), value.get());
        named |= Tables.references(platform).contains(rule.key());
      }
    }
    if (!named) {
      throw new AttestationException(
          Code.POLICY_EMPTY, "the evidence has no measurement that a policy could name");
    }
    return JsonObject.builder()
        .put("apiVersion", "sesemi/v1")
        .put("any-of", List.of(alternative.build()))
        .build();
  }
}
