package org.sesemi.attestation.internal.attester;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Evidence;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;

final class TsmAttesterTest {

  private static final byte[] DATA = data(7);

  private final TsmStandIn tsm = new TsmStandIn();

  private static byte[] data(int value) {
    byte[] data = new byte[64];
    Arrays.fill(data, (byte) value);
    return data;
  }

  private TsmAttester attester(PlatformKind platform, OptionalInt level) {
    return TsmAttester.of(platform, new StandInFileSystem(tsm).root(), level);
  }

  private TsmAttester snp() {
    return attester(PlatformKind.SNP, OptionalInt.empty());
  }

  private static Documents documents(Evidence evidence) {
    return Documents.decode(evidence.bytes().toArray());
  }

  private void fails(TsmAttester attester, String... messages) {
    assertThatThrownBy(() -> attester.attest(DATA))
        .isInstanceOfSatisfying(
            AttestationException.class,
            e -> {
              assertThat(e.errorCode()).isEqualTo(AttestationException.Code.PLATFORM_UNAVAILABLE);
              assertThat(e.detail()).contains(messages);
            });
    assertThat(tsm.entries).isEmpty();
  }

  @Test
  void theReportIsEvidenceAndTheRequestIsRemoved() {
    Evidence evidence = snp().attest(DATA);
    assertThat(evidence.platform()).isEqualTo(PlatformKind.SNP);
    assertThat(documents(evidence).names()).containsExactly("report.bin");
    assertThat(documents(evidence).get("report.bin")).contains(Bytes.of(TsmStandIn.plain(DATA)));
    assertThat(tsm.entries).isEmpty();
    assertThat(tsm.made).hasSize(1);
  }

  @Test
  void everyProviderHasItsPlatformAndFile() {
    tsm.provider = "tdx_guest";
    tsm.floor = Optional.empty();
    assertThat(documents(attester(PlatformKind.TDX, OptionalInt.empty()).attest(DATA)).names())
        .containsExactly("quote.bin");
    tsm.provider = "arm_cca_guest";
    assertThat(documents(attester(PlatformKind.CCA, OptionalInt.empty()).attest(DATA)).names())
        .containsExactly("token.cbor");
  }

  @Test
  void certificatesOfTheHostGoWithTheReport() {
    tsm.auxiliary = Optional.of(new byte[] {9, 9});
    assertThat(documents(snp().attest(DATA)).get("auxblob.bin"))
        .contains(Bytes.of(new byte[] {9, 9}));
    tsm.auxiliary = Optional.of(new byte[0]);
    assertThat(documents(snp().attest(DATA)).names()).containsExactly("report.bin");
  }

  @Test
  void theDataIsWrittenInOnePiece() {
    List<Integer> writes = new ArrayList<>();
    tsm.race("inblob", entry -> writes.add(entry.writes));
    snp().attest(DATA);
    assertThat(writes).containsExactly(1);
  }

