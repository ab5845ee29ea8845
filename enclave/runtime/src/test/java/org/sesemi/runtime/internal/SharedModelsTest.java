package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.testkit.SharedModels;
import org.sesemi.wire.InferResponse;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PartyId;

/** Every trained model with its samples, from sealed request to sealed answer. */
class SharedModelsTest {

  @TempDir Path storage;

  @TestFactory
  Stream<DynamicTest> everyModelGivesItsExpectedAnswers() {
    List<SharedModels.Scenario> scenarios = new ArrayList<>();
    scenarios.add(
        SharedModels.tabular(
            Path.of(System.getProperty("sesemi.root"), "examples"), "wdbc-forest", 30));
    List<SharedModels.Scenario> shared =
        SharedModels.in(Path.of(System.getProperty("sesemi.data")));
    System.out.println("shared cases: " + shared.size());
    scenarios.addAll(shared);
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < scenarios.size(); i++) {
      SharedModels.Scenario scenario = scenarios.get(i);
      Path folder = storage.resolve(Integer.toString(i));
      tests.add(
          DynamicTest.dynamicTest(
              i == 0 ? "examples/" + scenario.name() : scenario.name(),
              () -> judge(scenario, folder)));
    }
    return tests.stream();
  }

  private static void judge(SharedModels.Scenario scenario, Path folder) {
    try (World world = new World(folder)) {
      world.publish("m", Files.readAllBytes(scenario.file()));
      PartyId user = world.user();
      int judged =
          scenario
              .judge()
              .judge(
                  request -> {
                    InferResponse response =
                        OipCodec.decodeResponse(
                            world
                                .ask(world.seal(user, "m", request.withBinaryOutput(true)))
                                .content()
                                .body());
                    assertThat(response.modelVersion()).contains("1");
                    return response;
                  });
      assertThat(judged).isPositive();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
