package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.KeyPair;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.TpmKey;
import org.sesemi.vendors.TpmVendor;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.Check;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Made-up TPMs, and what tests say about judgements on them. */
final class TpmSample {

  static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");

  private static final KeyPair RSA_EK = Authority.rsaKeys(2048);
  private static final KeyPair RSA_AK = Authority.rsaKeys(2048);

  private TpmSample() {}

  /** {@return a TPM with RSA keys} */
  static TpmVendor rsa(int scheme) {
    return new TpmVendor(RSA_EK, RSA_AK, scheme);
  }

  /** {@return a TPM with keys on P-256} */
  static TpmVendor ecc() {
    return new TpmVendor(
        Authority.ecKeys("secp256r1"), Authority.ecKeys("secp256r1"), TpmKey.ECDSA);
  }

  static Documents documents(TpmVendor tpm) {
    return documents(tpm.files());
  }

  static Documents documents(Map<String, byte[]> files) {
    Map<String, Bytes> copies = new TreeMap<>();
    files.forEach((name, content) -> copies.put(name, Bytes.of(content)));
    return new Documents(copies);
  }

  static Anchors anchors(TpmVendor tpm) {
    return Anchors.of(new Anchors.Set(List.of(tpm.root.certificate()), List.of(), List.of()));
  }

  static Judgement judge(TpmVendor tpm) {
    return judge(tpm, documents(tpm));
  }

  static Judgement judge(TpmVendor tpm, Documents documents) {
    return judge(documents, Expectation.at(AT), anchors(tpm));
  }

  static Judgement judge(TpmVendor tpm, Bytes nonce) {
    return judge(documents(tpm), new Expectation(AT, Optional.of(nonce)), anchors(tpm));
  }

  static Judgement judge(Documents documents, Expectation expectation, Anchors anchors) {
    return EvidenceVerifier.with(anchors).verify(PlatformKind.TPM, documents, expectation);
  }

  static void accepted(Judgement judgement) {
    assertThat(judgement.record().failing()).isEmpty();
    assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
  }

  /** Exactly these checks fail. */
  static void refused(Judgement judgement, TpmStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
    assertThat(names(judgement, CheckOutcome.FAILED))
        .containsExactly(Arrays.stream(steps).map(TpmStep::text).toArray(String[]::new));
    assertThat(judgement.failure()).contains(steps[0].code());
  }

  /** No check fails, and exactly these could not be made. */
  static void incomplete(Judgement judgement, TpmStep... steps) {
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
    assertThat(names(judgement, CheckOutcome.UNVERIFIED))
        .containsExactly(Arrays.stream(steps).map(TpmStep::text).toArray(String[]::new));
  }

  /** {@return a check of the record} */
  static Check check(Judgement judgement, TpmStep step) {
    return find(judgement, step).orElseThrow();
  }

  /** {@return a check of the record, when it was due} */
  static Optional<Check> find(Judgement judgement, TpmStep step) {
    return judgement.record().checks().stream()
        .filter(check -> check.name().equals(step.text()))
        .findFirst();
  }

  private static List<String> names(Judgement judgement, CheckOutcome outcome) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == outcome)
        .map(Check::name)
        .toList();
  }
}
