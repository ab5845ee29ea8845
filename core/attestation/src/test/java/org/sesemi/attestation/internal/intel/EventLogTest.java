package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.refused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.property.Property;
import org.sesemi.vendors.CcelLog;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelLayout.Td;
import org.sesemi.wire.Bytes;

/** The event log of a trust domain and its replay. */
final class EventLogTest {

  private static final List<Td> REGISTERS = List.of(Td.RTMR0, Td.RTMR1, Td.RTMR2, Td.RTMR3);

  private static CcelLog log() {
    return new CcelLog()
        .event(0, CcelLog.NO_ACTION, new byte[] {1})
        .event(1, 1, new byte[] {2})
        .event(2, 2, new byte[] {3})
        .event(1, 4, new byte[0])
        .event(3, CcelLog.NO_ACTION, new byte[] {4})
        .event(4, 0x80000001, new byte[] {5});
  }

  private static IntelEvidence evidence(CcelLog log) {
    IntelEvidence evidence = VENDOR.tdx(5).file("ccel_data.bin", log.toArray());
    for (int i = 0; i < 4; i++) {
      evidence.quote().domain().set(REGISTERS.get(i), log.rtmr(i));
    }
    return evidence;
  }

  private static void unreadable(CcelLog log) {
    assertThatThrownBy(() -> EventLog.parse(Bytes.of(log.toArray())))
        .isInstanceOf(Unreadable.class);
    refused(tdx(evidence(log)), IntelStep.EVENT_LOG_FORM);
  }

  @Test
  void replayLeadsToTheRegisters() {
    assertThat(accepted(tdx(evidence(log()))).claims().number("eventLogEvents")).contains(4L);
    accepted(tdx(evidence(log().filler(4))));
    accepted(tdx(evidence(log().filler(1000))));
    accepted(tdx(evidence(new CcelLog())));
  }

  @Test
  void everyRegisterCounts() {
    for (Td register : REGISTERS) {
      IntelEvidence evidence = evidence(log());
      evidence.quote().domain().fill(register, 9);
      refused(tdx(evidence), IntelStep.EVENT_LOG);
    }
    refused(
        tdx(evidence(log()).file("ccel_data.bin", log().event(4, 5, new byte[9]).toArray())),
        IntelStep.EVENT_LOG);
  }

  @Test
  void otherFormsAreRefused() {
    unreadable(new CcelLog(4));
    unreadable(new CcelLog(0x0c, 0x0c));
    unreadable(log().event(5, 1, new byte[1]));
    unreadable(log().event(0, 1, new byte[1]));
    unreadable(log().filler(9).raw(new byte[1]));
    unreadable(log().filler(3));
    unreadable(log().raw(new byte[12]));
    unreadable(new CcelLog(4, 0x0c).event(1, 1, new byte[1]));
  }

  @Test
  void nothingElseThanRefusalComesOfAnyBytes() {
    byte[] good = log().filler(40).toArray();
    Property.check(
        "an event log is read or refused",
        500,
        random -> {
          byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
          for (int i = random.nextInt(4); i > 0 && bytes.length > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
          }
          try {
            assertThat(EventLog.parse(Bytes.of(bytes)).replay()).hasSize(4);
          } catch (Unreadable e) {
            assertThat(e.getMessage()).isNotEmpty();
          }
        });
  }
}
