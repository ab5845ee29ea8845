package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

/** One element at a time: its tag, its length, its end, and what the types make of its content. */
class DerTest {

  private static final String ENDS = "it ends inside a DER element";
  private static final String NOT_SHORTEST = "it has a DER length that is not in its shortest form";
  private static final String NOT_DEFINITE = "it has a DER length that is not definite or too long";
  private static final String NOT_INTEGER = "it is not a DER integer";
  private static final String NOT_OID = "it is not a DER object identifier";

  private static Der der(String hex) {
    return Der.parse(bytes(hex), "it");
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  /** Returns a header followed by zeros. */
  private static byte[] filled(String header, int length) {
    return bytes(header + " " + "00".repeat(length));
  }

  private static void refused(ThrowingCallable read, String message) {
    assertThatThrownBy(read).isExactlyInstanceOf(Unreadable.class).hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "05", "30", "0401", "040201", "3081", "308180", "308201", "30820100"})
  void anElementThatIsCutIsRefused(String hex) {
    String message = hex.equals("3081") || hex.equals("308201") ? NOT_DEFINITE : ENDS;
    refused(() -> der(hex), message);
  }

  @Test
  void theShortestElementHasTwoBytes() {
    Der element = der("0500");
    assertThat(element.tag()).isEqualTo(5);
    assertThat(element.content()).isEmpty();
    assertThat(element.encoded()).isEqualTo(bytes("0500"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"00", "1e", "20", "3e", "5e", "80", "a0", "be", "c0", "fe"})
  void aTagIsOneUnsignedByte(String tag) {
    assertThat(der(tag + "00").tag()).isEqualTo(HexFormat.fromHexDigits(tag));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1f", "3f", "5f", "7f", "9f", "bf", "df", "ff"})
  void aTagOfSeveralBytesIsRefused(String tag) {
    refused(() -> der(tag + "0100"), "it has a DER tag of several bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "04 01, 1",
    "04 7f, 127",
    "04 81 80, 128",
    "04 81 ff, 255",
    "04 82 01 00, 256",
    "04 82 ff ff, 65535",
    "04 83 01 00 00, 65536",
    "04 83 01 02 03, 66051"
  })
  void aLengthIsReadInItsShortestForm(String header, int length) {
    byte[] whole = filled(header, length);
    whole[whole.length - 1] = 7;
    Der element = Der.parse(whole, "it");
    assertThat(element.encoded()).isEqualTo(whole);
    assertThat(element.content()).hasSize(length).endsWith(7);
    byte[] more = filled(header, length + 1);
    refused(() -> Der.parse(more, "it"), "it has bytes after its DER element");
    byte[] less = filled(header, length - 1);
    refused(() -> Der.parse(less, "it"), ENDS);
  }

  @ParameterizedTest
  @CsvSource({
    "04 81 00, 0",
    "04 81 7f, 127",
    "04 82 00 01, 1",
    "04 82 00 80, 128",
    "04 82 00 ff, 255",
    "04 83 00 01 00, 256",
    "04 83 00 ff ff, 65535"
  })
  void aLengthInALongerFormIsRefused(String header, int length) {
    refused(() -> Der.parse(filled(header, length), "it"), NOT_SHORTEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "30 80",
        "30 80 00 00",
        "30 80 05 00 00 00",
        "04 84 00 00 00 01 00",
        "04 84 01 00 00 00",
        "04 84 7f ff ff ff",
        "04 84 ff ff ff ff",
        "04 88 00 00 00 00 00 00 00 01 00",
        "04 ff 00 00",
        "04 83 01 00",
      })
  void aLengthThatIsIndefiniteOrOfFourBytesIsRefused(String hex) {
    refused(() -> der(hex), NOT_DEFINITE);
  }

  @Test
  void aDeclaredLengthReservesNothing() {
    refused(() -> der("04 83 ff ff ff 00"), ENDS);
  }

  @Test
  void whatWasReadDoesNotChange() {
    byte[] given = bytes("0402 0102");
    Der element = Der.parse(given, "it");
    given[3] = 9;
    element.encoded()[0] = 9;
    element.content()[0] = 9;
    assertThat(element.encoded()).isEqualTo(bytes("0402 0102"));
    assertThat(element.content()).isEqualTo(bytes("0102"));
  }

  @Test
  void elementsAreReadInOrderWhateverTheirLengths() {
    List<Der> elements = der("30 0b 05 00 02 02 01 00 30 03 04 01 aa").elements("it");
    assertThat(elements).extracting(Der::tag).containsExactly(5, Der.INTEGER, Der.SEQUENCE);
    assertThat(elements.get(1).integer("it")).isEqualTo(256);
    assertThat(elements.get(2).encoded()).isEqualTo(bytes("30 03 04 01 aa"));
    assertThat(elements.get(2).elements("it").getFirst().octets("it")).isEqualTo(bytes("aa"));
    assertThat(der("3000").elements("it")).isEmpty();
    assertThat(der("a0 02 05 00").elements("it")).hasSize(1);
  }

  @Test
  void elementsOfALongElementBeginAfterItsHeader() {
    Der element = Der.parse(filled("30 81 80 04 7e", 0x7e), "it");
    assertThat(element.content()).hasSize(0x80);
    assertThat(element.elements("it")).hasSize(1);
    assertThat(element.elements("it").getFirst().octets("it")).hasSize(0x7e);
  }

  @ParameterizedTest
  @ValueSource(strings = {"04 02 05 00", "10 02 05 00", "80 02 05 00", "1e 00"})
  void aPrimitiveElementHasNoElements(String hex) {
    refused(() -> der(hex).elements("it"), "it is not a constructed DER element");
  }

  @Test
  void anElementEndsWithinTheOneAround() {
    refused(() -> der("30 03 05 00 05").elements("it"), ENDS);
    refused(() -> der("30 03 04 02 00").elements("it"), ENDS);
    Der inner = der("30 08 30 02 04 02 04 02 01 02").elements("it").getFirst();
    refused(() -> inner.elements("it"), ENDS);
  }

  @Test
  void anElementHasAtMost4096Elements() {
    byte[] most = filled("30 82 20 00", 0x2000);
    assertThat(Der.parse(most, "it").elements("it")).hasSize(4096);
    byte[] more = filled("30 82 20 02", 0x2002);
    refused(() -> Der.parse(more, "it").elements("it"), "it has too many DER elements");
  }

  @Test
  void anotherTagThanExpectedIsNamed() {
    Der element = der("31 00");
    assertThat(element.expect(Der.SET, "it")).isSameAs(element);
    refused(() -> element.expect(Der.SEQUENCE, "it"), "it has the DER tag 31 where 30 is due");
    refused(() -> element.octets("it"), "it has the DER tag 31 where 4 is due");
    refused(() -> element.bits("it"), "it has the DER tag 31 where 3 is due");
    refused(() -> element.bool("it"), "it has the DER tag 31 where 1 is due");
    refused(() -> element.oid("it"), "it has the DER tag 31 where 6 is due");
    refused(() -> element.integer("it"), NOT_INTEGER);
    refused(() -> element.text("it"), "it is not a DER string");
  }

  @ParameterizedTest
  @CsvSource({
    "02 01 00, 0",
    "02 01 01, 1",
    "02 01 7f, 127",
    "02 02 00 80, 128",
    "02 02 00 ff, 255",
    "02 02 01 00, 256",
    "02 01 ff, -1",
    "02 01 80, -128",
    "02 02 ff 7f, -129",
    "02 02 ff 00, -256",
    "02 09 00 ff ff ff ff ff ff ff ff, 18446744073709551615",
    "0a 01 05, 5"
  })
  void anIntegerIsReadInItsShortestForm(String hex, BigInteger value) {
    assertThat(der(hex).integer("it")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "02 00",
        "0a 00",
        "02 02 00 00",
        "02 02 00 01",
        "02 02 00 7f",
        "02 02 ff ff",
        "02 02 ff 80",
        "0a 02 00 05",
        "02 03 00 00 80",
        "02 03 ff ff 7f",
        "04 01 05"
      })
  void anIntegerInALongerFormIsRefused(String hex) {
    refused(() -> der(hex).integer("it"), NOT_INTEGER);
    refused(() -> der(hex).integer(9, "it"), NOT_INTEGER);
  }

  @Test
  void aNumberLiesBetweenZeroAndItsMaximum() {
    assertThat(der("02 01 00").integer(9, "it")).isZero();
    assertThat(der("02 01 09").integer(9, "it")).isEqualTo(9);
    assertThat(der("02 04 7f ff ff ff").integer(Integer.MAX_VALUE, "it"))
        .isEqualTo(Integer.MAX_VALUE);
    for (String outside : List.of("02 01 0a", "02 01 ff", "02 02 01 05", "02 05 01 00 00 00 05")) {
      refused(() -> der(outside).integer(9, "it"), "it is not a number from 0 to 9");
    }
    refused(
        () -> der("02 05 00 80 00 00 00").integer(Integer.MAX_VALUE, "it"),
        "it is not a number from 0 to 2147483647");
  }

  @Test
  void aBooleanHasTwoForms() {
    assertThat(der("01 01 ff").bool("it")).isTrue();
    assertThat(der("01 01 00").bool("it")).isFalse();
    for (String other : List.of("01 00", "01 01 01", "01 01 fe", "01 01 7f", "01 02 ff ff")) {
      refused(() -> der(other).bool("it"), "it is not a DER boolean");
    }
  }

  @Test
  void aBitStringIsOneOfWholeBytes() {
    assertThat(der("03 01 00").bits("it")).isEmpty();
    assertThat(der("03 03 00 01 80").bits("it")).isEqualTo(bytes("01 80"));
    for (String other : List.of("03 00", "03 01 01", "03 02 01 80", "03 02 07 80", "03 02 80 00")) {
      refused(() -> der(other).bits("it"), "it is not a DER bit string of whole bytes");
    }
  }

  @Test
  void anOctetStringMayBeEmpty() {
    assertThat(der("04 00").octets("it")).isEmpty();
    assertThat(der("04 02 00 ff").octets("it")).isEqualTo(bytes("00 ff"));
  }

  @Test
  void textIsPrintable() {
    assertThat(der("0c 04 20 41 7a 7e").text("it")).isEqualTo(" Az~");
    assertThat(der("16 01 30").text("it")).isEqualTo("0");
    assertThat(der("16 00").text("it")).isEmpty();
    for (String other :
        List.of("16 01 1f", "16 01 7f", "0c 02 41 00", "0c 02 c3 a4", "0c 01 80", "16 01 ff")) {
      refused(() -> der(other).text("it"), "it is not printable text");
    }
    for (String tag : List.of("04", "13", "1e", "2c")) {
      refused(() -> der(tag + "01 41").text("it"), "it is not a DER string");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "00, 0.0",
    "27, 0.39",
    "28, 1.0",
    "2a, 1.2",
    "4f, 1.39",
    "50, 2.0",
    "7f, 2.47",
    "81 00, 2.48",
    "88 37, 2.999",
    "2a 00, 1.2.0",
    "2a 00 01, 1.2.0.1",
    "2a 7f, 1.2.127",
    "2a 81 00, 1.2.128",
    "2a 81 80 01, 1.2.16385",
    "2a 86 48 86 f7 0d 01 01 0b, 1.2.840.113549.1.1.11",
    "2a bf ff ff ff ff ff ff 7f, 1.2.36028797018963967",
    "2a bf ff ff ff ff ff ff 7f 03, 1.2.36028797018963967.3"
  })
  void anObjectIdentifierIsReadInDottedForm(String content, String dotted) {
    assertThat(oid(content).oid("it")).isEqualTo(dotted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "80",
        "aa",
        "2a 86",
        "2a 86 80",
        "80 01",
        "2a 80 01",
        "2a 01 80 01",
        "2a c0 80 80 80 80 80 80 00",
        "2a bf ff ff ff ff ff ff ff 7f",
        "2a ff ff ff ff ff ff ff ff ff 7f"
      })
  void anObjectIdentifierThatIsCutPaddedOrTooLargeIsRefused(String content) {
    refused(() -> oid(content).oid("it"), NOT_OID);
  }

  private static Der oid(String content) {
    byte[] value = bytes(content);
    return der(HexFormat.of().formatHex(new byte[] {6, (byte) value.length}) + content);
  }

  @Test
  void everyCutOfAnElementIsRefused() {
    byte[] whole = filled("30 82 01 04 04 82 01 00", 0x100);
    assertThat(Der.parse(whole, "it").elements("it")).hasSize(1);
    Mutation.cuts(whole)
        .forEach(
            cut ->
                assertThatThrownBy(() -> Der.parse(cut.bytes(), "it"))
                    .as(cut.what())
                    .isExactlyInstanceOf(Unreadable.class));
  }

  @Test
  void whatAnotherLibraryWritesIsReadBack() {
    Property.check(
        "a DER sequence is read as it was written",
        200,
        random -> {
          List<BigInteger> numbers = new ArrayList<>();
          ASN1EncodableVector written = new ASN1EncodableVector();
          for (int i = random.nextInt(5); i >= 0; i--) {
            numbers.add(number(random));
            written.add(new ASN1Integer(numbers.getLast()));
          }
          String dotted = random.nextInt(3) + "." + random.nextInt(40) + "." + random.nextInt();
          dotted = dotted.replace("-", "");
          byte[] octets = new byte[random.nextInt(400)];
          random.nextBytes(octets);
          written.add(new ASN1ObjectIdentifier(dotted));
          written.add(new DEROctetString(octets));
          List<Der> read = Der.parse(encoded(written), "it").elements("it");
          assertThat(read).hasSize(numbers.size() + 2);
          for (int i = 0; i < numbers.size(); i++) {
            assertThat(read.get(i).integer("it")).isEqualTo(numbers.get(i));
          }
          assertThat(read.get(numbers.size()).oid("it")).isEqualTo(dotted);
          assertThat(read.getLast().octets("it")).isEqualTo(octets);
        });
  }

  private static BigInteger number(RandomGenerator random) {
    byte[] value = new byte[1 + random.nextInt(20)];
    random.nextBytes(value);
    return new BigInteger(value);
  }

  private static byte[] encoded(ASN1EncodableVector elements) throws IOException {
    return new DERSequence(elements).getEncoded("DER");
  }
}
