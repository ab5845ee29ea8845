package org.sesemi.attestation.internal.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.NvidiaReport;
import org.sesemi.vendors.NvidiaVendor;
import org.sesemi.wire.Bytes;

/** What is read of a report before anybody asks who signed it. */
class SpdmReportTest {

  private static final KeyPair KEYS = NvidiaVendor.keys();
  private static final int MAX_LENGTH = 64 << 10;
  private static final int BLOCK_COUNT = 41;

  private final NvidiaReport report = new NvidiaReport();

  private byte[] signed() {
    return report.sign(KEYS.getPrivate());
  }

  private static void refused(byte[] bytes, String reason) {
    assertThatThrownBy(() -> SpdmReport.parse(bytes))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(reason);
  }

  @Test
  void theValuesFollowEachOtherByIndex() {
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    report.blocks.values().forEach(values::writeBytes);
    SpdmReport read = SpdmReport.parse(signed());
    assertThat(read.values()).isEqualTo(values.toByteArray());
    assertThat(read.blocks()).hasSize(64);
  }

  @Test
  void aReportIsAsLongAsItMayBe() {
    report.opaque.put(99, new byte[0]);
    report.opaque.put(99, new byte[MAX_LENGTH - signed().length]);
    byte[] longest = signed();
    assertThat(longest).hasSize(MAX_LENGTH);
    assertThat(SpdmReport.parse(longest).trailing()).isZero();
    refused(Arrays.copyOf(longest, MAX_LENGTH + 1), "the report is too long");
  }

  /** Its length has three bytes, and no report is as long as the third could say. */
  @Test
  void theWholeLengthOfTheRecordCounts() {
    report.recordLengthError = 1 << 16;
    refused(signed(), "more are due");
  }

  @Test
  void theRecordHasAsManyBlocksAsItSays() {
    byte[] bytes = signed();
    assertThat(bytes[BLOCK_COUNT]).isEqualTo((byte) 64);
    bytes[BLOCK_COUNT] = 63;
    refused(bytes, "the measurement record has 55 bytes after its end");
    bytes[BLOCK_COUNT] = 65;
    refused(bytes, "the measurement record ends");
  }

  @Test
  void aReportIsRecognisedByTheHeadsOfBothMessages() {
    byte[] heads = Arrays.copyOf(signed(), 39);
    assertThat(SpdmReport.recognises(Bytes.of(heads))).isTrue();
    assertThat(SpdmReport.recognises(Bytes.of(Arrays.copyOf(heads, 38)))).isFalse();
    assertThat(SpdmReport.recognises(Bytes.of(new byte[0]))).isFalse();
    for (int at : new int[] {0, 1, 37, 38}) {
      byte[] other = heads.clone();
      other[at] ^= 2;
      assertThat(SpdmReport.recognises(Bytes.of(other))).as("byte %d", at).isFalse();
    }
  }

  @Test
  void someFieldsAreTexts() {
    List<Integer> texts = SpdmReport.names().keySet().stream().filter(SpdmReport::isText).toList();
    assertThat(texts).containsExactlyInAnyOrder(SpdmReport.DRIVER_VERSION, 15, 16, 17, 18, 19);
  }

  @Test
  void textsArePrintableUpToTheirNuls() {
    assertThat(SpdmReport.text(Bytes.of(new byte[] {' ', 'a', '~', 0, 0}))).isEqualTo(" a~");
    assertThat(SpdmReport.text(Bytes.of(new byte[2]))).isEmpty();
    for (byte outside : new byte[] {' ' - 1, '~' + 1, -1, 0}) {
      assertThatThrownBy(() -> SpdmReport.text(Bytes.of(new byte[] {'a', outside, 'b'})))
          .as("character %d", outside)
          .isInstanceOf(Unreadable.class)
          .hasMessageContaining("not printable");
    }
  }
}
