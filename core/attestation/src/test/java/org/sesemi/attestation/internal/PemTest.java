package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;

/** The one form of PEM text, and whatever else passes for it elsewhere. */
class PemTest {

  private static final String BEGIN = "-----BEGIN X-----\n";
  private static final String END = "-----END X-----\n";
  private static final String OUTSIDE = "it has text outside its PEM blocks";
  private static final String WRONG_END = "it has a PEM block with a wrong end, or too many";
  private static final String WRONG_LINE = "it has an empty or overlong line in a PEM block";
  private static final String INCOMPLETE = "it has no complete PEM block";
  private static final String NOT_BASE64 = "it has a PEM block that is not base64";
  private static final String ANOTHER_FORM = "it has base64 in another than the one form";
  private static final String NOT_TEXT = "it is not PEM text";

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static List<Pem.Block> read(String text) {
    return Pem.read(ascii(text), "it");
  }

  private static Pem.Block block(String label, int... content) {
    byte[] der = new byte[content.length];
    for (int i = 0; i < content.length; i++) {
      der[i] = (byte) content[i];
    }
    return new Pem.Block(label, Bytes.of(der));
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .as(text)
        .isExactlyInstanceOf(Unreadable.class)
        .hasMessage(message);
  }

  @Test
  void aBlockIsReadWithItsLabel() {
    assertThat(read("-----BEGIN EC KEY-----\nAQID\n-----END EC KEY-----\n"))
        .containsExactly(block("EC KEY", 1, 2, 3));
    assertThat(read("-----BEGIN ~-----\nAQI=\n-----END ~-----\n"))
        .containsExactly(block("~", 1, 2));
    assertThat(read("-----BEGIN -----\nAQ==\n-----END -----\n")).containsExactly(block("", 1));
  }

  @Test
  void blocksAreReadInOrderEachWithItsOwnContent() {
    assertThat(read(BEGIN + "AQID\n" + END + "-----BEGIN Y-----\nBA==\n-----END Y-----\n"))
        .containsExactly(block("X", 1, 2, 3), block("Y", 4));
  }

  @Test
  void linesMayEndInEitherWayAndTheLastOneNotAtAll() {
    List<Pem.Block> expected = List.of(block("X", 1, 2, 3));
    String text = BEGIN + "AQ\nID\n" + END;
    assertThat(read(text)).isEqualTo(expected);
    assertThat(read(text.replace("\n", "\r\n"))).isEqualTo(expected);
    assertThat(read(text.stripTrailing())).isEqualTo(expected);
    assertThat(read("\n\r\n" + text + "\r\n\n")).isEqualTo(expected);
    assertThat(read(text + "\n\n" + text)).hasSize(2);
  }

  @Test
  void oneNulMayEndTheText() {
    String text = BEGIN + "AQID\n" + END;
    assertThat(read(text + "\0")).containsExactly(block("X", 1, 2, 3));
    refused(text + "\0\0", NOT_TEXT);
    refused("\0" + text, NOT_TEXT);
    refused(text + "\0\n", NOT_TEXT);
    refused("\0", INCOMPLETE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x01, '\t', 0x0b, 0x1f, 0x7f, 0x80, 0xa0, 0xff})
  void aCharacterThatIsNotPrintableIsRefused(int character) {
    refused(BEGIN + "AQ" + (char) character + "D\n" + END, NOT_TEXT);
    refused((char) character + BEGIN + "AQID\n" + END, NOT_TEXT);
    refused(BEGIN + "AQID\n" + END + (char) character, NOT_TEXT);
  }

  @Test
  void textOutsideOfBlocksIsRefused() {
    String text = BEGIN + "AQID\n" + END;
    refused("x\n" + text, OUTSIDE);
    refused(" \n" + text, OUTSIDE);
    refused(text + "x", OUTSIDE);
    refused(text + "AQID\n" + text, OUTSIDE);
    refused("x" + text, OUTSIDE);
    refused("\r\r\n" + text, OUTSIDE);
    refused(END, OUTSIDE);
    refused("-----BEGIN X----\nAQID\n" + END, OUTSIDE);
    refused("-----BEGIN X----- \nAQID\n" + END, OUTSIDE);
    refused("----BEGIN X-----\nAQID\n" + END, OUTSIDE);
    refused("-----begin X-----\nAQID\n" + END, OUTSIDE);
    refused("-----BEGIN X-----\rAQID\n" + END, OUTSIDE);
  }

