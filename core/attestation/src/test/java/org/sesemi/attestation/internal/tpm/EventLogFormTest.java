package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.vendors.TpmEventLog;
import org.sesemi.vendors.TpmKey;
import org.sesemi.wire.Bytes;

/** The form of event logs, byte by byte, and how registers have to agree with one. */
class EventLogFormTest {

  private static final byte[] ZERO = new byte[32];
  private static final byte[] DATA = {1};
  private static final byte[] SIGNATURE = ascii("Spec ID Event03\0");
  private static final byte[] LOCALITY = ascii("StartupLocality\0");
  private static final int SHA1 = TpmKey.SHA1;
  private static final int SHA256 = TpmKey.SHA256;

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static ByteBuffer buffer() {
    return ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] written(ByteBuffer out) {
    byte[] bytes = new byte[out.position()];
    out.get(0, bytes);
    return bytes;
  }

  /** Announces algorithms, each with the length of its digests, and carries vendor's bytes. */
  private static byte[] announcement(byte[] vendor, int... algorithmsAndLengths) {
    ByteBuffer out =
        buffer().put(SIGNATURE).put(new byte[8]).putInt(algorithmsAndLengths.length / 2);
    for (int each : algorithmsAndLengths) {
      out.putShort((short) each);
    }
    return written(out.put((byte) vendor.length).put(vendor));
  }

  private static byte[] log(int register, int type, byte[] announcement) {
    return written(
        buffer()
            .putInt(register)
            .putInt(type)
            .put(new byte[20])
            .putInt(announcement.length)
            .put(announcement));
  }

  private static byte[] log(byte[] announcement) {
    return log(0, 3, announcement);
  }

  /** An event of register 0 with as many digests as algorithms are named, all zero. */
  private static byte[] event(int... algorithmsAndLengths) {
    ByteBuffer out = buffer().putInt(0).putInt(8).putInt(algorithmsAndLengths.length / 2);
    for (int i = 0; i < algorithmsAndLengths.length; i += 2) {
      out.putShort((short) algorithmsAndLengths[i]).put(new byte[algorithmsAndLengths[i + 1]]);
    }
    return written(out.putInt(0));
  }

  private static void refused(byte[] log, String message) {
    assertThatThrownBy(() -> EventLog.replay(log))
        .isInstanceOf(Unreadable.class)
        .hasMessageStartingWith("the event log ")
        .hasMessageContaining(message);
  }

  @Test
  void aLogBeginsWithTheEventOfItsForm() {
    byte[] good = announcement(new byte[0], SHA256, 32);
    assertThat(EventLog.replay(log(good))).isEqualTo(new EventLog(Map.of(), 0));
    String reason = "does not begin with the event of the crypto-agile form";
    refused(log(1, 3, good), reason);
    refused(log(0, 4, good), reason);
    refused(new TpmEventLog("Spec ID Event02", SHA256).bytes(), reason);
    refused(log(Arrays.copyOf(SIGNATURE, 15)), reason);
    refused(log(SIGNATURE), "ends at byte 16");
  }

  @Test
  void theFirstEventEndsWhereItSays() {
    byte[] vendor = {1, 2, 3};
    byte[] good = announcement(vendor, SHA256, 32);
    assertThat(EventLog.replay(log(good)).events()).isZero();
    refused(log(Arrays.copyOf(good, good.length + 1)), "has 1 bytes after its end");
    refused(log(Arrays.copyOf(good, good.length - 1)), "ends at byte");
  }

  @Test
  void oneToEightAlgorithmsAreAnnouncedEachOnce() {
    int[] eight = {1, 1, 2, 1, 3, 1, 4, 20, 5, 1, 6, 1, 7, 1, SHA256, 32};
    assertThat(EventLog.replay(log(announcement(new byte[0], eight))).events()).isZero();
    int[] nine = Arrays.copyOf(eight, 18);
    nine[16] = 8;
    refused(log(announcement(new byte[0], nine)), "has not 1 to 8 hash algorithms");
    refused(log(announcement(new byte[0])), "has not 1 to 8 hash algorithms");
    refused(log(announcement(new byte[0], SHA256, 32, SHA256, 32)), "has a hash algorithm twice");
  }

