package org.sesemi.engines;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A recording of the loopback interface, made by tcpdump: what a machine in the middle sees.
 *
 * <p>It records from the moment the constructor returns until {@link #close}; a capture that cannot
 * be started is an error, never an empty recording.
 */
final class PacketCapture implements AutoCloseable {
  private static final long STOP_SECONDS = 10;

  /**
   * What tcpdump has not taken from the kernel when it is told to stop is lost, so it is awaited.
   */
  private static final long QUIET_MILLIS = 400;

  private static final int MOST_QUIET_ROUNDS = 50;

  private final Process tcpdump;
  private final BufferedReader messages;
  private final Path file;

  /**
   * Starts to record.
   *
   * @param file the recording, replaced when it exists
   * @param filter which packets to record, in the language of pcap, for example {@code tcp port 80}
   */
  PacketCapture(Path file, String filter) throws IOException {
    this.file = file;
    // The recording goes through our own file handle: tcpdump gives root up before it opens files.
    tcpdump =
        new ProcessBuilder(
                "tcpdump", "--immediate-mode", "-n", "-U", "-s", "0", "-i", "lo", "-w", "-", filter)
            .redirectOutput(file.toFile())
            .start();
    messages = tcpdump.errorReader(StandardCharsets.UTF_8);
    awaitStart();
  }

  private void awaitStart() throws IOException {
    StringBuilder said = new StringBuilder();
    for (String line = messages.readLine(); line != null; line = messages.readLine()) {
      if (line.contains("listening on")) {
        return;
      }
      said.append(line).append('\n');
    }
    throw new IOException("tcpdump does not record: " + said);
  }

  /** Waits until the recording has not grown for a while. */
  private void awaitQuiet() throws IOException, InterruptedException {
    CountDownLatch pause = new CountDownLatch(1);
    long before = -1;
    for (int round = 0; round < MOST_QUIET_ROUNDS && before != Files.size(file); round++) {
      before = Files.size(file);
      if (pause.await(QUIET_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
    }
  }

  /** Ends the recording; the file is complete afterwards. */
  @Override
  public void close() throws IOException {
    try {
      awaitQuiet();
      tcpdump.destroy();
      if (!tcpdump.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("tcpdump did not stop within " + STOP_SECONDS + " s");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while tcpdump stopped", interrupted);
    } finally {
      tcpdump.destroyForcibly();
      messages.close();
    }
  }
}
