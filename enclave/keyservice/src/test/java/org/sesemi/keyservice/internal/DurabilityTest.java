package org.sesemi.keyservice.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.property.Property;
import org.sesemi.wire.Operation;
import org.sesemi.wire.OperationAnswer;

/** A real process is killed in the middle of its work; what it had acknowledged is there after. */
class DurabilityTest {

  private static final int ROUNDS = 4;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesTheDeathOfTheProcess() throws Exception {
    var random = Property.random("when the worker is killed");
    Set<String> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      int enough = 5 + random.nextInt(30);
      Process worker = start();
      try (BufferedReader output =
          new BufferedReader(
              new InputStreamReader(worker.getInputStream(), StandardCharsets.US_ASCII))) {
        int seen = 0;
        for (String line = output.readLine(); line != null; line = output.readLine()) {
          // A line that was cut by the death of the process was not acknowledged as a whole.
          if (line.length() == 32) {
            acknowledged.add(line);
          }
          if (++seen == enough) {
            worker.toHandle().destroyForcibly();
          }
        }
        assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(worker.exitValue()).as("killed").isEqualTo(128 + 9);
        assertThat(seen).isGreaterThanOrEqualTo(enough);
      }
      assertThat(kept()).as("round " + round).containsAll(acknowledged);
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DurabilityWorker.class.getName(),
                folder.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private Set<String> kept() {
    Set<String> ids = new HashSet<>();
    try (OpenCluster cluster = DurabilityWorker.open(folder)) {
      int offset = 0;
      while (true) {
        var part =
            (OperationAnswer.Grants)
                DurabilityWorker.send(
                    cluster, new Operation.ListGrants(DurabilityWorker.model(), offset));
        part.grants().forEach(grant -> ids.add(grant.id().hex()));
        if (part.next().isEmpty()) {
          return ids;
        }
        offset = part.next().getAsInt();
      }
    }
  }
}
