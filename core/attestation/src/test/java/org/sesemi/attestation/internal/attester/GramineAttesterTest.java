package org.sesemi.attestation.internal.attester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;

final class GramineAttesterTest {

  private final GramineStandIn gramine = new GramineStandIn();
  private final GramineAttester attester =
      new GramineAttester(new StandInFileSystem(gramine).root());

  private static byte[] data(int value) {
    byte[] data = new byte[64];
    Arrays.fill(data, (byte) value);
    return data;
  }

  private void fails(String message) {
    assertThatThrownBy(() -> attester.attest(data(1)))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
              assertThat(e.detail()).contains(message);
            });
  }

  @Test
  void theQuoteIsEvidence() {
    Evidence evidence = attester.attest(data(5));
    assertThat(attester.platform()).isEqualTo(PlatformKind.SGX);
    assertThat(evidence.platform()).isEqualTo(PlatformKind.SGX);
    assertThat(Documents.decode(evidence.bytes().toArray()).get("quote.bin"))
        .contains(Bytes.of(GramineStandIn.quote(data(5))));
    assertThat(gramine.writes).containsExactly(64);
  }

  @Test
  void threadsDoNotGetEachOthersQuotes() throws Exception {
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory())) {
      List<Future<Evidence>> evidence = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        byte[] data = data(i + 1);
        GramineAttester one = new GramineAttester(new StandInFileSystem(gramine).root());
        evidence.add(threads.submit(() -> one.attest(data)));
      }
      for (int i = 0; i < 64; i++) {
        assertThat(Documents.decode(evidence.get(i).get().bytes().toArray()).get("quote.bin"))
            .contains(Bytes.of(GramineStandIn.quote(data(i + 1))));
      }
    }
  }

  @Test
  void aQuoteAboutOtherDataIsNotTaken() {
    gramine.other = true;
    fails("other report data");
  }

  @Test
  void anEnclaveThatIsNotSetUpSaysSo() {
    gramine.type = "none";
    fails("not set up for DCAP");
    gramine.type = "epid";
    fails("not set up for DCAP");
    gramine.present = false;
    fails("it is not there");
  }

  @Test
  void aWriteThatIsNotTakenWholeIsAFailure() {
    gramine.taken = 32;
    fails("it took 32 of 64 bytes");
  }

  @Test
  void reportDataHas64Bytes() {
    assertThatThrownBy(() -> attester.attest(new byte[32]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
