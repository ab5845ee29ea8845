package org.sesemi.attestation.internal.intel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.DynamicTest;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.vendors.IntelEvidence;
import org.sesemi.vendors.IntelVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Evidence of a test vendor, and what the verifiers say of it. */
final class Generated {

  /** The test vendor of all tests. */
  static final IntelVendor VENDOR = IntelVendor.create();

  /** The test vendor's root alone. */
  static final Anchors ANCHORS =
      Anchors.of(new Anchors.Set(List.of(VENDOR.root().certificate()), List.of(), List.of()));

  private Generated() {}

  static Documents documents(IntelEvidence evidence) {
    Map<String, Bytes> files = new HashMap<>();
    evidence.files().forEach((name, content) -> files.put(name, Bytes.of(content)));
    return new Documents(files);
  }

  static Judgement judge(IntelVerifier verifier, Documents documents, Instant at) {
    return verifier.judge(documents, new Expectation(at, Optional.empty()), ANCHORS);
  }

  static Judgement tdx(IntelEvidence evidence) {
    return judge(IntelVerifier.TDX, documents(evidence), IntelEvidence.AT);
  }

  static Judgement sgx(IntelEvidence evidence) {
    return judge(IntelVerifier.SGX, documents(evidence), IntelEvidence.AT);
  }

  /** Returns the names of the checks that failed. */
  static List<String> failed(Judgement judgement) {
    return named(judgement, CheckOutcome.FAILED);
  }

  /** Returns the names of the checks that could not be made. */
  static List<String> unverified(Judgement judgement) {
    return named(judgement, CheckOutcome.UNVERIFIED);
  }

  private static List<String> named(Judgement judgement, CheckOutcome outcome) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == outcome)
        .map(Check::name)
        .toList();
  }

  /** Asserts that everything passes. */
  static Judgement accepted(Judgement judgement) {
    assertThat(failed(judgement)).as(judgement.record().toString()).isEmpty();
    assertThat(unverified(judgement)).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
    return judgement;
  }

  /** Asserts that exactly one check fails. */
  static Judgement refused(Judgement judgement, IntelStep step) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(failed(judgement)).as(judgement.record().toString()).containsExactly(step.text());
    assertThat(judgement.failure()).contains(step.code());
    return judgement;
  }

  /** A test that one change of good TDX evidence of version 5 makes exactly one check fail. */
  static DynamicTest tdxRefused(String name, IntelStep step, Consumer<IntelEvidence> change) {
    return dynamicTest(
        name,
        () -> {
          IntelEvidence evidence = VENDOR.tdx(5);
          change.accept(evidence);
          refused(tdx(evidence), step);
        });
  }

  /** A test that one change of good SGX evidence makes exactly one check fail. */
  static DynamicTest sgxRefused(String name, IntelStep step, Consumer<IntelEvidence> change) {
    return dynamicTest(
        name,
        () -> {
          IntelEvidence evidence = VENDOR.sgx();
          change.accept(evidence);
          refused(sgx(evidence), step);
        });
  }
}
