package org.sesemi.attestation.internal.intel;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.sgxRefused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;
import static org.sesemi.attestation.internal.intel.Generated.tdxRefused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelJson;
import org.sesemi.vendors.IntelLayout.Sgx;

/** What signed collateral can have wrong, one thing at a time. */
final class GeneratedCollateralTest {

  private static Consumer<IntelEvidence> answer(String file, UnaryOperator<String> change) {
    return evidence -> {
      String before =
          new String(requireNonNull(evidence.files().get(file)), StandardCharsets.UTF_8);
      String after = change.apply(before);
      assertThat(after).isNotEqualTo(before);
      evidence.file(file, after.getBytes(StandardCharsets.UTF_8));
    };
  }

  private static DynamicTest tcbInfoRefused(String name, UnaryOperator<String> change) {
    return tdxRefused(name, IntelStep.TCB_INFO_SIGNATURE, answer("tcb_info.json", change));
  }

  @TestFactory
  List<DynamicTest> answersAreTakenInTheirOneForm() {
    return List.of(
        tcbInfoRefused("another value", text -> text.replace("\"fmspc\":\"9", "\"fmspc\":\"8")),
        tcbInfoRefused("a space inside", text -> text.replace("\"version\":3", "\"version\": 3")),
        tcbInfoRefused("no JSON", text -> text + "x"),
        tcbInfoRefused("two documents", text -> text + text),
        tcbInfoRefused("not an object", text -> "[" + text + "]"),
        tcbInfoRefused(
            "an array for a value",
            text -> text.replaceFirst(":\\{", ":[{").replace("},\"signature", "}],\"signature")),
        tcbInfoRefused("another member", text -> text.replaceFirst("\\{", "{\"x\":{},")),
        tcbInfoRefused("value twice", text -> text.replaceFirst("\\{", "{\"tcbInfo\":{},")),
        tcbInfoRefused("value twice behind", text -> text.replaceFirst("\\}$", ",\"tcbInfo\":{}}")),
        tcbInfoRefused("name with escape", text -> text.replaceFirst("tcbInfo", "tcb\\\\u0049nfo")),
        tcbInfoRefused("a number", text -> text.replaceFirst("\\{", "{\"x\":1,")),
        tcbInfoRefused("name missing", text -> text.replaceFirst("tcbInfo", "tcbinfo")),
        tcbInfoRefused(
            "no signature", text -> text.replaceFirst(",\"signature\":\"[0-9a-f]*\"", "")),
        tcbInfoRefused("empty signature", text -> text.replaceFirst("[0-9a-f]{128}", "")),
        tcbInfoRefused("short signature", text -> text.replaceFirst("[0-9a-f]{2}\"\\}", "\"}")),
        tcbInfoRefused(
            "upper-case signature",
            text -> {
              int at = text.lastIndexOf(':');
              return text.substring(0, at) + text.substring(at).toUpperCase(Locale.ROOT);
            }),
        tcbInfoRefused("UTF-16", text -> "\ufeff" + text),
        tdxRefused(
            "identity",
            IntelStep.QE_IDENTITY_SIGNATURE,
            answer("qe_identity.json", text -> text.replace("isvprodid\":2", "isvprodid\":3"))),
        tdxRefused(
            "the other answer",
            IntelStep.QE_IDENTITY_SIGNATURE,
            e -> e.file("qe_identity.json", requireNonNull(e.files().get("tcb_info.json")))));
  }

  @Test
  void outerSpaceAndOrderDoNotMatter() {
    IntelEvidence evidence = VENDOR.tdx(5);
    answer(
            "tcb_info.json",
            text -> {
              int at = text.lastIndexOf(",\"signature\"");
              return "{ "
                  + text.substring(at + 1, text.length() - 1)
                  + " ,\n"
                  + text.substring(1, at)
                  + " }\r\n";
            })
        .accept(evidence);
    accepted(tdx(evidence));
  }

  @TestFactory
  List<DynamicTest> kindVersionAndForm() {
    List<DynamicTest> tests = new ArrayList<>();
    tests.add(form("id of SGX", e -> e.tcbInfo().text("id", "SGX")));
    tests.add(form("version 2", e -> e.tcbInfo().number("version", 2)));
    tests.add(form("version 4", e -> e.tcbInfo().number("version", 4)));
    tests.add(form("type 1", e -> e.tcbInfo().number("tcbType", 1)));
    tests.add(form("date", e -> e.tcbInfo().text("issueDate", "yesterday")));
    tests.add(form("fmspc", e -> e.tcbInfo().text("fmspc", "90c06f00000")));
    tests.add(form("fmspc hex", e -> e.tcbInfo().text("fmspc", "90c06f00000g")));
    tests.add(form("levels", e -> e.tcbInfo().raw("tcbLevels", "{}")));
    tests.add(
        tdxRefused(
            "a member twice",
            IntelStep.TCB_INFO_SIGNATURE,
            e -> e.changeTcbInfo(text -> text.replaceFirst("\\{", "{\"id\":\"TDX\","))));
    tests.add(form("status", e -> e.platformLevels(level("Fine", IntelEvidence.tdxFloors()))));
    tests.add(
        form(
            "evaluated status",
            e -> e.platformLevels(level("TDRelaunchAdvised", IntelEvidence.tdxFloors()))));
    tests.add(form("fifteen", e -> e.platformLevels(level("UpToDate", new int[15]))));
    tests.add(form("no TDX floors", e -> e.platformLevels(level("UpToDate", new int[0]))));
    int[] high = new int[16];
    high[4] = 256;
    tests.add(form("floor of 256", e -> e.platformLevels(level("UpToDate", high))));
    for (String name :
        List.of(
            "id",
            "version",
            "issueDate",
            "nextUpdate",
            "fmspc",
            "pceId",
            "tcbType",
            "tcbEvaluationDataNumber",
            "tdxModule",
            "tcbLevels")) {
      tests.add(form("without " + name, e -> e.tcbInfo().without(name)));
    }
    tests.add(identityForm("id", e -> e.qeIdentity().text("id", "QE")));
    tests.add(identityForm("version", e -> e.qeIdentity().number("version", 1)));
    tests.add(identityForm("mask", e -> e.qeIdentity().text("attributesMask", "00")));
    tests.add(identityForm("signer", e -> e.qeIdentity().without("mrsigner")));
    tests.add(sgxRefused("id of TDX", IntelStep.TCB_INFO_FORM, e -> e.tcbInfo().text("id", "TDX")));
    tests.add(
        sgxRefused(
            "QE of TDX", IntelStep.QE_IDENTITY_FORM, e -> e.qeIdentity().text("id", "TD_QE")));
    return tests;
  }

