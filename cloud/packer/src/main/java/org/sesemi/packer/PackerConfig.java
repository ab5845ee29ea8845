package org.sesemi.packer;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.WireException;

/**
 * What the packer needs to know. As a file it is a JSON object; unknown fields stop the start, and
 * relative paths begin at the folder of the file.
 *
 * <pre>
 * {
 *   "apiVersion": "sesemi/v1",
 *   "listen": "127.0.0.1:0",
 *   "daemon-socket": "daemon.sock",
 *   "unit": "units/runtime",
 *   "runtime-config": "runtime.json",
 *   "runtime-parameters": {"storage": "..."},
 *   "pool": {
 *     "functions": 2, "concurrency": 8, "spread": 1,
 *     "memory-bytes": 2147483648, "keep-alive-seconds": 600
 *   },
 *   "payload-limit-bytes": 33554432,
 *   "queue-limit": 256,
 *   "default-deadline-seconds": 60,
 *   "max-deadline-seconds": 300,
 *   "patience-seconds": 2,
 *   "drain-seconds": 10
 * }
 * </pre>
 *
 * <p>{@code listen}, {@code daemon-socket}, {@code unit} and {@code runtime-config} are required.
 *
 * @param host the literal address to listen on
 * @param port the port to listen on, 0 for any
 * @param daemonSocket the control socket of the platform daemon
 * @param unit the launch folder of the function runtime
 * @param runtimeConfig the file with the runtime's measured configuration
 * @param runtimeParameters what else the runtime is told, not measured
 * @param pool the functions
 * @param payloadLimit the most bytes of a request
 * @param queueLimit how many requests may wait
 * @param defaultDeadline how long a request that says nothing may take
 * @param maxDeadline how long a request may take whatever it says
 * @param patience how long a request may wait before a function is cleared for it
 * @param drain how long requests in flight may take when the packer shuts down
 */
