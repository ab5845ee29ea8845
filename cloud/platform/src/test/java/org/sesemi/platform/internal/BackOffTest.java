package org.sesemi.platform.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BackOffTest {

  @Test
  void pausesGrowAndEnd() {
    BackOff backOff = new BackOff();
    Instant now = Instant.EPOCH;
    assertThat(backOff.remaining(now)).isZero();
    backOff.failed(now);
    assertThat(backOff.remaining(now)).isZero();
    for (int millis : new int[] {500, 1000, 2000, 4000, 8000, 16000, 30000, 30000}) {
      backOff.failed(now);
      assertThat(backOff.remaining(now)).isEqualTo(Duration.ofMillis(millis));
      assertThat(backOff.remaining(now.plusMillis(millis))).isZero();
    }
    for (int i = 0; i < 100; i++) {
      backOff.failed(now);
    }
    assertThat(backOff.remaining(now)).isEqualTo(Duration.ofSeconds(30));
    backOff.succeeded();
    assertThat(backOff.remaining(now)).isZero();
  }
}
