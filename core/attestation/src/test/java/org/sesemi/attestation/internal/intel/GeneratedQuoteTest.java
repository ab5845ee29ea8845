package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;
import static org.sesemi.attestation.internal.intel.Generated.accepted;
import static org.sesemi.attestation.internal.intel.Generated.refused;
import static org.sesemi.attestation.internal.intel.Generated.sgx;
import static org.sesemi.attestation.internal.intel.Generated.sgxRefused;
import static org.sesemi.attestation.internal.intel.Generated.tdx;
import static org.sesemi.attestation.internal.intel.Generated.tdxRefused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelLayout;
import org.sesemi.vendors.IntelLayout.Header;
import org.sesemi.vendors.IntelLayout.Sgx;
import org.sesemi.vendors.IntelLayout.Td;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/** What a quote itself can have wrong, one thing at a time. */
final class GeneratedQuoteTest {

  @Test
  void goodQuotesOfEveryVersionAreAccepted() {
    for (Judgement judgement : List.of(sgx(VENDOR.sgx()), tdx(VENDOR.tdx(4)), tdx(VENDOR.tdx(5)))) {
      accepted(judgement);
      assertThat(judgement.tcbStatus()).contains("UpToDate");
      assertThat(judgement.advisories()).isEmpty();
      assertThat(judgement.validUntil()).contains(IntelEvidence.NEXT_UPDATE);
    }
  }

  @Test
  void versionFiveMayCarryTheOlderReport() {
    IntelEvidence evidence = VENDOR.tdx(5);
    evidence.quote().body(2, IntelLayout.TD_1_0_LENGTH, IntelLayout.TD_1_0_LENGTH);
    Judgement judgement = accepted(tdx(evidence));
    assertThat(judgement.claims().get("teeTcbSvn2")).isEmpty();
  }

  private static Consumer<IntelEvidence> version(int number) {
    return evidence -> evidence.quote().header().set(Header.VERSION, number);
  }

  @TestFactory
  List<DynamicTest> headerVersionsTypesAndVendor() {
    return List.of(
        tdxRefused("version 3", IntelStep.QUOTE_VERSION, version(3)),
        tdxRefused("version 6", IntelStep.QUOTE_VERSION, version(6)),
        sgxRefused("version 4", IntelStep.QUOTE_VERSION, version(4)),
        sgxRefused("version 2", IntelStep.QUOTE_VERSION, version(2)),
        tdxRefused("enclave", IntelStep.TEE_TYPE, e -> e.quote().header().set(Header.TEE_TYPE, 0)),
        sgxRefused(
            "domain", IntelStep.TEE_TYPE, e -> e.quote().header().set(Header.TEE_TYPE, 0x81)),
        tdxRefused("P-384", IntelStep.KEY_TYPE, e -> e.quote().header().set(Header.KEY_TYPE, 3)),
        sgxRefused("P-384 ", IntelStep.KEY_TYPE, e -> e.quote().header().set(Header.KEY_TYPE, 3)),
        tdxRefused("vendor", IntelStep.QE_VENDOR, e -> e.quote().header().fill(Header.VENDOR, 1)),
        sgxRefused("vendor ", IntelStep.QE_VENDOR, e -> e.quote().header().fill(Header.VENDOR, 1)));
  }

