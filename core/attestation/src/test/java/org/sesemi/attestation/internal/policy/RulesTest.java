package org.sesemi.attestation.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.ClaimValue;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/**
 * Every key of every platform: one claim that passes, one that does not, and one that is missing.
 */
class RulesTest {

  /** One key with a value, its claim, and two values of the claim. */
  private record Case(
      PlatformKind platform,
      String key,
      String value,
      String check,
      String claim,
      ClaimValue good,
      ClaimValue bad) {

    @Override
    public String toString() {
      return platform.text() + " " + key;
    }
  }

  private final List<Case> cases = new ArrayList<>();
  private List<PlatformKind> platforms = List.of();

  RulesTest() {
    on(PlatformKind.SNP, PlatformKind.AZURE_VTPM);
    snp();
    on(PlatformKind.TDX);
    tdx();
    on(PlatformKind.TDX, PlatformKind.SGX);
    intel();
    on(PlatformKind.SGX);
    sgx();
    on(PlatformKind.NITRO);
    nitro();
    on(PlatformKind.TPM);
    tpm();
    on(PlatformKind.AZURE_VTPM);
    azure();
    on(PlatformKind.NVIDIA);
    nvidia();
    on(PlatformKind.CCA);
    cca();
  }

  private void on(PlatformKind... kinds) {
    platforms = List.of(kinds);
    if (kinds.length == 1 || kinds[0] == PlatformKind.SNP) {
      for (PlatformKind kind : kinds) {
        if (cases.stream()
            .noneMatch(one -> one.platform() == kind && one.key().equals("measurements"))) {
          int length = Samples.length(kind);
          cases.add(
              new Case(
                  kind,
                  "measurements",
                  "[\"" + Samples.hex(1, length) + "\"]",
                  "policy-measurement",
                  "measurement",
                  Samples.bytes(1, length),
                  Samples.bytes(2, length)));
        }
      }
    }
  }

  private void add(String key, String value, String claim, ClaimValue good, ClaimValue bad) {
    String check = "policy-" + key.replaceFirst("^allow-", "");
    platforms.forEach(kind -> cases.add(new Case(kind, key, value, check, claim, good, bad)));
  }

  private void named(
      String key, String check, String value, String claim, ClaimValue good, ClaimValue bad) {
    platforms.forEach(
        kind -> cases.add(new Case(kind, key, value, "policy-" + check, claim, good, bad)));
  }

  private void hex(String key, String claim, int length) {
    add(
        key,
        "\"" + Samples.hex(3, length) + "\"",
        claim,
        Samples.bytes(3, length),
        Samples.bytes(4, length));
  }

  private void refused(String key, String claim) {
    add(key, "false", claim, Samples.flag(false), Samples.flag(true));
  }

  private void demanded(String key, String claim) {
    add(key, "true", claim, Samples.flag(true), Samples.flag(false));
  }

  private void floor(String key, String claim) {
    add(key, "5", claim, Samples.number(5), Samples.number(4));
  }

  private void texts(String key, String claim, String value) {
    add(key, "[\"" + value + "\"]", claim, Samples.text(value), Samples.text(value + "x"));
  }