  @Test
  void aBlockEndsWithItsOwnLabel() {
    refused(BEGIN + "AQID\n-----END Y-----\n", WRONG_END);
    refused(BEGIN + "AQID\n-----END X----\n", WRONG_END);
    refused(BEGIN + "AQID\n-----END X-----x\n", WRONG_END);
    refused(BEGIN + "AQID\n-----END x-----\n", WRONG_END);
    refused(BEGIN + "AQID\n-----END \n", WRONG_END);
  }

  @Test
  void aBlockThatDoesNotEndIsRefused() {
    refused("", INCOMPLETE);
    refused("\n\r\n", INCOMPLETE);
    refused(BEGIN.stripTrailing(), INCOMPLETE);
    refused(BEGIN + "AQID", INCOMPLETE);
    refused(BEGIN + "AQID\n" + END + BEGIN + "AQID", INCOMPLETE);
    refused(BEGIN + "AQID\n" + BEGIN + "AQID\n" + END, NOT_BASE64);
  }

  @Test
  void thereAreAtMost32Blocks() {
    String text = BEGIN + "AQID\n" + END;
    assertThat(read(text.repeat(32))).hasSize(32);
    refused(text.repeat(33), WRONG_END);
  }

  @Test
  void aLineHasUpTo76Characters() {
    byte[] der = new byte[60];
    String base64 = Base64.getEncoder().encodeToString(der);
    for (int length : new int[] {1, 2, 3, 64, 75, 76}) {
      assertThat(read(BEGIN + wrapped(base64, length) + END))
          .containsExactly(new Pem.Block("X", Bytes.of(der)));
    }
    refused(BEGIN + wrapped(base64, 77) + END, WRONG_LINE);
    refused(BEGIN + wrapped(base64, 80) + END, WRONG_LINE);
  }

  private static String wrapped(String base64, int length) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < base64.length(); at += length) {
      text.append(base64, at, Math.min(at + length, base64.length())).append('\n');
    }
    return text.toString();
  }

  @Test
  void anEmptyLineInABlockIsRefused() {
    refused(BEGIN + "\nAQID\n" + END, WRONG_LINE);
    refused(BEGIN + "AQ\n\nID\n" + END, WRONG_LINE);
    refused(BEGIN + "AQID\r\n\r\n" + END, WRONG_LINE);
  }

  @Test
  void aBlockMayBeEmpty() {
    assertThat(read(BEGIN + END)).containsExactly(block("X"));
  }

  @Test
  void base64IsInItsOneForm() {
    refused(BEGIN + "AQI\n" + END, ANOTHER_FORM);
    refused(BEGIN + "AQ\n" + END, ANOTHER_FORM);
    refused(BEGIN + "AR==\n" + END, ANOTHER_FORM);
    refused(BEGIN + "AQJ=\n" + END, ANOTHER_FORM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "A",
        "AQIDB",
        "AQ=",
        "AQ===",
        "====",
        "AQ==\nAQ==",
        "AQI=AQID",
        "AQ-_",
        "AQ D",
        " AQID",
        "AQID ",
        "AQ.D",
        "Proc-Type: 4,ENCRYPTED",
        "AQ\rID"
      })
  void whatIsNotBase64IsRefused(String content) {
    refused(BEGIN + content + "\n" + END, NOT_BASE64);
  }

  @Test
  void whoConfiguredTheTextIsToldThatItIsMalformed() {
    assertThat(Pem.parse(ascii(BEGIN + "AQID\n" + END), "it")).containsExactly(block("X", 1, 2, 3));
    assertThatThrownBy(() -> Pem.parse(ascii("x"), "roots.pem"))
        .isInstanceOf(AttestationException.class)
        .hasMessageContaining("roots.pem has text outside its PEM blocks")
        .hasCauseExactlyInstanceOf(Unreadable.class)
        .extracting(e -> ((AttestationException) e).errorCode())
        .isEqualTo(AttestationException.Code.MALFORMED);
  }

  @Test
  void whatWasWrittenIsReadBack() {
    Property.check(
        "PEM text is read as it was written",
        200,
        random -> {
          List<Pem.Block> blocks = new ArrayList<>();
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] der = new byte[random.nextInt(300)];
            random.nextBytes(der);
            String label = "LABEL " + random.nextInt(100);
            blocks.add(new Pem.Block(label, Bytes.of(der)));
            text.append("-----BEGIN ").append(label).append("-----\n");
            text.append(wrapped(Base64.getEncoder().encodeToString(der), 1 + random.nextInt(76)));
            text.append("-----END ").append(label).append("-----\n");
          }
          String written = text.toString();
          assertThat(read(random.nextBoolean() ? written : written.replace("\n", "\r\n")))
              .isEqualTo(blocks);
        });
  }
}