  @TestFactory
  List<DynamicTest> bodyTypesAndLengths() {
    return List.of(
        tdxRefused("SGX body", IntelStep.BODY_TYPE, e -> e.quote().body(1, 384, 384)),
        tdxRefused("longer body", IntelStep.BODY_TYPE, e -> e.quote().body(4, 648, 648)),
        tdxRefused("1.5 as 1.0", IntelStep.QUOTE_FORM, e -> e.quote().body(2, 648, 648)),
        tdxRefused("1.0 as 1.5", IntelStep.QUOTE_FORM, e -> e.quote().body(3, 584, 584)),
        tdxRefused("length", IntelStep.QUOTE_FORM, e -> e.quote().body(3, 648, 647)),
        tdxRefused("section longer", IntelStep.QUOTE_FORM, e -> e.quote().lengthError(1)),
        tdxRefused("section shorter", IntelStep.QUOTE_FORM, e -> e.quote().lengthError(-1)),
        sgxRefused("section longer ", IntelStep.QUOTE_FORM, e -> e.quote().lengthError(1)),
        sgxRefused("section shorter ", IntelStep.QUOTE_FORM, e -> e.quote().lengthError(-1)),
        sgxRefused("four GiB", IntelStep.QUOTE_FORM, e -> e.quote().lengthError(-5000)),
        tdxRefused("outer type", IntelStep.QUOTE_FORM, e -> e.quote().outerType(5)),
        tdxRefused("inner type", IntelStep.QUOTE_FORM, e -> e.certification(6, new byte[404])),
        tdxRefused("unknown type", IntelStep.QUOTE_FORM, e -> e.certification(8, new byte[4])),
        sgxRefused("PPID length", IntelStep.QUOTE_FORM, e -> e.certification(3, new byte[403])));
  }

  @TestFactory
  List<DynamicTest> everyTruncationIsRefused() {
    List<DynamicTest> tests = new ArrayList<>();
    for (IntelVerifier verifier : List.of(IntelVerifier.SGX, IntelVerifier.TDX)) {
      IntelEvidence evidence = verifier == IntelVerifier.SGX ? VENDOR.sgx() : VENDOR.tdx(5);
      Documents documents = Generated.documents(evidence);
      byte[] quote = documents.get("quote.bin").orElseThrow().toArray();
      tests.add(
          dynamicTest(
              verifier.platform().text(),
              () -> {
                for (int length = 0; length < quote.length; length += 7) {
                  Bytes cut = Bytes.of(Arrays.copyOf(quote, length));
                  Judgement judgement =
                      Generated.judge(verifier, documents.with("quote.bin", cut), IntelEvidence.AT);
                  assertThat(Generated.failed(judgement)).containsExactly("quote-form");
                }
              }));
    }
    return tests;
  }

  @Test
  void zerosAfterTheEndAreAcceptedAndNothingElse() {
    for (int length : List.of(1, 70, 3065)) {
      IntelEvidence padded = VENDOR.tdx(4);
      padded.quote().trailing(new byte[length]);
      accepted(tdx(padded));
    }
    IntelEvidence evidence = VENDOR.tdx(4);
    byte[] trailing = new byte[70];
    trailing[69] = 1;
    evidence.quote().trailing(trailing);
    refused(tdx(evidence), IntelStep.TRAILING_BYTES);
    IntelEvidence enclave = VENDOR.sgx();
    enclave.quote().trailing(trailing);
    refused(sgx(enclave), IntelStep.TRAILING_BYTES);
  }

