package org.sesemi.cli.internal;

import java.util.List;
import org.sesemi.cli.internal.supervisor.SupervisorProcess;
import picocli.CommandLine.Command;

/** The supervisor itself; {@code up} starts it. */
@Command(
    name = "supervise",
    header = "Keep a stack alive in this process.",
    hidden = true,
    description = "Keep a stack alive in this process; 'up' starts it in the background.",
    footer = {"  sesemi supervise --home FOLDER"})
final class SuperviseCommand extends Verb {

  SuperviseCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    HomeFolder home = HomeFolder.open(session().homePath());
    boolean started = SupervisorProcess.run(home, Dist.find());
    return new Result(
        new Fields().put("started", started), List.of(started ? "stopped" : "did not start"));
  }
}
