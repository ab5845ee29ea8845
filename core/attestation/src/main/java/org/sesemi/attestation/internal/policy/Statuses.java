package org.sesemi.attestation.internal.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.sesemi.wire.Check;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/**
 * Which of the vendor's statuses of a machine pass. {@code UpToDate} always does; every other one
 * passes only with advisories that are named and only until a day that is named, because an
 * exception without an end is a rule.
 *
 * @param exceptions the other statuses
 */
record Statuses(SortedMap<String, Exempt> exceptions) implements Demand {

  private static final String BEST = "UpToDate";
  private static final String WORST = "Revoked";

  private static final List<String> OTHERS =
      List.of(
          "SWHardeningNeeded",
          "ConfigurationNeeded",
          "ConfigurationAndSWHardeningNeeded",
          "OutOfDate",
          "OutOfDateConfigurationNeeded",
          "TDRelaunchAdvised",
          "TDRelaunchAdvisedConfigurationNeeded");

  /**
   * What a status is allowed with.
   *
   * @param advisories the advisories that may apply
   * @param until the first instant at which it is no longer allowed
   */
  record Exempt(List<String> advisories, Instant until) {
    Exempt {
      advisories = List.copyOf(advisories);
    }
  }

  Statuses {
    exceptions = Collections.unmodifiableSortedMap(new TreeMap<>(exceptions));
  }

  static Demand read(PolicyNode node) {
    SortedMap<String, Exempt> exceptions = new TreeMap<>();
    for (PolicyNode item : node.anyItems()) {
      item.members(List.of("status", "advisories", "until"));
      PolicyNode status = item.required("status");
      if (status.text().equals(BEST)) {
        throw status.invalid(BEST + " is always allowed");
      }
      if (status.text().equals(WORST)) {
        throw status.invalid("a revoked level cannot be allowed");
      }
      if (exceptions.put(
              status.text(OTHERS),
              new Exempt(advisories(item.required("advisories")), until(item.required("until"))))
          != null) {
        throw item.invalid("the status is there twice");
      }
    }
    return new Statuses(exceptions);
  }

  private static List<String> advisories(PolicyNode node) {
    TreeSet<String> names = new TreeSet<>();
    for (PolicyNode item : node.anyItems()) {
      if (!names.add(item.text())) {
        throw item.invalid("is there twice");
      }
    }
    return List.copyOf(names);
  }

  private static Instant until(PolicyNode node) {
    String text = node.text();
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw node.invalid("is neither a day such as 2026-12-31 nor an instant");
    }
  }

  @Override
  public Optional<Check> check(String name, Subject subject) {
    Optional<String> status = subject.judgement().tcbStatus();
    if (status.isEmpty()) {
      return Optional.of(
          Check.unverified(name, says(), "the vendor's status of the machine is not known"));
    }
    List<String> advisories = subject.judgement().advisories();
    String got =
        status.get() + (advisories.isEmpty() ? "" : " with " + String.join(", ", advisories));
    return Optional.of(
        refusal(status.get(), advisories, subject.at())
            .map(reason -> Check.failed(name, says(), got, reason))
            .orElseGet(() -> Check.passed(name, says(), got)));
  }

  private Optional<String> refusal(String status, List<String> advisories, Instant at) {
    if (status.equals(BEST)) {
      return Optional.empty();
    }
    Exempt exempt = exceptions.get(status);
    if (exempt == null) {
      return Optional.of("the policy does not allow the status " + status);
    }
    if (!at.isBefore(exempt.until())) {
      return Optional.of("the policy allowed " + status + " until " + exempt.until());
    }
    List<String> others =
        advisories.stream().filter(advisory -> !exempt.advisories().contains(advisory)).toList();
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of("the policy does not name " + String.join(", ", others));
  }

  @Override
  public Optional<Instant> endsAt(Subject subject) {
    return subject
        .judgement()
        .tcbStatus()
        .flatMap(status -> Optional.ofNullable(exceptions.get(status)))
        .map(Exempt::until);
  }

  @Override
  public JsonValue json() {
    List<JsonValue> items = new ArrayList<>();
    exceptions.forEach(
        (status, exempt) ->
            items.add(
                JsonObject.builder()
                    .put("status", status)
                    .put("advisories", JsonArray.ofTexts(exempt.advisories()))
                    .put("until", new JsonString(exempt.until().toString()))
                    .build()));
    return new JsonArray(items);
  }

  @Override
  public String says() {
    return exceptions.isEmpty()
        ? BEST
        : BEST
            + exceptions.entrySet().stream()
                .map(
                    entry ->
                        " or until "
                            + entry.getValue().until()
                            + " "
                            + entry.getKey()
                            + (entry.getValue().advisories().isEmpty()
                                ? " without advisories"
                                : " with only " + String.join(", ", entry.getValue().advisories())))
                .collect(Collectors.joining());
  }
}
