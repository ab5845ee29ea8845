package org.sesemi.attestation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
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
import org.sesemi.wire.RemoteException;
import org.sesemi.wire.SecretField;

@Timeout(60)
class PipePlatformTest {

  private static final Bytes CONFIG = Bytes.of("{}".getBytes(StandardCharsets.UTF_8));
  private static final EnclaveMessage.Hello HELLO =
      new EnclaveMessage.Hello(
          "simulated",
          new LaunchId(Fixtures.LAUNCH_ID),
          Fixtures.MEASUREMENT,
          LaunchManifest.configDigest(CONFIG.toArray()),
          Fixtures.ROOT.publicKey().value(),
          CONFIG,
          Map.of("listen", "127.0.0.1:0"));
  private static final byte[] CONTEXT = {1, 2, 3};
  private static final byte[] DATA = {9, 8, 7, 6, 5};

  private InputStream enclaveIn;
  private OutputStream enclaveOut;
  private InputStream heard;
  private OutputStream said;

  @BeforeEach
  void open() throws IOException {
    Pipe down = Pipe.open();
    Pipe up = Pipe.open();
    enclaveIn = Channels.newInputStream(down.source());
    said = Channels.newOutputStream(down.sink());
    heard = Channels.newInputStream(up.source());
    enclaveOut = Channels.newOutputStream(up.sink());
  }

  @AfterEach
  void close() throws IOException {
    said.close();
    heard.close();
    enclaveOut.close();
    enclaveIn.close();
  }

  private PipePlatform connect() {
    say(0, HELLO);
    return PipePlatform.connect(enclaveIn, enclaveOut);
  }

  private void say(long exchange, EnclaveMessage message) {
    say(new EnclaveFrame(exchange, message).encode());
  }

