package org.sesemi.property;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PropertyTest {

  @Test
  void aFailingCaseNamesItsSeedAndKeepsItsCause() {
    assertThatThrownBy(
            () ->
                Property.check(
                    "never",
                    3,
                    _ -> {
                      throw new IllegalStateException("no");
                    }))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("property 'never' fails in case 0")
        .hasMessageContaining("-Dsesemi.seed=")
        .hasCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void casesDifferFromOneAnother() {
    List<Long> drawn = new ArrayList<>();
    Property.check("draws", 20, random -> drawn.add(random.nextLong()));
    assertThat(drawn).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void aPropertyWithoutCasesIsRefused() {
    assertThatThrownBy(() -> Property.check("empty", 0, _ -> {}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyMutationDiffersFromItsMessage() {
    Property.check(
        "mutations change something",
        20,
        random -> {
          byte[] message = new byte[1 + random.nextInt(200)];
          random.nextBytes(message);
          assertThat(Mutation.all(message, random))
              .hasSizeGreaterThan(2 * message.length)
              .allMatch(mutation -> !Arrays.equals(mutation.bytes(), message));
        });
  }

  @Test
  void aFlipChangesExactlyOneByte() {
    byte[] message = {1, 2, 3};
    assertThat(Mutation.flips(message).map(Mutation::bytes))
        .containsExactly(new byte[] {0, 2, 3}, new byte[] {1, 0, 3}, new byte[] {1, 2, 7});
    assertThatThrownBy(() -> Mutation.flip(message, 0, 0x100))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
