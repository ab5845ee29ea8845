package org.sesemi.testkit;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.sesemi.wire.Datatype;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonArray;
import org.sesemi.wire.JsonNumber;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;
import org.sesemi.wire.Tensor;

/**
 * The trained models beside the checkout, each with its samples and the answers that it must give.
 *
 * <p>Stateless. What a scenario finds wrong it says in words; a scenario that finds nothing wrong
 * tells how many answers it judged.
 */
public final class SharedModels {

  /** How far a probability may be from the expected one in image models. */
  private static final double IMAGE_TOLERANCE = 1e-3;

  /** The same for tabular models. */
  private static final double TABULAR_TOLERANCE = 1e-5;

  private SharedModels() {}

  /** Whatever answers inference requests: the engine itself, or the whole sealed path. */
  @FunctionalInterface
  public interface Model {
    /**
     * Answers a request.
     *
     * @param request the request
     * @return the answer
     */
    InferResponse infer(InferRequest request);
  }

  /**
   * A model with its samples.
   *
   * @param name the name of its folder
   * @param file the ONNX file
   * @param judge runs the samples and compares
   */
  public record Scenario(String name, Path file, Judge judge) {}

  /** Runs all samples of a model. */
  @FunctionalInterface
  public interface Judge {
    /**
     * Runs the samples.
     *
     * @param model what answers
     * @return how many answers were judged
     * @throws AssertionError when one is wrong
     */
    int judge(Model model);
  }

  /**
   * Lists the scenarios.
   *
   * @param data the folder that holds {@code models}
   * @return one for each model with trained weights; empty when the folder is absent
   */
  public static List<Scenario> in(Path data) {
    Path models = data.resolve("models");
    if (!Files.isDirectory(models)) {
      return List.of();
    }
    List<Scenario> all = new ArrayList<>();
    for (String name : List.of("mobilenetv2", "mobilenetv1", "mobilenetv1-025-128", "squeezenet")) {
      all.add(images(models, name));
    }
    Path mnist = models.resolve("mnist");
    all.add(new Scenario("mnist", mnist.resolve("model.onnx"), model -> digits(mnist, model)));
    all.add(tabular(models, "wdbc-forest", 30));
    all.add(tabular(models, "iris-logreg", 4));
    Path vad = models.resolve("silero-vad");
    all.add(
        new Scenario(
            "silero-vad",
            vad.resolve("model.onnx"),
            model ->
                speech(vad.resolve("speech.wav"), 0.611, 1.000, model)
                    + speech(vad.resolve("tone_noise.wav"), 0.011, 0.307, model)));
    return List.copyOf(all);
  }

  /**
   * A tabular model with its samples, as the repository's own example is laid out too.
   *
   * @param models the folder of models
   * @param name the folder of this one
   * @param features the number of features of a row
   * @return the scenario
   */
  public static Scenario tabular(Path models, String name, int features) {
    Path folder = models.resolve(name);
    return new Scenario(name, folder.resolve("model.onnx"), model -> rows(folder, features, model));
  }

