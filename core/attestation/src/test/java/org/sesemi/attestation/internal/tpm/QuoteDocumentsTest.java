package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;

/** What makes documents those of a quote, and the forms of their parts. */
class QuoteDocumentsTest {

  private static final byte[] ANY = {1};

  private static Documents document(String name, byte[] content) {
    return new Documents(Map.of(name, Bytes.of(content)));
  }

  private static void unreadable(String name, byte[] content, String message) {
    assertThatThrownBy(() -> QuoteDocuments.read(document(name, content)))
        .isInstanceOf(Unreadable.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"tpm_quote\":{}}                      | true",
        "{\"tpm_quote\":{},\"hcl_report\":\"\"}  | false",
        "{\"hcl_report\":\"\"}                   | false",
        "{\"Quote\":{},\"AK\":{}}                | true",
        "{\"Quote\":{}}                          | false",
        "{\"AK\":{}}                             | false",
        "{}                                      | false",
        "[]                                      | false",
        "{                                       | false",
      })
  void layoutsAreRecognisedByTheirMembers(String json, boolean recognised) {
    Documents documents = document("evidence.json", json.getBytes(StandardCharsets.UTF_8));
    assertThat(TpmVerifier.INSTANCE.recognises(documents)).isEqualTo(recognised);
  }

  @Test
  void filesAreRecognisedByTheQuote() {
    assertThat(TpmVerifier.INSTANCE.recognises(document("quote.msg", ANY))).isTrue();
    assertThat(TpmVerifier.INSTANCE.recognises(document("quote.sig", ANY))).isFalse();
    assertThat(TpmVerifier.INSTANCE.recognises(new Documents(Map.of()))).isFalse();
  }

  @Test
  void valuesOfRegistersHave32BytesEach() {
    byte[] two = new byte[64];
    two[32] = 1;
    byte[] second = new byte[32];
    second[0] = 1;
    assertThat(QuoteDocuments.read(document("pcrs.bin", two)).pcrs())
        .contains(List.of(Bytes.of(new byte[32]), Bytes.of(second)));
    for (int length : new int[] {0, 1, 31, 33, 63}) {
      unreadable("pcrs.bin", new byte[length], "pcrs.bin is not made of values of 32 bytes");
    }
  }

  @Test
  void theAttestationKeyIsOnePublicKey() {
    String pem = TpmVendor.pem(Authority.ecKeys("secp256r1").getPublic());
    assertThat(QuoteDocuments.read(document("ak.pem", ascii(pem))).akKey()).isPresent();
    for (String wrong : new String[] {pem + pem, pem.replace("PUBLIC KEY", "CERTIFICATE")}) {
      unreadable("ak.pem", ascii(wrong), "ak.pem is not one public key");
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @ParameterizedTest
  @CsvSource({
    "AAAA, 000000",
    "+AAA, f80000",
    "/AAA, fc0000",
    "A+/A, 03efc0",
    "-AAA, f80000",
    "_AAA, fc0000",
    "A-_A, 03efc0",
    "AA==, 00",
    "AA, 00",
    "+A==, f8",
    "+A, f8",
    "-A==, f8",
    "-A, f8",
    "AAA=, 0000",
    "'', ''",
  })
  void base64OfEitherAlphabetIsReadWithOrWithoutPadding(String text, String hex) {
    assertThat(QuoteDocuments.anyBase64(text, "it").hex()).isEqualTo(hex);
  }

  @ParameterizedTest
  @ValueSource(strings = {"+-AA", "_/AA", "AA=", "AB", "AB==", "+B", "-B==", "A", "AA==\n", "A AA"})
  void base64HasOneFormInEachAlphabet(String text) {
    assertThatThrownBy(() -> QuoteDocuments.anyBase64(text, "it"))
        .isInstanceOf(Unreadable.class)
        .hasMessage("it is not base64 in its one form");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AA", "-AAA", "_AAA", "AB=="})
  void plainBase64HasOneAlphabetAndItsPadding(String text) {
    assertThat(QuoteDocuments.base64("+/8=", "it").hex()).isEqualTo("fbff");
    assertThatThrownBy(() -> QuoteDocuments.base64(text, "it")).isInstanceOf(Unreadable.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0G", "0A", "00 "})
  void hexadecimalTextIsInLowerCase(String text) {
    assertThat(QuoteDocuments.hex("0aff", "it").hex()).isEqualTo("0aff");
    assertThatThrownBy(() -> QuoteDocuments.hex(text, "it"))
        .isInstanceOf(Unreadable.class)
        .hasMessage("it is not hexadecimal text in lower case");
  }
}
