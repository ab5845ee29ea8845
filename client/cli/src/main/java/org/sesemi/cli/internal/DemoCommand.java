package org.sesemi.cli.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sesemi.cli.internal.demo.Demo;
import org.sesemi.cli.internal.supervisor.Ports;
import org.sesemi.cli.internal.supervisor.StackControl;
import org.sesemi.cli.internal.supervisor.StackStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The whole story on real input. */
@Command(
    name = "demo",
    header = "Run the whole story on real input.",
    description =
        "Run the whole story on real input: start everything, publish two sealed models, grant their "
            + "use, ask them, show four attempts that are refused, and stop everything again.",
    footer = {"  sesemi demo", "  sesemi demo --json", "  sesemi demo --keep"})
final class DemoCommand extends Verb {

  @Option(names = "--keep", description = "Leave everything running, and say what to try next.")
  private boolean keep;

  DemoCommand(Session session) {
    super(session);
  }

  @Override
  Result execute() throws IOException {
    Output output = output();
    output.banner();
    Dist dist = Dist.find();
    HomeFolder home = home();
    StackControl control = new StackControl(home);
    boolean ranBefore = control.status().isPresent();
    long begin = System.nanoTime();
    if (!ranBefore) {
      if (home.kind() == HomeFolder.Kind.DEMO && isStale(home, dist)) {
        output.progress("the programs were rebuilt: the demo begins with a fresh state folder");
        control.down(output::progress);
        home.clear();
      }
      Ports.choose(home, Optional.empty());
    }
    Demo demo = new Demo(home, dist, output);
    boolean finished = false;
    try {
      StackStatus status = control.up(dist, output::progress);
      demo.done(
          "start",
          since(begin),
          String.format(
              Locale.ROOT,
              "%d parts are up: %s",
              status.parts().size(),
              String.join(
                  ", ", status.parts().stream().map(StackStatus.PartStatus::name).toList())));
      demo.run();
      finished = true;
    } finally {
      if (!ranBefore && !(keep && finished)) {
        long stop = System.nanoTime();
        control.down(_ -> {});
        if (finished) {
          demo.done("stop", since(stop), "nothing is left running");
        }
      }
    }
    Fields data =
        demo.data().put("durationMs", since(begin).toMillis()).put("kept", keep || ranBefore);
    return new Result(data, keep || ranBefore ? next(home) : last(home));
  }

  private HomeFolder home() {
    Optional<Path> explicit = session().explicitHome();
    if (explicit.isPresent()) {
      return HomeFolder.openOrCreate(explicit.get(), HomeFolder.Kind.DEMO);
    }
    HomeFolder parent = HomeFolder.openOrCreate(session().homePath(), HomeFolder.Kind.HOME);
    return HomeFolder.openOrCreate(parent.root().resolve("demo"), HomeFolder.Kind.DEMO);
  }

  private static boolean isStale(HomeFolder home, Dist dist) throws IOException {
    Path sealedBy = home.sealedBy();
    return Files.exists(sealedBy)
        && !Files.readString(sealedBy)
            .strip()
            .equals(dist.scan(dist.keyService()).measurement().hex());
  }

  private List<String> last(HomeFolder home) {
    return List.of(
        output().style().good("all as it should be") + "; the state is in " + home.root(),
        "look closer with: " + output().style().strong("sesemi demo --keep"));
  }

  private List<String> next(HomeFolder home) {
    String at = " --home " + home.root();
    return List.of(
        output().style().good("all as it should be") + "; everything is left running. Try:",
        "  sesemi status" + at,
        "  sesemi model list --as owner" + at,
        "  sesemi grant list wdbc-forest --as owner" + at,
        "  sesemi measure",
        "  sesemi down" + at);
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
