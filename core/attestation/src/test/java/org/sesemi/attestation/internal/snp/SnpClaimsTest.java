package org.sesemi.attestation.internal.snp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** Every field of a report and of its certificate becomes a claim. */
class SnpClaimsTest {

  @Test
  void idBlockAndAuthorKeyAreClaims() {
    ClaimSet claims =
        claims(
            SnpScene.vcek()
                .report(
                    r ->
                        r.idBlock(filled(16, 1), filled(16, 2))
                            .idKeyDigest(filled(48, 3))
                            .authorKey(true)
                            .authorKeyDigest(filled(48, 4))
                            .guestSvn(9)));
    assertThat(claims.hex("familyId")).contains(Bytes.of(filled(16, 1)));
    assertThat(claims.hex("imageId")).contains(Bytes.of(filled(16, 2)));
    assertThat(claims.hex("idKeyDigest")).contains(Bytes.of(filled(48, 3)));
    assertThat(claims.hex("authorKeyDigest")).contains(Bytes.of(filled(48, 4)));
    assertThat(claims.flag("authorKeyEnabled")).contains(true);
    assertThat(claims.number("guestSvn")).contains(9L);
    assertThat(claims(SnpScene.vcek()).flag("authorKeyEnabled")).contains(false);
  }

  @Test
  void callerAndHostFieldsAreClaims() {
    ClaimSet claims =
        claims(
            SnpScene.vcek()
                .report(
                    r ->
                        r.reportData(filled(64, 5))
                            .measurement(filled(48, 6))
                            .hostData(filled(32, 7))
                            .reportId(filled(32, 8))
                            .reportIdMa(filled(32, 9))
                            .maskChipKey(true)));
    assertThat(claims.hex("reportData")).contains(Bytes.of(filled(64, 5)));
    assertThat(claims.hex("measurement")).contains(Bytes.of(filled(48, 6)));
    assertThat(claims.hex("hostData")).contains(Bytes.of(filled(32, 7)));
    assertThat(claims.hex("reportId")).contains(Bytes.of(filled(32, 8)));
    assertThat(claims.hex("reportIdMa")).contains(Bytes.of(filled(32, 9)));
    assertThat(claims.flag("chipKeyMasked")).contains(true);
    assertThat(claims.number("flags")).contains(2L);
    assertThat(claims.hex("chipId")).contains(Bytes.of(SnpScene.chip("Milan")));
  }

  @Test
  void everyBitOfTheGuestPolicyIsAClaim() {
    Map<String, Integer> bits =
        Map.of(
            "smtAllowed", 16,
            "migrationAllowed", 18,
            "debug", 19,
            "singleSocket", 20,
            "cxlAllowed", 21,
            "aes256XtsRequired", 22,
            "raplDisableRequired", 23,
            "ciphertextHidingRequired", 24,
            "pageSwapDisabled", 25);
    bits.forEach(
        (name, bit) -> {
          long policy = (1L << 17) | (1L << bit);
          ClaimSet claims = claims(SnpScene.vcek().report(r -> r.policy(policy)));
          assertThat(claims.number("policy")).contains(policy);
          bits.keySet()
              .forEach(
                  other -> assertThat(claims.flag(other)).as(other).contains(other.equals(name)));
        });
    ClaimSet claims = claims(SnpScene.vcek().report(r -> r.policy(0x20137)));
    assertThat(claims.number("abiMajor")).contains(1L);
    assertThat(claims.number("abiMinor")).contains(0x37L);
  }

  @Test
  void everyBitOfThePlatformInformationIsAClaim() {
    Map<String, Integer> bits =
        Map.of(
            "smt", 0,
            "tsme", 1,
            "ecc", 2,
            "raplDisabled", 3,
            "ciphertextHiding", 4,
            "aliasCheckComplete", 5,
            "tio", 7);
    bits.forEach(
        (name, bit) -> {
          ClaimSet claims = claims(SnpScene.vcek().report(r -> r.platformInfo(1L << bit)));
          bits.keySet()
              .forEach(
                  other -> assertThat(claims.flag(other)).as(other).contains(other.equals(name)));
        });
    ClaimSet unknown = claims(SnpScene.vcek().report(r -> r.platformInfo(0x40000040)));
    assertThat(unknown.number("platformInfo")).contains(0x40000040L);
  }