  @TestFactory
  List<DynamicTest> reservedFieldsMustBeZero() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Sgx field :
        List.of(Sgx.RESERVED_20, Sgx.RESERVED_96, Sgx.RESERVED_160, Sgx.RESERVED_262)) {
      byte[] last = new byte[field.length()];
      last[last.length - 1] = (byte) 0x80;
      tests.add(
          sgxRefused(
              "enclave " + field,
              IntelStep.RESERVED_FIELDS,
              e -> e.quote().enclave().set(field, last)));
      tests.add(
          tdxRefused(
              "quoting enclave " + field,
              IntelStep.RESERVED_FIELDS,
              e -> e.quote().qe().set(field, last)));
    }
    return tests;
  }

  @TestFactory
  List<DynamicTest> attributesOfTheDomain() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int bit = 0; bit < 64; bit++) {
      long value = 1L << bit;
      boolean defined = List.of(0, 28, 29, 30, 31, 63).contains(bit);
      tests.add(
          dynamicTest(
              "TDATTRIBUTES bit " + bit,
              () -> {
                IntelEvidence evidence = VENDOR.tdx(4);
                evidence.quote().domain().set(Td.TDATTRIBUTES, value);
                if (defined) {
                  accepted(tdx(evidence));
                } else {
                  refused(tdx(evidence), IntelStep.TD_ATTRIBUTES);
                }
              }));
      boolean possible = (0x6DBE7 & value) != 0;
      tests.add(
          dynamicTest(
              "XFAM bit " + bit,
              () -> {
                IntelEvidence evidence = VENDOR.tdx(4);
                evidence.quote().domain().set(Td.XFAM, 3 | value);
                if (possible) {
                  accepted(tdx(evidence));
                } else {
                  refused(tdx(evidence), IntelStep.XFAM);
                }
              }));
    }
    tests.add(tdxRefused("no x87", IntelStep.XFAM, e -> e.quote().domain().set(Td.XFAM, 2)));
    tests.add(tdxRefused("no SSE", IntelStep.XFAM, e -> e.quote().domain().set(Td.XFAM, 1)));
    return tests;
  }

  @Test
  void moduleOfAnotherSignerOrWithAttributesIsRefused() {
    IntelEvidence signer = VENDOR.tdx(5);
    signer.quote().domain().fill(Td.MRSIGNERSEAM, 1);
    assertThat(Generated.failed(tdx(signer))).containsExactly("seam", "tdx-module");
    IntelEvidence attributes = VENDOR.tdx(5);
    attributes.quote().domain().set(Td.SEAMATTRIBUTES, 1);
    assertThat(Generated.failed(tdx(attributes))).containsExactly("seam", "tdx-module");
  }

  @Test
  void attributesArePolicyAndNotVerdict() {
    IntelEvidence domain = VENDOR.tdx(5);
    domain
        .quote()
        .domain()
        .set(Td.TDATTRIBUTES, 1L | (1L << 29) | (1L << 30) | (1L << 31) | (1L << 63))
        .fill(Td.MRSERVICETD, 7);
    Judgement open = accepted(tdx(domain));
    Judgement closed = accepted(tdx(VENDOR.tdx(5)));
    for (String name : List.of("debug", "migratable", "pks", "kl", "perfmon", "serviceTd")) {
      assertThat(open.claims().flag(name)).as(name).contains(true);
      assertThat(closed.claims().flag(name)).as(name).contains(false);
    }
    assertThat(open.claims().flag("septVeDisable")).contains(false);
    assertThat(closed.claims().flag("septVeDisable")).contains(true);
  }

  @Test
  void attributesOfEnclavesArePolicyAndNotVerdict() {
    Map<String, Integer> bits =
        Map.of(
            "debug",
            1,
            "mode64",
            2,
            "provisionKey",
            4,
            "einitTokenKey",
            5,
            "kss",
            7,
            "aexNotify",
            10);
    bits.forEach(
        (name, bit) -> {
          IntelEvidence evidence = VENDOR.sgx();
          evidence.quote().enclave().set(Sgx.ATTRIBUTES, 1L | (1L << bit));
          Judgement judgement = accepted(sgx(evidence));
          bits.keySet()
              .forEach(
                  other ->
                      assertThat(judgement.claims().flag(other))
                          .as(other)
                          .contains(other.equals(name)));
        });
    IntelEvidence evidence = VENDOR.sgx();
    evidence.quote().enclave().set(Sgx.ATTRIBUTES, 4);
    refused(sgx(evidence), IntelStep.ENCLAVE_INITIALISED);
  }

  @Test
  void platformIsRecognisedByTheQuote() {
    assertThat(EvidenceVerifier.detect(Generated.documents(VENDOR.sgx())))
        .contains(PlatformKind.SGX);
    assertThat(EvidenceVerifier.detect(Generated.documents(VENDOR.tdx(4))))
        .contains(PlatformKind.TDX);
    assertThat(IntelVerifier.TDX.recognises(new Documents(Map.of()))).isFalse();
    assertThat(
            IntelVerifier.TDX.recognises(
                new Documents(Map.of("quote.bin", Bytes.of(new byte[47])))))
        .isFalse();
  }

  @Test
  void nothingAtAllIsIncomplete() {
    Judgement judgement =
        Generated.judge(IntelVerifier.SGX, new Documents(Map.of()), IntelEvidence.AT);
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
  }
}
