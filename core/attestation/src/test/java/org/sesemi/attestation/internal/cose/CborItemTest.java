package org.sesemi.attestation.internal.cose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.property.Property;
import org.sesemi.vendors.CborOut;
import org.sesemi.wire.Bytes;

final class CborItemTest {

  private static final String WHAT = "the input";

  private static CborItem parse(CborOut out) {
    return CborItem.parse(out.toBytes(), WHAT);
  }

  @Test
  void everyKindIsRead() {
    assertThat(parse(new CborOut().integer(Long.MAX_VALUE)).integer(WHAT))
        .isEqualTo(Long.MAX_VALUE);
    assertThat(parse(new CborOut().integer(Long.MIN_VALUE)).integer(WHAT))
        .isEqualTo(Long.MIN_VALUE);
    assertThat(parse(new CborOut().bytes(new byte[] {1, 2})).bytes(WHAT)).containsExactly(1, 2);
    assertThat(parse(new CborOut().text("gr\u00fc\u00df")).text(WHAT)).isEqualTo("gr\u00fc\u00df");
    assertThat(parse(new CborOut().none()).isNull()).isTrue();
    assertThat(parse(new CborOut().integer(0)).isNull()).isFalse();
    assertThat(parse(new CborOut().bool(true)).kind()).isEqualTo(CborItem.Kind.BOOLEAN);
    CborItem array = parse(new CborOut().array(2).integer(-1).integer(24));
    assertThat(array.array(WHAT).get(0).integer(WHAT)).isEqualTo(-1);
    assertThat(array.array(WHAT).get(1).integer(WHAT)).isEqualTo(24);
    CborItem tagged = parse(new CborOut().tag(399).integer(7));
    assertThat(tagged.tagged(399, WHAT).integer(WHAT)).isEqualTo(7);
    assertThat(tagged.hasTag(18)).isFalse();
  }

  @Test
  void spansAreTheBytesThatWereRead() {
    byte[] inner = new CborOut().map(1).text("a").array(1).integer(1000).toBytes();
    CborItem item = parse(new CborOut().array(2).raw(inner).bytes(new byte[300]));
    assertThat(item.array(WHAT).getFirst().encoded()).isEqualTo(inner);
    assertThat(item.encoded()).hasSize(1 + inner.length + 303);
  }

  @Test
  void theParsedItemDoesNotFollowChangesOfTheInput() {
    byte[] input = new CborOut().bytes(new byte[] {1, 2, 3}).toBytes();
    CborItem item = CborItem.parse(input, WHAT);
    input[1] = 9;
    assertThat(item.bytes(WHAT)).containsExactly(1, 2, 3);
  }

  @Test
  void lengthsAndNumbersMustBeInTheirShortestForm() {
    for (int major = 0; major <= 6; major++) {
      for (int width : new int[] {1, 2, 4, 8}) {
        long tooSmall = width == 1 ? 23 : (1L << (4 * width)) - 1;
        refuse(new CborOut().head(major, tooSmall, width), "shortest form");
        if (tooSmall > 23) {
          refuse(new CborOut().head(major, 0, width), "shortest form");
        }
      }
    }
    assertThat(parse(new CborOut().head(0, 24, 1)).integer(WHAT)).isEqualTo(24);
    assertThat(parse(new CborOut().head(0, 256, 2)).integer(WHAT)).isEqualTo(256);
    assertThat(parse(new CborOut().head(0, 65536, 4)).integer(WHAT)).isEqualTo(65536);
    assertThat(parse(new CborOut().head(0, 1L << 32, 8)).integer(WHAT)).isEqualTo(1L << 32);
  }

  @Test
  void indefiniteLengthsAreRefused() {
    refuse(new CborOut().indefinite(2).bytes(new byte[1]).end(), "indefinite");
    refuse(new CborOut().indefinite(3).text("a").end(), "indefinite");
    refuse(new CborOut().indefinite(4).integer(1).end(), "indefinite");
    refuse(new CborOut().indefinite(5).integer(1).integer(1).end(), "indefinite");
    refuse(new CborOut().end(), "not allowed");
  }

