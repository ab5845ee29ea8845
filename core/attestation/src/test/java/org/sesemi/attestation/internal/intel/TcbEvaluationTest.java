package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.failed;
import static org.sesemi.attestation.internal.intel.Generated.refused;
import static org.sesemi.attestation.internal.intel.Generated.sgx;
import static org.sesemi.attestation.internal.intel.Generated.tdx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelJson;
import org.sesemi.vendors.IntelLayout.Sgx;
import org.sesemi.vendors.IntelLayout.Td;

/** Levels, modules, convergence and relaunch. */
final class TcbEvaluationTest {

  private static final String UP = "UpToDate";
  private static final String HARDEN = "SWHardeningNeeded";
  private static final String CONFIGURE = "ConfigurationNeeded";
  private static final String BOTH = "ConfigurationAndSWHardeningNeeded";
  private static final String OUT = "OutOfDate";
  private static final String OUT_CONFIGURE = "OutOfDateConfigurationNeeded";
  private static final String REVOKED = "Revoked";
  private static final List<String> STATUSES =
      List.of(UP, HARDEN, CONFIGURE, BOTH, OUT, OUT_CONFIGURE, REVOKED);

  /** What an outdated part makes of the status of a platform. */
  private static final Map<String, String> OUTDATED =
      Map.of(
          UP,
          OUT,
          HARDEN,
          OUT,
          CONFIGURE,
          OUT_CONFIGURE,
          BOTH,
          OUT_CONFIGURE,
          OUT,
          OUT,
          OUT_CONFIGURE,
          OUT_CONFIGURE);

  private static IntelJson level(String status, int[] sgx, int[] tdx, String... advisories) {
    return IntelJson.platformLevel(status, 13, sgx, tdx, advisories);
  }

  private static IntelEvidence withLevel(IntelEvidence evidence, String status, boolean tdx) {
    return evidence.platformLevels(
        level(
            status,
            IntelEvidence.sgxFloors(),
            tdx ? IntelEvidence.tdxFloors() : new int[0],
            "INTEL-SA-1"));
  }

  /** Lets the module identity of version 1 have one level. */
  private static void moduleLevel(IntelEvidence evidence, String status) {
    evidence
        .tcbInfo()
        .objects(
            "tdxModuleIdentities",
            IntelJson.module("TDX_01", IntelJson.enclaveLevel(status, 6, "INTEL-SA-2")));
  }

