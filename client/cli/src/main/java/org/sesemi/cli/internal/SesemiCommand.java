package org.sesemi.cli.internal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command itself, which only holds its parts together and the options they share. */
@Command(
    name = "sesemi",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    usageHelpAutoWidth = true,
    header = "Private model inference on machines that nobody has to trust.%n",
    descriptionHeading = "%n",
    optionListHeading = "%nOPTIONS%n",
    parameterListHeading = "%nPARAMETERS%n",
    commandListHeading = "%nCOMMANDS%n",
    footerHeading = "%nEXAMPLES%n",
    footer = {
      "  sesemi demo",
      "  sesemi up",
      "  sesemi model publish heart.onnx",
      "  sesemi infer heart --input sample.json",
      "  sesemi verify last"
    })
final class SesemiCommand implements Runnable {

  private final Session session;

  @Spec private @Nullable CommandSpec spec;

  SesemiCommand(Session session) {
    this.session = session;
  }

  @Option(
      names = "--home",
      paramLabel = "FOLDER",
      scope = ScopeType.INHERIT,
      order = 100,
      description = "Keep all state in this folder (SESEMI_HOME, else ~/.sesemi).")
  void home(Path folder) {
    session.home(folder);
  }

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      order = 101,
      description = "Print one JSON document, failures included.")
  void json(boolean wanted) {
    session.json(wanted);
  }

  @Option(
      names = {"-q", "--quiet"},
      scope = ScopeType.INHERIT,
      order = 102,
      description = "Print no progress.")
  void quiet(boolean wanted) {
    session.quiet(wanted);
  }

  @Override
  public void run() {
    CommandSpec present = spec;
    if (present == null) {
      throw new IllegalStateException("the command was not made by the command line");
    }
    throw new ParameterException(present.commandLine(), "a command is missing");
  }
}
