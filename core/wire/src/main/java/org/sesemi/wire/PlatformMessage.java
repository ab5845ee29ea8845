package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is said on the control socket of a platform daemon: requests, one reply to each, and events
 * for connections that asked for them. A {@link PlatformFrame} carries each message.
 *
 * <p>Whoever controls a platform is not trusted by the enclaves on it: every field of a request is
 * either measured or declared as unmeasured.
 */
public sealed interface PlatformMessage {

  /** The longest message in bytes. */
  int MAX_LENGTH = 1 << 20;

  /** The most bytes of a measured configuration. */
  int MAX_CONFIG_LENGTH = 64 * 1024;

  /** The most unmeasured parameters or ready values of one launch. */
  int MAX_PARAMETERS = 64;

  /** The most characters of one parameter's name or value. */
  int MAX_PARAMETER_LENGTH = 4096;

  /** The most characters of a path. */
  int MAX_PATH_LENGTH = 4096;

  /** The most components in the listing of a measurement. */
  int MAX_COMPONENTS = 1024;

  /** The most launches that one status names. */
  int MAX_LAUNCHES = 1024;

  /** The ready value that says where an enclave listens, as literal address and port. */
  String ADDRESS_VALUE = "address";

  /** What a client asks for. Each gets exactly one {@link Reply}. */
  sealed interface Request extends PlatformMessage {}

  /** The answer to one request. */
  sealed interface Reply extends PlatformMessage {}

  /** News for connections that sent {@link Subscribe}. */
  sealed interface Event extends PlatformMessage {

    /** {@return the launch that the news is about} */
    LaunchId launchId();
  }

  /**
   * Starts an enclave. It lives until it is stopped, ends by itself, or the daemon ends.
   *
   * @param unit the absolute path of the launch folder
   * @param config the configuration, measured byte for byte
   * @param parameters what else the enclave is told; not measured, so nothing may be trusted
   *     because of it
   * @param label a short name for people, which also names the log file
   */
  record Launch(String unit, Bytes config, Map<String, String> parameters, String label)
      implements Request {
    /** Checks the parts. */
    public Launch {
      PlatformChecks.path(unit);
      PlatformChecks.config(config);
      parameters = PlatformChecks.texts(parameters);
      PlatformChecks.label(label);
    }
  }

  /**
   * Ends an enclave: it is told to shut down, and destroyed when it does not in time. Answered when
   * the process is gone.
   *
   * @param launchId the launch
   */
  record Stop(LaunchId launchId) implements Request {
    /** Checks that the launch is there. */
    public Stop {
      requireNonNull(launchId, "launchId");
    }
  }

  /** Asks what runs. */
  record Status() implements Request {}

  /**
   * Measures a launch folder as a launch of it would, without starting it.
   *
   * @param folder the absolute path of the launch folder
   */
  record Measure(String folder) implements Request {
    /** Checks the path. */
    public Measure {
      PlatformChecks.path(folder);
    }
  }

  /** Asks for all events from now on, on this connection. */
  record Subscribe() implements Request {}

  /**
   * An enclave was started. It is not {@link Ready} yet.
   *
   * @param launchId the launch
   * @param pid its process id
   * @param measurement what code runs
   * @param configDigest the digest of its configuration
   */
  record Launched(LaunchId launchId, long pid, Digest measurement, Digest configDigest)
      implements Reply {
    /** Checks the parts. */
    public Launched {
      requireNonNull(launchId, "launchId");
      requireNonNull(measurement, "measurement");
      requireNonNull(configDigest, "configDigest");
      PlatformChecks.pid(pid);
    }
  }

  /**
   * The process of a launch is gone.
   *
   * @param launchId the launch
   * @param exitCode what it ended with; 128 and the signal's number when a signal ended it
   */
  record Stopped(LaunchId launchId, int exitCode) implements Reply {
    /** Checks the parts. */
    public Stopped {
      requireNonNull(launchId, "launchId");
    }
  }

