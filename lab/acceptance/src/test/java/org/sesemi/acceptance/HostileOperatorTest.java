package org.sesemi.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.sdk.SealedExchange;
import org.sesemi.sdk.SesemiClient;
import org.sesemi.testkit.Sesemi;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.ModelId;
import org.sesemi.wire.OipCodec;
import org.sesemi.wire.PackageLocation;
import org.sesemi.wire.VersionRule;

/** An operator who swaps, changes and repeats what it holds, against a running stack. */
class HostileOperatorTest {

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

  @Test
  void storageThatServesThePreviousPackageIsRefused() throws Exception {
    ModelId model = Forest.publish(stack, owner, user, "rolled-back");
    ModelId again = Forest.publish(stack, owner, user, "rolled-back");
    assertThat(again).isEqualTo(model);
    Path storage = stack.config().storage();
    Files.copy(
        new PackageLocation(model, 1).in(storage),
        new PackageLocation(model, 2).in(storage),
        StandardCopyOption.REPLACE_EXISTING);
    refusedWith("model.version-not-current", model);
  }

  @Test
  void aChangedPackageIsRefused() throws Exception {
    ModelId model = Forest.publish(stack, owner, user, "changed");
    Path file = new PackageLocation(model, 1).in(stack.config().storage());
    byte[] sealed = Files.readAllBytes(file);
    sealed[sealed.length - 1] ^= 1;
    Files.write(file, sealed);
    refusedWith("package.tampered", model);
    sealed[sealed.length - 1] ^= 1;
    Files.write(file, sealed);
    assertThat(Forest.ask(user, model, 0)).isNotEmpty();
  }

  @Test
  void aUserWithoutGrantIsRefused() {
    ModelId model = Forest.publish(stack, owner, user, "granted");
    try (SesemiClient stranger = stack.client("stranger")) {
      assertThatThrownBy(() -> Forest.ask(stranger, model, 0))
          .isInstanceOfSatisfying(
              CodedException.class, failure -> assertThat(failure.code()).isEqualTo("grant.none"));
    }
    assertThat(Forest.ask(user, model, 0)).isNotEmpty();
  }

  @Test
  void oneSealedRequestIsAnsweredOnceByASandboxAndNeverUnderTheSameKey() throws Exception {
    ModelId model = Forest.publish(stack, owner, user, "repeated");
    try (SealedExchange exchange =
        user.seal(
            model,
            OipCodec.encode(Forest.request(0), OipCodec.Form.BINARY),
            new VersionRule.Current())) {
      byte[] first = user.transmit(exchange.requestId(), exchange.sealed(), LiveStack.LIMIT);
      assertThatThrownBy(
              () -> user.transmit(exchange.requestId(), exchange.sealed(), LiveStack.LIMIT))
          .isInstanceOfSatisfying(
              CodedException.class,
              failure -> assertThat(failure.code()).isEqualTo("request.replayed"));
      byte[] second = fromARestartedSandbox(exchange);
      assertThat(second).isNotEqualTo(first);
      acceptedOnce(user, exchange, second, first);
    }
  }

  /** The first answer that is opened is the answer; no other, and not the same one again. */
  static void acceptedOnce(
      SesemiClient user, SealedExchange exchange, byte[] opened, byte[] other) {
    assertThat(Forest.probabilities(user.open(exchange, opened))).isNotEmpty();
    for (byte[] later : new byte[][] {other, opened}) {
      assertThatThrownBy(() -> user.open(exchange, later))
          .isInstanceOfSatisfying(
              CodedException.class,
              failure -> assertThat(failure.code()).isEqualTo("response.already-accepted"));
    }
  }

  /** A new sandbox has no memory of the request; it computes again under a fresh key. */
  private static byte[] fromARestartedSandbox(SealedExchange exchange) throws Exception {
    for (ProcessHandle process : stack.sesemi().processes()) {
      if (Sesemi.commandLine(process).contains("org.sesemi.runtime/")) {
        assertThat(process.destroyForcibly()).isTrue();
        process.onExit().get(10, TimeUnit.SECONDS);
      }
    }
    for (int attempt = 0; ; attempt++) {
      try {
        return user.transmit(exchange.requestId(), exchange.sealed(), LiveStack.LIMIT);
      } catch (CodedException failure) {
        assertThat(failure.errorCode().retryable()).as("%s", failure).isTrue();
        assertThat(attempt).isLessThan(10);
      }
    }
  }

  private static void refusedWith(String code, ModelId model) {
    assertThatThrownBy(() -> Forest.ask(user, model, 0))
        .isInstanceOfSatisfying(
            CodedException.class, failure -> assertThat(failure.code()).isEqualTo(code));
  }
}
