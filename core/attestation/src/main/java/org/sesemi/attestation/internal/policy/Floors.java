package org.sesemi.attestation.internal.policy;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonValue;

/**
 * The lowest firmware versions of an AMD machine that pass, component by component and for each
 * product line by itself. A line that is not named does not pass: its versions count differently.
 *
 * @param claim the group of the components
 * @param productClaim the claim that tells the line
 * @param lines the floors by line
 */
record Floors(String claim, String productClaim, SortedMap<String, SortedMap<String, Long>> lines)
    implements Demand {

  private static final List<String> COMPONENTS = List.of("bootloader", "tee", "snp", "microcode");

  /** The lines and their components, by the layouts of TCB_VERSION in AMD publication 56860. */
  private static final Map<String, List<String>> LAYOUTS =
      Map.of(
          "milan", COMPONENTS,
          "genoa", COMPONENTS,
          "turin", List.of("fmc", "bootloader", "tee", "snp", "microcode"));

  Floors {
    lines = Collections.unmodifiableSortedMap(new TreeMap<>(lines));
  }

  static Rule.Reading of(String claim, String productClaim) {
    return node -> {
      SortedMap<String, SortedMap<String, Long>> lines = new TreeMap<>();
      node.members(LAYOUTS.keySet())
          .forEach((line, floors) -> lines.put(line, components(line, floors)));
      if (lines.isEmpty()) {
        throw node.empty("names no product line");
      }
      return new Floors(claim, productClaim, lines);
    };
  }

  /** {@return the known lines} */
  static List<String> known() {
    return LAYOUTS.keySet().stream().sorted().toList();
  }

  /** {@return the floor that the subject itself just meets} */
  static Function<Subject, Optional<JsonValue>> start(String claim, String productClaim) {
    return subject ->
        subject
            .text(productClaim)
            .map(Floors::line)
            .flatMap(
                line ->
                    subject
                        .group(claim)
                        .map(
                            components -> {
                              JsonObject.Builder floor = JsonObject.builder();
                              for (String component : LAYOUTS.getOrDefault(line, List.of())) {
                                floor.put(component, components.number(component).orElse(0L));
                              }
                              return JsonObject.builder().put(line, floor.build()).build();
                            }));
  }

  private static SortedMap<String, Long> components(String line, PolicyNode node) {
    List<String> layout = LAYOUTS.getOrDefault(line, List.of());
    node.members(layout);
    SortedMap<String, Long> floors = new TreeMap<>();
    layout.forEach(component -> floors.put(component, node.required(component).number(0, 255)));
    return floors;
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    Optional<String> line = subject.text(productClaim).map(Floors::line);
    Optional<ClaimSet> components = subject.group(claim);
    if (line.isEmpty() || components.isEmpty()) {
      return Optional.of(Demands.missing(name, says(), line.isEmpty() ? productClaim : claim));
    }
    SortedMap<String, Long> floor = lines.get(line.get());
    if (floor == null) {
      return Optional.of(
          Check.failed(name, says(), line.get(), "the policy has no floor for this product line"));
    }
    StringJoiner got = new StringJoiner(", ", line.get() + " ", "");
    StringJoiner below = new StringJoiner(", ");
    floor.forEach(
        (component, least) -> {
          Optional<Long> number = components.get().number(component);
          got.add(component + " " + number.map(String::valueOf).orElse("unknown"));
          if (number.isEmpty() || number.get() < least) {
            below.add(component);
          }
        });
    return Optional.of(
        Check.of(
            name,
            below.length() == 0,
            says(),
            got.toString(),
            "below the floor of the policy: " + below));
  }

  /** {@return the line of a product name such as {@code Milan-B0}} */
  static String line(String product) {
    return product.toLowerCase(Locale.ROOT).replaceFirst("-.*", "");
  }

  @Override
  public JsonValue json() {
    JsonObject.Builder json = JsonObject.builder();
    lines.forEach(
        (line, floors) -> {
          JsonObject.Builder components = JsonObject.builder();
          floors.forEach(components::put);
          json.put(line, components.build());
        });
    return json.build();
  }

  @Override
  public String says() {
    return lines.entrySet().stream()
        .map(
            line ->
                line.getKey()
                    + line.getValue().entrySet().stream()
                        .map(floor -> " " + floor.getKey() + " >= " + floor.getValue())
                        .collect(Collectors.joining(",")))
        .collect(Collectors.joining(" or "));
  }
}
