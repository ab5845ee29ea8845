package org.sesemi.runtime;

import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the operator says to a runtime. None of it is measured, so nothing may be trusted because of
 * it: a wrong value can make the runtime slow or useless, not unsafe.
 *
 * @param listen where to listen; port 0 takes a free one
 * @param keyService where the key service is said to be
 * @param storage the folder with sealed packages
 * @param concurrency how many requests infer at a time
 * @param queue how many more may wait
 * @param memoryBytes the most bytes that all models together may take
 * @param timeout the time allowed for a request that names none
 */
public record RuntimeParameters(
    InetSocketAddress listen,
    InetSocketAddress keyService,
    Path storage,
    int concurrency,
    int queue,
    long memoryBytes,
    Duration timeout) {

  /** Where to listen when nothing is said. */
  public static final String DEFAULT_LISTEN = "127.0.0.1:0";

  /** How many requests may wait when nothing is said. */
  public static final int DEFAULT_QUEUE = 256;

  /** The memory for models when nothing is said: 2 GiB. */
  public static final long DEFAULT_MEMORY_BYTES = 2L << 30;

  /** The time allowed for a request when nothing is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  private static final Set<String> NAMES =
      Set.of(
          "listen", "keyservice", "storage", "concurrency", "queue", "memory-bytes", "timeout-ms");

  /**
   * Reads parameters. Unknown names are refused.
   *
   * @param values the parameters by name
   * @return the parameters
   * @throws FunctionException with {@code config.invalid}
   */
  public static RuntimeParameters of(Map<String, String> values) {
    Set<String> unknown = new TreeSet<>(values.keySet());
    unknown.removeAll(NAMES);
    if (!unknown.isEmpty()) {
      throw invalid("unknown " + unknown + ", known are " + new TreeSet<>(NAMES));
    }
    int processors = Runtime.getRuntime().availableProcessors();
    return new RuntimeParameters(
        address("listen", values.getOrDefault("listen", DEFAULT_LISTEN)),
        address("keyservice", required(values, "keyservice")),
        path(required(values, "storage")),
        (int) number(values, "concurrency", processors, 1, 4096),
        (int) number(values, "queue", DEFAULT_QUEUE, 0, 65536),
        number(values, "memory-bytes", DEFAULT_MEMORY_BYTES, 1 << 20, 1L << 50),
        Duration.ofMillis(number(values, "timeout-ms", DEFAULT_TIMEOUT.toMillis(), 1, 86_400_000)));
  }

  private static String required(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw invalid("'" + name + "' is missing");
    }
    return value;
  }

  private static long number(
      Map<String, String> values, String name, long otherwise, long min, long max) {
    String text = values.get(name);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,18}")) {
      long value = Long.parseLong(text);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw invalid("'" + name + "' is not a number from " + min + " to " + max);
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new FunctionException(
          FunctionException.Code.CONFIG_INVALID, "parameter 'storage' is not a path", e);
    }
  }

  private static InetSocketAddress address(String name, String text) {
    int colon = text.lastIndexOf(':');
    String port = text.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw invalid("'" + name + "' is not host:port");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    return new InetSocketAddress(host, Integer.parseInt(port));
  }

  private static FunctionException invalid(String message) {
    return new FunctionException(
        FunctionException.Code.CONFIG_INVALID, "the parameters: " + message);
  }
}