  private static IntelJson level(String status, int... tdx) {
    return IntelJson.platformLevel(status, 13, IntelEvidence.sgxFloors(), tdx);
  }

  private static DynamicTest form(String name, Consumer<IntelEvidence> change) {
    return tdxRefused("TCB info: " + name, IntelStep.TCB_INFO_FORM, change);
  }

  private static DynamicTest identityForm(String name, Consumer<IntelEvidence> change) {
    return tdxRefused("QE identity: " + name, IntelStep.QE_IDENTITY_FORM, change);
  }

  @TestFactory
  List<DynamicTest> datesAreJudgedAtBothEnds() {
    String before = IntelEvidence.AT.minusSeconds(1).toString();
    String after = IntelEvidence.AT.plusSeconds(1).toString();
    return List.of(
        tdxRefused(
            "TCB info too late",
            IntelStep.TCB_INFO_DATES,
            e -> e.tcbInfo().text("nextUpdate", before)),
        tdxRefused(
            "TCB info too early",
            IntelStep.TCB_INFO_DATES,
            e -> e.tcbInfo().text("issueDate", after)),
        tdxRefused(
            "identity too late",
            IntelStep.QE_IDENTITY_DATES,
            e -> e.qeIdentity().text("nextUpdate", before)),
        tdxRefused(
            "identity too early",
            IntelStep.QE_IDENTITY_DATES,
            e -> e.qeIdentity().text("issueDate", after)));
  }

  @TestFactory
  List<DynamicTest> collateralIsAboutThisPlatform() {
    return List.of(
        tdxRefused("FMSPC", IntelStep.FMSPC, e -> e.pck().fmspc(new byte[6])),
        sgxRefused("FMSPC ", IntelStep.FMSPC, e -> e.tcbInfo().text("fmspc", "000000000000")),
        tdxRefused("PCE", IntelStep.PCE_ID, e -> e.pck().pceId((byte) 0, (byte) 1)),
        sgxRefused("PCE ", IntelStep.PCE_ID, e -> e.tcbInfo().text("pceId", "0100")));
  }

  @TestFactory
  List<DynamicTest> quotingEnclaveIsTheOneThatIntelDescribes() {
    return List.of(
        tdxRefused("signer", IntelStep.QE_IDENTITY, e -> e.quote().qe().fill(Sgx.MRSIGNER, 9)),
        sgxRefused("signer ", IntelStep.QE_IDENTITY, e -> e.quote().qe().fill(Sgx.MRSIGNER, 9)),
        tdxRefused("product", IntelStep.QE_IDENTITY, e -> e.quote().qe().set(Sgx.ISVPRODID, 1)),
        sgxRefused("product ", IntelStep.QE_IDENTITY, e -> e.quote().qe().set(Sgx.ISVPRODID, 2)),
        tdxRefused("misc", IntelStep.QE_IDENTITY, e -> e.quote().qe().set(Sgx.MISCSELECT, 1)),
        tdxRefused(
            "attributes", IntelStep.QE_IDENTITY, e -> e.quote().qe().set(Sgx.ATTRIBUTES, 0x35)));
  }

  @Test
  void maskedBitsOfTheQuotingEnclaveDoNotMatter() {
    IntelEvidence evidence = VENDOR.tdx(5);
    byte[] attributes = new byte[16];
    attributes[0] = 0x11;
    attributes[8] = 7;
    evidence.quote().qe().set(Sgx.ATTRIBUTES, attributes).set(Sgx.MISCSELECT, 2);
    evidence.qeIdentity().text("miscselectMask", "FDFFFFFF");
    accepted(tdx(evidence));
  }

  @TestFactory
  List<DynamicTest> evaluationNumbersAreClaimed() {
    return List.of(
        dynamicTest(
            "both",
            () -> {
              IntelEvidence evidence = VENDOR.tdx(5);
              evidence.tcbInfo().number("tcbEvaluationDataNumber", 21);
              evidence.qeIdentity().number("tcbEvaluationDataNumber", 22);
              var claims = accepted(tdx(evidence)).claims();
              assertThat(claims.number("tcbEvaluationDataNumber")).contains(21L);
              assertThat(claims.number("qeEvaluationDataNumber")).contains(22L);
            }));
  }
}