  @Test
  void reservedHeadsAreRefused() {
    for (int major = 0; major <= 6; major++) {
      for (int info = 28; info <= 31; info++) {
        refuse(new CborOut().raw((major << 5) | info), "reserved");
      }
    }
  }

  @Test
  void simpleValuesAndFloatsAreRefusedButForFalseTrueNull() {
    for (int info = 0; info < 32; info++) {
      if (info < 20 || info > 22) {
        refuse(new CborOut().raw(0xe0 | info, 0, 0, 0, 0, 0, 0, 0, 0), "not allowed");
      }
    }
  }

  @Test
  void numbersOfMoreThan63BitsAreRefused() {
    refuse(new CborOut().raw(0x1b, 0x80, 0, 0, 0, 0, 0, 0, 0), "63 bits");
    refuse(new CborOut().raw(0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0), "63 bits");
  }

  @Test
  void aKeyTwiceIsRefused() {
    refuse(new CborOut().map(2).integer(1).integer(1).integer(1).integer(2), "same map key");
    refuse(new CborOut().map(2).text("a").integer(1).text("a").integer(1), "same map key");
    // An integer and a text that looks like it are two keys.
    assertThat(parse(new CborOut().map(2).integer(1).integer(1).text("1").integer(2)).kind())
        .isEqualTo(CborItem.Kind.MAP);
  }

  @Test
  void keysAreIntegersOrText() {
    refuse(new CborOut().map(1).bytes(new byte[1]).integer(1), "map key");
    refuse(new CborOut().map(1).none().integer(1), "map key");
    refuse(new CborOut().map(1).bool(true).integer(1), "map key");
    refuse(new CborOut().map(1).array(0).integer(1), "map key");
    refuse(new CborOut().map(1).map(0).integer(1), "map key");
    refuse(new CborOut().map(1).tag(1).integer(1).integer(1), "map key");
  }

  @Test
  void textMustBeUtf8() {
    refuse(new CborOut().head(3, 1).raw(0xff), "UTF-8");
    refuse(new CborOut().head(3, 2).raw(0xc0, 0x80), "UTF-8");
    refuse(new CborOut().head(3, 3).raw(0xed, 0xa0, 0x80), "UTF-8");
    refuse(new CborOut().head(3, 2).raw(0xc3, 0x28), "UTF-8");
  }

  @Test
  void bytesAfterTheItemAreRefused() {
    refuse(new CborOut().integer(1).raw(0, 0), "has 2 bytes after its CBOR item");
  }

  @Test
  void emptyInputIsRefused() {
    refuse(new CborOut(), "ends inside");
  }

  @Test
  void lengthsThatPromiseMoreThanIsThereAllocateNothing() {
    for (int major = 2; major <= 5; major++) {
      refuse(new CborOut().head(major, Integer.MAX_VALUE, 4), "ends inside");
      refuse(new CborOut().head(major, Long.MAX_VALUE, 8), "ends inside");
      refuse(new CborOut().head(major, 5).raw(1, 2, 3, 4), "ends inside");
    }
  }

  @Test
  void lengthsCountFromWhereTheItemBegins() {
    refuse(new CborOut().array(2).integer(0).raw(0x83, 1, 2), "ends inside an array");
    refuse(new CborOut().array(2).integer(0).raw(0xa2, 1, 1, 2), "ends inside a map");
    refuse(new CborOut().array(2).integer(0).raw(0x43, 1, 2), "ends inside a string");
    assertThat(parse(new CborOut().array(2).integer(0).raw(0xa2, 1, 1, 2, 2)).array(WHAT))
        .hasSize(2);
  }

  @Test
  void depthIsLimited() {
    for (Nesting nesting : Nesting.values()) {
      assertThat(CborItem.parse(nesting.deep(CborItem.MAX_DEPTH - 1), WHAT).encoded()).isNotEmpty();
      assertThatThrownBy(() -> CborItem.parse(nesting.deep(CborItem.MAX_DEPTH), WHAT))
          .isInstanceOf(Unreadable.class)
          .hasMessageContaining("nested deeper");
    }
  }

