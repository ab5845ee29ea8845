package org.sesemi.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.property.Property;

class LeakScannerTest {

  @Test
  void everyEncodingOfAPlantedSecretIsFoundAtAnyOffset() {
    Property.check(
        "a planted secret is found",
        50,
        random -> {
          byte[] secret = new byte[32 + random.nextInt(400)];
          random.nextBytes(secret);
          LeakScanner scanner = new LeakScanner().secret("key", secret);
          for (SecretEncodings.Encoded form : SecretEncodings.of(secret)) {
            assertThat(scanner.scan("log", noiseAround(form.bytes(), random)))
                .as(form.encoding())
                .isNotEmpty();
          }
        });
  }

  @Test
  void aFragmentOf31BytesIsEnough() {
    Property.check(
        "a fragment is found",
        200,
        random -> {
          byte[] secret = new byte[256];
          random.nextBytes(secret);
          int from = random.nextInt(secret.length - 31);
          byte[] fragment = Arrays.copyOfRange(secret, from, from + 31);
          assertThat(
                  new LeakScanner()
                      .secret("model", secret)
                      .scan("socket", noiseAround(fragment, random)))
              .anyMatch(leak -> leak.encoding().equals("raw") && leak.secret().equals("model"));
        });
  }

  @Test
  void noiseAloneIsClean() {
    Property.check(
        "noise is clean",
        20,
        random -> {
          byte[] secret = new byte[4096];
          byte[] noise = new byte[1 << 16];
          random.nextBytes(secret);
          random.nextBytes(noise);
          assertThat(new LeakScanner().secret("model", secret).scan("socket", noise)).isEmpty();
        });
  }

  @Test
  void floatsAreFoundAsJsonTextAndInBothByteOrders() {
    float[] row = {12.4f, 17.68f, 81.47f, 467.8f, 0.1054f, 0.1316f, 0.07741f, 0.02799f};
    LeakScanner scanner = new LeakScanner().secretFloats("input", row);
    String json = "{\"data\":[12.4,17.68,81.47,467.8,0.1054,0.1316,0.07741,0.02799]}";
    assertThat(scanner.scan("log", json.getBytes(StandardCharsets.UTF_8))).isNotEmpty();
    ByteBuffer big = ByteBuffer.allocate(row.length * 4);
    for (float value : row) {
      big.putFloat(value);
    }
    assertThat(scanner.scan("socket", big.array())).isNotEmpty();
  }

  @Test
  void gzipIsLookedInto() throws IOException {
    byte[] secret = "the diagnosis of patient 4711 is benign".getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.writeBytes(new byte[] {1, 2, 3});
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(secret);
    }
    packed.writeBytes(new byte[32]);
    assertThat(new LeakScanner().secret("answer", secret).scan("file", packed.toByteArray()))
        .isNotEmpty();
  }

  @Test
  void publicMaterialIsForgottenButTheRestIsNot(@TempDir Path folder) throws IOException {
    byte[] secret = new byte[64];
    Property.random("public material").nextBytes(secret);
    Files.write(folder.resolve("engine.so"), Arrays.copyOf(secret, 32));
    LeakScanner scanner = new LeakScanner().secret("model", secret);
    int before = scanner.size();
    scanner.exceptPublic(folder, _ -> true);
    assertThat(scanner.size()).isLessThan(before);
    assertThat(scanner.scan(folder, _ -> true)).isEmpty();
    assertThat(scanner.scan("socket", secret)).isNotEmpty();
  }

  @Test
  void filesAndTheirNamesAreScanned(@TempDir Path folder) throws IOException {
    byte[] secret = new byte[32];
    Property.random("file names").nextBytes(secret);
    Files.write(folder.resolve(HexFormat.of().formatHex(secret)), new byte[0]);
    Files.writeString(folder.resolve("log"), "key=" + Base64.getEncoder().encodeToString(secret));
    assertThat(new LeakScanner().secret("key", secret).scan(folder, _ -> true))
        .extracting(LeakScanner.Leak::surface)
        .anyMatch(surface -> surface.startsWith("file name"))
        .contains("file log");
  }

  @Test
  void aSecretTooShortToFindIsRefused() {
    assertThatThrownBy(() -> new LeakScanner().secret("pin", new byte[8]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] noiseAround(byte[] content, RandomGenerator random) {
    byte[] before = new byte[random.nextInt(300)];
    byte[] after = new byte[random.nextInt(300)];
    random.nextBytes(before);
    random.nextBytes(after);
    return ByteBuffer.allocate(before.length + content.length + after.length)
        .put(before)
        .put(content)
        .put(after)
        .array();
  }
}
