package org.sesemi.cli.internal;

import java.util.List;
import org.sesemi.cli.internal.supervisor.StackControl;
import picocli.CommandLine.Command;

/** Stops the stack. */
@Command(
    name = "down",
    header = "Stop the stack.",
    description =
        "Stop the stack. Identities, keys, grants and models are kept; processes and temporary "
            + "files are not, even when the supervisor was killed before.",
    footer = {"  sesemi down", "  sesemi down --json"})
final class DownCommand extends Verb {

  DownCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    HomeFolder home = HomeFolder.open(session().homePath());
    StackControl control = new StackControl(home);
    boolean ran = control.status().isPresent();
    boolean leftovers = !ran && control.hasLeftovers();
    int stopped = control.down(output()::progress);
    String line =
        ran
            ? "stopped; nothing is left running"
            : leftovers ? "it did not run; removed what was left behind" : "it does not run";
    return new Result(
        new Fields()
            .put("wasRunning", ran)
            .put("cleanedUp", leftovers)
            .put("processesStopped", stopped),
        List.of(line));
  }
}