  @Test
  void sha256IsAnnouncedWithItsLength() {
    refused(log(announcement(new byte[0], SHA1, 20)), "has no SHA-256 digests");
    refused(log(announcement(new byte[0], SHA256, 20)), "has no SHA-256 digests");
  }

  @Test
  void anEventHasOneDigestOfEachAlgorithm() {
    TpmEventLog good = new TpmEventLog(SHA1, SHA256).raw(event(SHA256, 32, SHA1, 20));
    assertThat(EventLog.replay(good.bytes()).events()).isEqualTo(1);
    Map.of(
            "an event without a digest for each hash algorithm", event(SHA256, 32),
            "a digest of an algorithm that it did not announce", event(SHA256, 32, 0x0c, 48),
            "an event with two digests of one algorithm", event(SHA256, 32, SHA256, 32),
            "an event without a SHA-256 digest", event(SHA1, 20, SHA1, 20))
        .forEach(
            (reason, event) -> refused(new TpmEventLog(SHA1, SHA256).raw(event).bytes(), reason));
  }

  @Test
  void registersGoUpTo23() {
    TpmEventLog log = new TpmEventLog(SHA256).event(23, 8, DATA);
    assertThat(EventLog.replay(log.bytes()).registers())
        .isEqualTo(Map.of(23, Bytes.of(TpmEventLog.extended(ZERO, DATA))));
    for (int register : new int[] {24, -1}) {
      refused(
          new TpmEventLog(SHA256).event(register, 8, DATA).bytes(),
          "an event of a register that does not exist");
    }
  }

  /** Only bytes 0x00 and 0xff, and only of one kind, are what a buffer was filled with. */
  @Test
  void otherBytesThanFillerBelongToAnEvent() {
    byte[] filler = new byte[8];
    for (int value : new int[] {0, 0xff}) {
      Arrays.fill(filler, (byte) value);
      assertThat(EventLog.replay(new TpmEventLog(SHA256).raw(filler).bytes()).events()).isZero();
    }
    Arrays.fill(filler, (byte) 5);
    refused(new TpmEventLog(SHA256).raw(filler).bytes(), "a register that does not exist");
  }

  /** The first value of register 0 is the locality that a log names. */
  @Test
  void onlyACompleteLocalityOfRegister0Counts() {
    byte[] three = Arrays.copyOf(LOCALITY, 17);
    three[16] = 3;
    byte[] start = ZERO.clone();
    start[31] = 3;
    startsAt(start, new TpmEventLog(SHA256).event(0, 3, three));
    startsAt(start, new TpmEventLog(SHA256).event(0, 3, Arrays.copyOf(three, 18)));
    startsAt(ZERO, new TpmEventLog(SHA256).event(0, 3, LOCALITY));
    startsAt(ZERO, new TpmEventLog(SHA256).event(1, 3, three));
    byte[] other = three.clone();
    other[0] = 's';
    startsAt(ZERO, new TpmEventLog(SHA256).event(0, 3, other));
  }

  private static void startsAt(byte[] start, TpmEventLog log) {
    assertThat(EventLog.replay(log.event(0, 8, DATA).bytes()))
        .isEqualTo(new EventLog(Map.of(0, Bytes.of(TpmEventLog.extended(start, DATA))), 1));
  }

  @Test
  void firmwareRegistersWithoutEventsAreZeroAndLaterOnesAreFree() {
    Bytes zero = Bytes.of(ZERO);
    Bytes value = Bytes.of(TpmEventLog.extended(ZERO, DATA));
    EventLog log = new EventLog(Map.of(0, value), 1);
    assertThat(EventLogRule.problem(log, Map.of(0, value, 7, zero, 8, value))).isEmpty();
    assertThat(EventLogRule.problem(log, Map.of(7, zero))).isEmpty();
    assertThat(EventLogRule.problem(log, Map.of(0, zero))).contains("another value for register 0");
    assertThat(EventLogRule.problem(log, Map.of(7, value)))
        .contains("another value for register 7");
    assertThat(EventLogRule.problem(log, Map.of(8, zero, 23, value)))
        .contains("no register that is in the log");
  }
}
