package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.JsonFields;

/** The demo tells its whole story, twice, and leaves nothing running. */
class DemoTest {

  @TempDir private Path folder;

  @Test
  void theStoryEndsWellAndLeavesNothingRunning() {
    Sesemi sesemi = new Sesemi(folder.resolve("home"));
    for (int run = 1; run <= 2; run++) {
      Sesemi.Result result = sesemi.json("demo").expectExit(0);
      JsonFields envelope = JsonFields.of(result.json());
      assertThat(envelope.text("apiVersion")).isEqualTo("sesemi/v1");
      assertThat(envelope.text("status")).isEqualTo("ok");
      List<JsonFields> steps = envelope.object("data").objects("steps");
      assertThat(steps).hasSizeGreaterThan(8);
      int refused = 0;
      for (JsonFields step : steps) {
        assertThat(step.text("name")).isNotBlank();
        assertThat(step.integer("durationMs", 0, 600_000)).isNotNegative();
        assertThat(step.integer("sealedBytes", 0, Long.MAX_VALUE)).isNotNegative();
        assertThat(step.integer("plainBytes", 0, Long.MAX_VALUE)).isNotNegative();
        String outcome = step.text("outcome");
        assertThat(outcome).isIn("ok", "refused");
        refused += outcome.equals("refused") ? 1 : 0;
      }
      assertThat(refused).isEqualTo(4);
      assertThat(sesemi.processes()).as("left running by run %d", run).isEmpty();
    }
  }
}
