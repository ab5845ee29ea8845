package org.sesemi.cli.internal.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sesemi.sdk.SdkException;

/** The tabular sample rows of the demo: measurements of a tumour and what it truly was. */
final class TumourSamples {

  /** How many measurements one row has. */
  static final int FEATURES = 30;

  private TumourSamples() {}

  /**
   * One row.
   *
   * @param features the measurements
   * @param benign whether it truly was benign
   * @param expectedBenign the probability that the model gave for benign when it was trained
   */
  record Sample(List<Float> features, boolean benign, double expectedBenign) {
    Sample {
      features = List.copyOf(features);
    }
  }

  /**
   * Reads a table with a header line, {@value #FEATURES} measurements, the true label, the expected
   * label and the expected probability in each row.
   *
   * @param file the table
   */
  static List<Sample> read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE, "cannot read the sample table " + file, e);
    }
    List<Sample> samples = new ArrayList<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      if (!line.isBlank()) {
        samples.add(row(line, file));
      }
    }
    return List.copyOf(samples);
  }

  private static Sample row(String line, Path file) {
    List<String> cells = List.of(line.split(",", -1));
    if (cells.size() != FEATURES + 3) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE,
          "a row of " + file + " has " + cells.size() + " cells, not " + (FEATURES + 3));
    }
    try {
      List<Float> features = new ArrayList<>();
      for (int i = 0; i < FEATURES; i++) {
        features.add(Float.valueOf(cells.get(i)));
      }
      return new Sample(
          features,
          Integer.parseInt(cells.get(FEATURES)) == 1,
          Double.parseDouble(cells.get(FEATURES + 2)));
    } catch (NumberFormatException e) {
      throw new SdkException(
          SdkException.Code.FILE_UNREADABLE, "a cell of " + file + " is not a number", e);
    }
  }
}
