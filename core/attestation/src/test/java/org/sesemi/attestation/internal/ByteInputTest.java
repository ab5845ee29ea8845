package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Fields of both byte orders, and every way in which the bytes can end too early or too late. */
class ByteInputTest {

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static ByteInput big(String hex) {
    return ByteInput.bigEndian(bytes(hex), "it");
  }

  private static ByteInput little(String hex) {
    return ByteInput.littleEndian(bytes(hex), "it");
  }

  private static void refused(ThrowingCallable read, String message) {
    assertThatThrownBy(read).isExactlyInstanceOf(Unreadable.class).hasMessage(message);
  }

  @Test
  void bigEndianFieldsBeginWithTheirLargestByte() {
    assertThat(big("01").u8()).isEqualTo(1);
    assertThat(big("0102").u16()).isEqualTo(0x0102);
    assertThat(big("01020304").u32()).isEqualTo(0x01020304L);
    assertThat(big("0102030405060708").u64()).isEqualTo(0x0102030405060708L);
  }

  @Test
  void littleEndianFieldsEndWithTheirLargestByte() {
    assertThat(little("01").u8()).isEqualTo(1);
    assertThat(little("0102").u16()).isEqualTo(0x0201);
    assertThat(little("01020304").u32()).isEqualTo(0x04030201L);
    assertThat(little("0102030405060708").u64()).isEqualTo(0x0807060504030201L);
  }

  @Test
  void fieldsAreUnsignedUpToFourBytes() {
    assertThat(big("00").u8()).isZero();
    assertThat(big("7f").u8()).isEqualTo(127);
    assertThat(big("80").u8()).isEqualTo(128);
    assertThat(big("ff").u8()).isEqualTo(255);
    assertThat(big("7fff").u16()).isEqualTo(0x7fff);
    assertThat(big("8000").u16()).isEqualTo(0x8000);
    assertThat(big("ffff").u16()).isEqualTo(0xffff);
    assertThat(big("7fffffff").u32()).isEqualTo(0x7fff_ffffL);
    assertThat(big("80000000").u32()).isEqualTo(0x8000_0000L);
    assertThat(big("ffffffff").u32()).isEqualTo(0xffff_ffffL);
    assertThat(big("7fffffffffffffff").u64()).isEqualTo(Long.MAX_VALUE);
    assertThat(big("8000000000000000").u64()).isEqualTo(Long.MIN_VALUE);
    assertThat(big("ffffffffffffffff").u64()).isEqualTo(-1);
  }

  @Test
  void fieldsFollowOneAnother() {
    ByteInput input = big("01 0203 04050607 08090a0b0c0d0e0f 1011 12 13".replace(" ", ""));
    assertThat(input.remaining()).isEqualTo(19);
    assertThat(input.position()).isZero();
    assertThat(input.u8()).isEqualTo(1);
    assertThat(input.position()).isEqualTo(1);
    assertThat(input.u16()).isEqualTo(0x0203);
    assertThat(input.position()).isEqualTo(3);
    assertThat(input.u32()).isEqualTo(0x04050607);
    assertThat(input.position()).isEqualTo(7);
    assertThat(input.u64()).isEqualTo(0x08090a0b0c0d0e0fL);
    assertThat(input.position()).isEqualTo(15);
    assertThat(input.bytes(2)).isEqualTo(bytes("1011"));
    assertThat(input.position()).isEqualTo(17);
    input.skip(1);
    assertThat(input.position()).isEqualTo(18);
    assertThat(input.remaining()).isEqualTo(1);
    assertThat(input.rest()).isEqualTo(bytes("13"));
    assertThat(input.position()).isEqualTo(19);
    assertThat(input.remaining()).isZero();
    assertThat(input.rest()).isEmpty();
    input.finish();
  }

  @Test
  void aFieldThatIsCutByOneByteIsRefused() {
    refused(() -> big("").u8(), "it ends at byte 0, where 1 more are due at byte 0");
    refused(() -> big("01").u16(), "it ends at byte 1, where 2 more are due at byte 0");
    refused(() -> big("010203").u32(), "it ends at byte 3, where 4 more are due at byte 0");
    refused(() -> big("01020304050607").u64(), "it ends at byte 7, where 8 more are due at byte 0");
    refused(() -> big("0102").bytes(3), "it ends at byte 2, where 3 more are due at byte 0");
    refused(() -> big("0102").skip(3), "it ends at byte 2, where 3 more are due at byte 0");
  }

  @Test
  void everythingThatIsThereMayBeTakenOrSkipped() {
    assertThat(big("0102").bytes(2)).isEqualTo(bytes("0102"));
    assertThat(big("0102").rest()).isEqualTo(bytes("0102"));
    ByteInput skipped = big("0102");
    skipped.skip(2);
    assertThat(skipped.remaining()).isZero();
  }

  @Test
  void nothingMayBeTakenOrSkippedAnywhere() {
    for (ByteInput input : List.of(big(""), big("01"))) {
      assertThat(input.bytes(0)).isEmpty();
      input.skip(0);
      assertThat(input.position()).isZero();
    }
  }

  @Test
  void aLengthThatIsNegativeOrHugeIsRefused() {
    ByteInput input = big("010203");
    input.skip(1);
    for (long length : new long[] {-1, Long.MIN_VALUE, 3, 1L << 32, (1L << 32) + 1}) {
      refused(
          () -> input.bytes(length),
          "it ends at byte 3, where " + length + " more are due at byte 1");
    }
    for (int length : new int[] {-1, Integer.MIN_VALUE, 3, Integer.MAX_VALUE}) {
      refused(
          () -> input.skip(length),
          "it ends at byte 3, where " + length + " more are due at byte 1");
    }
    assertThat(input.rest()).isEqualTo(bytes("0203"));
  }

  @Test
  void aRefusedReadTakesNothing() {
    for (Consumer<ByteInput> read :
        List.<Consumer<ByteInput>>of(
            ByteInput::u64, ByteInput::u32, input -> input.bytes(4), input -> input.skip(4))) {
      ByteInput input = little("010203");
      assertThatThrownBy(() -> read.accept(input)).isExactlyInstanceOf(Unreadable.class);
      assertThat(input.position()).isZero();
      assertThat(input.u16()).isEqualTo(0x0201);
    }
  }

  @Test
  void whatIsLeftIsRefusedAtTheEnd() {
    ByteInput input = big("010203");
    refused(input::finish, "it has 3 bytes after its end");
    input.skip(2);
    refused(input::finish, "it has 1 bytes after its end");
    input.skip(1);
    input.finish();
  }

  @Test
  void whatWasTakenIsACopy() {
    byte[] given = bytes("0102");
    ByteInput input = ByteInput.bigEndian(given, "it");
    byte[] taken = input.bytes(1);
    taken[0] = 9;
    assertThat(given).isEqualTo(bytes("0102"));
  }
}
