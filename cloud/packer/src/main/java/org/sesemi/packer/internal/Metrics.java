package org.sesemi.packer.internal;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counters and histograms in base units, written in the text form of Prometheus. Labels take values
 * from fixed sets only: nothing that a request names becomes a label.
 */
final class Metrics {

  private static final double[] SECONDS = {
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60
  };
  private static final double[] BYTES = {
    1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864
  };

  private final Map<String, LongAdder> requests = new ConcurrentSkipListMap<>();
  private final Map<FunctionSlot.Placement, LongAdder> placements =
      new EnumMap<>(FunctionSlot.Placement.class);
  private final Histogram duration = new Histogram(SECONDS);
  private final Histogram queueWait = new Histogram(SECONDS);
  private final Histogram startWait = new Histogram(SECONDS);
  private final Histogram serving = new Histogram(SECONDS);
  private final Histogram requestSize = new Histogram(BYTES);
  private final Histogram responseSize = new Histogram(BYTES);

  Metrics() {
    for (FunctionSlot.Placement placement : FunctionSlot.Placement.values()) {
      placements.put(placement, new LongAdder());
    }
    requests.put("ok", new LongAdder());
  }

  /** A request ended with an outcome: {@code ok}, or the code of its failure. */
  void ended(String outcome, Duration took) {
    requests.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
    duration.add(seconds(took));
  }

  void placed(FunctionSlot.Placement placement, Duration waited) {
    placements.computeIfAbsent(placement, _ -> new LongAdder()).increment();
    queueWait.add(seconds(waited));
  }

  void served(Duration waiting, Duration took, int requestBytes, int responseBytes) {
    startWait.add(seconds(waiting));
    serving.add(seconds(took));
    requestSize.add(requestBytes);
    responseSize.add(responseBytes);
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  void write(PrometheusText out) {
    out.family("sesemi_packer_requests_total", "counter", "Requests by outcome.");
    requests.forEach(
        (outcome, count) ->
            out.sample("sesemi_packer_requests_total", "outcome", outcome, count.sum()));
    out.family("sesemi_packer_placements_total", "counter", "Placed requests by reason.");
    placements.forEach(
        (placement, count) ->
            out.sample("sesemi_packer_placements_total", "reason", placement.text(), count.sum()));
    duration.write(out, "sesemi_packer_request_duration_seconds", "Time of a whole request.");
    queueWait.write(out, "sesemi_packer_queue_wait_seconds", "Time until a function was chosen.");
    startWait.write(
        out, "sesemi_packer_sandbox_wait_seconds", "Time until a sandbox took the request.");
    serving.write(out, "sesemi_packer_function_duration_seconds", "Time that the function took.");
    requestSize.write(out, "sesemi_packer_request_size_bytes", "Size of served requests.");
    responseSize.write(out, "sesemi_packer_response_size_bytes", "Size of answers.");
  }

  /** Counts values in buckets with fixed upper bounds. */
  private static final class Histogram {

    private final double[] bounds;
    private final LongAdder[] counts;
    private final DoubleAdder sum = new DoubleAdder();

    Histogram(double[] bounds) {
      this.bounds = bounds;
      this.counts = new LongAdder[bounds.length + 1];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = new LongAdder();
      }
    }

    void add(double value) {
      int bucket = 0;
      while (bucket < bounds.length && value > bounds[bucket]) {
        bucket++;
      }
      counts[bucket].increment();
      sum.add(value);
    }

    void write(PrometheusText out, String name, String help) {
      out.family(name, "histogram", help);
      long below = 0;
      for (int i = 0; i < bounds.length; i++) {
        below += counts[i].sum();
        out.sample(name + "_bucket", "le", PrometheusText.number(bounds[i]), below);
      }
      below += counts[bounds.length].sum();
      out.sample(name + "_bucket", "le", "+Inf", below);
      out.sample(name + "_sum", sum.sum());
      out.sample(name + "_count", below);
    }
  }

  /** The text form of Prometheus, version 0.0.4. */
  static final class PrometheusText {

    static final String MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final StringBuilder out = new StringBuilder();

    void family(String name, String type, String help) {
      out.append("# HELP ").append(name).append(' ').append(help).append('\n');
      out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, Number value) {
      out.append(name).append(' ').append(number(value.doubleValue())).append('\n');
    }

    void sample(String name, String label, String labelValue, Number value) {
      out.append(name).append('{').append(label).append("=\"").append(labelValue).append("\"} ");
      out.append(number(value.doubleValue())).append('\n');
    }

    static String number(double value) {
      return value == Math.rint(value) && Math.abs(value) < 1e15
          ? Long.toString((long) value)
          : String.format(Locale.ROOT, "%s", value);
    }

    @Override
    public String toString() {
      return out.toString();
    }
  }
}
