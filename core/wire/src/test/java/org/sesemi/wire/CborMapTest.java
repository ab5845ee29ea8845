package org.sesemi.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.sesemi.property.Property;

class CborMapTest {

  private static final byte[] MESSAGE =
      CborMap.versioned()
          .put(1, new byte[] {1, 2, 3})
          .put(2, "text")
          .put(3, -5)
          .put(4, true)
          .put(5, Digest.sha256())
          .put(6, CborMap.builder().put(1, 1).build())
          .putTexts(7, List.of("a", "b"))
          .putIntegers(8, new long[] {3, 1, 2})
          .putTextMap(9, Map.of("key", "value", "k", "v"))
          .putMaps(10, List.of(CborMap.builder().put(1, 1).build()))
          .putByteStrings(11, List.of(Bytes.empty()))
          .build()
          .encode();

  @Test
  void fieldsAreReadBack() {
    CborReader reader = CborReader.versioned(MESSAGE);
    assertThat(reader.bytes(1, 3)).containsExactly(1, 2, 3);
    assertThat(reader.text(2, 4)).isEqualTo("text");
    assertThat(reader.integer(3, -5, 0)).isEqualTo(-5);
    assertThat(reader.bool(4)).isTrue();
    assertThat(reader.digest(5)).isEqualTo(Digest.sha256());
    CborReader inner = reader.map(6);
    assertThat(inner.integer(1, 1, 1)).isEqualTo(1);
    inner.finish();
    assertThat(reader.texts(7, 2, 1)).containsExactly("a", "b");
    assertThat(reader.integers(8, 3, 1, 3)).containsExactly(3, 1, 2);
    assertThat(reader.textMap(9, 2, 5)).isEqualTo(Map.of("k", "v", "key", "value"));
    assertThat(reader.maps(10, 1)).hasSize(1);
    assertThat(reader.byteStrings(11, 1, 0)).containsExactly(Bytes.empty());
    assertThat(reader.optionalText(12, 9)).isEmpty();
    assertThat(reader.optional(12, CborReader::digest)).isEmpty();
    reader.finish();
  }

  @Test
  void typesAndRangesAreChecked() {
    refused("cbor.unexpected", r -> r.bytes(1, 4));
    refused("cbor.unexpected", r -> r.bytes(1, 0, 2));
    refused("cbor.unexpected", r -> r.bytes(2, 4));
    refused("cbor.unexpected", r -> r.text(2, 3));
    refused("cbor.unexpected", r -> r.text(1, 3));
    refused("cbor.unexpected", r -> r.integer(3, -4, 0));
    refused("cbor.unexpected", r -> r.integer(3, -9, -6));
    refused("cbor.unexpected", r -> r.integer(4, 0, 1));
    refused("cbor.unexpected", r -> r.bool(3));
    refused("cbor.unexpected", r -> r.digest(1));
    refused("cbor.unexpected", r -> r.map(7));
    refused("cbor.unexpected", r -> r.array(6));
    refused("cbor.unexpected", r -> r.array(7, 1));
    refused("cbor.unexpected", r -> r.texts(7, 2, 0));
    refused("cbor.unexpected", r -> r.texts(8, 3, 9));
    refused("cbor.unexpected", r -> r.integers(8, 3, 2, 3));
    refused("cbor.unexpected", r -> r.textMap(9, 1, 5));
    refused("cbor.unexpected", r -> r.textMap(9, 2, 4));
    refused("cbor.unexpected", r -> r.maps(7, 2));
    refused("cbor.missing", r -> r.text(12, 4));
    refused("cbor.unknown-key", CborReader::finish);
    refused("version.unknown", r -> r.version(2));
  }

  private static void refused(String code, Consumer<CborReader> read) {
    ThrowingCallable call = () -> read.accept(CborReader.map(MESSAGE));
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(WireException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void aMessageThatIsNoMapIsRefused() {
    assertThatThrownBy(() -> CborReader.map(HexFormat.of().parseHex("8100")))
        .hasMessageContaining("not a map");
    assertThatThrownBy(() -> CborReader.versioned(HexFormat.of().parseHex("a0")))
        .hasMessageContaining("key 0 is missing");
  }

  @Test
  void keysAreUniqueAndNotNegative() {
    assertThatThrownBy(() -> CborMap.versioned().put(0, 1)).hasMessageContaining("twice");
    assertThatThrownBy(() -> CborMap.versioned().put(-1, 1)).hasMessageContaining("negative");
    assertThatThrownBy(() -> CborMap.versioned().around(0, 1)).hasMessageContaining("no place");
  }

  @Test
  void slicesShareMemoryWithTheInput() {
    byte[] encoded = CborMap.versioned().put(5, new byte[] {1, 2, 3}).put(6, 7).build().encode();
    ByteBuffer input = ByteBuffer.allocateDirect(encoded.length + 2);
    input.position(1).put(1, encoded).limit(1 + encoded.length);
    ByteBuffer slice = CborReader.map(input).slice(5);
    assertThat(slice.isDirect()).isTrue();
    assertThat(slice.remaining()).isEqualTo(3);
    slice.put(0, (byte) 9);
    assertThat(CborReader.map(input).bytes(5, 3)).containsExactly(9, 2, 3);
    assertThat(input.position()).isEqualTo(1);
  }

  @Test
  void aPayloadPutInPlaceGivesTheSameBytes() {
    Property.check(
        "a payload put in place gives the same bytes",
        200,
        random -> {
          byte[] payload = Drawn.bytes(random, 70_000);
          CborMap.Builder fields = CborMap.versioned().put(1, "a").put(6, 42).put(2000, true);
          int key = 2 + random.nextInt(4);
          CborMap.Around around = fields.around(key, payload.length);
          ByteBuffer target = ByteBuffer.allocate(around.length());
          around.writeTo(target).put(payload);
          assertThat(target.hasRemaining()).isFalse();
          assertThat(target.array()).isEqualTo(fields.put(key, payload).build().encode());
        });
  }
}
