package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.wire.Verdict;

/** Rules that bind a report to the certificate of its signing key, one broken at a time. */
class SnpBindingTest {

  private static final List<String> LINES = List.of("Milan", "Genoa", "Turin");

  @Test
  void everyExtensionIsThere() {
    for (String arc : List.of("1", "2")) {
      SnpAssert.refused(
          SnpScene.vcek().endorsement(e -> e.without(arc)).judge(), SnpStep.CERTIFICATE_EXTENSIONS);
    }
    for (String line : LINES) {
      for (String arc : List.of("3.1", "3.2", "3.3", "3.5", "3.6", "3.7", "3.8")) {
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek(line, 5).endorsement(e -> e.without(arc)).judge(),
            SnpStep.CERTIFICATE_TCB);
      }
    }
  }

  @Test
  void extensionsHaveTheirForm() {
    byte[] one = {2, 1, 1};
    for (byte[] level :
        List.of(
            new byte[0],
            new byte[] {2, 1},
            new byte[] {2, 0},
            new byte[] {2, 1, -1},
            new byte[] {2, 2, 1, 0},
            new byte[] {2, 2, 0, 4},
            new byte[] {4, 1, 4},
            Arrays.copyOf(one, 4))) {
      SnpAssert.refused(
          SnpScene.vcek().endorsement(e -> e.raw("3.1", level)).judge(),
          SnpStep.CERTIFICATE_EXTENSIONS);
    }
    for (byte[] product :
        List.of(new byte[] {0x0c, 5, 'M', 'i', 'l', 'a', 'n'}, new byte[] {0x16, 1, 0})) {
      SnpAssert.refused(
          SnpScene.vcek().endorsement(e -> e.raw("2", product)).judge(),
          SnpStep.CERTIFICATE_EXTENSIONS);
    }
    SnpAssert.refused(
        SnpScene.vcek().endorsement(e -> e.integer("1", 2)).judge(),
        SnpStep.CERTIFICATE_EXTENSIONS);
  }

  @Test
  void levelsAreThoseOfTheLine() {
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Milan", 3).endorsement(e -> e.integer("3.9", 1)).judge(),
        SnpStep.CERTIFICATE_TCB);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Turin", 5).endorsement(e -> e.integer("3.4", 0)).judge(),
        SnpStep.CERTIFICATE_TCB);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Turin", 5).endorsement(e -> e.without("3.9")).judge(),
        SnpStep.CERTIFICATE_TCB);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Milan", 3).endorsement(e -> e.without("3.4")).judge(),
        SnpStep.CERTIFICATE_TCB);
  }

  @Test
  void everyLevelOfTheCertificateIsTheReportedOne() {
    for (String line : LINES) {
      for (String arc : List.of("3.1", "3.2", "3.3", "3.5", "3.6", "3.7", "3.8", "3.4", "3.9")) {
        if (!arc.equals(line.equals("Turin") ? "3.4" : "3.9")) {
          for (SnpScene scene : List.of(SnpScene.vcek(line, 4), SnpScene.vlek(line, 4))) {
            SnpAssert.refusedOnlyFor(
                scene.endorsement(e -> e.integer(arc, 99)).judge(), SnpStep.CERTIFICATE_TCB);
          }
        }
      }
    }
  }

  @Test
  void reservedLevelsCountWhereTheyStand() {
    for (int i = 0; i < 4; i++) {
      int offset = 2 + i;
      String arc = "3." + (4 + i);
      byte[] level = {7};
      SnpScene scene =
          SnpScene.vcek()
              .endorsement(e -> e.integer(arc, 7))
              .report(r -> r.bytes(0x180 + offset, level).bytes(0x38 + offset, level));
      accepted(scene.judge());
    }
    for (int i = 0; i < 3; i++) {
      int offset = 4 + i;
      String arc = "3." + (5 + i);
      byte[] level = {7};
      SnpScene scene =
          SnpScene.vcek("Turin", 5)
              .endorsement(e -> e.integer(arc, 7))
              .report(r -> r.bytes(0x180 + offset, level).bytes(0x38 + offset, level));
      accepted(scene.judge());
    }
  }

  @Test
  void reportedLevelsMayBeBelowTheCurrentOnes() {
    SnpLevels newer = new SnpLevels(2, 5, 1, 25, 218);
    for (String line : LINES) {
      Judgement judgement = SnpScene.vcek(line, 5).report(r -> r.currentTcb(newer)).judge();
      accepted(judgement);
      assertThat(SnpAssert.shown(judgement.claims().get("currentTcb").orElseThrow()))
          .isEqualTo(line.equals("Turin") ? "5 1 25 218 2" : "5 1 25 218");
    }
  }

  @Test
  void processorIsOfTheLineOfTheCertificate() {
    int[][] milan = {{0x19, 0x00}, {0x19, 0x0f}};
    int[][] genoa = {{0x19, 0x10}, {0x19, 0x1f}, {0x19, 0xa0}, {0x19, 0xaf}};
    int[][] turin = {{0x1a, 0x00}, {0x1a, 0x11}};
    int[][] none = {{0x19, 0x20}, {0x19, 0x9f}, {0x19, 0xb0}, {0x1a, 0x12}, {0x17, 0}, {0, 0}};
    for (String line : LINES) {
      judgeProcessors(line, milan, line.equals("Milan"));
      judgeProcessors(line, genoa, line.equals("Genoa"));
      judgeProcessors(line, turin, line.equals("Turin"));
      judgeProcessors(line, none, false);
    }
  }

  private static void judgeProcessors(String line, int[][] processors, boolean good) {
    for (int[] cpu : processors) {
      Judgement judgement = SnpScene.vcek(line, 3).report(r -> r.cpuid(cpu[0], cpu[1], 1)).judge();
      if (good) {
        accepted(judgement);
      } else {
        SnpAssert.refusedOnlyFor(judgement, SnpStep.PRODUCT_LINE);
      }
    }
  }

  @Test
  void productNameIsThatOfTheLine() {
    accepted(SnpScene.vcek("Milan", 2).endorsement(e -> e.product("Milan-B0")).judge());
    accepted(SnpScene.vcek("Genoa", 3).endorsement(e -> e.product("Genoa-B1")).judge());
    for (String name : List.of("", "milan", "MilanB0", "-Milan", "Venice")) {
      SnpAssert.refused(
          SnpScene.vcek("Milan", 2).endorsement(e -> e.product(name)).judge(),
          SnpStep.PRODUCT_LINE);
    }
    SnpAssert.refused(
        SnpScene.vcek("Milan", 3).endorsement(e -> e.product("Genoa")).judge(),
        SnpStep.ISSUING_AUTHORITY);
    SnpAssert.failed(
        SnpScene.vcek("Milan", 3).endorsement(e -> e.product("Genoa")).judge(),
        SnpStep.PRODUCT_LINE);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Milan", 2).endorsement(e -> e.product("Genoa")).judge(),
        SnpStep.ISSUING_AUTHORITY);
  }

  @Test
  void chipKeyNamesAChipAndLoadedKeyAProvider() {
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().endorsement(e -> e.without("4")).judge(), SnpStep.CERTIFICATE_IDENTITY);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek().endorsement(e -> e.text("5", "CN=csp")).judge(),
        SnpStep.CERTIFICATE_IDENTITY);
    SnpAssert.refusedOnlyFor(
        SnpScene.vlek("Milan", 3).endorsement(e -> e.without("5")).judge(),
        SnpStep.CERTIFICATE_IDENTITY);
    SnpAssert.refusedOnlyFor(
        SnpScene.vlek("Milan", 3).endorsement(e -> e.raw("4", SnpScene.chip("Milan"))).judge(),
        SnpStep.CERTIFICATE_IDENTITY);
  }

  @Test
  void chipIsThatOfTheCertificate() {
    for (String line : LINES) {
      byte[] chip = SnpScene.chip(line);
      for (int i : new int[] {0, chip.length - 1, 63}) {
        byte[] other = Arrays.copyOf(chip, 64);
        other[i] ^= 1;
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek(line, 5).report(r -> r.chipId(other)).judge(), SnpStep.CHIP_ID);
      }
      for (int length : new int[] {0, 7, 9, 63, 65}) {
        SnpAssert.refusedOnlyFor(
            SnpScene.vcek(line, 5)
                .endorsement(e -> e.raw("4", Arrays.copyOf(chip, length)))
                .judge(),
            SnpStep.CHIP_ID);
      }
    }
    byte[] padded = Arrays.copyOf(SnpScene.chip("Turin"), 64);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek("Turin", 5).endorsement(e -> e.raw("4", padded)).judge(), SnpStep.CHIP_ID);
  }

  @Test
  void hiddenChipIsAcceptedAndClaimed() {
    Judgement judgement = SnpScene.vcek().report(r -> r.chipId(new byte[64])).judge();
    accepted(judgement);
    assertThat(judgement.claims().flag("chipIdMasked")).contains(true);
    assertThat(SnpScene.vcek().judge().claims().flag("chipIdMasked")).contains(false);
    SnpAssert.refusedOnlyFor(
        SnpScene.vcek()
            .report(r -> r.chipId(new byte[64]))
            .endorsement(e -> e.raw("4", new byte[8]))
            .judge(),
        SnpStep.CHIP_ID);
  }

  @Test
  void loadedKeyIsNotBoundToAChip() {
    Judgement judgement =
        SnpScene.vlek("Milan", 3).report(r -> r.chipId(SnpScene.chip("Milan"))).judge();
    accepted(judgement);
    assertThat(judgement.record().checks()).noneMatch(check -> check.name().equals("chip-id"));
  }

  private static void accepted(Judgement judgement) {
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }
}