  /**
   * Reads an image as the classifiers want it.
   *
   * @param file a PNG file
   * @param name the tensor's name
   * @param raw whether the values are BGR from 0 to 255, instead of RGB from -1 to 1
   * @return a tensor of shape [1, 3, height, width]
   */
  public static Tensor image(Path file, String name, boolean raw) {
    BufferedImage image = read(file);
    int width = image.getWidth();
    int height = image.getHeight();
    ByteBuffer data = floats(3 * width * height);
    for (int channel = 0; channel < 3; channel++) {
      int shift = raw ? 8 * channel : 16 - 8 * channel;
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          int value = image.getRGB(x, y) >> shift & 0xFF;
          data.putFloat(raw ? value : (value - 127.5f) / 127.5f);
        }
      }
    }
    return Tensor.of(name, Datatype.FP32, new long[] {1, 3, height, width}, data.flip());
  }

  private static Scenario images(Path models, String name) {
    return new Scenario(
        name,
        models.resolve(name).resolve("model.onnx"),
        model -> {
          JsonObject expected = object(json(models.resolve("expected.json")), name);
          JsonObject results = object(expected, "results");
          Path images = models.resolve(name.endsWith("-128") ? "images128" : "images");
          for (String file : results.members().keySet()) {
            Tensor input =
                image(images.resolve(file), text(expected, "input"), name.equals("squeezenet"));
            float[] got = output(model.infer(InferRequest.of(input)), text(expected, "output"));
            classify(name + " " + file, got, object(results, file));
          }
          return results.members().size();
        });
  }

  private static void classify(String what, float[] got, JsonObject expected) {
    int top = (int) number(value(expected, "top1"));
    require(argmax(got) == top, what + ": class " + argmax(got) + " instead of " + top);
    for (JsonValue pair : ((JsonArray) value(expected, "top5")).items()) {
      List<JsonValue> entry = ((JsonArray) pair).items();
      int index = (int) number(entry.get(0));
      near(what + " class " + index, got[index], number(entry.get(1)), IMAGE_TOLERANCE);
    }
  }

  private static int digits(Path folder, Model model) {
    for (int digit = 0; digit <= 9; digit++) {
      BufferedImage image = read(folder.resolve("samples").resolve(digit + ".png"));
      ByteBuffer data = floats(28 * 28);
      for (int y = 0; y < 28; y++) {
        for (int x = 0; x < 28; x++) {
          data.putFloat(image.getRaster().getSample(x, y, 0));
        }
      }
      Tensor input = Tensor.of("Input3", Datatype.FP32, new long[] {1, 1, 28, 28}, data.flip());
      int got = argmax(output(model.infer(InferRequest.of(input)), "Plus214_Output_0"));
      require(got == digit, "digit " + digit + " was read as " + got);
    }
    return 10;
  }

  /** Columns: the features, the true label, the expected label, expected probabilities. */
  private static int rows(Path folder, int features, Model model) {
    List<String> lines = lines(folder.resolve("samples.csv"));
    for (String line : lines.subList(1, lines.size())) {
      double[] row = Stream.of(line.split(",")).mapToDouble(Double::parseDouble).toArray();
      ByteBuffer data = floats(features);
      for (int column = 0; column < features; column++) {
        data.putFloat((float) row[column]);
      }
      Tensor input = Tensor.of("X", Datatype.FP32, new long[] {1, features}, data.flip());
      float[] got = output(model.infer(InferRequest.of(input)), "probabilities");
      double[] wanted = Arrays.copyOfRange(row, features + 2, row.length);
      int first = got.length - wanted.length;
      for (int index = 0; index < wanted.length; index++) {
        near(folder.getFileName() + " row", got[first + index], wanted[index], TABULAR_TOLERANCE);
      }
      require(argmax(got) == (int) row[features + 1], folder.getFileName() + ": another label");
    }
    return lines.size() - 1;
  }

  /** 512 new samples in each window, behind 64 of the window before. */
  private static int speech(Path wav, double mean, double maximum, Model model) {
    short[] samples = samples(wav);
    ByteBuffer state = floats(2 * 128);
    state.position(state.capacity()).flip();
    float[] context = new float[64];
    double sum = 0;
    double highest = 0;
    int windows = samples.length / 512;
    for (int window = 0; window < windows; window++) {
      ByteBuffer data = floats(576);
      for (float value : context) {
        data.putFloat(value);
      }
      for (int at = 0; at < 512; at++) {
        float value = samples[window * 512 + at] / 32768f;
        data.putFloat(value);
        if (at >= 448) {
          context[at - 448] = value;
        }
      }
      InferResponse answer =
          model.infer(
              InferRequest.of(
                  Tensor.of("input", Datatype.FP32, new long[] {1, 576}, data.flip()),
                  Tensor.of("state", Datatype.FP32, new long[] {2, 1, 128}, state),
                  Tensor.ofLongs("sr", new long[] {}, 16_000)));
      double probability = output(answer, "output")[0];
      state = answer.output("stateN").orElseThrow().data();
      sum += probability;
      highest = Math.max(highest, probability);
    }
    near(wav.getFileName() + " mean", sum / windows, mean, 6e-4);
    near(wav.getFileName() + " maximum", highest, maximum, 6e-4);
    return windows;
  }

  private static short[] samples(Path wav) {
    try {
      ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(wav)).order(ByteOrder.LITTLE_ENDIAN);
      int at = 12;
      while (file.getInt(at) != 0x61746164) {
        at += 8 + file.getInt(at + 4);
      }
      short[] samples = new short[file.getInt(at + 4) / 2];
      file.position(at + 8).slice().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
      return samples;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static float[] output(InferResponse answer, String name) {
    return answer.output(name).orElseThrow(() -> new AssertionError("no output " + name)).floats();
  }

  private static ByteBuffer floats(int count) {
    return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int argmax(float[] values) {
    int best = 0;
    for (int index = 1; index < values.length; index++) {
      if (values[index] > values[best]) {
        best = index;
      }
    }
    return best;
  }

  private static void near(String what, double got, double wanted, double tolerance) {
    require(Math.abs(got - wanted) <= tolerance, what + ": " + got + " instead of " + wanted);
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }

  private static BufferedImage read(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new IOException("not an image: " + file);
      }
      return image;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonObject json(Path file) {
    try {
      return (JsonObject) Json.parse(Files.readAllBytes(file));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static JsonValue value(JsonObject object, String name) {
    JsonValue value = object.members().get(name);
    if (value == null) {
      throw new AssertionError("no member " + name);
    }
    return value;
  }

  private static JsonObject object(JsonObject parent, String name) {
    return (JsonObject) value(parent, name);
  }

  private static String text(JsonObject object, String name) {
    return ((JsonString) value(object, name)).value();
  }

  private static double number(JsonValue value) {
    return Double.parseDouble(((JsonNumber) value).text());
  }
}