  @Test
  void reportDataHas64Bytes() {
    assertThatThrownBy(() -> snp().attest(new byte[63]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> snp().attest(new byte[65]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(tsm.made).isEmpty();
  }

  // Others that write to the same request

  @Test
  void aReportOfAnotherWriterIsNotTaken() {
    for (String file : List.of("outblob", "auxblob", "generation")) {
      tsm.auxiliary = Optional.of(new byte[] {1});
      if (file.equals("generation")) {
        tsm.race(file, entry -> {});
      }
      tsm.race(file, TsmStandIn::overwrite);
      Documents documents = documents(snp().attest(DATA));
      assertThat(documents.get("report.bin")).contains(Bytes.of(TsmStandIn.plain(DATA)));
    }
  }

  @Test
  void aWriterBetweenReadingAndCountingIsNoticedThoughItsReportWasNotTaken() {
    tsm.race("generation", entry -> {});
    tsm.race("generation", TsmStandIn::overwrite);
    List<Long> generations = new ArrayList<>();
    tsm.race("generation", entry -> generations.add(entry.generation));
    snp().attest(DATA);
    assertThat(generations).containsExactly(2L);
  }

  @Test
  void whoeverRacesForeverWinsNothing() {
    for (int i = 0; i < ConfigfsTsm.ATTEMPTS; i++) {
      tsm.race("outblob", TsmStandIn::overwrite);
    }
    fails(snp(), "no report after 8 attempts", "others wrote");
    for (int i = 0; i < ConfigfsTsm.ATTEMPTS - 1; i++) {
      tsm.race("outblob", TsmStandIn::overwrite);
    }
    assertThat(documents(snp().attest(DATA)).get("report.bin")).isPresent();
  }

  @Test
  void aReportAboutOtherDataIsNotTaken() {
    tsm.report = data -> TsmStandIn.plain(data(8));
    fails(snp(), "other report data");
  }

  @Test
  void requestsOfSeveralThreadsDoNotMeet() throws Exception {
    TsmAttester attester = snp();
    try (ExecutorService threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("caller-", 0).factory())) {
      List<Future<Evidence>> evidence = new ArrayList<>();
      for (int i = 0; i < 32; i++) {
        byte[] data = data(i + 1);
        evidence.add(threads.submit(() -> attester.attest(data)));
      }
      for (int i = 0; i < 32; i++) {
        assertThat(documents(evidence.get(i).get()).get("report.bin"))
            .contains(Bytes.of(TsmStandIn.plain(data(i + 1))));
      }
    }
    assertThat(tsm.entries).isEmpty();
    assertThat(tsm.made).doesNotHaveDuplicates().hasSize(32);
  }

  @Test
  void namesThatAreTakenArePassedOver() {
    snp().attest(DATA);
    String last = tsm.made.getLast();
    int dash = last.lastIndexOf('-') + 1;
    long number = Long.parseLong(last.substring(dash));
    List<String> taken =
        List.of(last.substring(0, dash) + (number + 1), last.substring(0, dash) + (number + 2));
    taken.forEach(name -> tsm.entries.put(name, new TsmStandIn.Entry()));
    snp().attest(DATA);
    assertThat(tsm.entries.keySet()).containsExactlyInAnyOrderElementsOf(taken);
  }

  // Privilege levels

  @Test
  void aFloorAboveZeroIsTheLevel() {
    List<Integer> levels = new ArrayList<>();
    tsm.floor = Optional.of(2);
    tsm.race("outblob", entry -> levels.add(entry.level));
    snp().attest(DATA);
    tsm.floor = Optional.of(0);
    tsm.race("outblob", entry -> levels.add(entry.level));
    attester(PlatformKind.SNP, OptionalInt.of(3)).attest(DATA);
    assertThat(levels).containsExactly(2, 3);
  }

  @Test
  void theLevelIsWrittenAgainWithEveryAttempt() {
    tsm.floor = Optional.of(1);
    tsm.race("privlevel", TsmStandIn::overwrite);
    List<Long> generations = new ArrayList<>();
    tsm.race("outblob", entry -> {});
    tsm.race("outblob", entry -> generations.add(entry.generation));
    snp().attest(DATA);
    assertThat(generations).containsExactly(5L);
  }

  @Test
  void aLevelBelowTheFloorIsRefused() {
    tsm.floor = Optional.of(2);
    fails(attester(PlatformKind.SNP, OptionalInt.of(1)), "below the floor 2");
    tsm.floor = Optional.empty();
    fails(attester(PlatformKind.SNP, OptionalInt.of(1)), "no privilege levels");
  }

  // Failures

  @Test
  void aBusyPlatformIsAskedAgain() {
    tsm.failures.addAll(List.of("Device or resource busy", "Resource temporarily unavailable"));
    assertThat(documents(snp().attest(DATA)).get("report.bin")).isPresent();
    tsm.failures.addAll(Collections.nCopies(ConfigfsTsm.ATTEMPTS, "Device or resource busy"));
    fails(snp(), "no report after 8 attempts", "busy");
  }

  @Test
  void otherFailuresEndTheRequestAndAreExplained() {
    tsm.failures.add("Invalid argument");
    fails(snp(), "the platform refused the request");
    tsm.failures.add("File too large");
    fails(snp(), "longer than the kernel hands out");
    tsm.failures.add("Input/output error");
    fails(snp(), "Input/output error");
    tsm.makeFails = "No such device or address";
    fails(snp(), "no provider of reports is loaded");
    tsm.makeFails = TsmStandIn.DENIED;
    fails(snp(), "permission denied: reports are for root");
  }

  @Test
  void reportsOfNoLengthOrTooMuchAreRefused() {
    tsm.report = data -> new byte[0];
    fails(snp(), "the report is empty");
    tsm.report = data -> new byte[ConfigfsTsm.MAX_BLOB + 1];
    fails(snp(), "more than 32768 bytes");
    tsm.report = data -> Arrays.copyOf(data, ConfigfsTsm.MAX_BLOB);
    assertThat(documents(snp().attest(DATA)).get("report.bin").orElseThrow().length())
        .isEqualTo(ConfigfsTsm.MAX_BLOB);
  }

  @Test
  void anotherProviderIsRefused() {
    tsm.provider = "tdx_guest";
    fails(snp(), "the provider is tdx_guest");
    tsm.provider = "new_guest \u001b[2J";
    fails(snp(), "the provider is none that is known");
  }

  @Test
  void aRequestThatCannotBeRemovedSpoilsNothing() {
    tsm.removeFails = true;
    assertThat(documents(snp().attest(DATA)).get("report.bin")).isPresent();
    assertThat(tsm.entries).hasSize(1);
  }

  @Test
  void otherPlatformsAreNotForConfigfs() {
    assertThatThrownBy(() -> attester(PlatformKind.NITRO, OptionalInt.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
