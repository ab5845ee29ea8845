package org.sesemi.attestation.internal.nitro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sesemi.attestation.internal.cose.Judgements.failed;
import static org.sesemi.attestation.internal.cose.Judgements.passed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.ClaimSet;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Property;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.JsonFields;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.Verdict;

/** Documents of the real hypervisor; passes without doing anything when they are not there. */
final class NitroEvidenceTest {

  private record Case(String id, Instant at, Instant from, Instant to, JsonFields expected) {

    private Documents documents() {
      return EvidenceData.documents("nitro/" + id).orElseThrow();
    }
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    Optional<Path> folder = EvidenceData.folder();
    if (folder.isPresent()) {
      byte[] manifest = Files.readAllBytes(folder.get().resolve("nitro").resolve("manifest.json"));
      for (JsonFields each : JsonFields.of(manifest).objects("cases")) {
        JsonFields window = each.object("validity_window");
        cases.add(
            new Case(
                each.text("id"),
                Instant.parse(each.text("verify_at")),
                instant(window.text("from")),
                instant(window.text("to")),
                each.object("expected")));
      }
      assertThat(cases).hasSize(6);
    }
    return cases;
  }

  private static Instant instant(String text) {
    return Instant.parse(text.replace(' ', 'T').replace("+00:00", "Z"));
  }

  private static Judgement judge(Documents documents, Instant at) {
    return EvidenceVerifier.with(Anchors.pinned())
        .verify(PlatformKind.NITRO, documents, Expectation.at(at));
  }

  @Test
  void everyCaseIsAcceptedWithItsClaims() throws IOException {
    for (Case each : cases()) {
      Judgement judgement = judge(each.documents(), each.at());
      assertThat(failed(judgement)).as(each.id()).isEmpty();
      assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
      assertThat(EvidenceVerifier.detect(each.documents())).contains(PlatformKind.NITRO);
      ClaimSet claims = judgement.claims();
      JsonFields expected = each.expected();
      assertThat(claims.text("moduleId")).contains(expected.text("module_id"));
      assertThat(claims.text("digest")).contains(expected.text("digest"));
      assertThat(claims.number("timestamp"))
          .contains(expected.integer("timestamp_ms", 0, Long.MAX_VALUE));
      assertThat(claims.number("cabundleCount"))
          .contains(expected.integer("cabundle_count", 0, 99));
      assertThat(claims.flag("debug"))
          .contains(List.of("debug-mode", "tls-binding").contains(each.id()));
      registers(claims, expected.textMap("pcrs"));
      for (Map.Entry<String, String> field :
          Map.of("public_key", "publicKey", "user_data", "userData", "nonce", "nonce").entrySet()) {
        Optional<String> value =
            expected.value(field.getKey()) instanceof JsonString(String text)
                ? Optional.of(text)
                : Optional.empty();
        assertThat(claims.hex(field.getValue()).map(Bytes::hex)).isEqualTo(value);
      }
    }
  }

  private static void registers(ClaimSet claims, Map<String, String> expected) {
    ClaimSet registers = claims.group("pcrs").orElseThrow();
    assertThat(registers.values()).hasSize(16);
    for (int i = 0; i < 16; i++) {
      assertThat(registers.hex("pcr" + i).orElseThrow().hex())
          .isEqualTo(expected.getOrDefault(Integer.toString(i), "00".repeat(48)));
    }
    assertThat(claims.hex("measurement")).isEqualTo(registers.hex("pcr0"));
  }

  @Test
  void everyCaseIsRejectedForTimeOutsideItsWindow() throws IOException {
    for (Case each : cases()) {
      for (Instant at :
          List.of(
              each.from().minusSeconds(1),
              each.from().minus(Duration.ofDays(9)),
              each.to().plusSeconds(1),
              each.to().plus(Duration.ofDays(3650)))) {
        Judgement judgement = judge(each.documents(), at);
        assertThat(judgement.verdict()).isEqualTo(Verdict.REJECT);
        assertThat(failed(judgement))
            .contains("certificate-dates")
            .isSubsetOf("certificate-dates", "document-time", "web-certificate-dates");
      }
    }
  }

  @Test
  void theNonceOfACaseIsItsOwn() throws IOException {
    for (Case each : cases()) {
      for (Case other : cases()) {
        Optional<Bytes> nonce = judge(other.documents(), other.at()).claims().hex("nonce");
        if (nonce.isPresent()) {
          Judgement judgement =
              EvidenceVerifier.with(Anchors.pinned())
                  .verify(each.documents(), new Expectation(each.at(), nonce));
          assertThat(failed(judgement))
              .isEqualTo(each.id().equals(other.id()) ? List.of() : List.of("nonce"));
        }
      }
    }
  }

  @Test
  void webCertificatesOfOtherCasesAreRefused() throws IOException {
    if (!cases().isEmpty()) {
      Case bound = find("tls-binding");
      Case carried = find("in-certificate");
      assertThat(passed(judge(bound.documents(), bound.at()))).contains("web-key");
      assertThat(passed(judge(carried.documents(), carried.at())))
          .contains("web-key", "carried-document");
      Bytes carrier = carried.documents().get("certificate.pem").orElseThrow();
      Bytes certificate = bound.documents().get("tls_certificate.der").orElseThrow();
      assertThat(failed(judge(bound.documents().with("certificate.pem", carrier), bound.at())))
          .containsExactly("web-key", "carried-document");
      assertThat(
              failed(
                  judge(
                      carried.documents().with("tls_certificate.der", certificate), carried.at())))
          .containsExactly("web-certificate-dates", "web-key");
    }
  }

  private static void keepsWhatItSays(Case each, String file, int from) {
    Judgement good = judge(each.documents(), each.at());
    int length = each.documents().get(file).orElseThrow().length();
    Property.check(
        "a changed certificate without its issuer is rejected, or verdict and claims stay",
        30,
        random -> {
          Judgement judgement = flip(each, file, random.nextInt(from, length));
          if (failed(judgement).isEmpty()) {
            assertThat(judgement.verdict()).isEqualTo(good.verdict());
            assertThat(judgement.claims()).isEqualTo(good.claims());
          }
        });
  }

  private static Judgement flip(Case each, String file, int position) {
    return judge(EvidenceData.flipped(each.documents(), file, position), each.at());
  }

  private static Case find(String id) throws IOException {
    return cases().stream().filter(each -> each.id().equals(id)).findFirst().orElseThrow();
  }

  @Tag("exhaustive")
  @Test
  void aChangedBitOfAWebCertificateIsRefusedOrChangesNothing() throws IOException {
    if (!cases().isEmpty()) {
      // The signatures of these two need keys that are not there.
      keepsWhatItSays(find("tls-binding"), "tls_certificate.der", 0);
      Case carried = find("in-certificate");
      String pem =
          new String(
              carried.documents().get("certificate.pem").orElseThrow().toArray(),
              StandardCharsets.US_ASCII);
      int issuer = pem.lastIndexOf("-----BEGIN");
      keepsWhatItSays(carried, "certificate.pem", issuer);
      Property.check(
          "a changed certificate with its issuer is rejected",
          40,
          random -> {
            int position = random.nextInt(issuer - 1);
            assertThat(failed(flip(carried, "certificate.pem", position))).isNotEmpty();
          });
    }
  }
}
