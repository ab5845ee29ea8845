package org.sesemi.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonObject;

/** The command {@code lab/bench}: runs one benchmark and prints its rows as a table or as JSON. */
public final class Main {

  private Main() {}

  /**
   * Runs a benchmark.
   *
   * @param arguments its name and {@code --json}
   * @throws IOException when data or folders cannot be used
   */
  public static void main(String[] arguments) throws IOException {
    List<String> given = List.of(arguments);
    if (given.isEmpty() || !given.getFirst().equals("hot")) {
      System.err.println("usage: lab/bench hot [--json]");
      System.exit(2);
    }
    List<Row> rows =
        new HotBenchmark(Path.of(System.getProperty("sesemi.data", "../shared"))).run();
    if (given.contains("--json")) {
      System.out.println(
          Json.pretty(
              JsonObject.builder()
                  .put("benchmark", "hot")
                  .put("command", "lab/bench hot --json")
                  .put("commit", System.getProperty("sesemi.commit", "unknown"))
                  .put("machine", machine())
                  .put("rows", rows.stream().map(Row::json).toList())
                  .build()));
    } else {
      System.out.println(Row.HEADING);
      rows.forEach(row -> System.out.println(row.line()));
      System.out.println(
          "medians over "
              + HotBenchmark.ROUNDS
              + " interleaved rounds; floor is the bare engine in this process, protected is the"
              + " whole way through client, packer and enclave, every receipt verified");
    }
  }

  private static String machine() {
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.arch")
        + ", "
        + Runtime.getRuntime().availableProcessors()
        + " processors, Java "
        + Runtime.version();
  }
}
