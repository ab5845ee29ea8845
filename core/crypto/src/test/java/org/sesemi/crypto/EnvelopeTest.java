package org.sesemi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.CodedException;
import org.sesemi.wire.VerificationRecord;

class EnvelopeTest {

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.jdk(), CryptoProvider.of(Conscrypt.newProvider()));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void whatIsSealedOpensAndTheReceiptVerifies(CryptoProvider provider) {
    Property.check(
        "an exchange goes through",
        30,
        random -> {
          Exchange exchange = new Exchange(random, provider);
          byte[] body = new byte[random.nextInt(5000)];
          random.nextBytes(body);
          PendingRequest pending = exchange.ask(body);
          try (OpenedRequest opened = exchange.open(pending.envelope())) {
            assertThat(opened.content().body().toArray()).isEqualTo(body);
            assertThat(opened.header()).isEqualTo(pending.header());
            assertThat(opened.digest()).isEqualTo(pending.digest());
            SealedAnswer sent = exchange.answer(opened, new byte[] {7, 7, 7});
            SealedAnswer received = SealedAnswer.decode(sent.encode());
            PendingRequest.Answer answer = pending.open(received.response());
            assertThat(answer.content().body().toArray()).containsExactly(7, 7, 7);
            assertThat(answer.content().outcome()).isEqualTo("ok");
            VerificationRecord record =
                ReceiptVerifier.verify(
                    exchange.genesis.encode(),
                    received.receipt(),
                    received.certificate(),
                    ReceiptVerifier.Expected.of(exchange.genesis.clusterId(), pending, answer));
            assertThat(record.checks()).as("%s", record).hasSize(14);
            assertThat(record.accepted()).isTrue();
          }
        });
  }

  @ParameterizedTest
  @MethodSource("providers")
  void providersUnderstandOneAnother(CryptoProvider provider) {
    Exchange sealing = new Exchange(Property.random("providers"), provider);
    PendingRequest pending = sealing.ask(new byte[1000]);
    for (CryptoProvider other : providers().toList()) {
      try (OpenedRequest opened = new RequestOpener(other).open(pending.envelope(), sealing.key)) {
        assertThat(opened.content().body().toArray()).hasSize(1000);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void noChangedRequestOpens(CryptoProvider provider) {
    Property.check(
        "changed requests are refused",
        2,
        random -> {
          Exchange exchange = new Exchange(random, provider);
          byte[] sealed = Exchange.bytes(exchange.ask(new byte[600]).envelope());
          Mutation.all(sealed, random)
              .forEach(
                  mutation ->
                      assertThatThrownBy(() -> exchange.open(ByteBuffer.wrap(mutation.bytes())))
                          .as(mutation.what())
                          .isInstanceOfSatisfying(
                              CodedException.class,
                              failure -> assertThat(failure.code()).startsWith("envelope.")));
        });
  }

  @ParameterizedTest
  @MethodSource("providers")
  void noChangedResponseOpensAndNoneIsConsumedByTrying(CryptoProvider provider) {
    Property.check(
        "changed responses are refused",
        2,
        random -> {
          Exchange exchange = new Exchange(random, provider);
          PendingRequest pending = exchange.ask(new byte[10]);
          try (OpenedRequest opened = exchange.open(pending.envelope())) {
            byte[] sealed = Exchange.bytes(exchange.answer(opened, new byte[500]).response());
            Mutation.all(sealed, random)
                .forEach(
                    mutation ->
                        assertThatThrownBy(() -> pending.open(ByteBuffer.wrap(mutation.bytes())))
                            .as(mutation.what())
                            .isInstanceOfSatisfying(
                                CryptoException.class,
                                failure ->
                                    assertThat(failure.code())
                                        .containsAnyOf("envelope.", "response.unexpected")));
            assertThat(pending.open(ByteBuffer.wrap(sealed)).content().body().toArray())
                .hasSize(500);
          }
        });
  }

  @Test
  void noChangedAnswerVerifies() {
    Exchange exchange = new Exchange(Property.random("answers"), CryptoProvider.jdk());
    PendingRequest pending = exchange.ask(new byte[10]);
    try (OpenedRequest opened = exchange.open(pending.envelope())) {
      byte[] encoded = Exchange.bytes(exchange.answer(opened, new byte[20]).encode());
      Mutation.all(encoded, Property.random("changed answers"))
          .forEach(
              mutation ->
                  assertThat(verifies(exchange, pending, mutation.bytes()))
                      .as(mutation.what())
                      .isFalse());
    }
  }

  @Test
  void oneRequestAcceptsOneAnswer() {
    Exchange exchange = new Exchange(Property.random("one answer"), CryptoProvider.jdk());
    PendingRequest pending = exchange.ask(new byte[10]);
    try (OpenedRequest first = exchange.open(pending.envelope());
        OpenedRequest second = exchange.open(pending.envelope())) {
      SealedAnswer one = exchange.answer(first, new byte[] {1});
      SealedAnswer two = exchange.answer(second, new byte[] {1});
      assertThat(one.response()).isNotEqualTo(two.response());
      pending.open(one.response());
      for (SealedAnswer later : new SealedAnswer[] {one, two}) {
        assertThatThrownBy(() -> pending.open(later.response()))
            .isInstanceOfSatisfying(
                CryptoException.class,
                failure -> assertThat(failure.code()).isEqualTo("response.already-accepted"));
      }
    }
  }

  @Test
  void oneRequestOpenedManyTimesNeverRepeatsAKey() {
    Exchange exchange = new Exchange(Property.random("fresh keys"), CryptoProvider.jdk());
    PendingRequest pending = exchange.ask(new byte[10]);
    Set<ByteBuffer> salts = new HashSet<>();
    Set<ByteBuffer> ciphertexts = new HashSet<>();
    for (int instance = 0; instance < 100; instance++) {
      try (OpenedRequest opened = exchange.open(pending.envelope())) {
        ByteBuffer response = exchange.answer(opened, new byte[64]).response();
        org.sesemi.wire.EnvelopeFrame frame =
            org.sesemi.wire.EnvelopeFrame.decode(
                org.sesemi.wire.EnvelopeFrame.Kind.RESPONSE, response);
        salts.add(ResponseHeader.decode(frame.header()).salt().toBuffer());
        ciphertexts.add(frame.body());
      }
    }
    assertThat(salts).hasSize(100);
    assertThat(ciphertexts).hasSize(100);
  }

  @Test
  void closingWipesThePlaintext() {
    Exchange exchange = new Exchange(Property.random("wiping"), CryptoProvider.jdk());
    byte[] body = new byte[1000];
    java.util.Arrays.fill(body, (byte) 0x5A);
    OpenedRequest opened = exchange.open(exchange.ask(body).envelope());
    ByteBuffer plain = opened.buffer();
    opened.close();
    assertThat(Exchange.bytes(plain.duplicate().clear())).containsOnly(0);
  }

  @Test
  void lengthsAreClassesAndNeverTooShort() {
    Property.check(
        "Padmé",
        1000,
        random -> {
          int length = random.nextInt(1 << random.nextInt(1, 30));
          int padded = Padding.padded(length);
          assertThat(padded).isGreaterThanOrEqualTo(length);
          assertThat((long) padded - length).isLessThanOrEqualTo(Math.max(1, length / 8));
          assertThat(Padding.padded(padded)).isEqualTo(padded);
        });
    assertThat(Padding.padded(602_112 + 200)).isEqualTo(606_208);
  }

  private static boolean verifies(Exchange exchange, PendingRequest pending, byte[] encoded) {
    try {
      SealedAnswer received = SealedAnswer.decode(ByteBuffer.wrap(encoded));
      return ReceiptVerifier.verify(
              exchange.genesis.encode(),
              received.receipt(),
              received.certificate(),
              new ReceiptVerifier.Expected(
                  exchange.genesis.clusterId(),
                  java.util.Optional.of(pending.digest()),
                  java.util.Optional.of(org.sesemi.wire.Digest.sha256(received.response())),
                  java.util.Optional.of(pending.commitment()),
                  java.util.Optional.of(
                      Receipt.decode(received.receipt().unverifiedPayload()).responseCommitment())))
          .accepted();
    } catch (CodedException refused) {
      return false;
    }
  }
}
