package org.sesemi.bench;

import java.util.Arrays;
import java.util.Locale;
import org.sesemi.wire.JsonObject;

/**
 * One line of a benchmark's result.
 *
 * @param model the model
 * @param path {@code floor} or {@code protected}
 * @param concurrency how many callers there were
 * @param p50Ms the median latency
 * @param p99Ms the 99th percentile
 * @param throughputPerSecond answers a second
 * @param ratioToFloor the median over rounds of this path's p50 divided by the floor's p50
 */
record Row(
    String model,
    String path,
    int concurrency,
    double p50Ms,
    double p99Ms,
    double throughputPerSecond,
    double ratioToFloor) {

  static final String HEADING =
      "model                 path        callers    p50 ms    p99 ms         /s  x floor";

  String line() {
    return String.format(
        Locale.ROOT,
        "%-20s  %-10s  %7d  %8.3f  %8.3f  %9.1f  %7.2f",
        model,
        path,
        concurrency,
        p50Ms,
        p99Ms,
        throughputPerSecond,
        ratioToFloor);
  }

  JsonObject json() {
    return JsonObject.builder()
        .put("model", model)
        .put("path", path)
        .put("concurrency", concurrency)
        .put("p50Ms", p50Ms)
        .put("p99Ms", p99Ms)
        .put("throughputPerSecond", throughputPerSecond)
        .put("ratioToFloor", ratioToFloor)
        .build();
  }

  /** Returns the value below which a share of the samples lies. */
  static double quantile(double[] samples, double share) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(share * (sorted.length - 1)))];
  }
}
