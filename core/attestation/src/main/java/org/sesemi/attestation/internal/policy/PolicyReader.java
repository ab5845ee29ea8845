package org.sesemi.attestation.internal.policy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.WireException;

/** Reads a policy file and refuses whatever it does not know. */
public final class PolicyReader {

  private static final Json.Limits LIMITS = new Json.Limits(12, 65_536);
  private static final int MAX_ALTERNATIVES = 64;

  /** What a person may write anywhere in place of the comments that JSON lacks. */
  private static final String COMMENT = "comment";

  private PolicyReader() {}

  /** {@return the alternatives of a file, in its order} */
  public static List<Alternative> read(byte[] utf8, String file) {
    JsonValue document;
    try {
      document = Json.parse(ByteBuffer.wrap(utf8), LIMITS);
    } catch (WireException e) {
      throw new AttestationException(Code.POLICY_INVALID, file + ": " + e.detail(), e);
    }
    PolicyNode root = PolicyNode.document(file, document);
    Map<String, PolicyNode> members = root.members(List.of("apiVersion", "any-of", COMMENT));
    comment(members);
    PolicyNode version = root.required("apiVersion");
    if (!version.text().equals("sesemi/v1")) {
      throw version.invalid("is not 'sesemi/v1'");
    }
    PolicyNode anyOf = members.get("any-of");
    if (anyOf == null) {
      throw root.empty("'any-of' is missing, so the policy accepts nothing");
    }
    List<Alternative> alternatives = new ArrayList<>();
    for (PolicyNode item : anyOf.items()) {
      Alternative alternative = alternative(item);
      if (alternatives.contains(alternative)) {
        throw item.invalid("is there twice");
      }
      alternatives.add(alternative);
    }
    if (alternatives.size() > MAX_ALTERNATIVES) {
      throw anyOf.invalid("has more than " + MAX_ALTERNATIVES + " alternatives");
    }
    return List.copyOf(alternatives);
  }

  private static Alternative alternative(PolicyNode node) {
    PlatformKind platform = platform(node.required("platform"));
    List<Rule> rules = rules(node, platform);
    Map<String, PolicyNode> members = node.members();
    TreeSet<String> known = new TreeSet<>(List.of("platform", COMMENT));
    rules.forEach(rule -> known.add(rule.key()));
    members
        .keySet()
        .forEach(
            key -> {
              if (!known.contains(key)) {
                throw node.unknown(key, known, elsewhere(key));
              }
            });
    comment(members);
    Map<Rule, Demand> demands = new LinkedHashMap<>();
    for (Rule rule : rules) {
      PolicyNode member = members.get(rule.key());
      if (member != null) {
        demands.put(rule, rule.reading().read(member));
      } else if (rule.byDefault().isPresent()) {
        demands.put(rule, rule.reading().read(PolicyNode.byDefault(rule.byDefault().get())));
      }
    }
    List<String> references = Tables.references(platform);
    if (references.stream().noneMatch(members::containsKey)) {
      throw node.empty(
          "names nothing that may run: '" + String.join("' or '", references) + "' is missing");
    }
    return new Alternative(platform, demands);
  }

  private static PlatformKind platform(PolicyNode node) {
    String text = node.text();
    if (text.equals(PlatformKind.SIMULATED.text())) {
      throw node.invalid(
          "the simulated platform protects nothing and has a policy type of its own, which a"
              + " policy for hardware cannot express");
    }
    return PlatformKind.parse(
        node.text(
            Arrays.stream(PlatformKind.values())
                .filter(kind -> kind != PlatformKind.SIMULATED)
                .map(PlatformKind::text)
                .toList()));
  }

  private static List<Rule> rules(PolicyNode node, PlatformKind platform) {
    return platform == PlatformKind.AZURE_VTPM
        ? AzureRules.of(node.required(AzureRules.HARDWARE).text(AzureRules.KINDS))
        : Tables.of(platform);
  }

  /** A key of another platform deserves another answer than a misspelt one. */
  private static String elsewhere(String key) {
    for (PlatformKind platform : PlatformKind.values()) {
      if (Tables.of(platform).stream().anyMatch(rule -> rule.key().equals(key))) {
        return ", which is a key of platform " + platform.text();
      }
    }
    return "; docs/attestation.md lists every key";
  }

  private static void comment(Map<String, PolicyNode> members) {
    PolicyNode comment = members.get(COMMENT);
    if (comment != null) {
      comment.comment();
    }
  }
}
