package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.tpm.TpmSample.accepted;
import static org.sesemi.attestation.internal.tpm.TpmSample.refused;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.vendors.TpmEventLog;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Firmware event logs, replayed against the quoted registers. */
class EventLogTest {

  private static final byte[] ZERO = new byte[32];
  private static final byte[] ONE = {1};
  private static final byte[] TWO = {2, 2};
  private static final byte[] LOCALITY_3 =
      "StartupLocality\0\3".getBytes(StandardCharsets.ISO_8859_1);

  private TpmVendor tpm = TpmSample.ecc();

  @BeforeEach
  void registers() {
    tpm = TpmSample.ecc();
    byte[] locality = new byte[32];
    locality[31] = 3;
    tpm.pcrs.replaceAll((_, _) -> ZERO);
    tpm.pcrs.put(0, TpmEventLog.extended(locality, ONE, TWO));
    tpm.pcrs.put(7, TpmEventLog.extended(ZERO, TWO));
  }

  private static TpmEventLog log() {
    return new TpmEventLog(TpmKey.SHA1, TpmKey.SHA256)
        .event(0, 3, LOCALITY_3)
        .event(0, 8, ONE)
        .event(7, 4, TWO)
        .event(0, 4, TWO);
  }

  private Judgement judge(byte[] log) {
    Documents documents = TpmSample.documents(tpm).with("eventlog.bin", Bytes.of(log));
    return TpmSample.judge(tpm, documents);
  }

  @Test
  void aLogThatLeadsToTheRegistersIsAccepted() {
    Judgement judgement = judge(log().bytes());
    accepted(judgement);
    assertThat(judgement.claims().number("eventLogEvents")).contains(3L);
  }

  @Test
  void fillerAfterTheLastEventIsAcceptedAndNothingElse() {
    byte[] filler = new byte[300];
    accepted(judge(log().raw(filler).bytes()));
    Arrays.fill(filler, (byte) -1);
    accepted(judge(log().raw(filler).bytes()));
    filler[200] = 0;
    refused(judge(log().raw(filler).bytes()), TpmStep.EVENT_LOG);
  }

  @Test
  void oneRegisterThatDiffersIsEnough() {
    refused(judge(log().event(7, 4, ONE).bytes()), TpmStep.EVENT_LOG);
    tpm.pcrs.put(3, TpmEventLog.extended(ZERO, ONE));
    refused(judge(log().bytes()), TpmStep.EVENT_LOG);
  }

  /** Later registers belong to software with logs of its own. */
  @Test
  void aRegisterOfTheSystemNeedsNoFirmwareEvents() {
    tpm.pcrs.put(10, TpmEventLog.extended(ZERO, ONE));
    accepted(judge(log().bytes()));
    refused(judge(log().event(10, 13, TWO).bytes()), TpmStep.EVENT_LOG);
  }

  @Test
  void aLogWithoutSha256IsRefused() {
    refused(judge(new TpmEventLog(TpmKey.SHA1).event(0, 8, ONE).bytes()), TpmStep.EVENT_LOG);
    refused(judge(new TpmEventLog("Spec ID Event02", TpmKey.SHA256).bytes()), TpmStep.EVENT_LOG);
  }

  @Test
  void anAbsurdLengthIsRefusedWithoutAllocation() {
    byte[] log = log().bytes();
    Arrays.fill(log, log.length - 6, log.length - 2, (byte) 0x7f);
    assertThat(judge(log).verdict()).isEqualTo(Verdict.REJECT);
  }

  /** Only digests count; what an event says besides is not believed, and not shown. */
  @Tag("exhaustive")
  @Test
  void aChangedLogIsRefusedOrChangesNothing() {
    byte[] log = log().bytes();
    Judgement good = judge(log);
    Property.check(
        "a changed event log is refused or changes nothing",
        4,
        random ->
            Mutation.all(log, random)
                .filter(_ -> random.nextInt(4) == 0)
                .forEach(
                    mutation -> {
                      Judgement judgement = judge(mutation.bytes());
                      boolean same = judgement.claims().equals(good.claims());
                      assertThat(judgement.verdict() != Verdict.ACCEPT || same)
                          .as(mutation.what())
                          .isTrue();
                    }));
  }
}
