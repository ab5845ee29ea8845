package org.sesemi.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.conscrypt.Conscrypt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.RandomSource;

class KeysTest {

  private static final RandomSource RANDOM = RandomSource.secure();

  static Stream<CryptoProvider> providers() {
    return Stream.of(CryptoProvider.jdk(), CryptoProvider.of(Conscrypt.newProvider()));
  }

  /** RFC 8032, section 7.1, tests 1 to 3: seed, public key, message, signature. */
  private static final List<List<String>> RFC_8032 =
      List.of(
          List.of(
              "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
              "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
              "",
              "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
                  + "1cf9b46bd25bf5f0595bbe24655141438e7a100b"),
          List.of(
              "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
              "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
              "72",
              "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613"
                  + "d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"),
          List.of(
              "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
              "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
              "af82",
              "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760"
                  + "984dc6594a7c15e9716ed28dc027beceea1ec40a"));

  @ParameterizedTest
  @MethodSource("providers")
  void rfc8032VectorsHold(CryptoProvider provider) {
    for (List<String> vector : RFC_8032) {
      IdentityKey key = IdentityKey.ofSeed(SecretBytes.takeOver(hex(vector.get(0)))).with(provider);
      assertThat(key.publicKey().value().hex()).isEqualTo(vector.get(1));
      assertThat(HexFormat.of().formatHex(key.sign(hex(vector.get(2))))).isEqualTo(vector.get(3));
      assertThat(key.publicKey().verifies(hex(vector.get(2)), hex(vector.get(3)))).isTrue();
    }
  }

  @Test
  void noChangedSignedPayloadVerifies() {
    IdentityKey key = IdentityKey.generate(RANDOM);
    byte[] encoded = Signed.sign(Signed.Label.RECEIPT, new byte[] {1, 2, 3}, key).encode();
    Mutation.all(encoded, Property.random("changed signatures"))
        .forEach(
            mutation ->
                assertThatThrownBy(
                        () ->
                            Signed.decode(mutation.bytes())
                                .verify(Signed.Label.RECEIPT, key.publicKey()))
                    .as(mutation.what())
                    .isInstanceOf(org.sesemi.wire.CodedException.class));
  }

  @Test
  void aSignatureIsBoundToItsLabelAndKey() {
    IdentityKey key = IdentityKey.generate(RANDOM);
    Signed signed = Signed.sign(Signed.Label.RECEIPT, new byte[] {(byte) 0xA0}, key);
    assertThat(signed.verify(Signed.Label.RECEIPT, key.publicKey())).containsExactly(0xA0);
    assertThat(signed.isSignedBy(Signed.Label.INSTANCE, key.publicKey())).isFalse();
    assertThat(signed.isSignedBy(Signed.Label.RECEIPT, IdentityKey.generate(RANDOM).publicKey()))
        .isFalse();
  }

  @Test
  void aKeyFileReadsBackAndNothingElseDoes() {
    IdentityKey key = IdentityKey.generate(RANDOM);
    byte[] encoded = key.encode(InsecureSecretAccess.get());
    assertThat(IdentityKey.decode(encoded).publicKey()).isEqualTo(key.publicKey());
    Mutation.cuts(encoded)
        .forEach(
            cut ->
                assertThatThrownBy(() -> IdentityKey.decode(cut.bytes()))
                    .isInstanceOfSatisfying(
                        CryptoException.class,
                        e -> assertThat(e.code()).isEqualTo("key.malformed")));
  }

  @Test
  void secretsDoNotPrintAndAreGoneWhenClosed() {
    SecretBytes secret = SecretBytes.takeOver(new byte[] {0x41, 0x42, 0x43, 0x44});
    assertThat(secret).hasToString("SecretBytes[4 bytes]");
    ModelKey model = ModelKey.generate(RANDOM);
    RequestKey request = RequestKey.generate(RANDOM);
    assertThat(model.toString()).isEqualTo("ModelKey[" + model.id() + "]");
    assertThat(request.toString()).isEqualTo("RequestKey[" + request.id() + "]");
    secret.close();
    assertThatThrownBy(() -> secret.reveal(InsecureSecretAccess.get()))
        .isInstanceOf(IllegalStateException.class);
    model.close();
    assertThatThrownBy(
            () -> model.secret(InsecureSecretAccess.get()).reveal(InsecureSecretAccess.get()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void takingOverWipesTheSource() {
    byte[] source = {1, 2, 3};
    SecretBytes secret = SecretBytes.takeOver(source);
    assertThat(source).containsOnly(0);
    assertThat(secret.sameAs(SecretBytes.copyOf(new byte[] {1, 2, 3}))).isTrue();
    assertThat(secret.sameAs(SecretBytes.copyOf(new byte[] {1, 2, 4}))).isFalse();
  }

  /** RFC 5869, appendix A.1. */
  @Test
  void rfc5869VectorHolds() {
    byte[] okm =
        CryptoProvider.hkdf(
            SecretBytes.copyOf(hex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b")),
            hex("000102030405060708090a0b0c"),
            hex("f0f1f2f3f4f5f6f7f8f9"),
            42);
    assertThat(HexFormat.of().formatHex(okm))
        .isEqualTo(
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
