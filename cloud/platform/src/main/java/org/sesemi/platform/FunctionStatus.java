package org.sesemi.platform;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sesemi.wire.Digest;

/**
 * What a function is doing.
 *
 * @param spec what it was deployed as
 * @param sandboxes its sandboxes, oldest first
 * @param memoryLimit how sandboxes are held to their memory limit
 * @param waiting how many requests wait for a sandbox
 * @param starts how many sandboxes became ready since the platform started
 * @param failures how many sandboxes ended on their own or never became ready
 * @param lastFailure what happened to the last of those
 * @param backOff how long no sandbox is started because of failures, zero in general
 */
public record FunctionStatus(
    FunctionSpec spec,
    List<SandboxStatus> sandboxes,
    MemoryLimit memoryLimit,
    int waiting,
    long starts,
    long failures,
    Optional<String> lastFailure,
    Duration backOff) {

  /** Copies the list. */
  public FunctionStatus {
    requireNonNull(spec, "spec");
    requireNonNull(memoryLimit, "memoryLimit");
    requireNonNull(lastFailure, "lastFailure");
    requireNonNull(backOff, "backOff");
    sandboxes = List.copyOf(sandboxes);
  }

  /** {@return how many sandboxes can serve} */
  public int ready() {
    return (int) sandboxes.stream().filter(s -> s.state() == SandboxState.READY).count();
  }

  /** How far a sandbox is. */
  public enum SandboxState {
    /** It was launched and is not ready yet. */
    STARTING,
    /** It serves. */
    READY,
    /** It gets no more requests and ends. */
    STOPPING;

    /** {@return the name used in status documents} */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What one sandbox is doing.
   *
   * @param label its name, which its log file has too
   * @param state how far it is
   * @param pid its process, when it is launched
   * @param measurement the measurement of its code as the platform says, when it is launched
   * @param inFlight how many requests it serves
   * @param served how many requests it answered
   * @param since when its start began
   */
  public record SandboxStatus(
      String label,
      SandboxState state,
      Optional<Long> pid,
      Optional<Digest> measurement,
      int inFlight,
      long served,
      Instant since) {

    /** Checks that everything is there. */
    public SandboxStatus {
      requireNonNull(label, "label");
      requireNonNull(state, "state");
      requireNonNull(pid, "pid");
      requireNonNull(measurement, "measurement");
      requireNonNull(since, "since");
    }
  }
}
