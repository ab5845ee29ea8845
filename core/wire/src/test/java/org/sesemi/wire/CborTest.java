package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sesemi.property.Property;

class CborTest {

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "10, 0a",
    "23, 17",
    "24, 1818",
    "100, 1864",
    "1000, 1903e8",
    "1000000, 1a000f4240",
    "1000000000000, 1b000000e8d4a51000",
    "-1, 20",
    "-10, 29",
    "-100, 3863",
    "-1000, 3903e7",
    "9223372036854775807, 1b7fffffffffffffff",
    "-9223372036854775808, 3b7fffffffffffffff"
  })
  void integersHaveTheEncodingsOfTheStandard(long value, String hex) {
    byte[] encoded = Cbor.encode(new CborValue.Int(value));
    assertThat(HexFormat.of().formatHex(encoded)).isEqualTo(hex);
    assertThat(Cbor.decode(encoded)).isEqualTo(new CborValue.Int(value));
  }

  @ParameterizedTest
  @CsvSource({
    "'', cbor.malformed", // nothing
    "0000, cbor.malformed", // trailing byte
    "1800, cbor.not-deterministic", // long head
    "190017, cbor.not-deterministic",
    "1a00000017, cbor.not-deterministic",
    "1b0000000000000017, cbor.not-deterministic",
    "1bffffffffffffffff, cbor.malformed", // beyond 63 bits
    "3bffffffffffffffff, cbor.malformed",
    "5f41004100ff, cbor.not-deterministic", // indefinite lengths
    "9fff, cbor.not-deterministic",
    "bfff, cbor.not-deterministic",
    "7f6161ff, cbor.not-deterministic",
    "ff, cbor.malformed",
    "1c, cbor.malformed", // reserved heads
    "c000, cbor.malformed", // tag
    "f6, cbor.malformed", // null
    "f7, cbor.malformed", // undefined
    "f93c00, cbor.malformed", // floats
    "fb3ff0000000000000, cbor.malformed",
    "f814, cbor.malformed", // two-byte true
    "61ff, cbor.malformed", // not UTF-8
    "62c080, cbor.malformed", // overlong UTF-8
    "63eda080, cbor.malformed", // surrogate in UTF-8
    "420a, cbor.malformed", // cut
    "5affffffff00, cbor.malformed", // announces much, has little
    "9b7fffffffffffffff, cbor.malformed",
    "bb7fffffffffffffff, cbor.malformed",
    "a201000000, cbor.not-deterministic", // keys out of order
    "a201000100, cbor.not-deterministic", // the same key twice
    "a262616100616200, cbor.not-deterministic", // longer text first
    "a2616100616100, cbor.not-deterministic",
    "a1200000, cbor.unexpected", // negative key
    "a14100, cbor.unexpected", // byte string as key
    "a1f500, cbor.unexpected",
    "8181818181818181818181818181818181, cbor.too-deep"
  })
  void everythingElseIsRefused(String hex, String code) {
    assertThatThrownBy(() -> Cbor.decode(HexFormat.of().parseHex(hex)))
        .isInstanceOfSatisfying(WireException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void itemsAreBounded() {
    byte[] many = new byte[101];
    many[0] = (byte) 0x98;
    many[1] = 99;
    assertThat(Cbor.decode(ByteBuffer.wrap(many), new Cbor.Limits(1, 100))).isNotNull();
    assertThatThrownBy(() -> Cbor.decode(ByteBuffer.wrap(many), new Cbor.Limits(1, 99)))
        .hasMessageContaining("more than 99");
    assertThatThrownBy(() -> Cbor.decode(ByteBuffer.wrap(many), new Cbor.Limits(0, 100)))
        .hasMessageContaining("nested deeper");
  }

  @Test
  void whatIsEncodedDecodesToTheSame() {
    Property.check(
        "what is encoded decodes to the same",
        2000,
        random -> {
          CborValue value = value(random, 4);
          byte[] encoded = Cbor.encode(value);
          assertThat(Cbor.decode(encoded)).isEqualTo(value);
          assertThat(Cbor.encode(Cbor.decode(encoded))).isEqualTo(encoded);
        });
  }

  /** Any change is refused or is another value, and that value has no other encoding. */
  @Test
  void everyEncodingIsTheOnlyOne() {
    Property.check(
        "every encoding is the only one",
        20_000,
        random -> {
          CborValue value = value(random, 3);
          byte[] encoded = Cbor.encode(value);
          byte[] mutated = Drawn.mutate(random, encoded);
          Optional<CborValue> decoded = tryDecode(mutated);
          if (decoded.isPresent()) {
            assertThat(Cbor.encode(decoded.get())).isEqualTo(mutated);
            assertThat(decoded.get().equals(value)).isEqualTo(Arrays.equals(mutated, encoded));
          }
        });
  }

  @Test
  void everyFlippedBitAndEveryCutIsRefusedOrAnotherValue() {
    byte[] encoded = Cbor.encode(value(new SplittableRandom(7), 4));
    CborValue value = Cbor.decode(encoded);
    for (int bit = 0; bit < encoded.length * 8; bit++) {
      byte[] flipped = encoded.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      tryDecode(flipped).ifPresent(v -> assertThat(v).isNotEqualTo(value));
    }
    for (int length = 0; length < encoded.length; length++) {
      assertThat(tryDecode(Arrays.copyOf(encoded, length))).isEmpty();
    }
  }

  @Test
  void noiseIsNeverAnythingButAValueOrACodedError() {
    Property.check(
        "noise is never anything but a value or a coded error",
        50_000,
        random -> {
          byte[] noise = Drawn.bytes(random, 24);
          tryDecode(noise).ifPresent(v -> assertThat(Cbor.encode(v)).isEqualTo(noise));
        });
  }

  private static Optional<CborValue> tryDecode(byte[] bytes) {
    try {
      return Optional.of(Cbor.decode(bytes));
    } catch (WireException e) {
      return Optional.empty();
    }
  }

  private static CborValue value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth > 0 ? 6 : 4)) {
      case 0 -> integer(random);
      case 1 -> new CborValue.ByteString(ByteBuffer.wrap(Drawn.bytes(random, 300)));
      case 2 -> new CborValue.Text(Drawn.text(random, 30));
      case 3 -> new CborValue.Bool(random.nextBoolean());
      case 4 -> {
        List<CborValue> items = new ArrayList<>();
        for (int i = random.nextInt(30); i > 0; i--) {
          items.add(value(random, depth - 1));
        }
        yield new CborValue.Array(items);
      }
      default -> {
        TreeMap<CborValue.Key, CborValue> entries = new TreeMap<>();
        for (int i = random.nextInt(30); i > 0; i--) {
          CborValue.Key key =
              random.nextBoolean()
                  ? new CborValue.Int(integer(random).value() & Long.MAX_VALUE)
                  : new CborValue.Text(Drawn.text(random, 6));
          entries.put(key, value(random, depth - 1));
        }
        yield new CborValue.Map(entries);
      }
    };
  }

  private static CborValue.Int integer(RandomGenerator random) {
    return new CborValue.Int(random.nextLong() >> random.nextInt(64));
  }
}