  private void snp() {
    hex("host-data", "hostData", 32);
    hex("family-id", "familyId", 16);
    hex("image-id", "imageId", 16);
    hex("id-key-digests", "idKeyDigest", 48);
    hex("author-key-digests", "authorKeyDigest", 48);
    hex("chip-ids", "chipId", 64);
    floor("guest-svn", "guestSvn");
    refused("allow-debug", "debug");
    refused("allow-migration", "migrationAllowed");
    refused("allow-smt", "smtAllowed");
    refused("allow-cxl", "cxlAllowed");
    refused("allow-provisional-firmware", "provisionalFirmware");
    add("vmpl", "[1,2]", "vmpl", Samples.number(2), Samples.number(0));
    demanded("single-socket", "singleSocket");
    demanded("page-swap-disabled", "pageSwapDisabled");
    demanded("aes-256-xts", "aes256XtsRequired");
    demanded("ciphertext-hiding", "ciphertextHiding");
    demanded("alias-check-complete", "aliasCheckComplete");
    demanded("tsme", "tsme");
    demanded("ecc", "ecc");
    demanded("rapl-disabled", "raplDisabled");
    demanded("require-crl", "revocationChecked");
    add(
        "products",
        "[\"genoa\",\"milan\"]",
        "productLine",
        Samples.text("Milan"),
        Samples.text("Turin"));
    String tcb = "{\"milan\":{\"bootloader\":2,\"tee\":0,\"snp\":5,\"microcode\":68}}";
    add("tcb-floor", tcb, "reportedTcb", Samples.tcb(3, 0, 5, 68), Samples.tcb(3, 0, 4, 200));
    add("launch-tcb-floor", tcb, "launchTcb", Samples.tcb(2, 0, 5, 68), Samples.tcb(1, 0, 5, 68));
    add("firmware-floor", "\"1.55.29\"", "currentVer", version(1, 56, 0), version(1, 55, 28));
    add("launch-mitigations", "5", "launchMit", Samples.number(7), Samples.number(3));
    add("current-mitigations", "1", "currentMit", Samples.number(1), Samples.number(2));
    add("endorsement-key", "[\"vcek\"]", "signer", Samples.text("VCEK"), Samples.text("VLEK"));
  }

  private static ClaimValue version(long... parts) {
    List<ClaimValue> values = new ArrayList<>();
    for (long part : parts) {
      values.add(Samples.number(part));
    }
    return new ClaimValue.Several(values);
  }

  private void tdx() {
    for (int i = 0; i < 4; i++) {
      hex("rtmr" + i, "rtmr" + i, 48);
    }
    hex("mrconfigid", "mrconfigid", 48);
    hex("mrowner", "mrowner", 48);
    hex("mrownerconfig", "mrownerconfig", 48);
    hex("mrseam", "mrseam", 48);
    hex("td-attributes", "tdattr", 8);
    hex("xfam", "xfam", 8);
    refused("allow-debug", "debug");
    refused("allow-migration", "migratable");
    refused("allow-perfmon", "perfmon");
    refused("allow-service-td", "serviceTd");
    demanded("event-log", "eventLogEvents");
    demanded("sept-ve-disable", "septVeDisable");
  }

  private void intel() {
    add(
        "tcb-floor",
        "{\"sgx\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,255]}",
        "pckComponents",
        new ClaimValue.Hex(org.sesemi.wire.Bytes.parse("0102030405060708090a0b0c0d0e0fff")),
        new ClaimValue.Hex(org.sesemi.wire.Bytes.parse("ff02030405060708090a0b0c0d0e0ffe")));
    named(
        "tcb-evaluation-at-least",
        "tcb-evaluation",
        "17",
        "tcbEvaluationDataNumber",
        Samples.number(17),
        Samples.number(16));
    refused("allow-smt", "smtEnabled");
    refused("allow-dynamic-platform", "dynamicPlatform");
    refused("allow-cached-keys", "cachedKeys");
    hex("fmspcs", "fmspc", 6);
    hex("ppids", "ppid", 16);
    hex("platform-instance-ids", "platformInstanceId", 16);
  }

  private void sgx() {
    hex("configid", "configid", 64);
    floor("configsvn", "configsvn");
    floor("isv-svn", "isvsvn");
    hex("isv-family-id", "isvfamilyid", 16);
    hex("isv-ext-prod-id", "isvextprodid", 16);
    hex("miscselect", "misc", 4);
    hex("attributes", "attributes", 16);
    refused("allow-debug", "debug");
    refused("allow-provision-key", "provisionKey");
  }

