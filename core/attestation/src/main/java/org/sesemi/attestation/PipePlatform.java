package org.sesemi.attestation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnclaveFrame;
import org.sesemi.wire.EnclaveMessage;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformException;
import org.sesemi.wire.PlatformFailure;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.SecretField;

/**
 * A platform at the other end of a pipe: the one that launched this process and holds both of its
 * standard streams.
 *
 * <p>One thread reads; questions of several threads are on their way at the same time. A message
 * that breaks the protocol ends the session, and with it the platform for this enclave.
 */
public final class PipePlatform implements EnclavePlatform, AutoCloseable {

  /** How long a question waits for its answer when nothing else is said. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

  private final InputStream in;
  private final OutputStream out;
  private final RandomSource random;
  private final Duration timeout;
  private final EnclaveMessage.Hello hello;
  private final PlatformKind kind;

  private final ReentrantLock writing = new ReentrantLock();
  private final AtomicLong lastExchange = new AtomicLong();
  private final Map<Long, CompletableFuture<EnclaveMessage.Answer>> waiting =
      new ConcurrentHashMap<>();
  private final CompletableFuture<Void> shutdown = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();

  private PipePlatform(
      InputStream in,
      OutputStream out,
      RandomSource random,
      Duration timeout,
      EnclaveMessage.Hello hello) {
    this.in = in;
    this.out = out;
    this.random = random;
    this.timeout = timeout;
    this.hello = hello;
    this.kind = PlatformKind.parse(hello.platform());
    if (!LaunchManifest.configDigest(hello.config().toArray()).equals(hello.configDigest())) {
      throw protocol("the configuration is not the one that its digest names");
    }
  }

  /**
   * Waits for the platform's greeting and opens the session.
   *
   * @param in what the platform says
   * @param out what it hears
   * @return the platform
   * @throws PlatformException when the greeting does not come or is none
   */
  public static PipePlatform connect(InputStream in, OutputStream out) {
    return connect(in, out, RandomSource.secure(), DEFAULT_TIMEOUT);
  }

