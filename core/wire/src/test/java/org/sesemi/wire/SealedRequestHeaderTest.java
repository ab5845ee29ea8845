package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

class SealedRequestHeaderTest {

  @Test
  void theBytesAreThoseOfTheProtocol() {
    SealedRequestHeader header =
        new SealedRequestHeader(
            PartyId.parse("11".repeat(32)),
            ModelId.parse("22".repeat(32) + "/m"),
            VersionRule.current(),
            KeyId.parse("33".repeat(16)),
            RequestId.parse("44".repeat(16)),
            Instant.ofEpochMilli(1000),
            Bytes.parse("55".repeat(32)));
    String hex =
        "a80001015820"
            + "11".repeat(32)
            + "027842"
            + "32".repeat(64)
            + "2f6d"
            + "036763757272656e74"
            + "0450"
            + "33".repeat(16)
            + "0550"
            + "44".repeat(16)
            + "061903e8"
            + "075820"
            + "55".repeat(32);
    assertThat(HexFormat.of().formatHex(header.encode())).isEqualTo(hex);
    byte[] prefix = EnvelopeFrame.prefix(EnvelopeFrame.Kind.REQUEST, header.encode(), 2);
    assertThat(HexFormat.of().formatHex(prefix))
        .isEqualTo("53535251" + "0001" + "000000bf" + hex + "00000002");
  }

  @Test
  void headersReadBack() {
    Property.check(
        "headers read back",
        200,
        random -> {
          SealedRequestHeader header = header(random);
          byte[] body = Drawn.bytes(random, 100);
          byte[] envelope = envelope(header, body);
          ByteBuffer padded = ByteBuffer.allocate(envelope.length + 9);
          padded.position(4).put(4, envelope).limit(4 + envelope.length);
          EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, padded);
          assertThat(SealedRequestHeader.ofEnvelope(padded)).isEqualTo(header);
          assertThat(frame.body()).isEqualTo(ByteBuffer.wrap(body));
          assertThat(frame.associatedData().remaining()).isEqualTo(envelope.length - body.length);
          assertThat(padded.position()).isEqualTo(4);
        });
  }

  /** Whoever changes a byte outside the body is refused or has changed the associated data. */
  @Test
  void everyMutationIsRefusedOrVisible() {
    Property.check(
        "mutated envelopes",
        20,
        random -> {
          SealedRequestHeader header = header(random);
          byte[] body = Drawn.bytes(random, 40);
          byte[] envelope = envelope(header, body);
          Mutation.all(envelope, random)
              .forEach(
                  mutation -> {
                    try {
                      ByteBuffer bytes = ByteBuffer.wrap(mutation.bytes());
                      EnvelopeFrame frame = EnvelopeFrame.decode(EnvelopeFrame.Kind.REQUEST, bytes);
                      SealedRequestHeader read = SealedRequestHeader.decode(frame.header());
                      byte[] again = new byte[frame.body().remaining()];
                      frame.body().get(again);
                      assertThat(envelope(read, again)).isEqualTo(mutation.bytes());
                      assertThat(read.equals(header) && Arrays.equals(again, body)).isFalse();
                    } catch (WireException e) {
                      assertThat(e.errorCode().category()).isEqualTo(ErrorCategory.INVALID);
                    }
                  });
        });
  }

  @Test
  void aResponseIsNoRequest() {
    byte[] response = EnvelopeFrame.prefix(EnvelopeFrame.Kind.RESPONSE, new byte[0], 0);
    assertThat(EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, ByteBuffer.wrap(response)))
        .isNotNull();
    assertThatThrownBy(() -> SealedRequestHeader.ofEnvelope(ByteBuffer.wrap(response)))
        .hasMessageContaining("do not begin like a sealed request");
    response[5] = 2;
    assertThatThrownBy(
            () -> EnvelopeFrame.decode(EnvelopeFrame.Kind.RESPONSE, ByteBuffer.wrap(response)))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.code()).isEqualTo("version.unknown"));
  }

  private static byte[] envelope(SealedRequestHeader header, byte[] body) {
    byte[] prefix = EnvelopeFrame.prefix(EnvelopeFrame.Kind.REQUEST, header.encode(), body.length);
    byte[] envelope = Arrays.copyOf(prefix, prefix.length + body.length);
    System.arraycopy(body, 0, envelope, prefix.length, body.length);
    return envelope;
  }

  private static SealedRequestHeader header(RandomGenerator random) {
    RandomSource source = random::nextBytes;
    VersionRule[] rules = {
      VersionRule.current(), new VersionRule.Exactly(7), new VersionRule.AtLeast(123456789)
    };
    return new SealedRequestHeader(
        new PartyId(new Digest(Bytes.random(source, 32))),
        new ModelId(new PartyId(new Digest(Bytes.random(source, 32))), "m-" + random.nextInt(99)),
        rules[random.nextInt(rules.length)],
        KeyId.random(source),
        RequestId.random(source),
        Instant.ofEpochMilli(random.nextLong(1L << 42)),
        Bytes.random(source, 32));
  }
}
