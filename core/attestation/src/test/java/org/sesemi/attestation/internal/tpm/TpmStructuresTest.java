package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.internal.ByteInput;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;

/** Structures of TPMs on their own, and the borders of what is read. */
class TpmStructuresTest {

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  private static void unreadable(ThrowingCallable reader, String message) {
    assertThatThrownBy(reader).isInstanceOf(Unreadable.class).hasMessageContaining(message);
  }

  @Test
  void aBufferIsAsLongAsItSaysAndNoLongerThanItMay() {
    byte[] two = bytes("00020102");
    assertThat(Tpm2b.only(two, 2, "it").hex()).isEqualTo("0102");
    assertThat(Tpm2b.only(bytes("0000"), 0, "it").length()).isZero();
    unreadable(() -> Tpm2b.only(two, 1, "it"), "it has 2 bytes, more than 1");
    unreadable(() -> Tpm2b.only(bytes("0002010203"), 2, "it"), "1 bytes after its end");
    unreadable(() -> Tpm2b.only(bytes("000201"), 2, "it"), "it ends at byte 3");
  }

  @Test
  void registersOfASelectionAscendUpTo31() {
    assertThat(new PcrSelection(0x0b, List.of(0, 1, 31)).text()).isEqualTo("SHA-256: 0,1,31");
    for (List<Integer> wrong :
        List.of(List.of(-1), List.of(32), List.of(1, 1), List.of(2, 1), List.of(0, 31, 32))) {
      assertThatThrownBy(() -> new PcrSelection(0x0b, wrong))
          .as("%s", wrong)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static List<PcrSelection> selections(String hex) {
    return PcrSelection.readList(ByteInput.bigEndian(bytes(hex), "the quote"), "the quote");
  }

  @Test
  void selectionsHaveAtMost16BanksOfFourBytes() {
    String empty = "000b00";
    assertThat(selections("00000010" + empty.repeat(16))).hasSize(16);
    unreadable(() -> selections("00000011" + empty.repeat(17)), "more than 16 banks");
    assertThat(selections("00000001" + "000b0401000080"))
        .containsExactly(new PcrSelection(0x0b, List.of(0, 31)));
    unreadable(() -> selections("00000001" + "000b050100008000"), "more than 4 bytes");
  }

  @Test
  void aSizedBufferHasALengthOfTwoBytes() {
    assertThat(new TpmWriter().sized(new byte[0xffff]).size()).isEqualTo(2 + 0xffff);
    assertThatThrownBy(() -> new TpmWriter().sized(new byte[0x10000]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void selectionsAreWrittenAsTheyAreRead() {
    List<PcrSelection> written =
        List.of(
            new PcrSelection(0x0b, List.of(0, 1, 9, 10, 23)), new PcrSelection(0x04, List.of(16)));
    TpmWriter out = new TpmWriter();
    PcrSelection.writeList(out, written);
    String hex = HexFormat.of().formatHex(out.toArray());
    assertThat(hex).isEqualTo("00000002" + "000b03030680" + "000403000001");
    assertThat(selections(hex)).isEqualTo(written);
  }

  @Test
  void eachSelectedRegisterHasAValueOf32Bytes() {
    TpmVendor tpm = TpmSample.ecc();
    tpm.selection = List.of(new TpmVendor.Bank(TpmKey.SHA256, 3, 4, 7));
    TpmsAttest attest = TpmsAttest.parse(tpm.message());
    Bytes value = Bytes.of(new byte[32]);
    assertThat(new PcrQuote(attest, List.of(value, value)).valuesProblem()).isEmpty();
    assertThat(new PcrQuote(attest, List.of(value)).valuesProblem())
        .contains("1 values for 2 registers");
    for (int length : new int[] {0, 20, 31, 33}) {
      assertThat(new PcrQuote(attest, List.of(value, Bytes.of(new byte[length]))).valuesProblem())
          .contains("a value that has not 32 bytes");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2048, 3072, 4096})
  void rsaKeysHaveOneOfThreeSizes(int bits) {
    assertThat(rsa(bits, full(bits / 8)).key())
        .isEqualTo(AkKeys.rsa(new BigInteger(1, full(bits / 8))));
  }

  @Test
  void otherRsaKeysAreRefused() {
    byte[] leadingZero = Arrays.copyOf(new byte[1], 257);
    System.arraycopy(full(256), 0, leadingZero, 1, 256);
    byte[] short2048 = full(256);
    short2048[0] = 0x7f;
    for (TpmtPublic wrong :
        List.of(
            rsa(1024, full(128)),
            rsa(2056, full(257)),
            rsa(8192, full(512)),
            rsa(2048, full(255)),
            rsa(2048, full(384)),
            rsa(3072, full(256)),
            rsa(2048, leadingZero),
            rsa(2048, short2048))) {
      unreadable(wrong::key, "has not 2048, 3072 or 4096 bits");
    }
  }

  private static byte[] full(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) -1);
    return bytes;
  }

  private static TpmtPublic rsa(int size, byte[] modulus) {
    Bytes none = Bytes.empty();
    return new TpmtPublic(
        TpmAlg.RSA,
        0x0b,
        0,
        none,
        TpmAlg.NULL,
        TpmAlg.RSASSA,
        0x0b,
        size,
        0,
        Bytes.of(modulus),
        none,
        none);
  }

  @Test
  void aPublicAreaIsThatOfAnRsaOrEccKeyAndNothingMore() {
    TpmKey key = TpmSample.ecc().ak;
    byte[] area = key.area();
    assertThat(TpmtPublic.parse(area).key()).isEqualTo(key.pair.getPublic());
    assertThat(TpmtPublic.parseSized(key.sizedArea())).isEqualTo(TpmtPublic.parse(area));
    assertThat(TpmtPublic.parse(area).sized()).isEqualTo(key.sizedArea());
    unreadable(() -> TpmtPublic.parse(Arrays.copyOf(area, area.length + 1)), "after its end");
    key.type = TpmAlg.KEYEDHASH;
    unreadable(() -> TpmtPublic.parse(key.area()), "neither an RSA nor an ECC key");
  }

  @ParameterizedTest
  @CsvSource({"0014000b0003010203", "0016000c0000", "0018000b0002010200020304"})
  void signaturesAreWrittenAsTheyAreRead(String hex) {
    TpmtSignature signature = TpmtSignature.parse(bytes(hex));
    assertThat(HexFormat.of().formatHex(signature.encode())).isEqualTo(hex);
    assertThat(TpmtSignature.parse(signature.encode())).isEqualTo(signature);
  }

  @ParameterizedTest
  @CsvSource({
    "0x0001, RSA",
    "0x0010, none",
    "0x0014, RSASSA",
    "0x0015, RSAES",
    "0x0016, RSAPSS",
    "0x0017, OAEP",
    "0x0018, ECDSA",
    "0x0023, ECC",
    "0x0004, SHA-1",
    "0x000d, SHA-512",
    "0x0012, 0x0012",
    "0xabcd, 0xabcd",
  })
  void algorithmsHaveNames(String id, String name) {
    assertThat(TpmAlg.name(Integer.decode(id))).isEqualTo(name);
  }

  @Test
  void anUnknownHashAlgorithmIsRefused() {
    assertThat(TpmHash.of(0x0b, "it")).isEqualTo(TpmHash.SHA256);
    unreadable(() -> TpmHash.of(0x12, "it"), "it uses an unknown hash algorithm");
  }

  @ParameterizedTest
  @CsvSource({
    "0x1d5, parameter 1",
    "0x5c4, parameter 5",
    "0xfc4, parameter 15",
    "0x184, handle 1",
    "0x784, handle 7",
    "0x984, session 1",
    "0xf84, session 7",
  })
  void aResponseCodeNamesWhatItIsAbout(String code, String place) {
    assertThat(TpmResponseCode.text(Integer.decode(code)))
        .endsWith(", " + place + " (response code " + code + ")");
  }

  /** A bank that nobody knows can be selected; only its use is refused. */
  @Test
  void aQuoteOfAnUnknownBankIsRead() {
    assertThat(selections("00000001" + "001203010000").getFirst().text()).isEqualTo("0x0012: 0");
    assertThat(selections("00000000")).isEmpty();
  }
}
