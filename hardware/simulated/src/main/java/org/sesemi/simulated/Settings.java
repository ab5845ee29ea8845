package org.sesemi.simulated;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a simulated platform is set up.
 *
 * @param home the folder of root key, store, counters, logs and control socket
 * @param maxLaunches how many enclaves may run at a time
 * @param stopGrace how long an enclave that should end has before it is destroyed
 */
record Settings(Path home, int maxLaunches, Duration stopGrace) {

  static final int DEFAULT_MAX_LAUNCHES = 64;
  static final Duration DEFAULT_STOP_GRACE = Duration.ofSeconds(5);

  Settings {
    home = home.toAbsolutePath().normalize();
    if (maxLaunches < 1 || stopGrace.isNegative()) {
      throw new IllegalArgumentException("at least one launch, and no negative time");
    }
  }

  static Settings of(Path home) {
    return new Settings(home, DEFAULT_MAX_LAUNCHES, DEFAULT_STOP_GRACE);
  }
}
