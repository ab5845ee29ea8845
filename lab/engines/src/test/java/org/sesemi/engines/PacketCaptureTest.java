package org.sesemi.engines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacketCaptureTest {
  private static final String SENT = "a sentence that crosses the loopback interface in the clear";

  @TempDir Path folder;

  @Test
  void recordsWhatCrossesTheInterface() throws IOException {
    Path file = folder.resolve("traffic.pcap");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      try (PacketCapture _ = new PacketCapture(file, "tcp port " + server.getLocalPort());
          Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
          Socket accepted = server.accept()) {
        client.getOutputStream().write(SENT.getBytes(StandardCharsets.UTF_8));
        client.shutdownOutput();
        assertThat(accepted.getInputStream().readAllBytes()).hasSize(SENT.length());
      }
    }
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains(SENT);
  }

  @Test
  void refusesWhatItCannotRecord() {
    assertThatThrownBy(() -> new PacketCapture(folder.resolve("none.pcap"), "no such filter"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not record");
  }
}
