package org.sesemi.sdk.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.TensorMetadata;

class OnnxReaderTest {

  private static OnnxReader.Signature read(OnnxBytes model) {
    return OnnxReader.read(ByteBuffer.wrap(model.toArray()));
  }

  private static void refused(String code, byte[] model) {
    assertThatThrownBy(() -> OnnxReader.read(ByteBuffer.wrap(model)))
        .isInstanceOfSatisfying(
            SdkException.class, e -> assertThat(e.code()).as(e.detail()).isEqualTo(code));
  }

  @Test
  void readsInputsAndOutputsWithoutTheWeights() {
    OnnxReader.Signature signature = read(OnnxBytes.model(OnnxBytes.graph()));
    assertThat(signature.inputs())
        .containsExactly(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 3L)));
    assertThat(signature.outputs())
        .containsExactly(new TensorMetadata("Y", Datatype.INT64, List.of(-1L)));
    assertThat(signature.graph()).isEqualTo("small");
    assertThat(signature.producer()).isEqualTo("test");
  }

  @Test
  void refusesWhatIsNotOnnx() {
    refused("model.not-onnx", new byte[0]);
    refused("model.not-onnx", "just some text, not a model".getBytes(StandardCharsets.UTF_8));
    refused("model.not-onnx", new byte[] {'P', 'K', 3, 4, 20, 0, 0, 0});
    refused("model.not-onnx", new OnnxBytes().number(1, 8).toArray());
    refused("model.not-onnx", OnnxBytes.model(new OnnxBytes()).toArray());
    refused("model.not-onnx", OnnxBytes.model(OnnxBytes.graph()).number(1, 0).toArray());
    refused(
        "model.not-onnx",
        OnnxBytes.model(OnnxBytes.graph()).message(7, OnnxBytes.graph()).toArray());
    refused("model.not-onnx", OnnxBytes.model(OnnxBytes.graph()).raw(0x0b).toArray());
    refused("model.not-onnx", OnnxBytes.model(OnnxBytes.graph()).raw(0x02, 0x00).toArray());
    refused(
        "model.not-onnx",
        OnnxBytes.model(OnnxBytes.graph().message(12, OnnxBytes.tensor("Y", 1, 1))).toArray());
  }

  @Test
  void refusesWhatCannotBeServed() {
    OnnxBytes map =
        new OnnxBytes().text(1, "Z").message(2, new OnnxBytes().message(5, new OnnxBytes()));
    refused("model.unsupported", OnnxBytes.model(OnnxBytes.graph().message(12, map)).toArray());
    refused(
        "model.unsupported",
        OnnxBytes.model(OnnxBytes.graph().message(12, OnnxBytes.tensor("Z", 14, 1))).toArray());
    refused(
        "model.unsupported",
        OnnxBytes.model(OnnxBytes.graph().message(12, new OnnxBytes().text(1, "Z"))).toArray());
  }

  @Test
  void everyCutAndEveryFlipEndsInAnAnswerOrACodedRefusal() {
    byte[] model = OnnxBytes.model(OnnxBytes.graph()).toArray();
    for (int length = 0; length < model.length; length++) {
      refused("model.not-onnx", Arrays.copyOf(model, length));
    }
    long seed = Long.getLong("sesemi.seed", 20_26L);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] changed = model.clone();
      int flips = 1 + random.nextInt(3);
      for (int j = 0; j < flips; j++) {
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(OnnxReader.read(ByteBuffer.wrap(changed)).outputs()).isNotEmpty();
      } catch (SdkException e) {
        assertThat(e.code()).as("seed " + seed).startsWith("model.");
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> readsRealModels() throws Exception {
    Path root = Path.of(System.getProperty("sesemi.root"));
    Path data = Path.of(System.getProperty("sesemi.data")).resolve("models");
    List<Path> models = new ArrayList<>();
    for (Path folder : List.of(root.resolve("examples"), data)) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> found = Files.walk(folder)) {
          found.filter(p -> p.toString().endsWith(".onnx")).sorted().forEach(models::add);
        }
      }
    }
    long shared = models.stream().filter(path -> path.startsWith(data)).count();
    System.out.println("shared cases: " + shared);
    return models.stream()
        .map(
            path ->
                DynamicTest.dynamicTest(
                    path.subpath(path.getNameCount() - 2, path.getNameCount()).toString(),
                    () -> {
                      ModelFile model = ModelFile.read(path);
                      assertThat(model.inputs()).isNotEmpty();
                      assertThat(model.outputs()).isNotEmpty();
                      assertThat(model.size()).isEqualTo(Files.size(path));
                    }));
  }
}