  /**
   * What a platform is and what runs on it.
   *
   * @param platform the kind of platform, for example {@code simulated}
   * @param banner what every person who looks must be told; empty for hardware
   * @param rootPublicKey the raw 32-byte Ed25519 key that evidence of this platform leads to
   * @param pid the daemon's process id
   * @param started when the daemon started
   * @param maxLaunches how many enclaves can run at a time
   * @param launches the enclaves that run, oldest first
   * @param limits what this platform does not do, one sentence each
   */
  record StatusReport(
      String platform,
      String banner,
      Bytes rootPublicKey,
      long pid,
      Instant started,
      int maxLaunches,
      List<LaunchView> launches,
      List<String> limits)
      implements Reply {
    /** Checks the parts. */
    public StatusReport {
      requireNonNull(platform, "platform");
      requireNonNull(banner, "banner");
      requireNonNull(rootPublicKey, "rootPublicKey");
      started = Instants.toMillis(started);
      PlatformChecks.pid(pid);
      launches = List.copyOf(launches);
      limits = List.copyOf(limits);
    }
  }

  /** How far an enclave is. */
  enum LaunchState {
    /** The process runs and has not said that it is ready. */
    STARTING,
    /** The enclave said that it is ready. */
    READY,
    /** The enclave was told to shut down. */
    STOPPING;

    /** {@return the name used in messages} */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the state with a name}
     *
     * @param text a name as {@link #text()} gives it
     */
    public static LaunchState parse(String text) {
      for (LaunchState state : values()) {
        if (state.text().equals(text)) {
          return state;
        }
      }
      throw new WireException(WireException.Code.CBOR_UNEXPECTED, "no such state of a launch");
    }
  }

  /**
   * One enclave in a {@link StatusReport}.
   *
   * @param launchId the launch
   * @param label its short name
   * @param pid its process id
   * @param measurement what code runs
   * @param configDigest the digest of its configuration
   * @param state how far it is
   * @param started when it was started
   * @param values what it said when it became ready
   */
  record LaunchView(
      LaunchId launchId,
      String label,
      long pid,
      Digest measurement,
      Digest configDigest,
      LaunchState state,
      Instant started,
      Map<String, String> values) {
    /** Checks the parts. */
    public LaunchView {
      requireNonNull(launchId, "launchId");
      requireNonNull(measurement, "measurement");
      requireNonNull(configDigest, "configDigest");
      requireNonNull(state, "state");
      PlatformChecks.label(label);
      PlatformChecks.pid(pid);
      started = Instants.toMillis(started);
      values = PlatformChecks.texts(values);
    }
  }

  /**
   * What a launch folder measures.
   *
   * @param measurement the code measurement
   * @param components what it covers, in order
   */
  record Measured(Digest measurement, List<Component> components) implements Reply {
    /** Checks the parts. */
    public Measured {
      requireNonNull(measurement, "measurement");
      components = List.copyOf(components);
    }
  }

  /**
   * One part of what a measurement covers.
   *
   * @param kind what it is, for example {@code jar}
   * @param name its path in the launch folder, or a fixed word where it is no file
   * @param digest the digest of its content
   * @param size the number of bytes that the digest covers
   */
  record Component(String kind, String name, Digest digest, long size) {
    /** Checks the parts. */
    public Component {
      requireNonNull(kind, "kind");
      requireNonNull(name, "name");
      requireNonNull(digest, "digest");
    }
  }

  /** Events will follow. */
  record Subscribed() implements Reply {}

  /**
   * The request was refused or failed, and changed nothing.
   *
   * @param failure why
   */
  record Failed(PlatformFailure failure) implements Reply {
    /** Checks that the reason is there. */
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /**
   * An enclave can serve.
   *
   * @param launchId the launch
   * @param label its short name
   * @param values what it says about itself, for example the address it listens on; not measured
   */
  record Ready(LaunchId launchId, String label, Map<String, String> values) implements Event {
    /** Checks the parts. */
    public Ready {
      requireNonNull(launchId, "launchId");
      PlatformChecks.label(label);
      values = PlatformChecks.texts(values);
    }
  }

  /**
   * The process of an enclave is gone, for whatever reason.
   *
   * @param launchId the launch
   * @param label its short name
   * @param exitCode what it ended with; 128 and the signal's number when a signal ended it
   */
  record Exited(LaunchId launchId, String label, int exitCode) implements Event {
    /** Checks the parts. */
    public Exited {
      requireNonNull(launchId, "launchId");
      PlatformChecks.label(label);
    }
  }
}
