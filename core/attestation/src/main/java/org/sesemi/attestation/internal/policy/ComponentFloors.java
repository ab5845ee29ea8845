package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;

/**
 * The lowest versions of the 16 components of an Intel machine that pass, each by itself, as TCB
 * info lists them; beside the vendor's own status, not in place of it.
 *
 * @param parts the floors, for the claims {@code pckComponents}, {@code pcesvn} and {@code
 *     teeTcbSvn}
 */
record ComponentFloors(List<Part> parts) implements Demand {

  private static final int COMPONENTS = 16;

  /**
   * The floors of one claim.
   *
   * @param key the key in the file
   * @param claim the claim
   * @param floor the lowest values, one for each byte, or one for a number
   */
  record Part(String key, String claim, List<Long> floor) {
    Part {
      floor = List.copyOf(floor);
    }
  }

  ComponentFloors {
    parts = List.copyOf(parts);
  }

  static Demand read(PolicyNode node) {
    Map<String, PolicyNode> members = node.members(List.of("sgx", "pcesvn", "tdx"));
    List<Part> parts = new ArrayList<>();
    PolicyNode sgx = members.get("sgx");
    if (sgx != null) {
      parts.add(new Part("sgx", "pckComponents", components(sgx)));
    }
    PolicyNode pce = members.get("pcesvn");
    if (pce != null) {
      parts.add(new Part("pcesvn", "pcesvn", List.of(pce.number(0, 0xffff))));
    }
    PolicyNode tdx = members.get("tdx");
    if (tdx != null) {
      parts.add(new Part("tdx", "teeTcbSvn", components(tdx)));
    }
    if (parts.isEmpty()) {
      throw node.empty("names no component");
    }
    return new ComponentFloors(parts);
  }

  private static List<Long> components(PolicyNode node) {
    List<Long> floor = node.items().stream().map(item -> item.number(0, 255)).toList();
    if (floor.size() != COMPONENTS) {
      throw node.invalid("has " + floor.size() + " numbers, not " + COMPONENTS);
    }
    return floor;
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    StringJoiner got = new StringJoiner(", ");
    StringJoiner below = new StringJoiner(", ");
    for (Part part : parts) {
      Optional<List<Long>> values = values(subject, part);
      if (values.isEmpty()) {
        return Optional.of(Demands.missing(name, says(), part.claim()));
      }
      got.add(part.key() + " " + values.get());
      for (int i = 0; i < part.floor().size(); i++) {
        if (values.get().get(i) < part.floor().get(i)) {
          below.add(part.floor().size() == 1 ? part.key() : part.key() + "[" + i + "]");
        }
      }
    }
    return Optional.of(
        Check.of(
            name,
            below.length() == 0,
            says(),
            got.toString(),
            "below the floor of the policy: " + below));
  }

  private static Optional<List<Long>> values(Subject subject, Part part) {
    if (part.floor().size() == 1) {
      return subject.number(part.claim()).map(List::of);
    }
    return subject
        .hex(part.claim())
        .filter(bytes -> bytes.length() == part.floor().size())
        .map(ComponentFloors::unsigned);
  }

  private static List<Long> unsigned(Bytes bytes) {
    List<Long> values = new ArrayList<>();
    for (byte value : bytes.toArray()) {
      values.add(Byte.toUnsignedLong(value));
    }
    return values;
  }

  @Override
  public JsonValue json() {
    JsonObject.Builder json = JsonObject.builder();
    for (Part part : parts) {
      if (part.floor().size() == 1) {
        json.put(part.key(), part.floor().getFirst());
      } else {
        json.put(
            part.key(),
            new JsonArray(part.floor().stream().<JsonValue>map(JsonNumber::of).toList()));
      }
    }
    return json.build();
  }

  @Override
  public String says() {
    StringJoiner text = new StringJoiner(", ");
    parts.forEach(part -> text.add(part.key() + " >= " + part.floor()));
    return text.toString();
  }
}
