package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

class PlatformMessagesTest {

  private static final LaunchId ID = LaunchId.of(filled(16, 1));
  private static final Digest MEASUREMENT = Digest.sha256(filled(3, 2));
  private static final Digest CONFIG = Digest.sha256(filled(3, 3));
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_000L);
  private static final Map<String, String> TEXTS = Map.of("listen", "127.0.0.1:0", "é", "");
  private static final PlatformFailure FAILURE =
      new PlatformFailure("platform.unit-refused", ErrorCategory.INVALID, false, "hint", "what");

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static List<PlatformMessage> control() {
    return List.of(
        new PlatformMessage.Launch("/units/a", Bytes.of(filled(20, 4)), TEXTS, "fn-1"),
        new PlatformMessage.Stop(ID),
        new PlatformMessage.Status(),
        new PlatformMessage.Measure("/units/a"),
        new PlatformMessage.Subscribe(),
        new PlatformMessage.Launched(ID, 77, MEASUREMENT, CONFIG),
        new PlatformMessage.Stopped(ID, 137),
        new PlatformMessage.StatusReport(
            "simulated",
            "SIMULATION: protects nothing",
            Bytes.of(filled(32, 5)),
            42,
            NOW,
            64,
            List.of(
                new PlatformMessage.LaunchView(
                    ID,
                    "fn-1",
                    77,
                    MEASUREMENT,
                    CONFIG,
                    PlatformMessage.LaunchState.READY,
                    NOW,
                    TEXTS)),
            List.of("one limit")),
        new PlatformMessage.Measured(
            MEASUREMENT, List.of(new PlatformMessage.Component("jar", "lib/a.jar", CONFIG, 9))),
        new PlatformMessage.Subscribed(),
        new PlatformMessage.Failed(FAILURE),
        new PlatformMessage.Ready(ID, "fn-1", TEXTS),
        new PlatformMessage.Exited(ID, "fn-1", -1));
  }

  private static List<EnclaveMessage> pipe() {
    return List.of(
        new EnclaveMessage.Hello(
            "simulated",
            ID,
            MEASUREMENT,
            CONFIG,
            Bytes.of(filled(32, 5)),
            Bytes.of(filled(20, 4)),
            TEXTS),
        new EnclaveMessage.Attest(Bytes.of(filled(64, 6))),
        new EnclaveMessage.Quote(Bytes.of(filled(300, 7))),
        new EnclaveMessage.AskSealingKey(),
        new EnclaveMessage.SealingKey(SecretField.copyOf(filled(32, 94))),
        new EnclaveMessage.ReadCounter("state"),
        new EnclaveMessage.AdvanceCounter("state", 8),
        new EnclaveMessage.Counter(9),
        new EnclaveMessage.Failed(FAILURE),
        new EnclaveMessage.Ready(TEXTS),
        new EnclaveMessage.Shutdown());
  }

  private static EnclaveFrame frame(EnclaveMessage message) {
    return switch (message) {
      case EnclaveMessage.Question _, EnclaveMessage.Answer _ -> new EnclaveFrame(5, message);
      case EnclaveMessage.Hello _, EnclaveMessage.Ready _, EnclaveMessage.Shutdown _ ->
          new EnclaveFrame(0, message);
    };
  }

  record Case(Object value, Bytes encoded, Function<byte[], Object> decode) {
    byte[] bytes() {
      return encoded.toArray();
    }
  }

  static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (PlatformMessage message : control()) {
      PlatformFrame frame = new PlatformFrame(5, message);
      all.add(new Case(frame, Bytes.of(frame.encode()), PlatformFrame::decode));
    }
    for (EnclaveMessage message : pipe()) {
      all.add(new Case(frame(message), Bytes.of(frame(message).encode()), EnclaveFrame::decode));
    }
    return all;
  }

  @Test
  void everyMessageIsACase() {
    assertThat(control().stream().map(PlatformMessage::getClass).distinct()).hasSize(13);
    assertThat(pipe().stream().map(EnclaveMessage::getClass).distinct()).hasSize(11);
  }

  @Test
  void everyMessageReadsBackAsItWasWritten() {
    for (Case each : cases()) {
      assertThat(each.decode().apply(each.bytes())).isEqualTo(each.value());
    }
  }

  @Test
  void everyChangeIsRefusedOrMeansSomethingElse() {
    var random = Property.random("platform messages under mutation");
    for (Case each : cases()) {
      Mutation.all(each.bytes(), random)
          .forEach(
              mutation -> {
                Object read;
                try {
                  read = each.decode().apply(mutation.bytes());
                } catch (WireException refused) {
                  return;
                }
                assertThat(read)
                    .as("%s: %s", each.value(), mutation.what())
                    .isNotEqualTo(each.value());
              });
    }
  }

  @Test
  void everyMessageRefusesAnUnknownVersion() {
    for (Case each : cases()) {
      byte[] changed = each.bytes();
      changed[2] = 2;
      assertThatThrownBy(() -> each.decode().apply(changed))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.code()).isEqualTo("version.unknown"));
    }
  }

  @Test
  void aSealingKeyDoesNotPrint() {
    EnclaveFrame frame = frame(new EnclaveMessage.SealingKey(SecretField.copyOf(filled(32, 94))));
    assertThat(frame.toString())
        .doesNotContain("^^", HexFormat.of().formatHex(filled(4, 94)), "94, 94");
  }

  @Test
  void badFieldsAreRefusedWhenAMessageIsMade() {
    Bytes config = Bytes.empty();
    assertRefused(() -> new PlatformMessage.Launch("relative", config, Map.of(), "a"));
    assertRefused(() -> new PlatformMessage.Launch("/a\0b", config, Map.of(), "a"));
    for (String label : List.of("", "A", "../a", "a/b", ".a", "a b", "a".repeat(129))) {
      assertRefused(() -> new PlatformMessage.Launch("/a", config, Map.of(), label));
      assertRefused(() -> new EnclaveMessage.ReadCounter(label));
    }
    Map<String, String> many =
        IntStream.range(0, 65).boxed().collect(Collectors.toMap(i -> "k" + i, _ -> ""));
    assertRefused(() -> new PlatformMessage.Launch("/a", config, many, "a"));
    assertRefused(
        () -> new PlatformMessage.Launch("/a", config, Map.of("k", "v".repeat(4097)), "a"));
    assertRefused(
        () -> new PlatformMessage.Launch("/a", Bytes.of(new byte[65 * 1024]), Map.of(), "a"));
    assertRefused(() -> new EnclaveFrame(0, new EnclaveMessage.AskSealingKey()));
    assertRefused(() -> new EnclaveFrame(1, new EnclaveMessage.Shutdown()));
  }

  private static void assertRefused(Runnable making) {
    assertThatThrownBy(making::run).isInstanceOf(WireException.class);
  }

  @Test
  void aFailureTravelsWithAllThatItSays() {
    RemoteException received = FAILURE.toException();
    assertThat(PlatformFailure.of(received)).isEqualTo(FAILURE);
    assertThat(received.code()).isEqualTo("platform.unit-refused");
    PlatformFailure cut =
        PlatformFailure.of(
            new PlatformException(PlatformException.Code.CLOSED, "x".repeat(2044) + "😀😀😀😀"));
    assertThat(cut.detail()).hasSizeLessThanOrEqualTo(2048).endsWith("x...");
  }

  @Test
  void nobodyAtTheSocketIsUnavailable() {
    assertThatThrownBy(() -> PlatformClient.connect(Path.of("target", "no-daemon.sock")))
        .isInstanceOfSatisfying(
            PlatformException.class,
            e -> {
              assertThat(e.code()).isEqualTo("platform.unavailable");
              assertThat(e.errorCode().retryable()).isTrue();
            });
  }
}