  @Test
  void levelsAreClaimsByName() {
    SnpLevels levels = new SnpLevels(1, 4, 0, 24, 217);
    ClaimSet turin =
        claims(
            SnpScene.vcek("Turin", 5)
                .report(
                    r ->
                        r.currentTcb(new SnpLevels(9, 8, 7, 26, 218))
                            .committedTcb(new SnpLevels(8, 7, 6, 25, 217))
                            .launchTcb(new SnpLevels(7, 6, 5, 24, 216))
                            .currentVersion(1, 56, 2)));
    assertThat(group(turin, "reportedTcb")).isEqualTo("4 0 24 217 1");
    assertThat(group(turin, "currentTcb")).isEqualTo("8 7 26 218 9");
    assertThat(group(turin, "committedTcb")).isEqualTo("7 6 25 217 8");
    assertThat(group(turin, "launchTcb")).isEqualTo("6 5 24 216 7");
    assertThat(turin.hex("tcb")).contains(Bytes.of(levels.bytes("Turin")));
    assertThat(SnpAssert.shown(turin.get("currentVer").orElseThrow())).isEqualTo("1.56.2");
    assertThat(SnpAssert.shown(turin.get("committedVer").orElseThrow())).isEqualTo("1.55.29");
    ClaimSet milan = claims(SnpScene.vcek("Milan", 2));
    assertThat(group(milan, "reportedTcb")).isEqualTo("4 0 24 217");
    assertThat(milan.group("reportedTcb").orElseThrow().number("fmc")).isEmpty();
  }

  @Test
  void layoutOfOldReportsIsThatOfTheCertificate() {
    ClaimSet claims = claims(SnpScene.vcek("Turin", 2));
    assertThat(group(claims, "reportedTcb")).isEqualTo("4 0 24 217 1");
    assertThat(claims.text("productLine")).contains("Turin");
  }

  @Test
  void mitigationsAreClaims() {
    ClaimSet claims =
        claims(SnpScene.vcek("Genoa", 5).report(r -> r.launchMitigations(5).currentMitigations(7)));
    assertThat(claims.number("launchMit")).contains(5L);
    assertThat(claims.number("currentMit")).contains(7L);
  }

  @Test
  void endorsementIsAClaim() {
    ClaimSet chip = claims(SnpScene.vcek()).group("endorsement").orElseThrow();
    assertThat(chip.text("product")).contains("Milan");
    assertThat(chip.hex("hwid")).contains(Bytes.of(SnpScene.chip("Milan")));
    assertThat(chip.text("cspId")).isEmpty();
    ClaimSet loaded = claims(SnpScene.vlek("Turin", 5)).group("endorsement").orElseThrow();
    assertThat(loaded.text("cspId")).contains("CN=csp.example");
    assertThat(loaded.hex("hwid")).isEmpty();
    assertThat(loaded.number("structVersion")).contains(1L);
  }

  @Test
  void claimsAreThereWhenACheckFails() {
    Judgement judgement = SnpScene.vcek().without("vcek.der").judge();
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(judgement.claims().hex("measurement")).isPresent();
    assertThat(group(judgement.claims(), "reportedTcb")).isEqualTo("4 0 24 217");
  }

  @Test
  void evidenceIsRecognisedByItsFiles() {
    for (SnpScene scene : List.of(SnpScene.vcek(), SnpScene.vlek("Turin", 5))) {
      assertThat(EvidenceVerifier.detect(scene.documents())).contains(PlatformKind.SNP);
    }
    assertThat(EvidenceVerifier.detect(SnpScene.vcek().without("vcek.der").documents()))
        .contains(PlatformKind.SNP);
    SnpVerifier verifier = new SnpVerifier();
    byte[] spdm = {0x11, (byte) 0xe0, 0, 0, 0};
    assertThat(
            verifier.recognises(
                SnpScene.vcek().without("vcek.der").file("report.bin", spdm).documents()))
        .isFalse();
    assertThat(
            verifier.recognises(
                SnpScene.vcek().without("vcek.der").file("report.bin", new byte[3]).documents()))
        .isFalse();
    assertThat(verifier.recognises(SnpScene.vcek().without("report.bin").documents())).isFalse();
  }

  private static ClaimSet claims(SnpScene scene) {
    Judgement judgement = scene.judge();
    assertThat(judgement.record().failing()).isEmpty();
    return judgement.claims();
  }

  private static String group(ClaimSet claims, String name) {
    return SnpAssert.shown(claims.get(name).orElseThrow());
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
