package org.sesemi.cli.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.cli.internal.supervisor.FunctionView;
import org.sesemi.cli.internal.supervisor.StackControl;
import org.sesemi.cli.internal.supervisor.StackStatus;
import picocli.CommandLine.Command;

/** Shows what runs. */
@Command(
    name = "status",
    header = "Show each part of the stack.",
    description = "Show each part of the stack: process, state, restarts, ports and measurements.",
    footer = {"  sesemi status", "  sesemi status --json"})
final class StatusCommand extends Verb {

  StatusCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    HomeFolder home = HomeFolder.open(session().homePath());
    output().banner();
    StackControl control = new StackControl(home);
    Optional<StackStatus> present = control.status();
    if (present.isEmpty()) {
      boolean leftovers = control.hasLeftovers();
      throw new CliException(
          CliException.Code.NOT_RUNNING,
          leftovers
              ? "the stack of " + home.root() + " was killed and left files behind"
              : "the stack of " + home.root() + " does not run");
    }
    StackStatus status = present.get();
    FunctionView.All functions =
        status.state() == StackStatus.State.READY
            ? FunctionView.ask(Context.read(home).packer())
            : new FunctionView.All(List.of(), "unknown");
    return new Result(data(home, status, functions), lines(home, status, functions));
  }

  private static Fields data(HomeFolder home, StackStatus status, FunctionView.All all) {
    return status
        .fields()
        .put("home", home.root().toString())
        .put("simulation", true)
        .put("banner", Banner.TEXT)
        .put("memoryLimit", all.memoryLimit())
        .putList("functions", all.functions().stream().map(FunctionView::fields).toList());
  }

  private List<String> lines(HomeFolder home, StackStatus status, FunctionView.All all) {
    Style style = output().style();
    List<String> lines = new ArrayList<>();
    lines.add(style.strong(status.state().text()) + "  " + home.root());
    lines.add("");
    Table table = new Table("PART", "STATE", "PID", "RESTARTS", "SINCE", "DETAILS");
    Instant now = InstantSource.system().instant();
    table.row("supervisor", "ready", "" + status.supervisor().pid(), "0", "", "");
    for (StackStatus.PartStatus part : status.parts()) {
      table.row(
          part.name(),
          part.state(),
          part.process().map(p -> "" + p.pid()).orElse("-"),
          "" + part.restarts(),
          age(Duration.between(Instant.ofEpochMilli(part.sinceMillis()), now)),
          part.trouble().isEmpty() ? shortFacts(part.facts()) : part.trouble());
    }
    for (FunctionView function : all.functions()) {
      table.row(
          function.name(),
          function.state(),
          function.pid() == 0 ? "-" : "" + function.pid(),
          "" + function.failures(),
          "",
          function.pid() == 0
              ? function.details()
              : "served " + function.served() + ", " + function.details());
    }
    lines.addAll(table.lines());
    lines.add("");
    lines.add("memory limit  " + all.memoryLimit());
    lines.add("");
    for (StackStatus.PartStatus part : status.parts()) {
      if (part.facts().containsKey("measurement")) {
        lines.add("measurement of the " + part.name());
        lines.add("  " + part.facts().get("measurement"));
      }
    }
    all.functions().stream()
        .map(FunctionView::measurement)
        .filter(measurement -> !measurement.isEmpty())
        .distinct()
        .forEach(
            measurement -> {
              lines.add("measurement of functions");
              lines.add("  " + measurement);
            });
    lines.add("the same numbers come from the files alone: sesemi measure");
    return lines;
  }

  private static String shortFacts(Map<String, String> facts) {
    List<String> parts = new ArrayList<>();
    new TreeMap<>(facts)
        .forEach(
            (name, value) -> {
              if (value.length() <= 40) {
                parts.add(name + " " + value);
              }
            });
    return String.join(", ", parts);
  }

  private static String age(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds < 120) {
      return seconds + " s";
    }
    return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
  }
}