public record PackerConfig(
    String host,
    int port,
    Path daemonSocket,
    Path unit,
    Path runtimeConfig,
    Map<String, String> runtimeParameters,
    Pool pool,
    int payloadLimit,
    int queueLimit,
    Duration defaultDeadline,
    Duration maxDeadline,
    Duration patience,
    Duration drain) {

  private static final String API_VERSION = "sesemi/v1";

  /** The most bytes of a request when nothing else is said: 32 MiB. */
  public static final int DEFAULT_PAYLOAD_LIMIT = 32 << 20;

  /** How many requests may wait when nothing else is said. */
  public static final int DEFAULT_QUEUE_LIMIT = 256;

  /** How long a request may take when neither it nor the configuration says. */
  public static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

  /** How long a request may take at most when nothing else is said. */
  public static final Duration DEFAULT_MAX_DEADLINE = Duration.ofMinutes(5);

  /** How long a request may wait before a function is cleared for it when nothing else is said. */
  public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(2);

  /** How long a shutdown may take when nothing else is said. */
  public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(10);

  /**
   * The functions of a packer, which are all alike.
   *
   * @param functions how many there are; each has at most one sandbox
   * @param concurrency how many requests one serves at a time
   * @param spread on how many of them one model may have requests in flight
   * @param memoryBytes the memory limit of each
   * @param keepAlive how long one without requests is kept
   */
  public record Pool(
      int functions, int concurrency, int spread, long memoryBytes, Duration keepAlive) {

    /** How many functions there are when nothing else is said. */
    public static final int DEFAULT_FUNCTIONS = 2;

    /** How many requests one function serves at a time when nothing else is said. */
    public static final int DEFAULT_CONCURRENCY = 8;

    /** On how many functions one model may be when nothing else is said. */
    public static final int DEFAULT_SPREAD = 1;

    /** The memory limit of one function when nothing else is said: 2 GiB. */
    public static final long DEFAULT_MEMORY_BYTES = 2L << 30;

    /** How long an idle function is kept when nothing else is said. */
    public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofMinutes(10);

    /** The pool when nothing else is said. */
    public static final Pool DEFAULT =
        new Pool(
            DEFAULT_FUNCTIONS,
            DEFAULT_CONCURRENCY,
            DEFAULT_SPREAD,
            DEFAULT_MEMORY_BYTES,
            DEFAULT_KEEP_ALIVE);

    /** Checks the fields. */
    public Pool {
      requireNonNull(keepAlive, "keepAlive");
      if (functions < 1 || concurrency < 1 || spread < 1) {
        throw new PackerException(
            PackerException.Code.CONFIG, "a pool has at least one function, place and spread");
      }
    }

    static Pool read(JsonFields fields) {
      Pool pool =
          new Pool(
              integer(fields, "functions", 1, 256, DEFAULT_FUNCTIONS),
              integer(fields, "concurrency", 1, 4096, DEFAULT_CONCURRENCY),
              integer(fields, "spread", 1, 256, DEFAULT_SPREAD),
              fields
                  .optionalInteger("memory-bytes", 16 << 20, 1L << 50)
                  .orElse(DEFAULT_MEMORY_BYTES),
              seconds(fields, "keep-alive-seconds", 1, DEFAULT_KEEP_ALIVE));
      fields.finish();
      return pool;
    }
  }

  /** Checks the fields and copies the parameters. */
  public PackerConfig {
    requireNonNull(host, "host");
    requireNonNull(daemonSocket, "daemonSocket");
    requireNonNull(unit, "unit");
    requireNonNull(runtimeConfig, "runtimeConfig");
    requireNonNull(pool, "pool");
    requireNonNull(patience, "patience");
    requireNonNull(drain, "drain");
    runtimeParameters = Map.copyOf(runtimeParameters);
    if (defaultDeadline.compareTo(maxDeadline) > 0) {
      throw new PackerException(
          PackerException.Code.CONFIG, "the default deadline is beyond the longest one");
    }
  }

  /**
   * {@return a configuration with defaults for everything that has one}
   *
   * @param listen literal address and port, for example {@code 127.0.0.1:0}
   * @param daemonSocket the control socket of the platform daemon
   * @param unit the launch folder of the function runtime
   * @param runtimeConfig the file with the runtime's measured configuration
   */
  public static PackerConfig of(String listen, Path daemonSocket, Path unit, Path runtimeConfig) {
    return new PackerConfig(
        hostOf(listen),
        portOf(listen),
        daemonSocket,
        unit,
        runtimeConfig,
        Map.of(),
        Pool.DEFAULT,
        DEFAULT_PAYLOAD_LIMIT,
        DEFAULT_QUEUE_LIMIT,
        DEFAULT_DEADLINE,
        DEFAULT_MAX_DEADLINE,
        DEFAULT_PATIENCE,
        DEFAULT_DRAIN);
  }

  /**
   * Reads a configuration file.
   *
   * @param file the file
   * @return the configuration
   * @throws PackerException with {@code packer.config} when it cannot be read or is wrong
   */
  public static PackerConfig read(Path file) {
    Path absolute = file.toAbsolutePath().normalize();
    try {
      return parse(Files.readAllBytes(absolute), requireNonNull(absolute.getParent(), "a folder"));
    } catch (IOException e) {
      throw new PackerException(
          PackerException.Code.CONFIG, "the configuration " + file + " cannot be read", e);
    }
  }

  /**
   * Reads a configuration.
   *
   * @param utf8 the JSON document
   * @param folder where relative paths begin
   * @return the configuration
   * @throws PackerException with {@code packer.config} when it is wrong
   */
  public static PackerConfig parse(byte[] utf8, Path folder) {
    try {
      JsonFields fields = JsonFields.of(utf8);
      checkVersion(fields);
      String listen = fields.text("listen");
      PackerConfig config =
          new PackerConfig(
              hostOf(listen),
              portOf(listen),
              folder.resolve(fields.text("daemon-socket")),
              folder.resolve(fields.text("unit")),
              folder.resolve(fields.text("runtime-config")),
              fields.has("runtime-parameters") ? fields.textMap("runtime-parameters") : Map.of(),
              fields.optionalObject("pool").map(Pool::read).orElse(Pool.DEFAULT),
              integer(fields, "payload-limit-bytes", 1024, 1 << 30, DEFAULT_PAYLOAD_LIMIT),
              integer(fields, "queue-limit", 0, 100_000, DEFAULT_QUEUE_LIMIT),
              seconds(fields, "default-deadline-seconds", 1, DEFAULT_DEADLINE),
              seconds(fields, "max-deadline-seconds", 1, DEFAULT_MAX_DEADLINE),
              seconds(fields, "patience-seconds", 0, DEFAULT_PATIENCE),
              seconds(fields, "drain-seconds", 0, DEFAULT_DRAIN));
      fields.finish();
      return config;
    } catch (WireException e) {
      throw new PackerException(PackerException.Code.CONFIG, e.detail(), e);
    }
  }

  private static void checkVersion(JsonFields fields) {
    String version = fields.optionalText("apiVersion").orElse(API_VERSION);
    if (!version.equals(API_VERSION)) {
      throw new PackerException(
          PackerException.Code.CONFIG, "field 'apiVersion' is not " + API_VERSION);
    }
  }

  private static int integer(JsonFields fields, String name, int min, int max, int otherwise) {
    OptionalLong value = fields.optionalInteger(name, min, max);
    return value.isPresent() ? (int) value.getAsLong() : otherwise;
  }

  private static Duration seconds(JsonFields fields, String name, int min, Duration otherwise) {
    OptionalLong value = fields.optionalInteger(name, min, 7 * 24 * 3600);
    return value.isPresent() ? Duration.ofSeconds(value.getAsLong()) : otherwise;
  }

  private static String hostOf(String listen) {
    String host = listen.substring(0, Math.max(0, listen.lastIndexOf(':')));
    try {
      return InetAddress.ofLiteral(host).getHostAddress();
    } catch (IllegalArgumentException e) {
      throw notAnAddress(listen, e);
    }
  }

  private static int portOf(String listen) {
    try {
      int port = Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
      if (port >= 0 && port <= 0xffff) {
        return port;
      }
      throw notAnAddress(listen, new IllegalArgumentException("port out of range"));
    } catch (NumberFormatException e) {
      throw notAnAddress(listen, e);
    }
  }

  private static PackerException notAnAddress(String listen, IllegalArgumentException cause) {
    return new PackerException(
        PackerException.Code.CONFIG,
        "field 'listen' is not <literal address>:<port>: " + listen,
        cause);
  }
}