  /**
   * Waits for the platform's greeting and opens the session.
   *
   * @param in what the platform says
   * @param out what it hears
   * @param random where the salts of sealed data come from
   * @param timeout how long a question waits for its answer
   * @return the platform
   * @throws PlatformException when the greeting does not come or is none
   */
  public static PipePlatform connect(
      InputStream in, OutputStream out, RandomSource random, Duration timeout) {
    EnclaveMessage first;
    try {
      byte[] frame =
          Frames.read(in, EnclaveMessage.MAX_LENGTH)
              .orElseThrow(() -> closed("the pipe ended before the platform said anything"));
      first = EnclaveFrame.decode(frame).message();
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.CLOSED, "the platform's pipe cannot be read", e);
    }
    if (!(first instanceof EnclaveMessage.Hello hello)) {
      throw protocol("the platform did not begin with a greeting");
    }
    PipePlatform platform = new PipePlatform(in, out, random, timeout, hello);
    Thread.ofPlatform().daemon().name("platform-pipe").start(platform::read);
    return platform;
  }

  @Override
  public PlatformKind platform() {
    return kind;
  }

  @Override
  public LaunchId launchId() {
    return hello.launchId();
  }

  @Override
  public Digest measurement() {
    return hello.measurement();
  }

  @Override
  public Digest configDigest() {
    return hello.configDigest();
  }

  @Override
  public Bytes platformRoot() {
    return hello.platformRoot();
  }

  @Override
  public Bytes config() {
    return hello.config();
  }

  @Override
  public Map<String, String> parameters() {
    return hello.parameters();
  }

  @Override
  public Evidence attest(byte[] reportData) {
    EnclaveMessage.Quote quote =
        ask(new EnclaveMessage.Attest(Bytes.of(reportData)), EnclaveMessage.Quote.class);
    return Evidence.decode(quote.evidence().toArray());
  }

  @Override
  public byte[] seal(byte[] data, byte[] context) {
    try (SecretField key = sealingKey()) {
      return PlatformSeal.seal(key, measurement(), data, context, random);
    }
  }

  @Override
  public byte[] unseal(byte[] sealed, byte[] context) {
    try (SecretField key = sealingKey()) {
      return PlatformSeal.unseal(key, measurement(), sealed, context);
    }
  }

  private SecretField sealingKey() {
    return ask(new EnclaveMessage.AskSealingKey(), EnclaveMessage.SealingKey.class).key();
  }

  @Override
  public long readCounter(String name) {
    return ask(new EnclaveMessage.ReadCounter(name), EnclaveMessage.Counter.class).value();
  }

  @Override
  public long advanceCounter(String name, long from) {
    long value =
        ask(new EnclaveMessage.AdvanceCounter(name, from), EnclaveMessage.Counter.class).value();
    if (value != from + 1) {
      close();
      throw protocol("the platform moved a counter from " + from + " to " + value);
    }
    return value;
  }

  @Override
  public void ready(Map<String, String> values) {
    send(new EnclaveFrame(0, new EnclaveMessage.Ready(values)));
  }

  @Override
  public void onShutdown(Runnable action) {
    var _ = shutdown.thenRun(() -> Thread.ofPlatform().name("platform-shutdown").start(action));
  }

  @Override
  public void onClosed(Runnable action) {
    var _ = closed.thenRun(action);
  }

  @Override
  public void awaitShutdown() throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    var _ = shutdown.thenRun(over::countDown);
    var _ = closed.thenRun(over::countDown);
    over.await();
  }

  /** Ends the session from this side. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException _) {
      // The pipe is gone already.
    }
    end();
  }

  private <A extends EnclaveMessage.Answer> A ask(EnclaveMessage.Question question, Class<A> type) {
    long exchange = lastExchange.incrementAndGet();
    CompletableFuture<EnclaveMessage.Answer> answer = new CompletableFuture<>();
    waiting.put(exchange, answer);
    try {
      if (closed.isDone()) {
        throw closed("the platform is gone");
      }
      send(new EnclaveFrame(exchange, question));
      EnclaveMessage.Answer received = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (received instanceof EnclaveMessage.Failed(PlatformFailure failure)) {
        throw failure.toException();
      }
      if (!type.isInstance(received)) {
        close();
        throw protocol("the platform answered another question");
      }
      return type.cast(received);
    } catch (ExecutionException e) {
      throw closed("the platform is gone");
    } catch (TimeoutException e) {
      throw new PlatformException(
          PlatformException.Code.TIMEOUT, "the platform did not answer in " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException(
          PlatformException.Code.CLOSED, "interrupted while waiting for the platform", e);
    } finally {
      waiting.remove(exchange);
    }
  }

  private void send(EnclaveFrame frame) {
    writing.lock();
    try {
      Frames.write(out, frame.encode());
    } catch (IOException e) {
      throw new PlatformException(
          PlatformException.Code.CLOSED, "the platform's pipe cannot be written", e);
    } finally {
      writing.unlock();
    }
  }

  private void read() {
    try {
      Optional<byte[]> bytes = Frames.read(in, EnclaveMessage.MAX_LENGTH);
      while (bytes.isPresent() && !closed.isDone()) {
        EnclaveFrame frame = EnclaveFrame.decode(bytes.get());
        Arrays.fill(bytes.get(), (byte) 0);
        take(frame);
        bytes = Frames.read(in, EnclaveMessage.MAX_LENGTH);
      }
    } catch (IOException | CodedException e) {
      System.getLogger(PipePlatform.class.getName())
          .log(System.Logger.Level.WARNING, "the pipe of the platform ended: {0}", e.getMessage());
    } finally {
      end();
    }
  }

  private void take(EnclaveFrame frame) {
    switch (frame.message()) {
      case EnclaveMessage.Answer answer -> {
        CompletableFuture<EnclaveMessage.Answer> waiter = waiting.get(frame.exchange());
        if (waiter != null) {
          waiter.complete(answer);
        }
      }
      case EnclaveMessage.Shutdown() -> shutdown.complete(null);
      case EnclaveMessage.Hello _ -> throw protocol("the platform greeted twice");
      case EnclaveMessage.FromEnclave _ -> throw protocol("the platform spoke as an enclave");
    }
  }

  private void end() {
    closed.complete(null);
    waiting.values().forEach(answer -> answer.completeExceptionally(closed("the pipe ended")));
  }

  private static PlatformException closed(String what) {
    return new PlatformException(PlatformException.Code.CLOSED, what);
  }

  private static PlatformException protocol(String what) {
    return new PlatformException(PlatformException.Code.PROTOCOL, what);
  }
}
