package org.sesemi.simulated;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.attestation.SimulatedLaunch;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnclaveFrame;
import org.sesemi.wire.EnclaveMessage;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.PlatformFailure;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.PlatformMessage.LaunchState;
import org.sesemi.wire.SecretField;

/**
 * The platform's end of the pipe of one enclave, from its start to its end.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>Every answer is about the measurement and the configuration with which this process was
 *       started. No message can name another.
 *   <li>The quoting key exists in the daemon, for this launch alone, and is wiped with it.
 *   <li>A message that breaks the protocol ends this process and touches no other.
 * </ul>
 *
 * <p>One thread reads the pipe and answers; {@code writing} guards the other direction; {@code
 * state} and {@code values} are guarded by this object's monitor.
 */
final class EnclaveSession {

  private static final System.Logger LOG = System.getLogger("org.sesemi.simulated");
  private static final int MAX_READY_LENGTH = 16 * 1024;

  /** Who the enclave is. */
  record Identity(LaunchId launchId, String label, Digest measurement, Digest configDigest) {}

  /** What an enclave's end and news are told to. */
  interface Observer {
    void ready(EnclaveSession session, Map<String, String> values);

    void exited(EnclaveSession session, int exitCode);
  }

  private final Identity identity;
  private final Process process;
  private final PlatformRoot root;
  private final CounterStore counters;
  private final InstantSource clock;
  private final IdentityKey launchKey;
  private final Instant started;
  private final OutputStream toEnclave;
  private final ReentrantLock writing = new ReentrantLock();
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();

  private SimulatedLaunch quoting;
  private Instant quotingFrom;
  private LaunchState state = LaunchState.STARTING;
  private Map<String, String> values = Map.of();

  EnclaveSession(
      Identity identity,
      Process process,
      PlatformRoot root,
      CounterStore counters,
      InstantSource clock,
      IdentityKey launchKey) {
    this.identity = identity;
    this.process = process;
    this.root = root;
    this.counters = counters;
    this.clock = clock;
    this.launchKey = launchKey;
    this.started = clock.instant();
    this.toEnclave = process.getOutputStream();
    this.quotingFrom = started;
    this.quoting = certify(started);
  }

  Identity identity() {
    return identity;
  }

  long pid() {
    return process.pid();
  }

  /** Completes with the exit code when the process is gone. */
  CompletableFuture<Integer> exit() {
    return exit;
  }

  /** Greets the enclave and begins to serve it. */
  void open(EnclaveMessage.Hello hello, Observer observer) {
    Thread.ofPlatform()
        .daemon()
        .name("enclave-" + identity.label())
        .start(() -> serve(hello, observer));
    var _ =
        process
            .onExit()
            .thenAccept(
                ended -> {
                  launchKey.close();
                  closeStreams();
                  observer.exited(this, ended.exitValue());
                  exit.complete(ended.exitValue());
                });
  }

  synchronized PlatformMessage.LaunchView view() {
    return new PlatformMessage.LaunchView(
        identity.launchId(),
        identity.label(),
        process.pid(),
        identity.measurement(),
        identity.configDigest(),
        state,
        started,
        values);
  }

  /** Asks the enclave to end. */
  void shutDown() {
    synchronized (this) {
      state = LaunchState.STOPPING;
    }
    try {
      send(new EnclaveFrame(0, new EnclaveMessage.Shutdown()));
    } catch (IOException e) {
      destroy(); // Nobody is listening.
    }
  }

  /** Ends the process without asking. */
  void destroy() {
    process.destroyForcibly();
  }

  private void serve(EnclaveMessage.Hello hello, Observer observer) {
    try (BufferedInputStream in = new BufferedInputStream(process.getInputStream())) {
      send(new EnclaveFrame(0, hello));
      Optional<byte[]> bytes = Frames.read(in, EnclaveMessage.MAX_LENGTH);
      while (bytes.isPresent()) {
        take(EnclaveFrame.decode(bytes.get()), observer);
        bytes = Frames.read(in, EnclaveMessage.MAX_LENGTH);
      }
    } catch (IOException | CodedException e) {
      if (process.isAlive()) {
        LOG.log(
            System.Logger.Level.WARNING,
            "the pipe of {0} ({1}) ended: {2}",
            identity.label(),
            identity.launchId(),
            e.getMessage());
      }
    } finally {
      process.destroyForcibly(); // An enclave without a pipe is none.
    }
  }

