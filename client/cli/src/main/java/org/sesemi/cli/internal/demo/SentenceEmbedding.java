package org.sesemi.cli.internal.demo;

import java.util.List;
import org.sesemi.sdk.SdkException;
import org.sesemi.wire.InferRequest;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.Tensor;

/**
 * Turns sentences into requests of an embedding model and its answers into one vector for each
 * sentence: token vectors are averaged over the tokens that are not padding.
 */
final class SentenceEmbedding {

  private static final String OUTPUT = "last_hidden_state";

  private final WordPieceTokenizer tokenizer;

  SentenceEmbedding(WordPieceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /** A batch of sentences, all padded to the longest. */
  static final class Batch {
    private final long[] mask;
    private final int rows;
    private final int columns;
    private final InferRequest request;

    private Batch(List<int[]> rows) {
      this.rows = rows.size();
      this.columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
      long[] ids = new long[this.rows * columns];
      this.mask = new long[ids.length];
      for (int i = 0; i < this.rows; i++) {
        int[] row = rows.get(i);
        for (int j = 0; j < row.length; j++) {
          ids[i * columns + j] = row[j];
          mask[i * columns + j] = 1;
        }
      }
      long[] shape = {this.rows, columns};
      this.request =
          InferRequest.of(
              Tensor.ofLongs("input_ids", shape, ids),
              Tensor.ofLongs("attention_mask", shape, mask),
              Tensor.ofLongs("token_type_ids", shape, new long[ids.length]));
    }

    /** Returns the request to send. */
    InferRequest request() {
      return request;
    }

    /** Returns one vector of length one for each sentence. */
    float[][] vectors(InferResponse response) {
      Tensor hidden =
          response
              .output(OUTPUT)
              .orElseThrow(
                  () ->
                      new SdkException(
                          SdkException.Code.ANSWER_INVALID, "the answer has no " + OUTPUT));
      long[] shape = hidden.shape();
      if (shape.length != 3 || shape[0] != rows || shape[1] != columns) {
        throw new SdkException(
            SdkException.Code.ANSWER_INVALID, "the answer's shape does not fit the sentences");
      }
      int width = (int) shape[2];
      float[] values = hidden.floats();
      float[][] vectors = new float[rows][width];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          if (mask[i * columns + j] == 1) {
            for (int k = 0; k < width; k++) {
              vectors[i][k] += values[(i * columns + j) * width + k];
            }
          }
        }
        normalise(vectors[i]);
      }
      return vectors;
    }
  }

  Batch batch(List<String> sentences) {
    return new Batch(sentences.stream().map(tokenizer::encode).toList());
  }

  /** Returns how close two vectors of length one are: 1 the same direction, 0 unrelated. */
  static double cosine(float[] a, float[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void normalise(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += value * value;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; i < vector.length; i++) {
      vector[i] = length == 0 ? 0 : (float) (vector[i] / length);
    }
  }
}