  private enum Nesting {
    ARRAYS,
    MAPS,
    TAGS;

    private byte[] deep(int levels) {
      CborOut out = new CborOut();
      for (int i = 0; i < levels; i++) {
        switch (this) {
          case ARRAYS -> out.array(1);
          case MAPS -> out.map(1).integer(1);
          case TAGS -> out.tag(1);
        }
      }
      return out.integer(0).toBytes();
    }
  }

  @Test
  void theNumberOfItemsIsLimited() {
    CborOut good = new CborOut().array(CborItem.MAX_ITEMS - 1);
    CborOut bad = new CborOut().array(CborItem.MAX_ITEMS);
    for (int i = 0; i < CborItem.MAX_ITEMS; i++) {
      if (i > 0) {
        good.integer(0);
      }
      bad.integer(0);
    }
    assertThat(parse(good).array(WHAT)).hasSize(CborItem.MAX_ITEMS - 1);
    refuse(bad, "items");
  }

  @Test
  void theLengthOfTheInputIsLimited() {
    assertThat(parse(new CborOut().bytes(new byte[CborItem.MAX_LENGTH - 3])).encoded())
        .hasSize(CborItem.MAX_LENGTH);
    refuse(new CborOut().bytes(new byte[CborItem.MAX_LENGTH - 2]), "more than");
  }

