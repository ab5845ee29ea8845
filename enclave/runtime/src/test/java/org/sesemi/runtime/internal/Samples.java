package org.sesemi.runtime.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.Tensor;

/** The rows of the example model with the answers that are right. */
public final class Samples {

  /**
   * One row.
   *
   * @param values the 30 measurements
   * @param label the right class
   * @param probability the right probability of class 1
   */
  @SuppressWarnings("ArrayRecordComponent") // test data: value equality is not needed
  public record Row(float[] values, long label, float probability) {

    /** Returns the request for this row. */
    public InferRequest request() {
      return InferRequest.of(Tensor.ofFloats("X", new long[] {1, 30}, values))
          .withBinaryOutput(true);
    }

    /** Tells whether a response is right. */
    public boolean rightly(InferResponse response) {
      float[] probabilities = response.output("probabilities").orElseThrow().floats();
      return response.output("label").orElseThrow().longs()[0] == label
          && Math.abs(probabilities[1] - probability) <= 1e-5f;
    }
  }

  private static final Path FOLDER =
      Path.of(System.getProperty("sesemi.root"), "examples", "wdbc-forest");

  private Samples() {}

  /** Returns the example model. */
  public static byte[] forest() throws IOException {
    return Files.readAllBytes(FOLDER.resolve("model.onnx"));
  }

  /** Returns all rows. */
  public static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    List<String> lines = Files.readAllLines(FOLDER.resolve("samples.csv"));
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split(",", -1);
      float[] values = new float[30];
      for (int i = 0; i < 30; i++) {
        values[i] = Float.parseFloat(cells[i]);
      }
      rows.add(new Row(values, Long.parseLong(cells[31]), Float.parseFloat(cells[32])));
    }
    return rows;
  }
}
