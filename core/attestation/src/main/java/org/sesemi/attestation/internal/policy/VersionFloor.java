package org.sesemi.attestation.internal.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/**
 * The lowest version of a firmware that passes, compared part by part from the left.
 *
 * @param claim the claim, a list of numbers
 * @param floor the lowest version
 */
record VersionFloor(String claim, List<Long> floor) implements Demand {

  VersionFloor {
    floor = List.copyOf(floor);
  }

  static Rule.Reading of(String claim) {
    return node -> {
      String text = node.text();
      if (!text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){1,2}")) {
        throw node.invalid("is not a version such as 1.55.29");
      }
      List<Long> floor = new ArrayList<>();
      for (String part : text.split("\\.", -1)) {
        floor.add(Long.parseLong(part));
      }
      return new VersionFloor(claim, floor);
    };
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    List<Long> got = new ArrayList<>();
    if (subject.claim(claim).orElse(null) instanceof ClaimValue.Several(var parts)) {
      for (ClaimValue part : parts) {
        if (part instanceof ClaimValue.Whole(long number)) {
          got.add(number);
        }
      }
    }
    if (got.size() < floor.size()) {
      return Optional.of(Demands.missing(name, says(), claim));
    }
    return Optional.of(
        Check.of(
            name, covers(got), says(), text(got), "the firmware is below the floor of the policy"));
  }

  private boolean covers(List<Long> got) {
    for (int i = 0; i < floor.size(); i++) {
      int order = Long.compare(got.get(i), floor.get(i));
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }

  @Override
  public JsonValue json() {
    return new JsonString(text(floor));
  }

  @Override
  public String says() {
    return "at least " + text(floor);
  }

  private static String text(List<Long> parts) {
    return parts.stream().map(String::valueOf).collect(Collectors.joining("."));
  }
}