  @TestFactory
  List<DynamicTest> everyStatusConvergesWithTheQuotingEnclave() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String platform : STATUSES) {
      for (String part : List.of(UP, HARDEN, CONFIGURE, OUT, OUT_CONFIGURE, REVOKED)) {
        tests.add(
            dynamicTest(
                platform + " with " + part,
                () -> {
                  IntelEvidence evidence = withLevel(VENDOR.sgx(), platform, false);
                  evidence.qeLevels(IntelJson.enclaveLevel(part, 6, "INTEL-SA-3"));
                  converges(sgx(evidence), platform, part, "qe-level");
                }));
      }
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> everyStatusConvergesWithTheModule() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String platform : STATUSES) {
      for (String part : List.of(UP, OUT, REVOKED)) {
        tests.add(
            dynamicTest(
                platform + " with " + part,
                () -> {
                  IntelEvidence evidence = withLevel(VENDOR.tdx(4), platform, true);
                  moduleLevel(evidence, part);
                  converges(tdx(evidence), platform, part, "tdx-module-level");
                }));
      }
    }
    return tests;
  }

  private static void converges(Judgement judgement, String platform, String part, String step) {
    boolean outdated = part.startsWith(OUT);
    String expected =
        platform.equals(REVOKED) || part.equals(REVOKED)
            ? REVOKED
            : outdated ? OUTDATED.getOrDefault(platform, "") : platform;
    assertThat(judgement.tcbStatus()).contains(expected);
    assertThat(judgement.advisories()).contains("INTEL-SA-1").hasSize(2);
    if (expected.equals(REVOKED)) {
      List<String> steps = new ArrayList<>();
      if (platform.equals(REVOKED)) {
        steps.add("tcb-level");
      }
      if (part.equals(REVOKED)) {
        steps.add(step);
      }
      steps.add("tcb-status");
      assertThat(failed(judgement)).containsExactlyInAnyOrderElementsOf(steps);
    } else {
      accepted(judgement);
      assertThat(judgement.claims().text("platformTcbStatus")).contains(platform);
    }
  }

  @TestFactory
  List<DynamicTest> everyComponentOfThePckCounts() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int index = i;
      tests.add(
          dynamicTest(
              "component " + i,
              () -> {
                int[] floors = IntelEvidence.sgxFloors();
                floors[index] = 200;
                IntelEvidence evidence = VENDOR.sgx();
                evidence.platformLevels(level(UP, floors, new int[0]));
                refused(sgx(evidence), IntelStep.TCB_LEVEL);
                evidence.pck().component(index, 200);
                accepted(sgx(evidence));
                evidence.pck().component(index, 199);
                refused(sgx(evidence), IntelStep.TCB_LEVEL);
              }));
    }
    return tests;
  }

  @Test
  void versionOfTheCertificationEnclaveCounts() {
    IntelEvidence evidence = VENDOR.sgx();
    evidence.platformLevels(level(UP, IntelEvidence.sgxFloors(), new int[0]));
    evidence.pck().pceSvn(12);
    refused(sgx(evidence), IntelStep.TCB_LEVEL);
    evidence.pck().pceSvn(14);
    accepted(sgx(evidence));
  }

  @Test
  void rawVersionsOfTheQuoteDoNotCount() {
    IntelEvidence evidence = VENDOR.sgx();
    evidence.quote().enclave().fill(Sgx.CPUSVN, 0);
    evidence.quote().qe().fill(Sgx.CPUSVN, 0);
    evidence.pck().cpuSvn(new byte[16]);
    assertThat(accepted(sgx(evidence)).tcbStatus()).contains(UP);
  }

  @TestFactory
  List<DynamicTest> everyComponentOfTheDomainCounts() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      int index = i;
      tests.add(
          dynamicTest(
              "component " + i,
              () -> {
                int[] floors = IntelEvidence.tdxFloors();
                floors[index] = 200;
                byte[] versions = new byte[16];
                versions[0] = 6;
                versions[1] = 1;
                versions[2] = 3;
                IntelEvidence evidence = VENDOR.tdx(4);
                evidence.platformLevels(level(UP, IntelEvidence.sgxFloors(), floors));
                evidence.quote().domain().set(Td.TEE_TCB_SVN, versions);
                if (index < 2) {
                  // The module has a version and is judged by its own levels.
                  accepted(tdx(evidence));
                  versions[1] = 0;
                  evidence.quote().domain().set(Td.TEE_TCB_SVN, versions);
                }
                refused(tdx(evidence), IntelStep.TCB_LEVEL);
                if (index != 1) {
                  versions[index] = (byte) 200;
                  evidence.quote().domain().set(Td.TEE_TCB_SVN, versions);
                  accepted(tdx(evidence));
                }
              }));
    }
    return tests;
  }

  @Test
  void levelsAreTakenInTheirOrder() {
    IntelEvidence evidence = VENDOR.sgx();
    int[] none = new int[16];
    evidence.platformLevels(
        level(HARDEN, none, new int[0], "INTEL-SA-9"), level(UP, none, new int[0]));
    Judgement judgement = accepted(sgx(evidence));
    assertThat(judgement.tcbStatus()).contains(HARDEN);
    assertThat(judgement.advisories()).containsExactly("INTEL-SA-9");
  }

  @Test
  void advisoriesAreThoseOfAllMatchedLevels() {
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence.pck().component(0, 1);
    evidence.quote().domain().set(Td.TEE_TCB_SVN, (byte) 4, (byte) 1, (byte) 3);
    evidence.quote().qe().set(Sgx.ISVSVN, 4);
    Judgement judgement = accepted(tdx(evidence));
    assertThat(judgement.tcbStatus()).contains(OUT);
    assertThat(judgement.advisories())
        .containsExactly("INTEL-SA-MODULE", "INTEL-SA-PLATFORM", "INTEL-SA-QE");
    assertThat(judgement.claims().text("qeTcbStatus")).contains(OUT);
    assertThat(judgement.claims().text("moduleTcbStatus")).contains(OUT);
  }

  @Test
  void quotingEnclaveBelowEveryLevelIsRefused() {
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence.quote().qe().set(Sgx.ISVSVN, 3);
    refused(tdx(evidence), IntelStep.QE_LEVEL);
    IntelEvidence enclave = VENDOR.sgx();
    enclave.quote().qe().set(Sgx.ISVSVN, 3);
    refused(sgx(enclave), IntelStep.QE_LEVEL);
  }

  @Test
  void moduleThatIntelDoesNotDescribeIsRefused() {
    IntelEvidence unlisted = VENDOR.tdx(5);
    unlisted.quote().domain().set(Td.TEE_TCB_SVN, (byte) 6, (byte) 2, (byte) 3);
    refused(tdx(unlisted), IntelStep.TDX_MODULE);
    IntelEvidence none = VENDOR.tdx(5);
    none.tcbInfo().without("tdxModuleIdentities");
    refused(tdx(none), IntelStep.TDX_MODULE);
    IntelEvidence signer = VENDOR.tdx(5);
    signer
        .tcbInfo()
        .objects(
            "tdxModuleIdentities",
            IntelJson.module("TDX_01", IntelJson.enclaveLevel(UP, 6))
                .text("mrsigner", "01".repeat(48)));
    refused(tdx(signer), IntelStep.TDX_MODULE);
    IntelEvidence attributes = VENDOR.tdx(5);
    attributes
        .tcbInfo()
        .objects(
            "tdxModuleIdentities",
            IntelJson.module("TDX_01", IntelJson.enclaveLevel(UP, 6))
                .text("attributes", "0100000000000000"));
    refused(tdx(attributes), IntelStep.TDX_MODULE);
    IntelEvidence level = VENDOR.tdx(5);
    level.quote().domain().set(Td.TEE_TCB_SVN, (byte) 3, (byte) 1, (byte) 3);
    refused(tdx(level), IntelStep.TDX_MODULE_LEVEL);
  }

  @Test
  void moduleOfVersionZeroIsThePlainOne() {
    IntelEvidence evidence = VENDOR.tdx(4);
    evidence.quote().domain().set(Td.TEE_TCB_SVN, (byte) 5, (byte) 0, (byte) 3);
    evidence.tcbInfo().without("tdxModuleIdentities");
    Judgement judgement = accepted(tdx(evidence));
    assertThat(judgement.claims().get("moduleTcbStatus")).isEmpty();
    evidence.tcbInfo().object("tdxModule", IntelJson.module("").text("mrsigner", "01".repeat(48)));
    refused(tdx(evidence), IntelStep.TDX_MODULE);
  }

  @Test
  void moduleNamesAreInUpperCaseHex() {
    IntelEvidence evidence = VENDOR.tdx(4);
    evidence.quote().domain().set(Td.TEE_TCB_SVN, (byte) 6, (byte) 0x1a, (byte) 3);
    evidence
        .tcbInfo()
        .objects("tdxModuleIdentities", IntelJson.module("TDX_1A", IntelJson.enclaveLevel(UP, 6)));
    accepted(tdx(evidence));
  }

  /** A domain that was launched under an old module on a machine that is current now. */
  private static IntelEvidence relaunch(String status) {
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence.platformLevels(level(status, IntelEvidence.sgxFloors(), IntelEvidence.tdxFloors()));
    evidence
        .quote()
        .domain()
        .set(Td.TEE_TCB_SVN, (byte) 4, (byte) 1, (byte) 3)
        .set(Td.TEE_TCB_SVN_2, (byte) 6, (byte) 1, (byte) 3);
    return evidence;
  }

  private static void status(IntelEvidence evidence, String expected) {
    assertThat(accepted(tdx(evidence)).tcbStatus()).contains(expected);
  }

  @Test
  void relaunchIsAdvisedWhenOnlyTheDomainIsOutdated() {
    status(relaunch(UP), "TDRelaunchAdvised");
    status(relaunch(HARDEN), "TDRelaunchAdvised");
    status(relaunch(CONFIGURE), "TDRelaunchAdvisedConfigurationNeeded");
    status(relaunch(BOTH), "TDRelaunchAdvisedConfigurationNeeded");
    assertThat(tdx(relaunch(UP)).advisories()).containsExactly("INTEL-SA-MODULE");
  }

  @Test
  void relaunchIsNotAdvisedWhenItWouldNotHelp() {
    status(relaunch(OUT), OUT);
    status(relaunch(OUT_CONFIGURE), OUT_CONFIGURE);
    IntelEvidence moduleOld = relaunch(UP);
    moduleOld.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 5, (byte) 1, (byte) 3);
    status(moduleOld, OUT);
    IntelEvidence microcodeOld = relaunch(UP);
    microcodeOld.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 6, (byte) 1, (byte) 2);
    status(microcodeOld, OUT);
    IntelEvidence unlisted = relaunch(UP);
    unlisted.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 6, (byte) 2, (byte) 3);
    status(unlisted, OUT);
    IntelEvidence qeOld = relaunch(UP);
    qeOld.quote().qe().set(Sgx.ISVSVN, 4);
    status(qeOld, OUT);
    IntelEvidence olderReport = relaunch(UP);
    olderReport.quote().body(2, 584, 584);
    status(olderReport, OUT);
  }

  @Test
  void relaunchUnderAModuleOfAnotherVersionIsJudgedByItsLevels() {
    IntelEvidence later = relaunch(UP);
    later.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 3, (byte) 3, (byte) 3);
    status(later, "TDRelaunchAdvised");
    IntelEvidence tooOld = relaunch(UP);
    tooOld.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 2, (byte) 3, (byte) 3);
    status(tooOld, OUT);
    IntelEvidence plain = relaunch(UP);
    plain.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 5, (byte) 0, (byte) 3);
    status(plain, "TDRelaunchAdvised");
    plain.quote().domain().set(Td.TEE_TCB_SVN_2, (byte) 4, (byte) 0, (byte) 3);
    status(plain, OUT);
  }
}
