package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  private static final String OWNER = "00112233445566778899aabbccddeeff".repeat(2);

  @Test
  void digestsAreThoseOfTheStandard() {
    assertThat(Digest.sha256(new byte[] {0x61}, new byte[] {0x62, 0x63}).hex())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(Digest.parse(OWNER).toString()).isEqualTo(OWNER);
    assertThat(Digest.parse("00".repeat(32))).isLessThan(Digest.parse("ff".repeat(32)));
  }

  @Test
  void bytesAreAValue() {
    byte[] array = {1, 2};
    Bytes bytes = Bytes.of(array);
    array[0] = 9;
    bytes.toArray()[1] = 9;
    assertThat(bytes).isEqualTo(Bytes.parse("0102")).hasSameHashCodeAs(Bytes.parse("0102"));
    assertThat(bytes).isNotEqualTo(Bytes.parse("0103")).hasToString("0102");
    assertThat(bytes.toBuffer().isReadOnly()).isTrue();
  }

  @Test
  void identifiersReadTheirText() {
    ModelId model = ModelId.parse(OWNER + "/wdbc-forest.v1_2");
    assertThat(model.text()).isEqualTo(OWNER + "/wdbc-forest.v1_2");
    assertThat(model).isEqualTo(ModelId.parse(model.text()));
    assertThat(RequestId.parse("00ff".repeat(8)).hex()).isEqualTo("00ff".repeat(8));
    assertThat(KeyId.random(RandomSource.secure())).isNotEqualTo(KeyId.of(new byte[16]));
    assertThat(PartyId.ofPublicKey(new byte[32]).digest()).isEqualTo(Digest.sha256(new byte[32]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "AA", "0g", "aé"})
  void hexIsStrict(String text) {
    if (!text.isEmpty()) {
      assertThatThrownBy(() -> Bytes.parse(text)).isInstanceOf(WireException.class);
    }
    assertThatThrownBy(() -> Digest.parse(text)).isInstanceOf(WireException.class);
    assertThatThrownBy(() -> KeyId.parse(text)).isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "-a", "A", "a/b", "a b", "é", "a\0", "../x", "_"})
  void modelNamesAreStrict(String name) {
    assertThatThrownBy(() -> ModelId.parse(OWNER + "/" + name)).isInstanceOf(WireException.class);
    assertThat(ModelId.isName("a".repeat(63))).isTrue();
    assertThat(ModelId.isName("a".repeat(64))).isFalse();
  }

  @Test
  void versionRulesAcceptWhatTheySay() {
    assertThat(VersionRule.parse("current").accepts(3, 3)).isTrue();
    assertThat(VersionRule.parse("current").accepts(2, 3)).isFalse();
    assertThat(VersionRule.parse("=2").accepts(2, 3)).isTrue();
    assertThat(VersionRule.parse("=2").accepts(3, 3)).isFalse();
    assertThat(VersionRule.parse(">=2").accepts(3, 3)).isTrue();
    assertThat(VersionRule.parse(">=2").accepts(1, 3)).isFalse();
    for (String text : new String[] {"current", "=1", ">=999999999999999999"}) {
      assertThat(VersionRule.parse(text).text()).isEqualTo(text).hasSizeLessThan(22);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "=", ">=", "=0", "=01", ">1", "1", "=-1", "=1 ", "CURRENT", "=9e9"})
  void versionRulesAreStrict(String text) {
    assertThatThrownBy(() -> VersionRule.parse(text)).isInstanceOf(WireException.class);
  }

  @Test
  void theStricterLevelWins() {
    assertThat(IsolationLevel.strictest(IsolationLevel.SHARED, IsolationLevel.EXCLUSIVE))
        .isEqualTo(IsolationLevel.EXCLUSIVE);
    assertThat(IsolationLevel.parse("sequential")).isEqualTo(IsolationLevel.SEQUENTIAL);
    assertThatThrownBy(() -> IsolationLevel.parse("SHARED")).isInstanceOf(WireException.class);
  }

  @ParameterizedTest
  @EnumSource(ErrorCategory.class)
  void categoriesReadTheirText(ErrorCategory category) {
    assertThat(ErrorCategory.parse(category.text())).isEqualTo(category);
  }

  @ParameterizedTest
  @EnumSource(WireException.Code.class)
  void codesHaveAForm(WireException.Code code) {
    assertThat(code.code()).matches("[a-z]+\\.[a-z-]+");
    assertThat(code.hint()).endsWith(".");
    assertThat(new WireException(code, "m")).hasMessage("m");
  }
}
