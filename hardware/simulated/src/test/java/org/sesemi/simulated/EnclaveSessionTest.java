package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.attestation.Claims;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.LaunchManifest;
import org.sesemi.attestation.SimulatedVerifier;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Digest;
import org.sesemi.wire.EnclaveFrame;
import org.sesemi.wire.EnclaveMessage;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.WireException;

/** The daemon's end of a pipe against whatever may be at the other one; no process is started. */
@Timeout(120)
class EnclaveSessionTest {

  private static final Digest MEASUREMENT = Digest.sha256(new byte[] {1});
  private static final Bytes CONFIG = Bytes.of(new byte[] {'{', '}'});
  private static final Digest CONFIG_DIGEST = LaunchManifest.configDigest(CONFIG.toArray());
  private static final Bytes REPORT_DATA = Bytes.of(new byte[64]);

  @TempDir Path temporary;

  private PlatformRoot root;
  private CounterStore counters;
  private Instant now = Instant.now();

  @BeforeEach
  void open() throws IOException {
    root = PlatformRoot.open(temporary.resolve("root.key"), RandomSource.secure());
    counters = new CounterStore(temporary);
  }

  /** A process that is two pipes and an exit code. */
  private static final class FakeProcess extends Process {

    private final Pipe down;
    private final Pipe up;
    private final InputStream heard;
    private final OutputStream said;
    private final CompletableFuture<Process> ended = new CompletableFuture<>();

    FakeProcess() throws IOException {
      down = Pipe.open();
      up = Pipe.open();
      heard = Channels.newInputStream(down.source());
      said = Channels.newOutputStream(up.sink());
    }

    void closePipes() throws IOException {
      down.source().close();
      down.sink().close();
      up.source().close();
      up.sink().close();
    }

    @Override
    public OutputStream getOutputStream() {
      return Channels.newOutputStream(down.sink());
    }

    @Override
    public InputStream getInputStream() {
      return Channels.newInputStream(up.source());
    }

    @Override
    public InputStream getErrorStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public int waitFor() {
      ended.join();
      return exitValue();
    }

    @Override
    public int exitValue() {
      return 137;
    }

    @Override
    public void destroy() {
      ended.complete(this);
    }

    @Override
    public Process destroyForcibly() {
      ended.complete(this);
      return this;
    }

    @Override
    public boolean isAlive() {
      return !ended.isDone();
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public CompletableFuture<Process> onExit() {
      return ended;
    }
  }

  /** A session, and what the process at its other end does. */
  private final class Peer implements EnclaveSession.Observer {

    final FakeProcess process = new FakeProcess();
    final LaunchId id = LaunchId.random(RandomSource.secure());
    final List<Map<String, String>> readiness = new ArrayList<>();
    final EnclaveSession session;

    Peer() throws IOException {
      InstantSource clock = () -> now;
      session =
          new EnclaveSession(
              new EnclaveSession.Identity(id, "peer", MEASUREMENT, CONFIG_DIGEST),
              process,
              root,
              counters,
              clock,
              IdentityKey.generate(RandomSource.secure()));
      EnclaveMessage.Hello hello =
          new EnclaveMessage.Hello(
              "simulated", id, MEASUREMENT, CONFIG_DIGEST, root.publicKey(), CONFIG, Map.of());
      session.open(hello, this);
      assertThat(hear()).contains(new EnclaveFrame(0, hello));
    }

    Optional<EnclaveFrame> hear() throws IOException {
      return Frames.read(process.heard, EnclaveMessage.MAX_LENGTH).map(EnclaveFrame::decode);
    }

    void say(EnclaveFrame frame) throws IOException {
      Frames.write(process.said, frame.encode());
    }

    EnclaveMessage ask(EnclaveMessage.Question question) throws IOException {
      say(new EnclaveFrame(9, question));
      EnclaveFrame answer = hear().orElseThrow();
      assertThat(answer.exchange()).isEqualTo(9);
      return answer.message();
    }

    void awaitEnd() throws Exception {
      assertThat(session.exit().get(20, TimeUnit.SECONDS)).isEqualTo(137);
    }

    @Override
    public void ready(EnclaveSession ready, Map<String, String> values) {
      readiness.add(values);
    }

    @Override
    public void exited(EnclaveSession exited, int exitCode) {}
  }

  private Claims claims(EnclaveMessage answer, Instant at) {
    Evidence evidence = Evidence.decode(((EnclaveMessage.Quote) answer).evidence().toArray());
    return new SimulatedVerifier(Set.of(root.publicKey()))
        .verify(evidence, REPORT_DATA.toArray(), at)
        .claims()
        .orElseThrow();
  }

