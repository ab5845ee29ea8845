package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.crypto.ResponseHeader;
import org.sesemi.crypto.SealedAnswer;
import org.sesemi.platform.Deadline;
import org.sesemi.platform.FunctionPlatform;
import org.sesemi.platform.InvokeResult;
import org.sesemi.sdk.SealedExchange;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.EnvelopeFrame;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.VersionRule;

/** An operator who has one sealed request computed in two sandboxes that live at the same time. */
class TwoSandboxesTest {

  @TempDir private Path folder;

  @Test
  void oneSealedRequestInTwoLivingSandboxesNeverRepeatsAKey() throws Exception {
    try (LiveStack stack = LiveStack.up(folder);
        SesemiClient owner = stack.client("owner");
        SesemiClient user = stack.client("user");
        FunctionPlatform operator = stack.functions("one", "two");
        SealedExchange exchange =
            user.seal(
                Forest.publish(stack, owner, user, "doubled"),
                OipCodec.encode(Forest.request(0), OipCodec.Form.BINARY),
                new VersionRule.Current())) {
      byte[] here = answer(operator, "one", exchange);
      byte[] there = answer(operator, "two", exchange);
      assertThat(sandboxes(operator, "one", "two")).as("sandboxes alive side by side").hasSize(2);
      EnvelopeFrame one = response(here);
      EnvelopeFrame two = response(there);
      assertThat(salt(one)).isNotEqualTo(salt(two));
      assertThat(one.body()).isNotEqualTo(two.body());
      for (String function : List.of("one", "two")) {
        InvokeResult again = invoke(operator, function, exchange);
        assertThat(again.status()).isEqualTo(409);
        assertThat(new String(again.body(), StandardCharsets.UTF_8)).contains("request.replayed");
      }
      HostileOperatorTest.acceptedOnce(user, exchange, there, here);
    }
  }

  private static InvokeResult invoke(
      FunctionPlatform operator, String function, SealedExchange exchange) {
    return operator.invoke(
        function, exchange.sealed(), Deadline.after(InstantSource.system(), LiveStack.LIMIT));
  }

  private static byte[] answer(
      FunctionPlatform operator, String function, SealedExchange exchange) {
    InvokeResult result = invoke(operator, function, exchange);
    assertThat(result.status())
        .as("%s", new String(result.body(), StandardCharsets.UTF_8))
        .isEqualTo(200);
    return result.body();
  }

  private static Set<Long> sandboxes(FunctionPlatform operator, String... functions) {
    return Arrays.stream(functions)
        .flatMap(function -> operator.describe(function).sandboxes().stream())
        .flatMap(sandbox -> sandbox.pid().stream())
        .filter(pid -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent())
        .collect(Collectors.toSet());
  }

  private static EnvelopeFrame response(byte[] answer) {
    return EnvelopeFrame.decode(
        EnvelopeFrame.Kind.RESPONSE, SealedAnswer.decode(ByteBuffer.wrap(answer)).response());
  }

  private static Bytes salt(EnvelopeFrame response) {
    return ResponseHeader.decode(response.header()).salt();
  }
}
