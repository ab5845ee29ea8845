package org.sesemi.platform;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.sesemi.wire.Bytes;

/**
 * What a platform needs to know to run a function.
 *
 * @param name its name: up to 32 of a-z, 0-9 and hyphen, a letter first
 * @param unit the launch folder of the enclave
 * @param config the measured configuration, byte for byte
 * @param parameters what else the enclave is told, not measured
 * @param memoryLimit the most bytes of memory that one sandbox may take
 * @param concurrency the most requests that one sandbox serves at a time
 * @param maxInstances the most sandboxes at a time
 * @param keepAlive how long a sandbox without requests is kept
 */
public record FunctionSpec(
    String name,
    Path unit,
    Bytes config,
    Map<String, String> parameters,
    long memoryLimit,
    int concurrency,
    int maxInstances,
    Duration keepAlive) {

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  /** Checks the fields and copies the parameters. */
  public FunctionSpec {
    requireNonNull(unit, "unit");
    requireNonNull(config, "config");
    parameters = Collections.unmodifiableMap(new TreeMap<>(parameters));
    require(NAME.matcher(name).matches(), "name", "has up to 32 of a-z, 0-9 and hyphen");
    require(memoryLimit >= 16 << 20, "memory limit", "is at least 16 MiB");
    require(concurrency >= 1 && concurrency <= 4096, "concurrency", "is from 1 to 4096");
    require(maxInstances >= 1 && maxInstances <= 1024, "number of instances", "is from 1 to 1024");
    require(keepAlive.isPositive(), "keep-alive time", "is positive");
  }

  private static void require(boolean holds, String field, String rule) {
    if (!holds) {
      throw new FunctionPlatformException(
          FunctionPlatformException.Code.SPEC, "the " + field + " of a function " + rule);
    }
  }
}