  private void say(byte[] frame) {
    try {
      Frames.write(said, frame);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private EnclaveFrame hear() {
    try {
      return EnclaveFrame.decode(Frames.read(heard, EnclaveMessage.MAX_LENGTH).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Answers questions one after the other. */
  private void answer(EnclaveMessage.Answer... answers) {
    Thread.ofVirtual()
        .name("test-platform")
        .start(
            () -> {
              for (EnclaveMessage.Answer each : answers) {
                say(hear().exchange(), each);
              }
            });
  }

  private static EnclaveMessage.SealingKey sealingKey(int value) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) value);
    return new EnclaveMessage.SealingKey(SecretField.copyOf(key));
  }

  @Test
  void tellsWhatThePlatformSaidInItsGreeting() {
    PipePlatform platform = connect();
    assertThat(platform.platform()).isEqualTo(PlatformKind.SIMULATED);
    assertThat(platform.launchId().value()).isEqualTo(Fixtures.LAUNCH_ID);
    assertThat(platform.measurement()).isEqualTo(Fixtures.MEASUREMENT);
    assertThat(platform.configDigest()).isEqualTo(HELLO.configDigest());
    assertThat(platform.platformRoot()).isEqualTo(Fixtures.ROOT.publicKey().value());
    assertThat(platform.config()).isEqualTo(CONFIG);
    assertThat(platform.parameters()).containsEntry("listen", "127.0.0.1:0");
  }

  @Test
  void refusesAGreetingThatIsNoneOrContradictsItself() {
    say(0, new EnclaveMessage.Shutdown());
    assertRefused("platform.protocol");
    say(
        0,
        new EnclaveMessage.Hello(
            "simulated",
            HELLO.launchId(),
            HELLO.measurement(),
            Fixtures.CONFIG,
            HELLO.platformRoot(),
            CONFIG,
            Map.of()));
    assertRefused("platform.protocol");
    say(
        0,
        new EnclaveMessage.Hello(
            "imagined",
            HELLO.launchId(),
            HELLO.measurement(),
            HELLO.configDigest(),
            HELLO.platformRoot(),
            CONFIG,
            Map.of()));
    assertRefused("attestation.platform-unknown");
  }

  private void assertRefused(String code) {
    assertThatThrownBy(() -> PipePlatform.connect(enclaveIn, enclaveOut))
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aPipeThatEndsBeforeTheGreetingIsClosed() throws IOException {
    said.close();
    assertRefused("platform.closed");
  }

  @Test
  void attestsWithTheReportDataGiven() {
    PipePlatform platform = connect();
    Evidence evidence = Fixtures.launch().attest(Fixtures.REPORT_DATA);
    CompletableFuture<EnclaveMessage> asked = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("test-platform")
        .start(
            () -> {
              EnclaveFrame frame = hear();
              asked.complete(frame.message());
              say(frame.exchange(), new EnclaveMessage.Quote(Bytes.of(evidence.encode())));
            });
    assertThat(platform.attest(Fixtures.REPORT_DATA)).isEqualTo(evidence);
    assertThat(asked.join()).isEqualTo(new EnclaveMessage.Attest(Bytes.of(Fixtures.REPORT_DATA)));
  }

  @Test
  void answersFindTheirQuestionsInAnyOrder() throws Exception {
    PipePlatform platform = connect();
    List<CompletableFuture<Long>> results = new ArrayList<>();
    List<EnclaveFrame> questions = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      String name = "c" + i;
      CompletableFuture<Long> result = new CompletableFuture<>();
      results.add(result);
      Thread.ofVirtual().name(name).start(() -> result.complete(platform.readCounter(name)));
    }
    for (int i = 0; i < 20; i++) {
      questions.add(hear());
    }
    for (EnclaveFrame question : questions.reversed()) {
      String name = ((EnclaveMessage.ReadCounter) question.message()).name();
      say(question.exchange(), new EnclaveMessage.Counter(Long.parseLong(name.substring(1))));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(results.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(i);
    }
  }

  @Test
  void sealedDataOpensAgainAndOnlyInItsContext() {
    PipePlatform platform = connect();
    answer(sealingKey(1), sealingKey(1), sealingKey(1), sealingKey(2));
    byte[] sealed = platform.seal(DATA, CONTEXT);
    assertThat(platform.unseal(sealed, CONTEXT)).isEqualTo(DATA);
    assertCode("platform.seal-tampered", () -> platform.unseal(sealed, new byte[] {1, 2}));
    assertCode("platform.seal-tampered", () -> platform.unseal(sealed, CONTEXT));
  }

  @Test
  void anotherMeasurementDoesNotUnseal() {
    SecretField key = sealingKey(1).key();
    byte[] sealed =
        PlatformSeal.seal(key, Fixtures.MEASUREMENT, DATA, CONTEXT, RandomSource.secure());
    Digest other = Fixtures.digest("another build");
    assertCode("platform.sealed-elsewhere", () -> PlatformSeal.unseal(key, other, sealed, CONTEXT));
    byte[] renamed = sealed.clone();
    int at =
        new String(sealed, StandardCharsets.ISO_8859_1)
            .indexOf(new String(Fixtures.MEASUREMENT.bytes(), StandardCharsets.ISO_8859_1));
    System.arraycopy(other.bytes(), 0, renamed, at, 32);
    assertCode("platform.seal-tampered", () -> PlatformSeal.unseal(key, other, renamed, CONTEXT));
  }

  @Test
  void everyChangeOfSealedDataIsRefused() {
    SecretField key = sealingKey(1).key();
    byte[] sealed =
        PlatformSeal.seal(key, Fixtures.MEASUREMENT, DATA, CONTEXT, RandomSource.secure());
    assertThat(PlatformSeal.unseal(key, Fixtures.MEASUREMENT, sealed, CONTEXT)).isEqualTo(DATA);
    Mutation.all(sealed, Property.random("sealed data under mutation"))
        .forEach(
            mutation ->
                assertThatThrownBy(
                        () ->
                            PlatformSeal.unseal(
                                key, Fixtures.MEASUREMENT, mutation.bytes(), CONTEXT))
                    .as(mutation.what())
                    .isInstanceOf(PlatformException.class));
  }

  @Test
  void noTwoSealingsShareASalt() {
    SecretField key = sealingKey(1).key();
    RandomSource random = RandomSource.secure();
    byte[] first = PlatformSeal.seal(key, Fixtures.MEASUREMENT, DATA, CONTEXT, random);
    byte[] second = PlatformSeal.seal(key, Fixtures.MEASUREMENT, DATA, CONTEXT, random);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void aRefusalIsThrownWithItsCode() {
    PipePlatform platform = connect();
    PlatformException why = new PlatformException(PlatformException.Code.COUNTER_MOVED, "it is 7");
    answer(new EnclaveMessage.Failed(PlatformFailure.of(why)), new EnclaveMessage.Counter(4));
    assertThatThrownBy(() -> platform.advanceCounter("state", 3))
        .isInstanceOfSatisfying(
            RemoteException.class, e -> assertThat(e.code()).isEqualTo("platform.counter-moved"));
    assertThat(platform.advanceCounter("state", 3)).isEqualTo(4);
  }

  @Test
  void aPlatformThatMovesACounterWronglyIsLeft() {
    PipePlatform platform = connect();
    answer(new EnclaveMessage.Counter(3));
    assertCode("platform.protocol", () -> platform.advanceCounter("state", 3));
    assertCode("platform.closed", () -> platform.readCounter("state"));
  }

  @Test
  void anAnswerToAnotherQuestionEndsTheSession() {
    PipePlatform platform = connect();
    answer(new EnclaveMessage.Counter(3));
    assertCode("platform.protocol", () -> platform.attest(Fixtures.REPORT_DATA));
    assertCode("platform.closed", () -> platform.readCounter("state"));
  }

  @Test
  void noAnswerIsATimeout() {
    say(0, HELLO);
    PipePlatform platform =
        PipePlatform.connect(enclaveIn, enclaveOut, RandomSource.secure(), Duration.ofMillis(20));
    assertCode("platform.timeout", () -> platform.readCounter("state"));
  }

  @Test
  void theEndOfThePipeFailsWhoWaitsAndTellsTheEnclave() throws Exception {
    PipePlatform platform = connect();
    CountDownLatch told = new CountDownLatch(2);
    platform.onClosed(told::countDown);
    Thread.ofVirtual()
        .name("test-platform")
        .start(
            () -> {
              hear();
              try {
                said.close();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    assertCode("platform.closed", () -> platform.readCounter("state"));
    platform.onClosed(told::countDown);
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    platform.awaitShutdown();
  }

  @Test
  void shutdownIsPassedOnOnceAndReadyIsSaid() throws Exception {
    PipePlatform platform = connect();
    platform.ready(Map.of("port", "8080"));
    assertThat(hear())
        .isEqualTo(new EnclaveFrame(0, new EnclaveMessage.Ready(Map.of("port", "8080"))));
    CountDownLatch asked = new CountDownLatch(1);
    platform.onShutdown(asked::countDown);
    say(0, new EnclaveMessage.Shutdown());
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
    platform.awaitShutdown();
  }

  @Test
  void everyChangedAnswerEndsTheSessionOrChangesNothingButTheAnswer() throws Exception {
    byte[] good = new EnclaveFrame(1, new EnclaveMessage.Counter(7)).encode();
    for (Mutation mutation :
        Mutation.all(good, Property.random("answers under mutation")).toList()) {
      open();
      say(0, HELLO);
      PipePlatform platform =
          PipePlatform.connect(
              enclaveIn, enclaveOut, RandomSource.secure(), Duration.ofMillis(200));
      Thread answering =
          Thread.ofVirtual()
              .name("test-platform")
              .start(
                  () -> {
                    hear();
                    say(mutation.bytes());
                    try {
                      said.close();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  });
      try {
        assertThat(platform.readCounter("c")).as(mutation.what()).isNotEqualTo(7);
      } catch (CodedException e) {
        assertThat(e.code()).as(mutation.what()).startsWith("platform.");
      }
      answering.join();
      close();
    }
  }

  private static void assertCode(String code, Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(CodedException.class, e -> assertThat(e.code()).isEqualTo(code));
  }
}
