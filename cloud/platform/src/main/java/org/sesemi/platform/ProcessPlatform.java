package org.sesemi.platform;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.sesemi.platform.internal.ProcessFunctionPlatform;

/**
 * How to open the process platform, whose sandboxes are enclave processes on this machine that a
 * platform daemon launches.
 *
 * @param daemonSocket the daemon's control socket
 * @param clock the clock of deadlines and idle times
 * @param startTimeout how long a sandbox may take to become ready
 * @param maxAnswerBytes the longest answer accepted
 * @param limitBy whether to use a memory group where the rights allow
 */
public record ProcessPlatform(
    Path daemonSocket,
    InstantSource clock,
    Duration startTimeout,
    int maxAnswerBytes,
    LimitBy limitBy) {

  /** Which ways of limiting memory are open. */
  public enum LimitBy {
    /** A memory group where the rights allow, else the resident size. */
    BEST,
    /** The resident size. */
    RESIDENT_SIZE
  }

  /** How long a sandbox may take to become ready when nothing else is said. */
  public static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(60);

  /** The longest answer accepted when nothing else is said: 64 MiB. */
  public static final int DEFAULT_MAX_ANSWER_BYTES = 64 << 20;

  /** Checks the fields. */
  public ProcessPlatform {
    requireNonNull(daemonSocket, "daemonSocket");
    requireNonNull(clock, "clock");
    requireNonNull(startTimeout, "startTimeout");
    requireNonNull(limitBy, "limitBy");
  }

  /**
   * Takes the defaults for everything else.
   *
   * @param daemonSocket the daemon's control socket
   * @param clock the clock of deadlines and idle times
   */
  public ProcessPlatform(Path daemonSocket, InstantSource clock) {
    this(daemonSocket, clock, DEFAULT_START_TIMEOUT, DEFAULT_MAX_ANSWER_BYTES, LimitBy.BEST);
  }

  /**
   * Opens the platform. The daemon need not answer yet.
   *
   * @return the platform
   */
  public FunctionPlatform open() {
    return new ProcessFunctionPlatform(this);
  }
}
