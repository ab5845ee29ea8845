package org.sesemi.attestation.internal.cca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.cose.Judgements.unverified;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.Verdict;

/** The token of the firmware's model; passes without doing anything when it is not there. */
final class CcaEvidenceTest {

  private static final String CASE = "cca/tf-rmm";
  private static final Expectation EXPECTATION =
      Expectation.at(Instant.parse("2026-03-01T10:00:00Z"));

  private static Optional<Path> folder() {
    return EvidenceData.folder().map(folder -> folder.resolve(CASE)).filter(Files::isDirectory);
  }

  private static Judgement judge(Documents documents, Anchors anchors) {
    return EvidenceVerifier.with(anchors).verify(documents, EXPECTATION);
  }

  @Test
  void nobodyEndorsesTheKeyOfTheModel() {
    folder()
        .ifPresent(
            folder -> {
              Judgement judgement = judge(Documents.read(folder), Anchors.pinned());
              assertThat(failed(judgement)).isEmpty();
              assertThat(judgement.verdict()).isEqualTo(Verdict.INCOMPLETE);
              assertThat(unverified(judgement)).containsExactly("platform-key");
            });
  }

  @Test
  void theTokenIsAcceptedByItsKeyAndHasItsClaims() throws IOException {
    if (folder().isPresent()) {
      Path folder = folder().get();
      Judgement judgement = judge(Documents.read(folder), Anchors.read(folder));
      assertThat(failed(judgement)).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      byte[] manifest = Files.readAllBytes(folder.resolveSibling("manifest.json"));
      JsonFields expected = JsonFields.of(manifest).objects("cases").getFirst().object("expected");
      ClaimSet claims = judgement.claims();
      hex(claims, "realmChallenge", expected.text("realm_challenge"));
      assertThat(claims.hex("reportData")).isEqualTo(claims.hex("realmChallenge"));
      hex(claims, "realmInitialMeasurement", expected.text("realm_initial_measurement"));
      assertThat(claims.hex("measurement")).isEqualTo(claims.hex("realmInitialMeasurement"));
      hex(claims, "realmPersonalization", expected.text("realm_personalization"));
      hex(claims, "platformImplementationId", expected.text("platform_implementation_id"));
      hex(claims, "platformInstanceId", expected.text("platform_instance_id"));
      hex(claims, "platformBindingNonce", expected.text("platform_binding_nonce"));
      assertThat(claims.text("realmHashAlgorithm")).contains(expected.text("realm_hash_algorithm"));
      assertThat(claims.text("realmKeyHashAlgorithm"))
          .contains(expected.text("realm_key_hash_algorithm"));
      assertThat(claims.text("platformProfile")).contains(expected.text("platform_profile"));
      assertThat(claims.number("platformLifecycle"))
          .contains(expected.integer("platform_lifecycle", 0, 0xffff));
      assertThat(claims.flag("debug")).contains(false);
    }
  }

  private static void hex(ClaimSet claims, String name, String expected) {
    assertThat(claims.hex(name).map(Bytes::hex)).as(name).contains(expected);
  }
}
