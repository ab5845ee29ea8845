package org.sesemi.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sesemi.sdk.Answer;
import org.sesemi.sdk.ModelFile;
import org.sesemi.sdk.Publication;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.Tensor;
import org.sesemi.wire.VersionRule;

/** The repository's own example model and its rows: small, quick, and with known answers. */
final class Forest {

  static final Path FOLDER = Sesemi.ROOT.resolve("examples/wdbc-forest");
  static final Path FILE = FOLDER.resolve("model.onnx");

  /** The features of the example's rows. */
  static final List<float[]> ROWS = rows();

  private Forest() {}

  /** Publishes the forest under a name and allows the user to use it. */
  static ModelId publish(LiveStack stack, SesemiClient owner, SesemiClient user, String name) {
    Publication published = owner.publish(ModelFile.read(FILE), name);
    LiveStack.grant(owner, stack.config().runtimePolicy(), published.modelId(), user.id());
    return published.modelId();
  }

  static InferRequest request(int row) {
    float[] features = ROWS.get(row % ROWS.size());
    return InferRequest.of(Tensor.ofFloats("X", new long[] {1, features.length}, features));
  }

  static float[] ask(SesemiClient user, ModelId model, int row) {
    return probabilities(
        user.infer(model, request(row), new VersionRule.Current(), LiveStack.LIMIT));
  }

  static float[] probabilities(Answer answer) {
    return answer.response().output("probabilities").orElseThrow().floats();
  }

  private static List<float[]> rows() {
    try {
      return Files.readAllLines(FOLDER.resolve("samples.csv")).stream()
          .skip(1)
          .map(
              line -> {
                String[] cells = line.split(",", -1);
                float[] row = new float[30];
                for (int column = 0; column < row.length; column++) {
                  row[column] = Float.parseFloat(cells[column]);
                }
                return row;
              })
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
