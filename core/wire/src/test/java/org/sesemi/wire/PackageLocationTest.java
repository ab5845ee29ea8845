package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PackageLocationTest {

  private static final String OWNER = "ab".repeat(32);

  @Test
  void theLocationReadsItsPath() {
    PackageLocation location = new PackageLocation(ModelId.parse(OWNER + "/digits"), 12);
    assertThat(location.path()).isEqualTo(OWNER + "/digits/12.sealed");
    assertThat(PackageLocation.parse(location.path())).isEqualTo(location);
    assertThat(location.in(Path.of("s"))).isEqualTo(Path.of("s", OWNER, "digits", "12.sealed"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"digits/0.sealed", "digits/1", "../x/1.sealed", "/1.sealed", "a/b/1.sealed"})
  void otherPathsAreRefused(String path) {
    assertThatThrownBy(() -> PackageLocation.parse(OWNER + "/" + path))
        .isInstanceOf(WireException.class);
    assertThatThrownBy(() -> PackageLocation.parse(path)).isInstanceOf(WireException.class);
  }
}
