package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/**
 * Values of numbered registers, each with one or several values that pass.
 *
 * @param claims the name of a register's claim
 * @param values what passes, by number
 */
record Registers(IntFunction<String> claims, SortedMap<Integer, List<Bytes>> values)
    implements Demand {

  Registers {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  static Rule.Reading of(IntFunction<String> claims, int count, Integer... lengths) {
    List<String> names = IntStream.range(0, count).mapToObj(String::valueOf).toList();
    return node -> {
      SortedMap<Integer, List<Bytes>> values = new TreeMap<>();
      Map<String, PolicyNode> members = node.members();
      members.forEach(
          (name, member) -> {
            if (!names.contains(name)) {
              throw node.invalid("a register has a number from 0 to " + (count - 1));
            }
            values.put(Integer.valueOf(name), read(member, lengths));
          });
      if (values.isEmpty()) {
        throw node.empty("names no register");
      }
      return new Registers(claims, values);
    };
  }

  private static List<Bytes> read(PolicyNode node, Integer... lengths) {
    TreeSet<Bytes> values = new TreeSet<>();
    for (PolicyNode item : node.oneOrMore()) {
      if (!values.add(Values.hex(item, true, lengths))) {
        throw item.invalid("is there twice");
      }
    }
    return List.copyOf(values);
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    List<String> missing = new ArrayList<>();
    StringJoiner differing = new StringJoiner(", ");
    StringJoiner got = new StringJoiner(", ");
    values.forEach(
        (number, allowed) -> {
          String claim = claims.apply(number);
          Optional<Bytes> value = subject.hex(claim);
          value.ifPresent(bytes -> got.add(number + " " + bytes.hex()));
          if (value.isEmpty()) {
            missing.add(claim);
          } else if (!allowed.contains(value.get())) {
            differing.add(number.toString());
          }
        });
    if (differing.length() > 0) {
      return Optional.of(
          Check.failed(
              name,
              says(),
              got.toString(),
              "the policy does not name the value of register " + differing));
    }
    return Optional.of(
        missing.isEmpty()
            ? Check.passed(name, says(), got.toString())
            : Demands.missing(name, says(), missing.getFirst()));
  }

  @Override
  public JsonValue json() {
    JsonObject.Builder json = JsonObject.builder();
    values.forEach(
        (number, allowed) -> {
          List<JsonValue> items = new ArrayList<>();
          allowed.forEach(value -> items.add(new JsonString(value.hex())));
          json.put(number.toString(), new JsonArray(items));
        });
    return json.build();
  }

  @Override
  public String says() {
    return values.entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + " "
                    + entry.getValue().stream().map(Bytes::hex).collect(Collectors.joining(" or ")))
        .collect(Collectors.joining(", "));
  }
}
