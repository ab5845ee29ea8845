package org.sesemi.attestation.internal.cose;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CborHeadTest {

  private static final HexFormat HEX = HexFormat.of();

  @Test
  void aLengthTakesAsFewBytesAsItCan() {
    assertThat(headOfBytes(0)).isEqualTo("40");
    assertThat(headOfBytes(23)).isEqualTo("57");
    assertThat(headOfBytes(24)).isEqualTo("5818");
    assertThat(headOfBytes(0xff)).isEqualTo("58ff");
    assertThat(headOfBytes(0x100)).isEqualTo("590100");
    assertThat(headOfBytes(0xffff)).isEqualTo("59ffff");
    assertThat(headOfBytes(0x10000)).isEqualTo("5a00010000");
    assertThat(headOfBytes(0x12345)).isEqualTo("5a00012345");
  }

  @Test
  void eachKindHasItsOwnHead() {
    assertThat(written(out -> CborHead.bytes(out, new byte[] {1, 2}))).isEqualTo("420102");
    assertThat(written(out -> CborHead.text(out, "\u00fc"))).isEqualTo("62c3bc");
    assertThat(written(out -> CborHead.array(out, 4))).isEqualTo("84");
    assertThat(written(out -> CborHead.map(out, 2))).isEqualTo("a2");
  }

  private static String headOfBytes(int length) {
    String all = written(out -> CborHead.bytes(out, new byte[length]));
    assertThat(all).endsWith("00".repeat(length));
    return all.substring(0, all.length() - 2 * length);
  }

  private static String written(Consumer<ByteArrayOutputStream> writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.accept(out);
    return HEX.formatHex(out.toByteArray());
  }
}
