package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmCredential;
import org.sesemi.vendors.TpmKey;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CborMap;
import org.sesemi.wire.RandomSource;

/** Credentials made here, opened by a second writing of what a TPM does. */
class CredentialChallengeTest {

  private static final RandomSource RANDOM = RandomSource.secure();
  private static final Bytes NAME = Bytes.of(new byte[] {0, 0x0b, 1, 2, 3, 4});

  @Test
  void theOwnerOfBothKeysAnswersAndOnlyOnce() {
    for (KeyPair ek : List.of(Authority.rsaKeys(2048), Authority.ecKeys("secp256r1"))) {
      CredentialChallenge challenge = CredentialChallenge.issue(ek.getPublic(), NAME, RANDOM);
      byte[] answer = open(ek, challenge.question(), NAME);
      assertThat(challenge.judge(answer))
          .contains(new Activation(Bytes.of(ek.getPublic().getEncoded()), NAME));
      assertThat(challenge.judge(answer)).isEmpty();
    }
  }

  @Test
  void aWrongAnswerEndsTheChallenge() {
    KeyPair ek = Authority.ecKeys("secp256r1");
    CredentialChallenge challenge = CredentialChallenge.issue(ek.getPublic(), NAME, RANDOM);
    byte[] answer = open(ek, challenge.question(), NAME);
    assertThat(challenge.judge(new byte[32])).isEmpty();
    assertThat(challenge.judge(answer)).isEmpty();
  }

  /** A credential that was judged is wiped, and what is left of it answers nothing. */
  @Test
  void secretsAreWipedAndZeroIsNoAnswer() {
    KeyPair ek = TpmSample.rsa(TpmKey.RSASSA).ek.pair;
    List<byte[]> handedOut = new ArrayList<>();
    CredentialChallenge challenge =
        CredentialChallenge.issue(
            ek.getPublic(),
            NAME,
            target -> {
              RANDOM.nextBytes(target);
              handedOut.add(target);
            });
    byte[] zero = new byte[32];
    assertThat(handedOut).hasSize(2);
    assertThat(handedOut.getFirst()).as("the credential").isNotEqualTo(zero);
    assertThat(handedOut.getLast()).as("the seed").isEqualTo(zero);
    assertThat(challenge.judge(open(ek, challenge.question(), NAME))).isPresent();
    assertThat(handedOut.getFirst()).as("the credential").isEqualTo(zero);
    assertThat(challenge.judge(zero)).isEmpty();
  }

  @Test
  void anotherNameOrKeyOpensNothing() {
    KeyPair ek = Authority.ecKeys("secp256r1");
    CredentialChallenge.Question question =
        CredentialChallenge.issue(ek.getPublic(), NAME, RANDOM).question();
    assertThat(
            TpmCredential.open(
                ek, question.blob().toArray(), question.secret().toArray(), new byte[] {1}))
        .isEmpty();
    assertThat(
            TpmCredential.open(
                Authority.ecKeys("secp256r1"),
                question.blob().toArray(),
                question.secret().toArray(),
                NAME.toArray()))
        .isEmpty();
  }

  @Test
  void twoChallengesDiffer() {
    KeyPair ek = Authority.ecKeys("secp256r1");
    assertThat(CredentialChallenge.issue(ek.getPublic(), NAME, RANDOM).question())
        .isNotEqualTo(CredentialChallenge.issue(ek.getPublic(), NAME, RANDOM).question());
  }

  @Test
  void anEndorsementKeyOfAnotherSizeIsRefused() {
    assertThatThrownBy(
            () ->
                CredentialChallenge.issue(Authority.ecKeys("secp384r1").getPublic(), NAME, RANDOM))
        .isInstanceOf(AttestationException.class)
        .extracting(e -> ((AttestationException) e).errorCode())
        .isEqualTo(AttestationException.Code.FIELD_INVALID);
  }

  @Test
  void theQuestionSurvivesItsEncodingAndNothingElseIsRead() {
    CredentialChallenge.Question question =
        CredentialChallenge.issue(Authority.ecKeys("secp256r1").getPublic(), NAME, RANDOM)
            .question();
    byte[] encoded = question.encode();
    assertThat(CredentialChallenge.Question.decode(encoded)).isEqualTo(question);
    Property.check(
        "a cut or extended challenge is refused",
        1,
        random ->
            java.util.stream.Stream.concat(
                    Mutation.cuts(encoded), Mutation.extensions(encoded, random))
                .forEach(
                    mutation ->
                        assertThatThrownBy(
                                () -> CredentialChallenge.Question.decode(mutation.bytes()))
                            .as(mutation.what())
                            .isInstanceOf(AttestationException.class)));
  }

  @Test
  void partsOfAQuestionHaveTheirLengthsAndNothingIsBesideThem() {
    assertThat(CredentialChallenge.Question.decode(parts(128, 512).build().encode()).blob())
        .isEqualTo(Bytes.of(new byte[128]));
    for (byte[] wrong :
        List.of(
            parts(129, 512).build().encode(),
            parts(128, 513).build().encode(),
            parts(0, 512).build().encode(),
            parts(128, 0).build().encode(),
            parts(128, 512).put(3, 1).build().encode())) {
      assertThatThrownBy(() -> CredentialChallenge.Question.decode(wrong))
          .isInstanceOf(AttestationException.class)
          .hasMessageContaining("the challenge cannot be read: ")
          .extracting(e -> ((AttestationException) e).errorCode())
          .isEqualTo(AttestationException.Code.MALFORMED);
    }
  }

  private static CborMap.Builder parts(int blob, int secret) {
    return CborMap.versioned().put(1, Bytes.of(new byte[blob])).put(2, Bytes.of(new byte[secret]));
  }

  private static byte[] open(KeyPair ek, CredentialChallenge.Question question, Bytes name) {
    return TpmCredential.open(
            ek, question.blob().toArray(), question.secret().toArray(), name.toArray())
        .orElseThrow();
  }
}
