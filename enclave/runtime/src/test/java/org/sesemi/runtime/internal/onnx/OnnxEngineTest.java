package org.sesemi.runtime.internal.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.runtime.spi.InferenceContext;
import org.sesemi.runtime.spi.LoadedModel;
import org.sesemi.runtime.spi.ModelException;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.TensorMetadata;

class OnnxEngineTest {

  private static final OnnxEngine ENGINE = OnnxEngine.start(1);
  private static final Path EXAMPLE =
      Path.of(System.getProperty("sesemi.root"), "examples", "wdbc-forest");

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static byte[] forest() throws IOException {
    return Files.readAllBytes(EXAMPLE.resolve("model.onnx"));
  }

  @Test
  void theForestAnswersItsSamplesAloneAndAsABatch() throws IOException {
    try (LoadedModel model = ENGINE.load(direct(forest()))) {
      assertThat(model.inputs())
          .containsExactly(new TensorMetadata("X", Datatype.FP32, List.of(-1L, 30L)));
      assertThat(model.outputs().stream().map(TensorMetadata::name))
          .containsExactly("label", "probabilities");
      List<String> lines = Files.readAllLines(EXAMPLE.resolve("samples.csv"));
      float[] rows = new float[(lines.size() - 1) * 30];
      List<String[]> expected = new ArrayList<>();
      for (int row = 0; row < lines.size() - 1; row++) {
        String[] cells = lines.get(row + 1).split(",", -1);
        expected.add(cells);
        for (int i = 0; i < 30; i++) {
          rows[row * 30 + i] = Float.parseFloat(cells[i]);
        }
        check(model, Arrays.copyOfRange(rows, row * 30, row * 30 + 30), List.<String[]>of(cells));
      }
      check(model, rows, expected);
    }
  }

  private static void check(LoadedModel model, float[] rows, List<String[]> expected) {
    try (InferenceContext context = model.openContext()) {
      List<Tensor> outputs =
          context.run(
              List.of(Tensor.ofFloats("X", new long[] {expected.size(), 30}, rows)),
              List.of("probabilities", "label"));
      assertThat(outputs.get(1).datatype()).isEqualTo(Datatype.INT64);
      for (int row = 0; row < expected.size(); row++) {
        assertThat(outputs.get(1).longs()[row]).isEqualTo(Long.parseLong(expected.get(row)[31]));
        assertThat(outputs.get(0).floats()[2 * row + 1])
            .isCloseTo(Float.parseFloat(expected.get(row)[32]), within(1e-5f));
      }
    }
  }

