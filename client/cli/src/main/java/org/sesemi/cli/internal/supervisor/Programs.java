package org.sesemi.cli.internal.supervisor;

import java.util.ArrayList;
import java.util.List;
import org.sesemi.cli.internal.Context;
import org.sesemi.cli.internal.Dist;
import org.sesemi.cli.internal.Fields;
import org.sesemi.cli.internal.HomeFolder;
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

  /** Writes the packer's configuration. */
  static void writePackerConfiguration(
      Dist dist, HomeFolder home, RunFolder run, Context context, Ports ports) {
    byte[] runtime = EnclaveConfigs.runtime(context.clusterId(), context.keyServicePolicy());
    StateFile.write(
        run.packerConfiguration(),
        new Fields()
            .put("apiVersion", "sesemi/v1")
            .put("listen", "127.0.0.1:" + ports.packer())
            .put("unit", dist.runtime().toString())
            .put("config", org.sesemi.wire.Bytes.of(runtime).hex())
            .put("home", home.root().toString()));
  }
}