  @Test
  void kindsAreNotMixedUp() {
    CborItem number = parse(new CborOut().integer(1));
    assertThatThrownBy(() -> number.bytes(WHAT)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> number.text(WHAT)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> number.array(WHAT)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> number.fields(WHAT)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> number.tagged(1, WHAT)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> parse(new CborOut().none()).integer(WHAT))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void numbersAreHeldToTheirRange() {
    CborItem number = parse(new CborOut().integer(1L << 32));
    assertThatThrownBy(() -> number.integer(0, 10, WHAT)).isInstanceOf(Unreadable.class);
    assertThat(parse(new CborOut().integer(10)).integer(0, 10, WHAT)).isEqualTo(10);
    assertThat(parse(new CborOut().integer(0)).integer(0, 10, WHAT)).isZero();
    assertThatThrownBy(() -> parse(new CborOut().integer(11)).integer(0, 10, WHAT))
        .isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> parse(new CborOut().integer(-1)).integer(0, 10, WHAT))
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void namesAreShortAndPrintable() {
    assertThat(parse(new CborOut().text("x".repeat(256))).name(WHAT)).hasSize(256);
    assertThat(parse(new CborOut().text("a ~")).name(WHAT)).isEqualTo("a ~");
    for (String text : List.of("x".repeat(257), "a\u001b[2J", "a\nb", "\u00fc", "\u007f")) {
      CborItem item = parse(new CborOut().text(text));
      assertThatThrownBy(() -> item.name(WHAT)).isInstanceOf(Unreadable.class);
    }
  }

  @Test
  void fieldsAreReadOnceAndTheRestIsRefused() {
    CborFields fields =
        parse(new CborOut().map(3).integer(1).integer(10).text("a").integer(11).integer(-2).none())
            .fields(WHAT);
    assertThat(fields.size()).isEqualTo(3);
    assertThat(fields.get(1).integer(WHAT)).isEqualTo(10);
    assertThat(fields.get("a").integer(WHAT)).isEqualTo(11);
    assertThat(fields.optional(1)).isEmpty();
    assertThat(fields.optional("b")).isEmpty();
    assertThatThrownBy(() -> fields.get("a")).isInstanceOf(Unreadable.class);
    assertThatThrownBy(() -> fields.get(7)).isInstanceOf(Unreadable.class);
    assertThatThrownBy(fields::finish).isInstanceOf(Unreadable.class);
    assertThat(fields.get(-2).isNull()).isTrue();
    fields.finish();
    CborFields numbered = parse(new CborOut().map(1).integer(1).integer(10)).fields(WHAT);
    assertThat(numbered.integers()).containsOnlyKeys(1L);
    numbered.finish();
    assertThatThrownBy(() -> parse(new CborOut().map(1).text("a").none()).fields(WHAT).integers())
        .isInstanceOf(Unreadable.class);
  }

  @Test
  void whatWasWrittenIsRead() {
    Property.check(
        "generated items are read back, and every truncation is refused",
        200,
        random -> {
          CborOut out = new CborOut();
          Object expected = write(out, random, 0);
          byte[] encoded = out.toBytes();
          assertThat(value(CborItem.parse(encoded, WHAT))).isEqualTo(expected);
          for (int length = 0; length < encoded.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(encoded, length);
            assertThatThrownBy(() -> CborItem.parse(cut, WHAT)).isInstanceOf(Unreadable.class);
          }
        });
  }

  @Test
  void anyBytesAreReadInOneWayOrRefused() {
    Property.check(
        "what is read has exactly the bytes that it was read from",
        2000,
        random -> {
          byte[] bytes = new byte[random.nextInt(1, 48)];
          random.nextBytes(bytes);
          bytes[0] = (byte) (random.nextBoolean() ? 0x80 | (bytes[0] & 0x2f) : bytes[0]);
          try {
            CborItem item = CborItem.parse(bytes, WHAT);
            CborOut again = new CborOut();
            rewrite(again, item);
            assertThat(again.toBytes()).isEqualTo(bytes);
          } catch (Unreadable e) {
            assertThat(e).hasMessageStartingWith(WHAT);
          }
        });
  }

  private static Object write(CborOut out, RandomGenerator random, int depth) {
    return switch (random.nextInt(depth < 4 ? 6 : 4)) {
      case 0 -> {
        long value = random.nextLong() >> random.nextInt(64);
        out.integer(value);
        yield value;
      }
      case 1 -> {
        byte[] value = new byte[random.nextInt(300)];
        random.nextBytes(value);
        out.bytes(value);
        yield Bytes.of(value);
      }
      case 2 -> {
        String value = "\u00e9".repeat(random.nextInt(20));
        out.text(value);
        yield value;
      }
      case 3 -> {
        boolean value = random.nextBoolean();
        out.bool(value);
        yield value;
      }
      case 4 -> {
        int count = random.nextInt(5);
        out.array(count);
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          values.add(write(out, random, depth + 1));
        }
        yield values;
      }
      default -> {
        int count = random.nextInt(5);
        out.map(count);
        Map<Object, Object> values = new LinkedHashMap<>();
        for (long i = 0; i < count; i++) {
          out.integer(i - 2);
          values.put(i - 2, write(out, random, depth + 1));
        }
        yield values;
      }
    };
  }

  private static Object value(CborItem item) {
    return switch (item.kind()) {
      case INTEGER -> item.integer(WHAT);
      case BYTES -> Bytes.of(item.bytes(WHAT));
      case TEXT -> item.text(WHAT);
      case ARRAY -> item.array(WHAT).stream().map(CborItemTest::value).toList();
      case MAP -> {
        Map<Object, Object> values = new LinkedHashMap<>();
        item.fields(WHAT).integers().forEach((key, each) -> values.put(key, value(each)));
        yield values;
      }
      case BOOLEAN -> (item.encoded()[0] & 1) == 1;
      case TAG, NULL -> throw new AssertionError("not written");
    };
  }

  private static void rewrite(CborOut out, CborItem item) {
    switch (item.kind()) {
      case INTEGER -> out.integer(item.integer(WHAT));
      case BYTES -> out.bytes(item.bytes(WHAT));
      case TEXT -> out.text(item.text(WHAT));
      case ARRAY -> {
        out.array(item.array(WHAT).size());
        item.array(WHAT).forEach(each -> rewrite(out, each));
      }
      case MAP, TAG, BOOLEAN, NULL -> out.raw(item.encoded());
    }
  }

  private static void refuse(CborOut out, String message) {
    byte[] bytes = out.toBytes();
    assertThatThrownBy(() -> CborItem.parse(bytes, WHAT))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(message);
  }
}
