package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.testkit.Sesemi;
import org.sesemi.testkit.SharedModels;
import org.sesemi.wire.ModelId;

/** Every trained model gives its expected answers through the whole sealed path. */
class SharedModelsTest {

  @TempDir private static Path folder;

  private static LiveStack stack;
  private static SesemiClient owner;
  private static SesemiClient user;

  @BeforeAll
  static void start() {
    stack = LiveStack.up(folder);
    owner = stack.client("owner");
    user = stack.client("user");
  }

  @AfterAll
  static void stop() {
    user.close();
    owner.close();
    stack.close();
  }

  @TestFactory
  List<DynamicTest> modelsAnswerAsExpected() {
    List<SharedModels.Scenario> scenarios = new ArrayList<>();
    // The repository's own model, so that there is a case without any data beside the checkout.
    scenarios.add(SharedModels.tabular(Sesemi.ROOT.resolve("examples"), "wdbc-forest", 30));
    List<SharedModels.Scenario> shared =
        SharedModels.in(Path.of(System.getProperty("sesemi.data", "../shared")));
    System.out.println("shared cases: " + shared.size());
    scenarios.addAll(shared);
    return scenarios.stream()
        .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> judge(scenario)))
        .toList();
  }

  private static void judge(SharedModels.Scenario scenario) {
    ModelId model =
        LiveStack.publish(
            owner, stack.config().runtimePolicy(), scenario.name(), scenario.file(), user.id());
    int judged = scenario.judge().judge(request -> LiveStack.infer(user, model, request));
    assertThat(judged).isPositive();
  }
}
