package org.sesemi.attestation.internal.tpm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/**
 * The way to a TPM: one command goes in, one answer comes out. Implementations are used by one
 * thread at a time.
 */
public interface TpmDevice extends AutoCloseable {

  /** The longest command or answer of any TPM, in bytes. */
  int MAX_LENGTH = 4096;

  /** The device of the kernel's resource manager. */
  Path RESOURCE_MANAGER = Path.of("/dev/tpmrm0");

  /**
   * Sends a command and waits for its answer.
   *
   * @throws IOException when the way is broken
   */
  byte[] transmit(byte[] command) throws IOException;

  @Override
  void close() throws IOException;

  /**
   * Opens a device file, which takes a command in one write and gives the answer in one read.
   *
   * @throws IOException when it cannot be opened
   */
  static TpmDevice file(Path path) throws IOException {
    FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    return new TpmDevice() {
      @Override
      public byte[] transmit(byte[] command) throws IOException {
        if (channel.write(ByteBuffer.wrap(command)) != command.length) {
          throw new IOException("the device did not take the command at once");
        }
        ByteBuffer answer = ByteBuffer.allocate(MAX_LENGTH);
        if (channel.read(answer) < TpmClient.HEADER) {
          throw new IOException("the device gave no whole answer");
        }
        byte[] bytes = new byte[answer.flip().remaining()];
        answer.get(bytes);
        return bytes;
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }

  /**
   * Connects to a software TPM that takes commands on a TCP connection as they are.
   *
   * @param timeout how long to wait for the connection, and for each answer
   * @throws IOException when it cannot be reached
   */
  static TpmDevice socket(InetSocketAddress address, Duration timeout) throws IOException {
    Socket socket = new Socket();
    try {
      socket.connect(address, Math.toIntExact(timeout.toMillis()));
      socket.setSoTimeout(Math.toIntExact(timeout.toMillis()));
      socket.setTcpNoDelay(true);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return new TpmDevice() {
      @Override
      public byte[] transmit(byte[] command) throws IOException {
        socket.getOutputStream().write(command);
        byte[] header = socket.getInputStream().readNBytes(TpmClient.HEADER);
        if (header.length < TpmClient.HEADER) {
          throw new IOException("the TPM closed the connection");
        }
        int length = ByteBuffer.wrap(header).getInt(2);
        if (length < TpmClient.HEADER || length > MAX_LENGTH) {
          throw new IOException("the TPM announces an answer of " + length + " bytes");
        }
        byte[] rest = socket.getInputStream().readNBytes(length - TpmClient.HEADER);
        return ByteBuffer.allocate(TpmClient.HEADER + rest.length).put(header).put(rest).array();
      }

      @Override
      public void close() throws IOException {
        socket.close();
      }
    };
  }
}
