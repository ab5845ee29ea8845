package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.crypto.SecretBytes;
import org.sesemi.sdk.ClientConfig;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.testkit.LeakScanner;
import org.sesemi.testkit.RecordingRelay;
import org.sesemi.testkit.Sesemi;
import org.sesemi.testkit.Surfaces;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.RandomSource;

/** No plaintext of model, input, output or key on anything that an untrusted machine sees. */
class RecorderTest {

  @TempDir private Path folder;

  @Test
  void nothingLeaksAndAPlantedLeakIsFound() throws Exception {
    byte[] ownerSeed = RandomSource.secure().bytes(32);
    byte[] userSeed = RandomSource.secure().bytes(32);
    LeakScanner scanner =
        new LeakScanner()
            .secret("model", Files.readAllBytes(Forest.FILE))
            .secret("owner's identity", ownerSeed)
            .secret("user's identity", userSeed)
            .exceptPublic(Sesemi.ROOT.resolve("target/dist"), RecorderTest::isProgram);
    try (LiveStack stack = LiveStack.up(folder);
        RecordingRelay toKeyService =
            RecordingRelay.tcp("key-service", stack.config().keyService());
        RecordingRelay toPacker = RecordingRelay.tcp("packer", address(stack.config().packer()))) {
      ClientConfig recorded = through(stack.config(), toKeyService, toPacker);
      try (SesemiClient owner =
              stack.client("owner", recorded, IdentityKey.ofSeed(SecretBytes.copyOf(ownerSeed)));
          SesemiClient user =
              stack.client("user", recorded, IdentityKey.ofSeed(SecretBytes.copyOf(userSeed)))) {
        ModelId model = Forest.publish(stack, owner, user, "forest");
        for (int row = 0; row < Forest.ROWS.size(); row++) {
          scanner.secretFloats("input " + row, Forest.ROWS.get(row));
          float[] output = Forest.ask(user, model, row);
          if (output[0] > 0.001f && output[0] < 0.999f) {
            scanner.secretFloats("output " + row, new float[] {output[0], output[1], 0, 0});
          }
        }
        keys(folder.resolve("clients"), scanner);
        assertThat(scanner.size()).isGreaterThan(1000);
        assertThat(toKeyService.conversations()).isNotEmpty();
        assertThat(toPacker.conversations()).isNotEmpty();
        assertThat(Surfaces.scan(scanner, stack.sesemi())).isEmpty();
        assertThat(Surfaces.scan(scanner, toKeyService)).isEmpty();
        assertThat(Surfaces.scan(scanner, toPacker)).isEmpty();

        plantedLeaksAreFound(scanner, stack, userSeed);
      }
    }
  }

  private static void plantedLeaksAreFound(LeakScanner scanner, LiveStack stack, byte[] seed)
      throws IOException {
    Path log = stack.home().resolve("logs/packer.log");
    Files.writeString(
        log,
        "debug: input " + java.util.Arrays.toString(Forest.ROWS.get(0)) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    assertThat(Surfaces.scan(scanner, stack.sesemi()))
        .extracting(LeakScanner.Leak::secret)
        .anyMatch(secret -> secret.startsWith("input 0"));

    ProcessBuilder inEnvironment =
        new ProcessBuilder("tail", "-f", stack.home().resolve("context.json").toString());
    inEnvironment.environment().put("KEY", Base64.getEncoder().encodeToString(seed));
    Process tail = inEnvironment.start();
    try {
      assertThat(Surfaces.scan(scanner, stack.sesemi()))
          .extracting(LeakScanner.Leak::surface)
          .contains("environ of " + tail.pid());
    } finally {
      tail.destroyForcibly().onExit().join();
    }
    assertThat(
            scanner.scan(
                "argument", HexFormat.of().formatHex(seed).getBytes(StandardCharsets.US_ASCII)))
        .isNotEmpty();
  }

  /** The user's request keys lie in the user's own folder, and must lie nowhere else. */
  private static void keys(Path clients, LeakScanner scanner) throws IOException {
    try (Stream<Path> files = Files.walk(clients)) {
      List<Path> found =
          files
              .filter(Files::isRegularFile)
              .filter(file -> file.toString().contains("request-keys"))
              .toList();
      assertThat(found).as("request keys").isNotEmpty();
      for (Path file : found) {
        String hex = JsonFields.of(Files.readAllBytes(file)).text("key");
        scanner.secret("request key", HexFormat.of().parseHex(hex));
      }
    }
  }

  private static boolean isProgram(Path file) {
    return !file.toString().contains("examples");
  }

  private static ClientConfig through(
      ClientConfig direct, RecordingRelay keyService, RecordingRelay packer) throws IOException {
    return new ClientConfig(
        keyService.address(),
        direct.keyServicePolicy(),
        direct.clusterId(),
        direct.runtimePolicy(),
        URI.create("http://127.0.0.1:" + packer.address().getPort()),
        direct.storage());
  }

  private static InetSocketAddress address(URI uri) {
    return new InetSocketAddress(uri.getHost(), uri.getPort());
  }
}
