package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.sesemi.vendors.Authority;

class SignatureMemoTest {

  private static final PublicKey KEY = Authority.ecKeys("secp256r1").getPublic();
  private static final PublicKey OTHER_KEY = Authority.ecKeys("secp256r1").getPublic();

  private final AtomicInteger computed = new AtomicInteger();
  private final SignatureMemo memo = new SignatureMemo(3);

  @Test
  void aRightSignatureIsComputedOnce() {
    assertThat(ask("form", KEY, "content", "signature", true)).isTrue();
    assertThat(ask("form", KEY, "content", "signature", false)).isTrue();
    assertThat(computed).hasValue(1);
  }

  @Test
  void whateverDiffersIsComputed() {
    ask("form", KEY, "content", "signature", true);
    assertThat(ask("another", KEY, "content", "signature", false)).isFalse();
    assertThat(ask("form", OTHER_KEY, "content", "signature", false)).isFalse();
    assertThat(ask("form", KEY, "contents", "signature", false)).isFalse();
    assertThat(ask("form", KEY, "content", "signatures", false)).isFalse();
    // The border between content and signature counts.
    assertThat(ask("form", KEY, "contents", "ignature", false)).isFalse();
    assertThat(computed).hasValue(6);
  }

  @Test
  void aWrongSignatureIsNotRemembered() {
    assertThat(ask("form", KEY, "content", "signature", false)).isFalse();
    assertThat(ask("form", KEY, "content", "signature", true)).isTrue();
    assertThat(computed).hasValue(2);
  }

  @Test
  void theOneUnusedForLongestGoesFirst() {
    for (String content : new String[] {"a", "b", "c", "a", "d"}) {
      ask("form", KEY, content, "signature", true);
    }
    assertThat(computed).hasValue(4);
    ask("form", KEY, "a", "signature", true);
    assertThat(computed).as("a was used after b").hasValue(4);
    ask("form", KEY, "b", "signature", true);
    assertThat(computed).as("b is forgotten").hasValue(5);
  }

  @Test
  void nothingIsRememberedOutsideOfTheScope() {
    ask("form", KEY, "content", "signature", true);
    assertThat(verify("form", KEY, "content", "signature", false)).isFalse();
    assertThat(
            new SignatureMemo(3)
                .<Boolean>during(() -> verify("form", KEY, "content", "signature", false)))
        .as("another memo")
        .isFalse();
    assertThat(computed).hasValue(3);
  }

  private boolean ask(
      String form, PublicKey key, String content, String signature, boolean answer) {
    return memo.<Boolean>during(() -> verify(form, key, content, signature, answer));
  }

  private boolean verify(
      String form, PublicKey key, String content, String signature, boolean answer) {
    return SignatureMemo.verify(
        form,
        key,
        content.getBytes(StandardCharsets.US_ASCII),
        signature.getBytes(StandardCharsets.US_ASCII),
        () -> {
          computed.incrementAndGet();
          return answer;
        });
  }
}
