package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ModelId;

/**
 * Many clients on two models at once: every answer is the right one for its own request.
 *
 * <p>The two models are one forest published twice, the second time as a model of its own, so a
 * mixed-up answer shows by its receipt and by its numbers. The time is short here; {@code
 * -Dsesemi.load.seconds=60} runs the long form, which {@code lab/load} does.
 */
class ManyClientsTest {

  private static final int CLIENTS = 64;
  private static final int SECONDS = Integer.getInteger("sesemi.load.seconds", 10);

  @TempDir private Path folder;

  @Test
  void everyAnswerIsRightAndMemoryStaysFlat() throws Exception {
    try (LiveStack stack = LiveStack.up(folder);
        SesemiClient owner = stack.client("owner");
        SesemiClient user = stack.client("user")) {
      List<ModelId> models =
          List.of("first", "second").stream()
              .map(name -> Forest.publish(stack, owner, user, name))
              .toList();
      float[][] expected = new float[Forest.ROWS.size()][];
      for (int row = 0; row < expected.length; row++) {
        expected[row] = Forest.ask(user, models.get(0), row);
        assertThat(Forest.ask(user, models.get(1), row)).isEqualTo(expected[row]);
      }
      Queue<String> wrong = new ConcurrentLinkedQueue<>();
      AtomicInteger answers = new AtomicInteger();
      long before = residentBytes(stack);
      long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
      List<Thread> clients =
          IntStream.range(0, CLIENTS)
              .mapToObj(
                  index ->
                      Thread.ofVirtual()
                          .name("client-" + index)
                          .start(
                              () -> {
                                for (int round = index; System.nanoTime() < end; round++) {
                                  int row = round % expected.length;
                                  try {
                                    float[] got = Forest.ask(user, models.get(round & 1), row);
                                    if (!java.util.Arrays.equals(got, expected[row])) {
                                      wrong.add("row " + row + " of client " + index);
                                    }
                                    answers.incrementAndGet();
                                  } catch (CodedException failure) {
                                    wrong.add(failure.code() + ": " + failure.detail());
                                  }
                                }
                              }))
              .toList();
      for (Thread client : clients) {
        client.join();
      }
      long after = residentBytes(stack);
      System.out.printf(
          Locale.ROOT,
          "%d clients, %d s: %d answers, %d wrong, resident %d MiB before, %d MiB after%n",
          CLIENTS,
          SECONDS,
          answers.get(),
          wrong.size(),
          before >> 20,
          after >> 20);
      assertThat(wrong).isEmpty();
      assertThat(answers.get()).isGreaterThan(CLIENTS);
      // The heaps of six processes settle during the first requests; a leak of one request's
      // buffers would add far more than this in thousands of requests.
      assertThat(after - before).isLessThan(768L << 20);
    }
  }

  private static long residentBytes(LiveStack stack) {
    return stack.sesemi().processes().stream()
        .mapToLong(process -> residentBytes(process.pid()))
        .sum();
  }

  private static long residentBytes(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .sum();
    } catch (java.io.IOException gone) {
      return 0;
    }
  }
}
