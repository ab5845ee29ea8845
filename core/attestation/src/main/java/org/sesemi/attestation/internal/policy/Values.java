package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/**
 * Demands that a claim is one of the named values. There is no value that stands for all.
 *
 * @param claim the claim
 * @param what the claim in words
 * @param values what passes, sorted
 * @param find finds the claim
 * @param write writes a value
 * @param <T> the type of the claim
 */
record Values<T extends Comparable<T>>(
    String claim,
    String what,
    SortedSet<T> values,
    BiFunction<Subject, String, Optional<T>> find,
    Function<T, JsonValue> write)
    implements Demand {

  Values {
    values = Collections.unmodifiableSortedSet(new TreeSet<>(values));
  }

  /** Reads values of bytes. Zeros are refused where they would mean that nothing is there. */
  static Rule.Reading hex(String claim, String what, boolean zeroAllowed, Integer... lengths) {
    return node ->
        new Values<>(
            claim,
            what,
            read(node, item -> hex(item, zeroAllowed, lengths)),
            Subject::hex,
            bytes -> new JsonString(bytes.hex()));
  }

  /** Reads values of text. */
  static Rule.Reading texts(String claim, String what) {
    return node ->
        new Values<>(claim, what, read(node, PolicyNode::text), Subject::text, JsonString::new);
  }

  /** Reads values of text, to which a claim is first simplified. */
  static Rule.Reading texts(String claim, String what, UnaryOperator<String> simplify) {
    return node ->
        new Values<>(
            claim,
            what,
            read(node, PolicyNode::text),
            (subject, name) -> subject.text(name).map(simplify),
            JsonString::new);
  }

  /** Reads values that are known texts, to which a claim is first simplified. */
  static Rule.Reading texts(
      String claim, String what, List<String> known, UnaryOperator<String> simplify) {
    return node ->
        new Values<>(
            claim,
            what,
            read(node, item -> item.text(known)),
            (subject, name) -> subject.text(name).map(simplify),
            JsonString::new);
  }

  /** Reads values of integers. */
  static Rule.Reading numbers(String claim, String what, long min, long max) {
    return node ->
        new Values<>(
            claim,
            what,
            read(node, item -> item.number(min, max)),
            Subject::number,
            JsonNumber::of);
  }

  static Bytes hex(PolicyNode item, boolean zeroAllowed, Integer... lengths) {
    Bytes bytes = item.hex(List.of(lengths));
    if (!zeroAllowed && bytes.equals(Bytes.of(new byte[bytes.length()]))) {
      throw item.empty("zeros name nothing");
    }
    return bytes;
  }

  private static <T extends Comparable<T>> SortedSet<T> read(
      PolicyNode node, Function<PolicyNode, T> one) {
    SortedSet<T> values = new TreeSet<>();
    for (PolicyNode item : node.oneOrMore()) {
      if (!values.add(one.apply(item))) {
        throw item.invalid("is there twice");
      }
    }
    return values;
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    return Optional.of(
        find.apply(subject, claim)
            .map(
                got ->
                    Check.of(
                        name,
                        values.contains(got),
                        says(),
                        text(got),
                        "the policy does not name this " + what))
            .orElseGet(() -> Demands.missing(name, says(), claim)));
  }

  @Override
  public JsonValue json() {
    List<JsonValue> items = new ArrayList<>();
    values.forEach(value -> items.add(write.apply(value)));
    return new JsonArray(items);
  }

  @Override
  public String says() {
    return (values.size() == 1 ? "" : "one of ")
        + values.stream().map(this::text).collect(Collectors.joining(", "));
  }

  private String text(T value) {
    return write.apply(value) instanceof JsonString(String text) ? text : value.toString();
  }
}
