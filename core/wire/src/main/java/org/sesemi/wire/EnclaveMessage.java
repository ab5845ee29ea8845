package org.sesemi.wire;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/**
 * What an enclave and its platform say to each other over the pipe that the platform opened when it
 * started the enclave. An {@link EnclaveFrame} carries each message.
 *
 * <p>Guarantees: no message names a measurement, a configuration or a launch that the platform did
 * not decide itself; whoever is at the enclave's end of the pipe can only speak for this launch.
 */
public sealed interface EnclaveMessage {

  /** The longest message in bytes. */
  int MAX_LENGTH = 1 << 20;

  /** The number of bytes that evidence carries for the enclave. */
  int REPORT_DATA_LENGTH = 64;

  /** The most bytes of evidence in its encoded form. */
  int MAX_EVIDENCE_LENGTH = 128 * 1024;

  /** What the platform says. */
  sealed interface FromPlatform extends EnclaveMessage {}

  /** What the enclave says. */
  sealed interface FromEnclave extends EnclaveMessage {}

  /** A question of the enclave, which the platform answers once. */
  sealed interface Question extends FromEnclave {}

  /** The answer to a question. */
  sealed interface Answer extends FromPlatform {}

  /**
   * The first message of a session: who the enclave is and how it was configured.
   *
   * @param platform the kind of platform, for example {@code simulated}
   * @param launchId the launch
   * @param measurement what code runs
   * @param configDigest the digest of the configuration
   * @param platformRoot the raw 32-byte Ed25519 key that evidence of this platform leads to
   * @param config the configuration; its digest is in all evidence
   * @param parameters what else the operator said; not measured, so nothing may be trusted because
   *     of it
   */
  record Hello(
      String platform,
      LaunchId launchId,
      Digest measurement,
      Digest configDigest,
      Bytes platformRoot,
      Bytes config,
      Map<String, String> parameters)
      implements FromPlatform {
    /** Checks the parts. */
    public Hello {
      requireNonNull(platform, "platform");
      requireNonNull(launchId, "launchId");
      requireNonNull(measurement, "measurement");
      requireNonNull(configDigest, "configDigest");
      PlatformChecks.require(platformRoot.length() == 32, "a root key has 32 bytes");
      PlatformChecks.config(config);
      parameters = PlatformChecks.texts(parameters);
    }
  }

  /**
   * Asks for evidence.
   *
   * @param reportData 64 bytes that it covers
   */
  record Attest(Bytes reportData) implements Question {
    /** Checks the length. */
    public Attest {
      PlatformChecks.require(reportData.length() == REPORT_DATA_LENGTH, "report data has 64 bytes");
    }
  }

  /**
   * Evidence about this launch.
   *
   * @param evidence the evidence in its encoded form, kind of platform included
   */
  record Quote(Bytes evidence) implements Answer {
    /** Checks the length. */
    public Quote {
      PlatformChecks.require(
          evidence.length() > 0 && evidence.length() <= MAX_EVIDENCE_LENGTH,
          "evidence is empty or too long");
    }
  }

  /** Asks for the key that only enclaves of this measurement on this platform get. */
  record AskSealingKey() implements Question {}

  /**
   * The sealing key of this measurement.
   *
   * @param key the key
   */
  record SealingKey(SecretField key) implements Answer {
    /** Checks that the key is there. */
    public SealingKey {
      requireNonNull(key, "key");
    }
  }

  /**
   * Asks for the value of a monotonic counter of this measurement; one never advanced is at 0.
   *
   * @param name its name
   */
  record ReadCounter(String name) implements Question {
    /** Checks the name. */
    public ReadCounter {
      PlatformChecks.counter(name);
    }
  }

  /**
   * Moves a monotonic counter of this measurement one up, durably.
   *
   * @param name its name
   * @param from the value that the enclave believes it has; refused when it has another one
   */
  record AdvanceCounter(String name, long from) implements Question {
    /** Checks the parts. */
    public AdvanceCounter {
      PlatformChecks.counter(name);
      PlatformChecks.require(from >= 0, "a counter is not negative");
    }
  }

  /**
   * The value of a counter, after moving it where that was asked.
   *
   * @param value the value
   */
  record Counter(long value) implements Answer {
    /** Checks the value. */
    public Counter {
      PlatformChecks.require(value >= 0, "a counter is not negative");
    }
  }

  /**
   * The question was refused or failed, and changed nothing.
   *
   * @param failure why
   */
  record Failed(PlatformFailure failure) implements Answer {
    /** Checks that the reason is there. */
    public Failed {
      requireNonNull(failure, "failure");
    }
  }

  /**
   * The enclave can serve. Said once, not answered.
   *
   * @param values what it says about itself, for example the address it listens on
   */
  record Ready(Map<String, String> values) implements FromEnclave {
    /** Copies the values. */
    public Ready {
      values = PlatformChecks.texts(values);
    }
  }

  /** The enclave should finish its work and end. Not answered: the process ends, or is ended. */
  record Shutdown() implements FromPlatform {}
}
