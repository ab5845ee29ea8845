package org.sesemi.cli.internal.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.sesemi.cli.internal.Fields;
import org.sesemi.cli.internal.Style;
import org.sesemi.cli.internal.Table;
import org.sesemi.sdk.Answer;

/** Where the time of answers went, for each thing that a function had to do first. */
final class Timings {

  private static final List<String> PATHS = List.of("cold", "warm", "hot");
  private static final String TOTAL = "total";

  /** Path, then stage, then one time for each answer. */
  private final Map<String, Map<String, List<Double>>> times = new LinkedHashMap<>();

  void add(Answer answer) {
    Map<String, List<Double>> path =
        times.computeIfAbsent(answer.path().orElse("unknown"), _ -> new LinkedHashMap<>());
    put(path, TOTAL, answer.duration().toNanos() / 1e6);
    answer.stages().forEach((stage, millis) -> put(path, stage, millis));
  }

  private static void put(Map<String, List<Double>> path, String stage, double millis) {
    path.computeIfAbsent(stage, _ -> new ArrayList<>()).add(millis);
  }

  /** Returns the medians as a table. */
  List<String> lines(Style style) {
    Set<String> stages = new LinkedHashSet<>();
    times.values().forEach(path -> stages.addAll(path.keySet()));
    Table table = new Table("    ms, median", "cold", "warm", "hot");
    for (String stage : stages) {
      List<String> row = new ArrayList<>();
      row.add("    " + (stage.equals(TOTAL) ? "seen by the client" : "  " + stage));
      for (String path : PATHS) {
        row.add(cell(times.getOrDefault(path, Map.of()).getOrDefault(stage, List.of())));
      }
      table.row(row.toArray(String[]::new));
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(style.strong("    where the time goes"));
    lines.addAll(table.lines());
    lines.add("");
    return lines;
  }

  /** Returns the medians for programs. */
  Fields fields() {
    Fields all = new Fields();
    times.forEach(
        (path, stages) -> {
          Fields inner = new Fields();
          stages.forEach((stage, values) -> inner.put(stage, median(values)));
          all.put(path, inner);
        });
    return all;
  }

  private static String cell(List<Double> values) {
    return values.isEmpty() ? "-" : String.format(Locale.ROOT, "%.1f", median(values));
  }

  private static double median(Collection<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
