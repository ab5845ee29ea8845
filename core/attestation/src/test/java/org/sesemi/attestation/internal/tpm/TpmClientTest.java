package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;

/** The client against answers of every kind, and its two transports. */
class TpmClientTest {

  private static final byte[] RANDOM_ANSWER =
      HexFormat.of().parseHex("8001" + "00000010" + "00000000" + "0004" + "01020304");

  /** Gives prepared answers, and keeps what it was asked. */
  private static final class Script implements TpmDevice {
    private final Deque<byte[]> answers = new ArrayDeque<>();
    private final List<Bytes> asked = new ArrayList<>();

    Script(byte[]... answers) {
      this.answers.addAll(List.of(answers));
    }

    @Override
    public byte[] transmit(byte[] command) throws IOException {
      asked.add(Bytes.of(command));
      byte[] next = answers.poll();
      if (next == null) {
        throw new IOException("no more answers");
      }
      return next;
    }

    @Override
    public void close() {
      answers.clear();
    }
  }

  private static TpmClient client(TpmDevice device) {
    return new TpmClient(device, target -> java.util.Arrays.fill(target, (byte) 5));
  }

  private static byte[] refusal(int code) {
    return ByteBuffer.allocate(10).putShort((short) 0x8001).putInt(10).putInt(code).array();
  }

  @Test
  void commandsAreFramedAsTheSpecificationSays() {
    Script script = new Script(RANDOM_ANSWER, refusal(0x100), refusal(0));
    TpmClient client = client(script);
    assertThat(client.random(4)).containsExactly(1, 2, 3, 4);
    client.startup();
    client.flush(0x80000001L);
    assertThat(script.asked.stream().map(Bytes::hex))
        .containsExactly(
            "80010000000c0000017b0004", "80010000000c000001440000", "80010000000e0000016580000001");
  }

  @Test
  void authorisationsStandBetweenHandlesAndParameters() {
    Script script = new Script(refusal(0x9a2));
    TpmClient client = client(script);
    assertThatThrownBy(() -> client.extend(8, new byte[32]))
        .isInstanceOf(AttestationException.class);
    assertThat(script.asked.getFirst().hex())
        .isEqualTo(
            "8002"
                + "00000041"
                + "00000182"
                + "00000008"
                + "00000009"
                + "40000009"
                + "0000"
                + "00"
                + "0000"
                + "00000001"
                + "000b"
                + "00".repeat(32));
  }

  @ParameterizedTest
  @CsvSource({
    "0x9a2, 'authorisation failed, session 1'",
    "0x18b, 'handle not correct for the use, or nothing there, handle 1'",
    "0x1d5, 'structure of wrong size, parameter 1'",
    "0x101, the TPM is in failure mode",
    "0x149, index may not be used with this authorisation",
    "0x902, out of memory for objects; flush some",
    "0x921, locked out after wrong authorisations",
    "0x01e, an error of TPM 1.2"
  })
  void refusalsAreSaidInWords(String code, String words) {
    TpmClient client = client(new Script(refusal(Integer.decode(code))));
    assertThatThrownBy(() -> client.random(4))
        .isInstanceOf(AttestationException.class)
        .hasMessageContaining(words)
        .hasMessageContaining("response code " + code)
        .extracting(e -> ((AttestationException) e).errorCode())
        .isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
  }

  @Test
  void aCommandThatIsToBeRepeatedIsRepeated() {
    Script script = new Script(refusal(0x922), refusal(0x908), refusal(0x90a), RANDOM_ANSWER);
    assertThat(client(script).random(4)).hasSize(4);
    assertThat(script.asked).hasSize(4).allMatch(script.asked.getFirst()::equals);
  }

  @Test
  void answersOfAnotherFormAreRefusedInOneWay() {
    Property.check(
        "an answer of another form is refused",
        2,
        random ->
            Mutation.all(RANDOM_ANSWER, random)
                .forEach(
                    mutation -> {
                      TpmClient client = client(new Script(mutation.bytes()));
                      try {
                        assertThat(client.random(4)).isNotEmpty();
                      } catch (AttestationException e) {
                        assertThat(e.errorCode())
                            .isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
                      }
                    }));
    assertThatThrownBy(() -> client(new Script()).random(4))
        .isInstanceOf(AttestationException.class)
        .hasMessageContaining("did not answer");
  }

  /** A device file gives its answer from where the command ended. */
  @Test
  void aDeviceFileTakesACommandAndGivesAnAnswer(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("tpmrm0");
    Files.write(file, ByteBuffer.allocate(12 + 16).put(12, RANDOM_ANSWER).array());
    try (TpmClient client = client(TpmDevice.file(file))) {
      assertThat(client.random(4)).containsExactly(1, 2, 3, 4);
      assertThatThrownBy(() -> client.random(4))
          .isInstanceOf(AttestationException.class)
          .hasMessageContaining("did not answer");
    }
    assertThatThrownBy(() -> TpmDevice.file(folder.resolve("none")))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aConnectionTakesACommandAndGivesAnAnswerInPieces() throws Exception {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread tpm = Thread.ofVirtual().start(() -> serve(server, failure));
      InetSocketAddress address =
          new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
      try (TpmClient client = client(TpmDevice.socket(address, Duration.ofSeconds(10)))) {
        assertThat(client.random(4)).containsExactly(1, 2, 3, 4);
        assertThatThrownBy(() -> client.random(4))
            .isInstanceOf(AttestationException.class)
            .hasRootCauseMessage("the TPM announces an answer of 2147483647 bytes");
      }
      tpm.join();
    }
    assertThat(failure.get()).isNull();
  }

  private static void serve(ServerSocket server, AtomicReference<Throwable> failure) {
    try (Socket socket = server.accept()) {
      DataInputStream in = new DataInputStream(socket.getInputStream());
      in.readFully(new byte[12]);
      for (byte each : RANDOM_ANSWER) {
        socket.getOutputStream().write(each);
      }
      in.readFully(new byte[12]);
      socket
          .getOutputStream()
          .write(ByteBuffer.allocate(10).putShort((short) 0x8001).putInt(0x7fffffff).array());
      assertThat(in.read()).isEqualTo(-1);
    } catch (IOException | AssertionError e) {
      failure.set(e);
    }
  }
}