  @Test
  void manyThreadsShareOneSession() throws Exception {
    List<String> lines = Files.readAllLines(EXAMPLE.resolve("samples.csv"));
    try (LoadedModel model = ENGINE.load(direct(forest()))) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        String[] cells = lines.get(1 + i % (lines.size() - 1)).split(",", -1);
        float[] row = new float[30];
        for (int j = 0; j < 30; j++) {
          row[j] = Float.parseFloat(cells[j]);
        }
        work.add(
            () -> {
              check(model, row, List.<String[]>of(cells));
              return null;
            });
      }
      inThreads(work);
    }
  }

  private static void inThreads(List<Callable<Void>> work)
      throws InterruptedException, ExecutionException {
    List<FutureTask<Void>> tasks = work.stream().map(FutureTask::new).toList();
    tasks.forEach(task -> Thread.ofVirtual().name("test").start(task));
    for (FutureTask<Void> task : tasks) {
      task.get();
    }
  }

  @Test
  void unalignedInputsAreAccepted() throws IOException {
    ByteBuffer odd = ByteBuffer.allocateDirect(121).position(1).slice();
    try (LoadedModel model = ENGINE.load(direct(forest()));
        InferenceContext context = model.openContext()) {
      Tensor tensor = Tensor.of("X", Datatype.FP32, new long[] {1, 30}, odd);
      assertThat(context.run(List.of(tensor), List.of("label"))).hasSize(1);
    }
  }

  @Test
  void aTerminatedContextFailsWithItsCode() throws IOException {
    try (LoadedModel model = ENGINE.load(direct(forest()));
        InferenceContext context = model.openContext()) {
      context.terminate();
      Tensor tensor = Tensor.ofFloats("X", new long[] {1, 30}, new float[30]);
      assertThatThrownBy(() -> context.run(List.of(tensor), List.of("label")))
          .isInstanceOfSatisfying(
              ModelException.class, e -> assertThat(e.code()).isEqualTo("model.terminated"));
    }
  }

  @Test
  void damagedModelsAreRefusedOrLoadedButNeverCrash() throws IOException {
    byte[] model = forest();
    Property.check(
        "a damaged model is refused with a code",
        1,
        random -> {
          List<Mutation> mutations = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            mutations.add(
                Mutation.flip(model, random.nextInt(model.length), 1 << random.nextInt(8)));
          }
          for (int i = 0; i < 20; i++) {
            int length = random.nextInt(1, model.length);
            mutations.add(new Mutation("cut to " + length, Arrays.copyOf(model, length)));
          }
          for (Mutation mutation : mutations) {
            loadOrRefuse(mutation);
          }
        });
  }

  private static void loadOrRefuse(Mutation mutation) {
    try (LoadedModel loaded = ENGINE.load(direct(mutation.bytes()))) {
      assertThat(loaded.memoryBytes()).isPositive();
    } catch (ModelException e) {
      assertThat(e.code()).as(mutation.what()).matches("model\\.(malformed|unsupported)");
    }
  }

  @Test
  void bytesThatAreNoModelAreRefused() {
    for (String text : List.of("", "x", "PK\u0003\u0004", "{\"a\":1}", "....ORTM........")) {
      assertThatThrownBy(() -> ENGINE.load(direct(text.getBytes(StandardCharsets.UTF_8))))
          .as(text)
          .isInstanceOf(ModelException.class);
    }
  }

  @Test
  void weightsInAnotherFileAreRefused() {
    byte[] model =
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.externalInitializer("W", "/etc/passwd"), OnnxBytes.output("W", 1)));
    assertThatThrownBy(() -> ENGINE.load(direct(model)))
        .isInstanceOf(ModelException.class)
        .hasMessage("the model keeps weights in another file; save it as one file");
  }

  @Test
  void textsTravelAsBytes() {
    byte[] model =
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("Identity", "in", "out"),
                OnnxBytes.input("in", 8),
                OnnxBytes.output("out", 8)));
    try (LoadedModel loaded = ENGINE.load(direct(model));
        InferenceContext context = loaded.openContext()) {
      assertThat(loaded.inputs().getFirst().datatype()).isEqualTo(Datatype.BYTES);
      Tensor texts = Tensor.ofTexts("in", new long[] {2}, List.of("grün", ""));
      assertThat(context.run(List.of(texts), List.of("out"))).containsExactly(texts.renamed("out"));
      Tensor raw = Tensor.ofBytes("in", new long[] {1}, List.of(Bytes.of(new byte[] {-1})));
      assertThatThrownBy(() -> context.run(List.of(raw), List.of("out")))
          .hasMessageContaining("element 0 of an input is not UTF-8");
    }
  }

  @Test
  void unsignedWideIntegersAndSequencesAreRefusedByName() {
    byte[] wide =
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("Identity", "in", "out"),
                OnnxBytes.input("in", 13),
                OnnxBytes.output("out", 13)));
    assertThatThrownBy(() -> ENGINE.load(direct(wide)))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("the input \"in\" of the model is");
    byte[] sequence =
        OnnxBytes.model(
            OnnxBytes.graph(
                OnnxBytes.node("SequenceConstruct", "in", "out"),
                OnnxBytes.input("in", 1),
                OnnxBytes.sequenceOutput("out", 1)));
    assertThatThrownBy(() -> ENGINE.load(direct(sequence)))
        .hasMessage("the output \"out\" of the model is a sequence");
  }
}