  private void nitro() {
    ClaimValue good =
        new ClaimValue.Group(
            new ClaimSet(Map.of("pcr8", Samples.bytes(3, 48), "pcr4", Samples.bytes(5, 48))));
    ClaimValue bad =
        new ClaimValue.Group(
            new ClaimSet(Map.of("pcr8", Samples.bytes(4, 48), "pcr4", Samples.bytes(5, 48))));
    add(
        "pcrs",
        "{\"8\":\"" + Samples.hex(3, 48) + "\",\"4\":[\"" + Samples.hex(5, 48) + "\"]}",
        "pcrs",
        good,
        bad);
    named(
        "max-age",
        "age",
        "\"PT1M\"",
        "timestamp",
        Samples.number(Samples.AT.toEpochMilli()),
        Samples.number(1));
    texts("module-ids", "moduleId", "i-1-enc2");
    add(
        "instance-ids",
        "[\"i-1\"]",
        "moduleId",
        Samples.text("i-1-enc0123"),
        Samples.text("i-12-enc0123"));
    refused("allow-debug", "debug");
  }

  private void tpm() {
    add(
        "pcrs",
        "{\"8\":\"" + Samples.hex(3, 32) + "\"}",
        "pcr8",
        Samples.bytes(3, 32),
        Samples.bytes(4, 32));
    demanded("event-log", "eventLogEvents");
    refused("allow-software-tpm", "knownSoftwareTpm");
    hex("ek-digests", "ekDigest", 32);
    hex("ak-names", "akName", 34);
  }

  private void azure() {
    add("hardware", "\"snp\"", "hardware", Samples.text("snp"), Samples.text("tdx"));
    add(
        "pcrs",
        "{\"8\":\"" + Samples.hex(3, 32) + "\"}",
        "pcr8",
        Samples.bytes(3, 32),
        Samples.bytes(4, 32));
    demanded("secure-boot", "secureBoot");
    refused("allow-console", "consoleEnabled");
  }

  private void nvidia() {
    texts("architectures", "arch", "HOPPER");
    texts("driver-versions", "driverVersion", "550.90.07");
    texts("vbios-versions", "vbiosVersion", "96.00.9F.00.01");
    demanded("secure-boot", "secureBoot");
    refused("allow-debug", "debug");
  }

  private void cca() {
    add(
        "rems",
        "{\"1\":\"" + Samples.hex(3, 32) + "\"}",
        "realmExtensibleMeasurements",
        new ClaimValue.Several(List.of(Samples.bytes(0, 32), Samples.bytes(3, 32))),
        new ClaimValue.Several(List.of(Samples.bytes(3, 32), Samples.bytes(0, 32))));
    hex("personalisation", "realmPersonalization", 64);
    texts("lifecycle-states", "platformLifecycleState", "secured");
    hex("implementation-ids", "platformImplementationId", 32);
    hex("instance-ids", "platformInstanceId", 33);
    refused("allow-debug", "debug");
  }

  @TestFactory
  Stream<DynamicTest> everyKeyIsJudgedByItsClaim() {
    return cases.stream().map(one -> DynamicTest.dynamicTest(one.toString(), () -> judge(one)));
  }

  private static void judge(Case one) {
    EvidencePolicy policy =
        Samples.policy(Samples.alternative(one.platform(), "\"" + one.key() + "\":" + one.value()));
    Map<String, ClaimValue> claims = Samples.claims(one.platform());
    claims.put(one.claim(), one.good());
    assertThat(appraise(policy, one, claims).record().checks())
        .anySatisfy(
            check -> {
              assertThat(check.name()).isEqualTo(one.check());
              assertThat(check.outcome()).as(check.toString()).isEqualTo(CheckOutcome.PASSED);
            });
    claims.put(one.claim(), one.bad());
    if (!one.key().equals("event-log")) {
      Judgement refused = appraise(policy, one, claims);
      assertThat(refused.verdict()).isEqualTo(Verdict.REJECT);
      assertThat(refused.record().failing().map(Check::name)).contains(one.check());
    }
    claims.remove(one.claim());
    if (!one.key().equals("allow-service-td")) {
      Judgement incomplete = appraise(policy, one, claims);
      assertThat(incomplete.verdict()).isEqualTo(Verdict.INCOMPLETE);
      assertThat(incomplete.record().checks())
          .anySatisfy(
              check -> {
                assertThat(check.name()).isEqualTo(one.check());
                assertThat(check.outcome()).isEqualTo(CheckOutcome.UNVERIFIED);
              });
    }
    assertThat(Samples.parse(policy.toJson())).isEqualTo(policy);
    assertThat(policy.describe()).anySatisfy(line -> assertThat(line).contains(one.key() + ": "));
  }

