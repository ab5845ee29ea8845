package org.sesemi.sdk.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.RandomSource;
import org.sesemi.wire.RequestId;

class PackerChannelTest {

  private static final RequestId ID = RequestId.random(RandomSource.secure());

  private static void refused(URI packer, Duration limit, String code) {
    try (PackerChannel channel = new PackerChannel(packer)) {
      assertThatThrownBy(() -> channel.send(new byte[] {1}, ID, limit))
          .isInstanceOfSatisfying(
              CodedException.class,
              e -> {
                assertThat(e.code()).isEqualTo(code);
                assertThat(e.errorCode().retryable()).isTrue();
              });
    }
  }

  private static URI address(ServerSocket server) {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  @Test
  void readsStagesAndLeavesOutWhatIsNone() {
    assertThat(
            PackerChannel.stages(
                "keys;dur=12.5, load;desc=\"x\";dur=4,bad;dur=x, Upper;dur=1, cache, infer;dur=0"))
        .containsExactly(
            java.util.Map.entry("keys", 12.5),
            java.util.Map.entry("load", 4.0),
            java.util.Map.entry("infer", 0.0));
    assertThat(PackerChannel.stages("")).isEmpty();
  }

  @Test
  void namesWhyNoAnswerCame() throws Exception {
    URI nobody;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = address(server);
      refused(nobody, Duration.ofMillis(300), "request.deadline");
    }
    refused(nobody, Duration.ofSeconds(10), "packer.unreachable");
  }

  @Test
  void aConnectionThatBreaksIsNamed() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread =
          Thread.ofVirtual()
              .name("break")
              .start(
                  () -> {
                    try (Socket socket = server.accept()) {
                      InputStream in = socket.getInputStream();
                      var _ = in.read();
                      socket
                          .getOutputStream()
                          .write("HTTP/1.1 200 OK\r\nContent".getBytes(StandardCharsets.US_ASCII));
                    } catch (IOException e) {
                      throw new java.io.UncheckedIOException(e);
                    }
                  });
      refused(address(server), Duration.ofSeconds(20), "packer.unreachable");
      thread.join();
    }
  }
}
