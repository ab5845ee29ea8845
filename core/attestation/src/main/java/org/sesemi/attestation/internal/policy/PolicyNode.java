package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonBool;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.WireException;

/**
 * One value of a policy file and its place there, so that every refusal names the file and the JSON
 * pointer (RFC 6901) of what is wrong.
 */
public final class PolicyNode {

  private static final int MAX_ITEMS = 1024;
  private static final Set<String> WILDCARDS = Set.of("*", ".*", "any", "all", "%", "?");

  private final String file;
  private final String pointer;
  private final JsonValue value;

  private PolicyNode(String file, String pointer, JsonValue value) {
    this.file = file;
    this.pointer = pointer;
    this.value = value;
  }

  /** {@return the whole document} */
  static PolicyNode document(String file, JsonValue value) {
    return new PolicyNode(file, "", value);
  }

  /** {@return a value that stands in no file because it is the default of a key} */
  static PolicyNode byDefault(JsonValue value) {
    return new PolicyNode("default", "", value);
  }

  /** {@return a failure of something that is not allowed or not known} */
  AttestationException invalid(String message) {
    return failure(Code.POLICY_INVALID, message);
  }

  /** {@return a failure of something that names nothing} */
  AttestationException empty(String message) {
    return failure(Code.POLICY_EMPTY, message);
  }

  private AttestationException failure(Code code, String message) {
    return new AttestationException(
        code, file + ": " + (pointer.isEmpty() ? "" : pointer + ": ") + message);
  }

  /** {@return the members of an object} */
  Map<String, PolicyNode> members() {
    if (!(value instanceof JsonObject(Map<String, JsonValue> members))) {
      throw invalid("is not an object");
    }
    Map<String, PolicyNode> nodes = new LinkedHashMap<>();
    members.forEach(
        (name, member) ->
            nodes.put(
                name,
                new PolicyNode(
                    file, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), member)));
    return nodes;
  }

  /** {@return the members of an object that may only have some names} */
  Map<String, PolicyNode> members(Collection<String> known) {
    Map<String, PolicyNode> nodes = members();
    for (String name : nodes.keySet()) {
      if (!known.contains(name)) {
        throw unknown(name, known, "");
      }
    }
    return nodes;
  }

  /** {@return a failure of a name that is not known here} */
  AttestationException unknown(String name, Collection<String> known, String further) {
    String shown = shown(name);
    String meant =
        Closest.to(shown, known).map(guess -> ", did you mean '" + guess + "'?").orElse(further);
    return invalid("unknown key '" + shown + "'" + meant);
  }

  /** {@return a member that must be there} */
  PolicyNode required(String name) {
    PolicyNode member = members().get(name);
    if (member == null) {
      throw invalid("'" + name + "' is missing");
    }
    return member;
  }

  /** {@return the items of an array that has some} */
  List<PolicyNode> items() {
    if (!(value instanceof JsonArray(List<JsonValue> items))) {
      throw invalid("is not an array");
    }
    if (items.isEmpty()) {
      throw empty("is empty");
    }
    return nodes(items);
  }

  /** {@return the items of an array that may have none} */
  List<PolicyNode> anyItems() {
    if (!(value instanceof JsonArray(List<JsonValue> items))) {
      throw invalid("is not an array");
    }
    return nodes(items);
  }

  /** {@return the items of an array, or the value itself as the only one} */
  List<PolicyNode> oneOrMore() {
    return value instanceof JsonArray ? items() : List.of(this);
  }

  private List<PolicyNode> nodes(List<JsonValue> items) {
    if (items.size() > MAX_ITEMS) {
      throw invalid("has more than " + MAX_ITEMS + " items");
    }
    List<PolicyNode> nodes = new ArrayList<>();
    for (JsonValue item : items) {
      nodes.add(new PolicyNode(file, pointer + "/" + nodes.size(), item));
    }
    return nodes;
  }

  /** {@return a text that names something} */
  String text() {
    if (!(value instanceof JsonString(String text))) {
      throw invalid("is not a text");
    }
    if (text.isBlank()) {
      throw empty("is an empty text");
    }
    if (WILDCARDS.contains(text.strip().toLowerCase(Locale.ROOT))) {
      throw invalid("'" + text + "' would mean everything, and a policy has no wildcards");
    }
    return text;
  }

  /** Checks that the value is text, of any content. */
  void comment() {
    if (!(value instanceof JsonString)) {
      throw invalid("is not a text");
    }
  }

  /** {@return one of some texts} */
  String text(Collection<String> known) {
    String text = text();
    if (!known.contains(text)) {
      throw invalid(
          "'"
              + shown(text)
              + "' is not one of "
              + known.stream().sorted().collect(Collectors.joining(", "))
              + Closest.to(shown(text), known)
                  .map(guess -> "; did you mean '" + guess + "'?")
                  .orElse(""));
    }
    return text;
  }

  /** {@return a truth value} */
  boolean flag() {
    if (value instanceof JsonBool(boolean set)) {
      return set;
    }
    throw invalid("is neither true nor false");
  }

  /** {@return an integer between two, both included} */
  long number(long min, long max) {
    if (value instanceof JsonNumber number) {
      long got = number.asLong().orElse(min - 1);
      if (got >= min && got <= max) {
        return got;
      }
    }
    throw invalid("is not an integer from " + min + " to " + max);
  }

  /** {@return bytes in lower-case hex, of one of some lengths} */
  Bytes hex(List<Integer> lengths) {
    String text = text();
    Bytes bytes;
    try {
      bytes = Bytes.parse(text);
    } catch (WireException e) {
      throw invalid(e.detail() + "; exact values are written in lower-case hex");
    }
    if (!lengths.contains(bytes.length())) {
      throw invalid(
          "has "
              + bytes.length()
              + " bytes, not "
              + lengths.stream().map(String::valueOf).collect(Collectors.joining(" or ")));
    }
    return bytes;
  }

  /** Cuts what a stranger wrote to what a terminal can show. */
  private static String shown(String name) {
    String cut = name.length() <= 60 ? name : name.substring(0, 60);
    return cut.replaceAll("\\p{Cntrl}", "?");
  }
}
