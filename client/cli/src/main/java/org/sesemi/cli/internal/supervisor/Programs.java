package org.sesemi.cli.internal.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.sesemi.cli.internal.CliException;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.Fields;
import org.sesemi.cli.internal.HomeFolder;
import org.sesemi.cli.internal.PrivateFiles;
import org.sesemi.cli.internal.StateFile;

/** How the programs outside enclaves are started. */
final class Programs {

  private Programs() {}

  private static List<String> java(Dist dist, RunFolder run, String... options) {
    List<String> command = new ArrayList<>();
    command.add(dist.java().toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Djava.io.tmpdir=" + run.temporary()));
    command.addAll(List.of(options));
    return command;
  }

  /** Returns the command of the simulated platform's daemon. */
  static List<String> platform(Dist dist, HomeFolder home, RunFolder run) {
    return java(
        dist,
        run,
        "-Xmx64m",
        "-p",
        dist.lib("simulated").toString(),
        "-m",
        "org.sesemi.simulated/org.sesemi.simulated.Main",
        "--home",
        home.platform().toString());
  }

  /** Returns the command of the packer. */
  static List<String> packer(Dist dist, RunFolder run) {
    return java(
        dist,
        run,
        "-Xmx256m",
        "-p",
        dist.lib("packer").toString(),
        "-m",
        "org.sesemi.packer/org.sesemi.packer.Main",
        "--config",
        run.packerConfiguration().toString());
  }

  /** Writes the packer's configuration, and the runtime's measured one that it hands on. */
  static void writePackerConfiguration(
      Dist dist, HomeFolder home, RunFolder run, Context context, Ports ports) {
    Path runtimeConfig = run.packerConfiguration().resolveSibling("runtime.json");
    try {
      PrivateFiles.write(
          runtimeConfig, EnclaveConfigs.runtime(context.clusterId(), context.keyServicePolicy()));
    } catch (IOException e) {
      throw new CliException(CliException.Code.HOME_UNWRITABLE, "cannot write " + runtimeConfig, e);
    }
    Fields parameters = new Fields();
    new TreeMap<>(EnclaveConfigs.runtimeParameters(context)).forEach(parameters::put);
    StateFile.write(
        run.packerConfiguration(),
        new Fields()
            .put("listen", "127.0.0.1:" + ports.packer())
            .put("daemon-socket", home.platform().resolve(PlatformLink.SOCKET).toString())
            .put("unit", dist.runtime().toString())
            .put("runtime-config", runtimeConfig.toString())
            .put("runtime-parameters", parameters)
            .put("drain-seconds", 3));
  }
}
