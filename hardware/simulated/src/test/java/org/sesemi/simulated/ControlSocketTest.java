package org.sesemi.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Frames;
import org.sesemi.wire.LaunchId;
import org.sesemi.wire.PlatformClient;
import org.sesemi.wire.PlatformFrame;
import org.sesemi.wire.PlatformMessage;
import org.sesemi.wire.UnixSockets;
import org.sesemi.wire.WireException;

/** The control socket with hostile and with several clients; no enclave is started. */
@Timeout(120)
class ControlSocketTest {

  @TempDir Path temporary;

  private TestDaemon daemon;

  @BeforeEach
  void start() throws IOException {
    daemon = new TestDaemon(temporary.resolve("platform"));
  }

  @AfterEach
  void stop() throws IOException {
    daemon.close();
  }

  private static LaunchId id() {
    return LaunchId.of(new byte[16]);
  }

  private List<PlatformMessage.Request> requests() {
    return List.of(
        new PlatformMessage.Launch(
            temporary.resolve("none").toString(), Bytes.empty(), Map.of("a", "b"), "label"),
        new PlatformMessage.Stop(id()),
        new PlatformMessage.Status(),
        new PlatformMessage.Measure(temporary.resolve("none").toString()),
        new PlatformMessage.Subscribe());
  }

  @Test
  void statusSaysWhatThePlatformIs() {
    PlatformMessage.StatusReport status = daemon.client.status();
    assertThat(status.platform()).isEqualTo("simulated");
    assertThat(status.banner()).isEqualTo("SIMULATION: protects nothing");
    assertThat(status.limits()).hasSizeGreaterThan(3);
    assertThat(status.launches()).isEmpty();
    assertThat(status.maxLaunches()).isEqualTo(8);
    assertThat(status.pid()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void badRequestsAreRefusedWithTheirCodes() {
    EnclaveLaunchTest.assertCode(
        "attestation.launch-folder", () -> daemon.launch(temporary.resolve("none"), Map.of()));
    EnclaveLaunchTest.assertCode(
        "attestation.launch-folder", () -> daemon.client.measure(temporary.resolve("none")));
    EnclaveLaunchTest.assertCode("platform.launch-unknown", () -> daemon.client.stop(id()));
    for (int i = 0; i < 20; i++) { // A refused launch gives its place back.
      EnclaveLaunchTest.assertCode(
          "attestation.launch-folder", () -> daemon.launch(temporary.resolve("none"), Map.of()));
    }
  }

  @Test
  void everyMutatedRequestIsAnsweredWithACodeAndHurtsNobodyElse() throws IOException {
    for (PlatformMessage.Request request : requests()) {
      byte[] good = new PlatformFrame(7, request).encode();
      for (Mutation mutation :
          Mutation.all(good, Property.random("mutated control requests")).toList()) {
        Optional<PlatformFrame> reply = exchange(mutation.bytes());
        boolean readable = isReadable(mutation.bytes());
        assertThat(reply).as(mutation.what()).isPresent();
        if (!readable) {
          assertThat(reply.get().message())
              .as("%s: %s", request, mutation.what())
              .isInstanceOf(PlatformMessage.Failed.class);
        }
      }
    }
    assertThat(daemon.client.status().launches()).isEmpty();
    assertThat(Files.exists(temporary.resolve("platform/root.key"))).isTrue();
  }

  private static boolean isReadable(byte[] frame) {
    try {
      PlatformFrame.decode(frame);
      return true;
    } catch (WireException e) {
      return false;
    }
  }

  private Optional<PlatformFrame> exchange(byte[] frame) throws IOException {
    try (SocketChannel channel = UnixSockets.connect(daemon.socket)) {
      OutputStream out = Channels.newOutputStream(channel);
      InputStream in = Channels.newInputStream(channel);
      Frames.write(out, frame);
      return Frames.read(in, PlatformMessage.MAX_LENGTH).map(PlatformFrame::decode);
    }
  }

  @Test
  void brokenFramingEndsThatConnectionAlone() throws IOException {
    byte[][] broken = {
      {},
      {0},
      {0, 0, 1},
      {0, 0, 0, 9, 1, 2},
      {-1, -1, -1, -1},
      {0, 32, 0, 0, 1, 2, 3},
      {0, 0, 0, 0},
    };
    for (byte[] bytes : broken) {
      try (SocketChannel channel = UnixSockets.connect(daemon.socket)) {
        Channels.newOutputStream(channel).write(bytes);
        channel.shutdownOutput();
        InputStream in = Channels.newInputStream(channel);
        Optional<byte[]> reply = Frames.read(in, PlatformMessage.MAX_LENGTH);
        if (reply.isPresent()) {
          assertThat(PlatformFrame.decode(reply.get()).message())
              .isInstanceOf(PlatformMessage.Failed.class);
          assertThat(Frames.read(in, PlatformMessage.MAX_LENGTH)).isEmpty();
        }
      }
    }
    assertThat(daemon.client.status().launches()).isEmpty();
  }

  @Test
  void aClientThatSpeaksAsADaemonIsCutOff() throws IOException {
    Optional<PlatformFrame> reply =
        exchange(new PlatformFrame(1, new PlatformMessage.Subscribed()).encode());
    assertThat(reply.orElseThrow().message())
        .isInstanceOfSatisfying(
            PlatformMessage.Failed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo("platform.protocol"));
  }

  @Test
  void manyClientsAreServedAtTheSameTime() throws Exception {
    Thread[] threads = new Thread[20];
    List<String> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < threads.length; i++) {
      threads[i] =
          Thread.ofVirtual()
              .name("client")
              .start(
                  () -> {
                    try (PlatformClient client = PlatformClient.connect(daemon.socket)) {
                      for (int j = 0; j < 20; j++) {
                        client.status();
                      }
                    } catch (RuntimeException e) {
                      failures.add(e.toString());
                    }
                  });
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
  }
}
