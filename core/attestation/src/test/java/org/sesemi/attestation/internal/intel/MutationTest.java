package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.sesemi.attestation.internal.intel.Generated.VENDOR;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Judgement;
import org.sesemi.property.Property;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Verdict;

/**
 * Every bit of a quote and of its collateral counts: whichever is changed, the evidence is not
 * accepted, and a check says why. Only the content of event logs is not all covered by digests.
 */
@Tag("exhaustive")
final class MutationTest {

  private static final int CASES = 100;

  /** The first and last bytes of the fields in the fixed part of a quote of any version. */
  private static final List<Integer> EDGES =
      List.of(
          0, 1, 2, 3, 4, 7, 8, 11, 12, 27, 28, 47, 48, 49, 50, 53, 54, 63, 64, 69, 70, 111, 112,
          117, 118, 159, 160, 165, 166, 173, 174, 181, 182, 189, 190, 237, 238, 285, 286, 333, 334,
          381, 382, 429, 430, 431, 432, 435, 436, 477, 478, 499, 500, 525, 526, 563, 564, 573, 574,
          627, 628, 631, 632, 635, 636, 637, 638, 653, 654, 699, 700, 701, 702, 705, 706, 769, 770,
          833, 834, 835, 836, 839, 840, 1223, 1224, 1287, 1288, 1289, 1290, 1321, 1322, 1323, 1324,
          1327, 1328);

  @TestFactory
  List<DynamicTest> generatedEvidence() {
    return List.of(
        property("SGX", VENDOR.sgx(), IntelVerifier.SGX),
        property("TDX 4", VENDOR.tdx(4), IntelVerifier.TDX),
        property("TDX 5", VENDOR.tdx(5), IntelVerifier.TDX));
  }

  private static DynamicTest property(String name, IntelEvidence evidence, IntelVerifier verifier) {
    Documents documents = Generated.documents(evidence);
    return dynamicTest(
        name,
        () -> {
          Function<Documents, Judgement> judge =
              changed -> Generated.judge(verifier, changed, IntelEvidence.AT);
          ClaimSet claims = judge.apply(documents).claims();
          for (int edge : EDGES) {
            assertThat(Mutations.survives(documents, claims, judge, "quote.bin", edge, edge & 7))
                .as("quote.bin at " + edge)
                .isFalse();
          }
          noneSurvives("no changed bit of " + name + " evidence is accepted", documents, judge);
        });
  }

  @TestFactory
  List<DynamicTest> sharedEvidence() {
    List<DynamicTest> tests = new ArrayList<>();
    for (SharedCases.Case each : SharedCases.all()) {
      if (each.verdict() == Verdict.ACCEPT) {
        Documents documents =
            each.documents().without("ccel_data.bin").without("expected_claims.json");
        tests.add(
            dynamicTest(
                each.id(),
                () ->
                    noneSurvives(
                        "no changed bit of " + each.id() + " is accepted",
                        documents,
                        changed -> each.judge(changed, each.at()))));
      }
    }
    return tests;
  }

  private static void noneSurvives(
      String name, Documents documents, Function<Documents, Judgement> judge) {
    Judgement before = judge.apply(documents);
    assertThat(before.verdict()).isEqualTo(Verdict.ACCEPT);
    ClaimSet claims = before.claims();
    List<String> names = List.copyOf(documents.names());
    Property.check(
        name,
        CASES,
        random -> {
          String file = names.get(random.nextInt(names.size()));
          int position = random.nextInt(documents.get(file).orElseThrow().length());
          assertThat(
                  Mutations.survives(documents, claims, judge, file, position, random.nextInt(8)))
              .as(file + " at " + position)
              .isFalse();
        });
  }

  @TestFactory
  List<DynamicTest> anyBytesEndInAJudgement() {
    return List.of(
        dynamicTest("SGX", () -> judged(VENDOR.sgx(), IntelVerifier.SGX)),
        dynamicTest("TDX", () -> judged(VENDOR.tdx(5), IntelVerifier.TDX)));
  }

  private static void judged(IntelEvidence evidence, IntelVerifier verifier) {
    Documents documents = Generated.documents(evidence);
    List<String> names = List.copyOf(documents.names());
    Property.check(
        "documents of any content end in a judgement of " + verifier.platform().text(),
        CASES,
        random -> {
          String file = names.get(random.nextInt(names.size()));
          byte[] bytes = documents.get(file).orElseThrow().toArray();
          byte[] changed =
              random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
          for (int i = random.nextInt(1, 6); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
          }
          Judgement judgement =
              Generated.judge(verifier, documents.with(file, Bytes.of(changed)), IntelEvidence.AT);
          assertThat(judgement.verdict() == Verdict.ACCEPT)
              .isEqualTo(Arrays.equals(changed, documents.get(file).orElseThrow().toArray()));
        });
  }
}