  @Test
  void quotesStayValidHoweverLongTheLaunchLives() throws Exception {
    Peer peer = new Peer();
    for (int hours : new int[] {0, 13, 30, 31, 500}) {
      now = now.plus(Duration.ofHours(hours));
      EnclaveMessage answer = peer.ask(new EnclaveMessage.Attest(REPORT_DATA));
      Claims claims = claims(answer, now.plus(Duration.ofHours(1)));
      assertThat(claims.measurement()).isEqualTo(MEASUREMENT);
      assertThat(claims.configDigest()).isEqualTo(CONFIG_DIGEST);
      assertThat(claims.launchId()).isEqualTo(peer.id.value());
    }
    now = now.minus(Duration.ofDays(40));
    claims(peer.ask(new EnclaveMessage.Attest(REPORT_DATA)), now);
    peer.process.destroy();
    peer.awaitEnd();
  }

  @Test
  void everyMutatedMessageEndsTheSessionOrIsAnotherMessageOfThisLaunch() throws Exception {
    List<EnclaveFrame> frames =
        List.of(
            new EnclaveFrame(3, new EnclaveMessage.Attest(REPORT_DATA)),
            new EnclaveFrame(3, new EnclaveMessage.AskSealingKey()),
            new EnclaveFrame(3, new EnclaveMessage.ReadCounter("c")),
            new EnclaveFrame(3, new EnclaveMessage.AdvanceCounter("c", 5)),
            new EnclaveFrame(0, new EnclaveMessage.Ready(Map.of("a", "b"))));
    for (EnclaveFrame frame : frames) {
      byte[] good = frame.encode();
      for (Mutation mutation :
          Mutation.all(good, Property.random("mutated pipe messages")).toList()) {
        Peer peer = new Peer();
        Frames.write(peer.process.said, mutation.bytes());
        if (!isReadable(mutation.bytes())) {
          peer.awaitEnd();
          assertThat(peer.readiness).isEmpty();
        } else {
          peer.process.destroy();
          peer.awaitEnd();
        }
        peer.process.closePipes();
      }
    }
    assertThat(counters.read(MEASUREMENT, "c")).isZero();
  }

  private static boolean isReadable(byte[] frame) {
    try {
      return EnclaveFrame.decode(frame).message() instanceof EnclaveMessage.FromEnclave;
    } catch (WireException e) {
      return false;
    }
  }

  @Test
  void whoeverSpeaksAsThePlatformIsEnded() throws Exception {
    Peer peer = new Peer();
    peer.say(new EnclaveFrame(1, new EnclaveMessage.Counter(1)));
    peer.awaitEnd();
  }

  @Test
  void anEnclaveIsReadyOnceAndSaysLittle() throws Exception {
    Peer twice = new Peer();
    twice.say(new EnclaveFrame(0, new EnclaveMessage.Ready(Map.of())));
    twice.say(new EnclaveFrame(0, new EnclaveMessage.Ready(Map.of())));
    twice.awaitEnd();
    assertThat(twice.readiness).hasSize(1);
    Peer much = new Peer();
    String text = "x".repeat(4096);
    much.say(
        new EnclaveFrame(
            0,
            new EnclaveMessage.Ready(
                Map.of("a", text, "b", text, "c", text, "d", text, "e", text))));
    much.awaitEnd();
    assertThat(much.readiness).isEmpty();
  }

  @Test
  void aClosedPipeEndsTheProcess() throws Exception {
    Peer peer = new Peer();
    peer.process.said.close();
    peer.awaitEnd();
  }

  @Test
  void shuttingDownIsSaid() throws Exception {
    Peer peer = new Peer();
    peer.session.shutDown();
    assertThat(peer.hear()).contains(new EnclaveFrame(0, new EnclaveMessage.Shutdown()));
    assertThat(peer.session.view().state()).isEqualTo(PlatformMessage.LaunchState.STOPPING);
    peer.process.destroy();
    peer.awaitEnd();
  }

  @Test
  void aRefusedQuestionIsAnsweredAndTheSessionGoesOn() throws Exception {
    Peer peer = new Peer();
    assertThat(peer.ask(new EnclaveMessage.AdvanceCounter("c", 7)))
        .isInstanceOfSatisfying(
            EnclaveMessage.Failed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo("platform.counter-moved"));
    assertThat(peer.ask(new EnclaveMessage.AdvanceCounter("c", 0)))
        .isEqualTo(new EnclaveMessage.Counter(1));
    assertThat(peer.ask(new EnclaveMessage.AskSealingKey()))
        .isEqualTo(new EnclaveMessage.SealingKey(root.sealingKey(MEASUREMENT)));
    peer.process.destroy();
    peer.awaitEnd();
  }
}
