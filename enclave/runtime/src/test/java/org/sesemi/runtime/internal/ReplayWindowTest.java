package org.sesemi.runtime.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Property;
import org.sesemi.runtime.FunctionException;
import org.sesemi.wire.Digest;
import org.sesemi.wire.PartyId;
import org.sesemi.wire.RequestId;

class ReplayWindowTest {

  private final FakeTime time = new FakeTime();
  private final ReplayWindow window = new ReplayWindow(time, 100);

  private static PartyId user(int n) {
    return new PartyId(Digest.sha256(new byte[] {(byte) n}));
  }

  private static RequestId request(int n) {
    return RequestId.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) n});
  }

  private String refused(int user, int request, Instant at) {
    FunctionException e =
        catchThrowableOfType(
            FunctionException.class, () -> window.accept(user(user), request(request), at));
    return e == null ? "accepted" : e.code();
  }

  @Test
  void aRequestIsAcceptedOnceForItsUser() {
    assertThat(refused(1, 1, time.instant())).isEqualTo("accepted");
    assertThat(refused(1, 1, time.instant())).isEqualTo("request.replayed");
    assertThat(refused(1, 1, time.instant().plusSeconds(100))).isEqualTo("request.replayed");
    assertThat(refused(2, 1, time.instant())).isEqualTo("accepted");
    assertThat(refused(1, 2, time.instant())).isEqualTo("accepted");
  }

  @Test
  void timesOutsideTheToleranceAreRefused() {
    assertThat(refused(1, 1, time.instant().minusSeconds(301))).isEqualTo("request.expired");
    assertThat(refused(1, 1, time.instant().plusSeconds(301))).isEqualTo("request.expired");
    assertThat(refused(1, 1, time.instant().minusSeconds(299))).isEqualTo("accepted");
    assertThat(refused(1, 2, time.instant().plusSeconds(300))).isEqualTo("accepted");
  }

  @Test
  void aFullWindowRefusesAndForgetsOnlyWithTime() {
    for (int i = 0; i < 100; i++) {
      assertThat(refused(1, i, time.instant())).isEqualTo("accepted");
    }
    assertThat(refused(1, 101, time.instant())).isEqualTo("runtime.busy");
    assertThat(refused(1, 7, time.instant())).isEqualTo("request.replayed");
    time.pass(Duration.ofMinutes(6));
    assertThat(refused(1, 101, time.instant())).isEqualTo("accepted");
  }

  @Test
  void aClockThatGoesBackBringsNothingBackToLife() {
    Instant first = time.instant();
    assertThat(refused(1, 1, first)).isEqualTo("accepted");
    time.pass(Duration.ofMinutes(6));
    assertThat(refused(1, 2, time.instant())).isEqualTo("accepted");
    time.jump(Duration.ofMinutes(-6));
    assertThat(refused(1, 1, first)).isEqualTo("request.expired");
  }

  @Test
  void aForgottenRequestCanComeAgain() {
    Instant at = time.instant();
    window.accept(user(1), request(1), at);
    window.forget(user(1), request(1), at);
    assertThatCode(() -> window.accept(user(1), request(1), at)).doesNotThrowAnyException();
  }

  @Test
  void noOrderOfTimesAcceptsARequestTwice() {
    Property.check(
        "within the tolerance nothing is accepted twice",
        200,
        random -> {
          FakeTime clock = new FakeTime();
          ReplayWindow fresh = new ReplayWindow(clock, 1000);
          boolean[] accepted = new boolean[20];
          Instant[] sealed = new Instant[20];
          for (int i = 0; i < sealed.length; i++) {
            sealed[i] = clock.instant().plusSeconds(random.nextInt(-280, 280));
          }
          for (int step = 0; step < 100; step++) {
            int n = random.nextInt(20);
            try {
              fresh.accept(user(1), request(n), sealed[n]);
              assertThat(accepted[n]).isFalse();
              accepted[n] = true;
            } catch (FunctionException e) {
              assertThat(e.code()).matches("request\\.(replayed|expired)");
            }
            clock.pass(Duration.ofSeconds(random.nextInt(10)));
            clock.jump(Duration.ofSeconds(random.nextInt(-20, 20)));
          }
        });
  }
}
