package org.sesemi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

/** Public vectors and edges of the primitives, for every provider that may stand behind them. */
class PrimitivesTest {

  private static final byte[] NONE = {};

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.jdk(), CryptoProvider.of(Conscrypt.newProvider()));
  }

  /** The test cases 13 to 16 of the GCM specification: key, nonce, plain, associated, sealed. */
  private static final String[][] GCM = {
    {"00".repeat(32), "00".repeat(12), "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {
      "00".repeat(32),
      "00".repeat(12),
      "00".repeat(16),
      "",
      "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
    },
    {
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      "cafebabefacedbaddecaf888",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
      "",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
          + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
          + "b094dac5d93471bdec1a502270e3cc6c"
    },
    {
      "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
      "cafebabefacedbaddecaf888",
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
          + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
      "feedfacedeadbeeffeedfacedeadbeefabaddad2",
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
          + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
          + "76fc6ece0f4e1768cddf8853bb2d551b"
    }
  };

  @ParameterizedTest
  @MethodSource("providers")
  void aesGcmVectorsHoldOnEveryKindOfBuffer(CryptoProvider provider) throws Exception {
    for (String[] vector : GCM) {
      byte[] plain = hex(vector[2]);
      byte[] sealed = hex(vector[4]);
      for (boolean direct : new boolean[] {false, true}) {
        assertThat(run(provider, Cipher.ENCRYPT_MODE, vector, plain, direct)).isEqualTo(sealed);
        assertThat(run(provider, Cipher.DECRYPT_MODE, vector, sealed, direct)).isEqualTo(plain);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void noChangedGcmMessageOpens(CryptoProvider provider) {
    for (String[] vector : GCM) {
      Mutation.all(hex(vector[4]), Property.random("changed GCM messages"))
          .forEach(
              mutation ->
                  assertThatThrownBy(
                          () -> run(provider, Cipher.DECRYPT_MODE, vector, mutation.bytes(), true))
                      .as(mutation.what())
                      .isInstanceOf(AEADBadTagException.class));
    }
  }

  private static byte[] run(
      CryptoProvider provider, int mode, String[] vector, byte[] input, boolean direct)
      throws GeneralSecurityException {
    ByteBuffer from = buffer(input.length, direct).put(input).flip();
    ByteBuffer to = buffer(input.length + CryptoProvider.TAG_LENGTH, direct);
    Cipher cipher = provider.aesGcm(mode, hex(vector[0]), hex(vector[1]));
    cipher.updateAAD(hex(vector[3]));
    cipher.doFinal(from, to);
    return Exchange.bytes(to.flip());
  }

  private static ByteBuffer buffer(int size, boolean direct) {
    return direct ? ByteBuffer.allocateDirect(size) : ByteBuffer.allocate(size);
  }

  /** RFC 5869, appendices A.2 and A.3: long inputs, and neither salt nor info. */
  @Test
  void rfc5869VectorsHold() {
    assertThat(hkdf(range(0x00, 0x50), range(0x60, 0xb0), range(0xb0, 0x100), 82))
        .isEqualTo(
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
                + "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
    assertThat(hkdf(hex("0b".repeat(22)), NONE, NONE, 42))
        .isEqualTo(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  }

  private static String hkdf(byte[] material, byte[] salt, byte[] info, int length) {
    return HexFormat.of()
        .formatHex(CryptoProvider.hkdf(SecretBytes.copyOf(material), salt, info, length));
  }

  /** Points of small order, and second encodings of points: anybody can sign under some of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
      })
  void nothingVerifiesUnderAWeakKey(String encoded) {
    IdentityPublicKey key = IdentityPublicKey.of(hex(encoded));
    byte[] forged = new byte[IdentityKey.SIGNATURE_LENGTH];
    forged[0] = 1;
    for (byte message = 0; message < 32; message++) {
      assertThat(key.verifies(new byte[] {message}, forged)).isFalse();
    }
    assertThatThrownBy(key::toJdk)
        .isInstanceOfSatisfying(
            CryptoException.class, e -> assertThat(e.code()).isEqualTo("key.malformed"));
  }

  /** Adding the group's order to the second half gives another signature in a naive verifier. */
  @Test
  void aSignatureHasOneForm() {
    IdentityKey key = IdentityKey.generate(Property.random("signature forms")::nextBytes);
    byte[] message = {1, 2, 3};
    byte[] signature = key.sign(message);
    assertThat(key.publicKey().verifies(message, signature)).isTrue();
    BigInteger order =
        BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));
    byte[] second = signature.clone();
    byte[] sum =
        reversed(
            new BigInteger(1, reversed(Arrays.copyOfRange(signature, 32, 64)))
                .add(order)
                .toByteArray());
    System.arraycopy(sum, 0, second, 32, Math.min(32, sum.length));
    assertThat(key.publicKey().verifies(message, second)).isFalse();
    for (int length : new int[] {0, 32, 63, 65}) {
      assertThat(key.publicKey().verifies(message, Arrays.copyOf(signature, length))).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({"0,0", "1,1", "2,2", "3,3", "9,10", "600000,606208", "1000001,1015808"})
  void paddingHasItsLengths(int length, int padded) {
    assertThat(Padding.padded(length)).isEqualTo(padded);
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] result = new byte[bytes.length];
    for (int at = 0; at < bytes.length; at++) {
      result[at] = bytes[bytes.length - 1 - at];
    }
    return result;
  }

  private static byte[] range(int from, int to) {
    byte[] result = new byte[to - from];
    for (int at = 0; at < result.length; at++) {
      result[at] = (byte) (from + at);
    }
    return result;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
