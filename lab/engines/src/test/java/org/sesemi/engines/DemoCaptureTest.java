package org.sesemi.engines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.testkit.LeakScanner;
import org.sesemi.testkit.LeakScanner.Leak;
import org.sesemi.testkit.Sesemi;
import org.sesemi.testkit.Surfaces;
import org.sesemi.wire.JsonFields;

/**
 * The whole demo, with everything that crosses the loopback interface recorded: no plaintext of
 * model, input or key crosses it, lies in a file, or stands in arguments, environments and logs.
 */
class DemoCaptureTest {

  private static final Path EXAMPLES = Sesemi.ROOT.resolve("target/dist/examples");

  @TempDir private Path folder;

  @Test
  void nothingOfTheDemoIsInTheClear() throws IOException {
    Sesemi sesemi = new Sesemi(folder.resolve("home"));
    Path traffic = folder.resolve("traffic.pcap");
    LeakScanner scanner = new LeakScanner();
    try {
      long sealedOnTheWire;
      try (PacketCapture _ = new PacketCapture(traffic, "tcp")) {
        sealedOnTheWire = sealedOnTheWire(sesemi.json("demo", "--keep").expectExit(0));
      }
      secretsOfTheDemo(sesemi.home(), scanner);
      List<Leak> leaks = new ArrayList<>(Surfaces.scan(scanner, sesemi));
      leaks.addAll(scanner.scan(folder, file -> file.equals(traffic)));
      // Each sealed byte crosses twice, between user and packer and between packer and runtime.
      assertThat(Files.size(traffic)).as("recorded bytes").isGreaterThan(2 * sealedOnTheWire);
      assertThat(leaks).isEmpty();
    } finally {
      sesemi.run("down").expectExit(0);
    }
    assertThat(sesemi.processes()).isEmpty();
  }

  /** What is planted in a recording is found, so an empty result means something. */
  @Test
  void aLeakOnTheWireIsFound() throws IOException {
    Path traffic = folder.resolve("planted.pcap");
    LeakScanner scanner = new LeakScanner().secret("model", model("wdbc-forest"));
    try (PacketCapture _ = new PacketCapture(traffic, "tcp");
        java.net.ServerSocket server =
            new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress());
        java.net.Socket client =
            new java.net.Socket(server.getInetAddress(), server.getLocalPort());
        java.net.Socket accepted = server.accept()) {
      client.getOutputStream().write(Arrays.copyOfRange(model("wdbc-forest"), 5000, 5100));
      client.shutdownOutput();
      assertThat(accepted.getInputStream().readAllBytes()).hasSize(100);
    }
    assertThat(scanner.scan(folder, file -> file.equals(traffic))).isNotEmpty();
  }

  /** What the inference steps say they sent and received; publishing goes to the storage folder. */
  private static long sealedOnTheWire(Sesemi.Result demo) {
    long sealed =
        JsonFields.of(demo.json()).object("data").objects("steps").stream()
            .filter(step -> step.text("name").startsWith("infer-"))
            .mapToLong(step -> step.integer("sealedBytes", 1, Integer.MAX_VALUE))
            .sum();
    assertThat(sealed).as("sealed bytes of the demo's requests and answers").isPositive();
    return sealed;
  }

  private static void secretsOfTheDemo(Path home, LeakScanner scanner) throws IOException {
    scanner.secret("forest", model("wdbc-forest"));
    try (Stream<Path> files = Files.walk(EXAMPLES.resolve("minilm"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".onnx")).toList()) {
        scanner.secret("embedding model", Files.readAllBytes(file));
      }
    }
    List<String> rows = Files.readAllLines(EXAMPLES.resolve("wdbc-forest/samples.csv"));
    for (String row : rows.subList(1, rows.size())) {
      String[] cells = row.split(",", -1);
      float[] features = new float[30];
      for (int column = 0; column < features.length; column++) {
        features[column] = Float.parseFloat(cells[column]);
      }
      scanner.secretFloats("row", features);
      scanner.secret("row as text", row.getBytes(StandardCharsets.UTF_8));
    }
    try (Stream<Path> files = Files.walk(home.resolve("request-keys"))) {
      for (Path file : files.filter(name -> name.toString().endsWith(".json")).toList()) {
        scanner.secret(
            "request key",
            HexFormat.of().parseHex(JsonFields.of(Files.readAllBytes(file)).text("key")));
      }
    }
    scanner.exceptPublic(Sesemi.ROOT.resolve("target/dist"), file -> !file.startsWith(EXAMPLES));
    assertThat(scanner.size()).isGreaterThan(10_000);
  }

  private static byte[] model(String name) throws IOException {
    return Files.readAllBytes(EXAMPLES.resolve(name).resolve("model.onnx"));
  }
}