  private void take(EnclaveFrame frame, Observer observer) throws IOException {
    switch (frame.message()) {
      case EnclaveMessage.Question question -> answer(frame.exchange(), question);
      case EnclaveMessage.Ready(Map<String, String> ready) -> {
        becomeReady(ready);
        observer.ready(this, ready);
      }
      case EnclaveMessage.FromPlatform _ ->
          throw new PlatformException(
              PlatformException.Code.PROTOCOL, "an enclave spoke as a platform");
    }
  }

  private synchronized void becomeReady(Map<String, String> ready) {
    int length = ready.entrySet().stream().mapToInt(e -> entryLength(e)).sum();
    if (state == LaunchState.READY || length > MAX_READY_LENGTH) {
      throw new PlatformException(
          PlatformException.Code.PROTOCOL, "an enclave was ready twice, or says too much");
    }
    values = ready;
    if (state == LaunchState.STARTING) {
      state = LaunchState.READY;
    }
  }

  private static int entryLength(Map.Entry<String, String> entry) {
    return entry.getKey().length() + entry.getValue().length();
  }

  private void answer(long exchange, EnclaveMessage.Question question) throws IOException {
    EnclaveMessage.Answer answer;
    try {
      answer = answer(question);
    } catch (CodedException e) {
      answer = new EnclaveMessage.Failed(PlatformFailure.of(e));
    } catch (IOException e) {
      LOG.log(System.Logger.Level.ERROR, "a question of an enclave failed", e);
      answer =
          new EnclaveMessage.Failed(
              PlatformFailure.of(
                  new PlatformException(
                      PlatformException.Code.INTERNAL, "the platform cannot use its disk", e)));
    }
    send(new EnclaveFrame(exchange, answer));
    if (answer instanceof EnclaveMessage.SealingKey(SecretField key)) {
      key.close();
    }
  }

  private EnclaveMessage.Answer answer(EnclaveMessage.Question question) throws IOException {
    Digest measurement = identity.measurement();
    return switch (question) {
      case EnclaveMessage.Attest(Bytes reportData) ->
          new EnclaveMessage.Quote(Bytes.of(quoting().attest(reportData.toArray()).encode()));
      case EnclaveMessage.AskSealingKey() ->
          new EnclaveMessage.SealingKey(root.sealingKey(measurement));
      case EnclaveMessage.ReadCounter(String name) ->
          new EnclaveMessage.Counter(counters.read(measurement, name));
      case EnclaveMessage.AdvanceCounter(String name, long from) ->
          new EnclaveMessage.Counter(counters.advance(measurement, name, from));
    };
  }

  /** The quoting session, certified anew before its certificate gets old. */
  private synchronized SimulatedLaunch quoting() {
    Instant now = clock.instant();
    Duration age = Duration.between(quotingFrom, now);
    if (age.isNegative() || age.compareTo(PlatformRoot.VALIDITY.dividedBy(2)) > 0) {
      quotingFrom = now;
      quoting = certify(now);
    }
    return quoting;
  }

  private SimulatedLaunch certify(Instant now) {
    return root.certify(
        launchKey, identity.launchId(), identity.measurement(), identity.configDigest(), now);
  }

  private void send(EnclaveFrame frame) throws IOException {
    byte[] encoded = frame.encode();
    writing.lock();
    try {
      Frames.write(toEnclave, encoded);
    } finally {
      writing.unlock();
      if (frame.message() instanceof EnclaveMessage.SealingKey) {
        Arrays.fill(encoded, (byte) 0);
      }
    }
  }

  private void closeStreams() {
    try {
      toEnclave.close();
    } catch (IOException _) {
      // The process is gone, and the pipe with it.
    }
  }
}
