package org.sesemi.cli.internal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sesemi.cli.internal.supervisor.Ports;
import org.sesemi.cli.internal.supervisor.StackControl;
import org.sesemi.cli.internal.supervisor.StackStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts the stack. */
@Command(
    name = "up",
    header = "Start the whole stack on this machine.",
    description =
        "Start the whole stack on this machine and keep it alive in the background: the simulated "
            + "platform, the key service, the packer and, when they are needed, functions.",
    footer = {"  sesemi up", "  sesemi up --port 0 --json"})
final class UpCommand extends Verb {

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Where the packer listens; 0 for any free port (default: the last one).")
  private @Nullable Integer port;

  UpCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() {
    @Nullable Integer wanted = port;
    if (wanted != null && (wanted < 0 || wanted > 65535)) {
      throw usage("--port takes a number from 0 to 65535");
    }
    Output output = output();
    output.banner();
    long begin = System.nanoTime();
    Dist dist = Dist.find();
    HomeFolder home = HomeFolder.openOrCreate(session().homePath(), HomeFolder.Kind.HOME);
    StackControl control = new StackControl(home);
    Optional<StackStatus> running = control.status();
    boolean already = running.filter(s -> s.state() == StackStatus.State.READY).isPresent();
    if (!already) {
      Ports.choose(home, Optional.ofNullable(wanted));
    }
    StackStatus status = already ? running.orElseThrow() : control.up(dist, output::progress);
    Context context = Context.read(home);
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    return new Result(data(home, context, status, already, took), lines(context, already, took));
  }

  private static Fields data(
      HomeFolder home, Context context, StackStatus status, boolean already, Duration took) {
    return new Fields()
        .put("alreadyRunning", already)
        .put("home", home.root().toString())
        .put("port", context.packer().getPort())
        .put("packer", context.packer().toString())
        .put("keyService", context.keyServiceHost() + ":" + context.keyServicePort())
        .put("cluster", context.clusterId().hex())
        .put("identity", context.identity())
        .put("simulation", true)
        .put("durationMs", took.toMillis())
        .putList("parts", status.parts().stream().map(StackStatus.PartStatus::fields).toList());
  }

  private List<String> lines(Context context, boolean already, Duration took) {
    Style style = output().style();
    List<String> lines = new ArrayList<>();
    lines.add(
        already
            ? "already running"
            : style.good("ready")
                + String.format(Locale.ROOT, " in %.1f s", took.toMillis() / 1000.0));
    lines.add("  requests     " + context.packer());
    lines.add("  key service  " + context.keyServiceHost() + ":" + context.keyServicePort());
    lines.add("  cluster      " + context.clusterId().hex());
    lines.add("  identity     " + context.identity());
    lines.add("");
    lines.add("next: " + style.strong("sesemi model publish MODEL.onnx") + ", or: sesemi status");
    return lines;
  }
}