  private static Judgement appraise(
      EvidencePolicy policy, Case one, Map<String, ClaimValue> claims) {
    return policy.appraise(Samples.judgement(one.platform(), claims), Samples.AT);
  }

  @Test
  void noKeyIsWithoutACase() {
    for (PlatformKind platform : PlatformKind.values()) {
      TreeSet<String> keys = new TreeSet<>();
      Tables.of(platform).forEach(rule -> keys.add(rule.key()));
      TreeSet<String> judged = new TreeSet<>();
      cases.stream()
          .filter(one -> one.platform() == platform)
          .forEach(one -> judged.add(one.key()));
      // These have tests of their own.
      keys.remove("statuses");
      keys.remove("signer");
      assertThat(judged).as(platform.text()).isEqualTo(keys);
    }
  }

  @Test
  void anSgxEnclaveMayBeNamedByItsSigner() {
    String signer =
        "\"signer\":{\"mrsigner\":\"" + Samples.hex(9, 32) + "\",\"product\":7,\"svn-at-least\":3}";
    EvidencePolicy policy = Samples.policy("{\"platform\":\"sgx\"," + signer + "}");
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SGX);
    claims.put("mrsigner", Samples.bytes(9, 32));
    claims.put("isvprodid", Samples.number(7));
    claims.put("isvsvn", Samples.number(3));
    assertThat(verdict(policy, claims)).isEqualTo(Verdict.ACCEPT);
    claims.put("isvsvn", Samples.number(2));
    assertThat(verdict(policy, claims)).isEqualTo(Verdict.REJECT);
    claims.put("isvsvn", Samples.number(4));
    claims.put("isvprodid", Samples.number(8));
    assertThat(verdict(policy, claims)).isEqualTo(Verdict.REJECT);
    claims.put("isvprodid", Samples.number(7));
    claims.put("mrsigner", Samples.bytes(8, 32));
    assertThat(verdict(policy, claims)).isEqualTo(Verdict.REJECT);
    claims.remove("mrsigner");
    assertThat(verdict(policy, claims)).isEqualTo(Verdict.INCOMPLETE);
  }

  @Test
  void aProductLineWithoutAFloorAndAComponentBelowOneAreRefused() {
    EvidencePolicy policy =
        Samples.policy(
            Samples.alternative(
                PlatformKind.SNP,
                "\"tcb-floor\":{\"turin\":{\"fmc\":1,\"bootloader\":0,\"tee\":0,\"snp\":0,"
                    + "\"microcode\":0}}"));
    Map<String, ClaimValue> claims = Samples.claims(PlatformKind.SNP);
    claims.put("reportedTcb", Samples.tcb(255, 255, 255, 255));
    assertThat(policy.appraise(Samples.judgement(PlatformKind.SNP, claims), Samples.AT).verdict())
        .isEqualTo(Verdict.REJECT);
    claims.put("productLine", Samples.text("Turin"));
    Judgement refused = policy.appraise(Samples.judgement(PlatformKind.SNP, claims), Samples.AT);
    assertThat(refused.record().failing().map(Check::reason).orElse("")).endsWith(": fmc");
  }

  private static Verdict verdict(EvidencePolicy policy, Map<String, ClaimValue> claims) {
    return policy.appraise(Samples.judgement(PlatformKind.SGX, claims), Samples.AT).verdict();
  }
}
