package org.sesemi.runtime.internal;

import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/**
 * Counters, gauges and histograms in the text form of Prometheus. Labels hold what the clear
 * headers say of models, never anything of users; a bound on series keeps strangers from filling
 * the memory.
 */
public final class Metrics {

  private static final String PREFIX = "sesemi_runtime_";
  private static final int MAX_SERIES = 2000;
  private static final double[] BOUNDS = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
  };

  private final Map<String, LongAdder> counters = new ConcurrentSkipListMap<>();
  private final Map<String, DoubleSupplier> gauges = new ConcurrentSkipListMap<>();
  private final Map<String, Histogram> histograms = new ConcurrentSkipListMap<>();

  private static final class Histogram {
    private final LongAdder[] buckets = new LongAdder[BOUNDS.length + 1];
    private final LongAdder nanos = new LongAdder();

    private Histogram() {
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = new LongAdder();
      }
    }
  }

  /**
   * Adds one to a counter.
   *
   * @param name its name, ending in {@code _total}
   * @param labels its labels as they are printed, for example {@code outcome="ok"}
   */
  public void count(String name, String labels) {
    String series = PREFIX + name + "{" + labels + "}";
    if (counters.containsKey(series) || counters.size() < MAX_SERIES) {
      counters.computeIfAbsent(series, _ -> new LongAdder()).increment();
    }
  }

  /**
   * Adds a duration to a histogram.
   *
   * @param name its name, ending in {@code _seconds}
   * @param labels its labels as they are printed
   * @param duration in nanoseconds
   */
  public void observe(String name, String labels, long duration) {
    String series = PREFIX + name + "|" + labels;
    if (!histograms.containsKey(series) && histograms.size() >= MAX_SERIES) {
      return;
    }
    Histogram histogram = histograms.computeIfAbsent(series, _ -> new Histogram());
    int bucket = 0;
    while (bucket < BOUNDS.length && duration > BOUNDS[bucket] * 1e9) {
      bucket++;
    }
    histogram.buckets[bucket].increment();
    histogram.nanos.add(duration);
  }

  /**
   * Names a value that is read whenever metrics are asked for.
   *
   * @param name its name
   * @param value gives the value
   */
  public void gauge(String name, DoubleSupplier value) {
    gauges.put(PREFIX + name, value);
  }

  /** Returns all metrics in text form. */
  public String text() {
    StringBuilder text = new StringBuilder();
    String[] last = {""};
    counters.forEach(
        (series, count) -> {
          type(text, last, series.substring(0, series.indexOf('{')), "counter");
          text.append(series).append(' ').append(count.sum()).append('\n');
        });
    gauges.forEach(
        (name, value) -> {
          type(text, last, name, "gauge");
          text.append(name).append(' ').append(number(value.getAsDouble())).append('\n');
        });
    histograms.forEach(
        (series, histogram) -> {
          int bar = series.indexOf('|');
          type(text, last, series.substring(0, bar), "histogram");
          histogram(text, series.substring(0, bar), series.substring(bar + 1), histogram);
        });
    return text.toString();
  }

  private static void type(StringBuilder text, String[] last, String name, String type) {
    if (!last[0].equals(name)) {
      last[0] = name;
      text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }
  }

  private static void histogram(
      StringBuilder text, String name, String labels, Histogram histogram) {
    long count = 0;
    for (int i = 0; i <= BOUNDS.length; i++) {
      count += histogram.buckets[i].sum();
      text.append(name).append("_bucket{").append(labels).append(labels.isEmpty() ? "" : ",");
      text.append("le=\"").append(i < BOUNDS.length ? number(BOUNDS[i]) : "+Inf").append("\"} ");
      text.append(count).append('\n');
    }
    String braces = labels.isEmpty() ? "" : "{" + labels + "}";
    text.append(name).append("_sum").append(braces).append(' ');
    text.append(String.format(Locale.ROOT, "%.9f", histogram.nanos.sum() / 1e9)).append('\n');
    text.append(name).append("_count").append(braces).append(' ').append(count).append('\n');
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
