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
    Path data = Path.of(System.getProperty("sesemi.data", "../shared"));
    switch (given.isEmpty() ? "" : given.getFirst()) {
      case "hot" -> hot(data, given.contains("--json"));
      case "attestation" -> attestation(data, given.contains("--json"));
      default -> {
        System.err.println("usage: lab/bench hot|attestation [--json]");
        System.exit(2);
      }
    }
  }

  private static void hot(Path data, boolean json) throws IOException {
    List<Row> rows = new HotBenchmark(data).run();
    if (json) {
      print("hot", rows.stream().map(Row::json).toList());
      return;
    }
    System.out.println(Row.HEADING);
    rows.forEach(row -> System.out.println(row.line()));
    System.out.println(
        "medians over "
            + HotBenchmark.ROUNDS
            + " interleaved rounds; floor is the bare engine in this process, protected is the"
            + " whole way through client, packer and enclave, every receipt verified");
  }

  private static void attestation(Path data, boolean json) throws IOException {
    List<AttestationBenchmark.Result> results = new AttestationBenchmark(data).run();
    if (json) {
      print("attestation", results.stream().map(AttestationBenchmark.Result::json).toList());
      return;
    }
    if (results.isEmpty()) {
      System.err.println(
          "there is no evidence below "
              + data
              + "\nhint:  SESEMI_DATA names a folder with evidence/<platform>/<case>");
      System.exit(5);
    }
    System.out.println(AttestationBenchmark.HEADING);
    results.forEach(result -> System.out.println(result.line()));
    System.out.println(
        "from the bytes of the documents to the verdict; again: with the same verifier");
  }

  private static void print(String benchmark, List<JsonObject> rows) {
    System.out.println(
        Json.pretty(
            JsonObject.builder()
                .put("benchmark", benchmark)
                .put("command", "lab/bench " + benchmark + " --json")
                .put("commit", System.getProperty("sesemi.commit", "unknown"))
                .put("machine", machine())
                .put("rows", rows)
                .build()));
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
