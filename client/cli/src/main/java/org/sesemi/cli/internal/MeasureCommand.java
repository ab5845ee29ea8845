package org.sesemi.cli.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.attestation.LaunchComponent;
import org.sesemi.attestation.LaunchUnit;
import org.sesemi.wire.Digest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Computes what enclaves measure to, from their files alone. */
@Command(
    name = "measure",
    header = "Compute what the enclaves measure to.",
    description =
        "Compute what the enclaves measure to from their files, component by component. A running "
            + "enclave proves the same number; nothing is asked or started.",
    footer = {
      "  sesemi measure",
      "  sesemi measure runtime --components",
      "  sesemi measure --json"
    })
final class MeasureCommand extends Verb {

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "PROGRAM",
      defaultValue = "",
      description = "keyservice or runtime (default: both).")
  private String program = "";

  @Option(names = "--components", description = "Print every component for people, too.")
  private boolean components;

  MeasureCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    List<String> programs =
        switch (program) {
          case "" -> List.of("keyservice", "runtime");
          case "keyservice", "runtime" -> List.of(program);
          default -> throw usage("measure takes keyservice or runtime, not '" + program + "'");
        };
    Dist dist = Dist.find();
    List<Fields> measured = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String name : programs) {
      Path folder = dist.root().resolve(name);
      LaunchUnit unit = dist.scan(folder);
      measured.add(fields(name, folder, unit));
      lines.addAll(lines(name, unit));
    }
    return new Result(new Fields().putList("enclaves", measured).put("simulation", true), lines);
  }

  private List<String> lines(String name, LaunchUnit unit) {
    List<String> lines = new ArrayList<>();
    Style style = output().style();
    List<LaunchComponent> all = unit.manifest().components();
    long size = all.stream().mapToLong(LaunchComponent::size).sum();
    lines.add(style.strong(name));
    lines.add("  measurement  " + unit.measurement().hex());
    lines.add("  covers       " + all.size() + " components, " + Sizes.text(size));
    Table table = new Table("  KIND", "SIZE", "DIGEST", "NAME");
    int shown = 0;
    for (LaunchComponent component : all) {
      boolean jdk = component.kind() == LaunchComponent.Kind.JDK;
      if (components || !jdk) {
        table.row(
            "  " + component.kind().text(),
            Sizes.text(component.size()),
            components ? component.digest().hex() : component.digest().hex().substring(0, 16),
            component.name());
        shown++;
      }
    }
    lines.addAll(table.lines());
    if (shown < all.size()) {
      lines.add(
          "  and "
              + (all.size() - shown)
              + " files of the Java runtime, see: sesemi measure --components");
    }
    lines.add("");
    return lines;
  }

  private static Fields fields(String name, Path folder, LaunchUnit unit) {
    Digest measurement = unit.measurement();
    return new Fields()
        .put("name", name)
        .put("folder", folder.toString())
        .put("measurement", measurement.hex())
        .putTexts("command", unit.command())
        .putList(
            "components",
            unit.manifest().components().stream()
                .map(
                    component ->
                        new Fields()
                            .put("kind", component.kind().text())
                            .put("name", component.name())
                            .put("size", component.size())
                            .put("digest", component.digest().hex()))
                .toList());
  }
}
