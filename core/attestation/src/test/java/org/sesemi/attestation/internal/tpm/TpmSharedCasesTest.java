package org.sesemi.attestation.internal.tpm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Documents;
import org.sesemi.attestation.EvidenceData;
import org.sesemi.attestation.EvidenceVerifier;
import org.sesemi.attestation.Expectation;
import org.sesemi.attestation.Judgement;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Bytes;
import org.sesemi.wire.CheckOutcome;
import org.sesemi.wire.Verdict;

/** Quotes of TPMs, each with the verdict and the claims that its manifest states. */
class TpmSharedCasesTest {

  private static final Instant AT = Instant.parse("2026-11-22T00:00:00Z");
  private static final Instant START = Instant.parse("2026-11-20T19:04:30Z");
  private static final List<String> LOCAL = List.of("swtpm-rsassa", "swtpm-ecdsa");

  /** Claims by case. */
  private static final Map<String, Map<String, String>> CLAIMS =
      Map.of(
          "trustee-swtpm-rsassa",
          Map.of(
              "extraData",
              "a04182b506878d4f29b91ee606a71a0d3361ccf1b22db20c98adcaa537bea393"
                  + "ef0e41a18b3569ab678f1497fbc5c12000000000000000000000000000000000",
              "pcrDigest",
              "019de64c9318655e422c3d03831169896e31f02a1d74e4d8fef575bf4e0d75fa",
              "signatureScheme",
              "RSASSA SHA-256",
              "qualifiedSigner",
              "000b3081a4cbbe307f3de1456f9875a3c2632528a70d91fcf578ccf092465e4e8e09"),
          "gcp-vtpm-sha1",
          Map.of(
              "extraData", "",
              "pcrDigest", "a610f27bc687ce906243287d832706036e79f6e1",
              "akName", "000b4ce9b151f75089d74c15dabe9d520cffafbcafd5d43be0aad2e2d88d54717e2e"),
          "swtpm-rsassa",
          Map.of(
              "pcrSelection", "SHA-256: 0,1,2,3,4,5,6,7,8,16",
              "pcrDigest", "78c6d267a46f27cbde3a6c054c10a24e62db0c199c56b3e68a1c8cfc2d8ccf7e",
              "signatureScheme", "RSASSA SHA-256",
              "akParent", "endorsement key",
              "tpmManufacturer", "id:00001014",
              "tpmModel", "swtpm",
              "akName", "000ba3e9b8aef5b5e0f858c181e82764927fd156eefe3a01c91a148e0d14ee6549ab"),
          "swtpm-ecdsa",
          Map.of(
              "extraData", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
              "signatureScheme", "ECDSA P-256 SHA-256",
              "akParent", "endorsement key",
              "akName", "000b59e3c0767716ba4c17cccb4736a1faeb0c337eebaa3622f8ed26113764d40901"));

  @TestFactory
  Stream<DynamicTest> pinnedAnchorsAcceptNone() {
    return each(
        CLAIMS.keySet().stream().sorted(),
        (name, documents) -> {
          assertThat(EvidenceVerifier.detect(documents)).contains(PlatformKind.TPM);
          Judgement judgement = judge(documents, AT, Anchors.pinned());
          assertThat(judgement.verdict())
              .isEqualTo(name.equals("gcp-vtpm-sha1") ? Verdict.REJECT : Verdict.INCOMPLETE);
          assertThat(judgement.claims().text("akResidence")).contains("not proven");
          CLAIMS
              .getOrDefault(name, Map.of())
              .forEach(
                  (claim, value) ->
                      assertThat(
                              judgement
                                  .claims()
                                  .hex(claim)
                                  .map(Bytes::hex)
                                  .or(() -> judgement.claims().text(claim)))
                          .as(claim)
                          .contains(value));
        });
  }

  @TestFactory
  Stream<DynamicTest> ownAnchorsAcceptWithinTheWindow() {
    return each(
        LOCAL.stream(),
        (name, documents) -> {
          Anchors anchors = anchors(name);
          for (Instant inside : List.of(START, AT, Instant.parse("9999-12-31T23:59:59Z"))) {
            Judgement judgement = judge(documents, inside, anchors);
            assertThat(judgement.record().failing()).isEmpty();
            assertThat(judgement.verdict()).isEqualTo(Verdict.ACCEPT);
            assertThat(judgement.validUntil()).contains(Instant.parse("9999-12-31T23:59:59Z"));
          }
          assertThat(failing(judge(documents, START.minusSeconds(1), anchors)))
              .contains("ek-dates");
        });
  }

  @TestFactory
  Stream<DynamicTest> documentsOfTheOtherCaseAreRefused() {
    return each(
        LOCAL.stream(),
        (name, documents) -> {
          String other = LOCAL.get(1 - LOCAL.indexOf(name));
          Documents its = EvidenceData.documents("tpm/" + other).orElseThrow();
          for (String file : documents.names()) {
            if (!its.get(file).equals(documents.get(file))) {
              Documents swapped = documents.with(file, its.get(file).orElseThrow());
              assertThat(judge(swapped, AT, anchors(name)).verdict())
                  .as(file)
                  .isEqualTo(Verdict.REJECT);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> sha1IsRefusedInBankAndSignature() {
    return each(
        Stream.of("gcp-vtpm-sha1"),
        (_, documents) ->
            assertThat(failing(judge(documents, AT, Anchors.pinned())))
                .contains("ak-scheme", "signature-algorithm", "pcr-bank"));
  }

  /** The layout of this case has no attributes, so nothing says what the key can be used for. */
  @TestFactory
  Stream<DynamicTest> aKeyWithoutAttributesIsNotAccepted() {
    return each(
        Stream.of("trustee-swtpm-rsassa"),
        (_, documents) -> {
          Judgement judgement = judge(documents, AT, Anchors.pinned());
          assertThat(
                  judgement.record().checks().stream()
                      .filter(check -> check.outcome() == CheckOutcome.PASSED)
                      .map(org.sesemi.wire.Check::name))
              .containsExactly(
                  "documents",
                  "magic",
                  "type",
                  "quote",
                  "ak-key",
                  "signature-algorithm",
                  "signature",
                  "pcr-bank",
                  "pcr-selection",
                  "pcr-digest");
          String json =
              new String(
                  documents.get("evidence.json").orElseThrow().toArray(), StandardCharsets.UTF_8);
          String message =
              json.substring(json.indexOf("/1RDR4AY"), json.indexOf('"', json.indexOf("/1RDR4AY")));
          byte[] bytes = Base64.getDecoder().decode(message);
          bytes[60] ^= 1;
          Documents changed =
              documents.with(
                  "evidence.json",
                  Bytes.of(
                      json.replace(message, Base64.getEncoder().encodeToString(bytes))
                          .getBytes(StandardCharsets.UTF_8)));
          assertThat(failing(judge(changed, AT, Anchors.pinned()))).containsExactly("signature");
        });
  }

  private interface Body {
    void check(String name, Documents documents);
  }

  private static Stream<DynamicTest> each(Stream<String> names, Body body) {
    return names.flatMap(
        name ->
            EvidenceData.documents("tpm/" + name).stream()
                .map(documents -> dynamicTest(name, () -> body.check(name, documents))));
  }

  private static Anchors anchors(String name) {
    return Anchors.read(EvidenceData.folder().orElseThrow().resolve("tpm").resolve(name));
  }

  private static Judgement judge(Documents documents, Instant at, Anchors anchors) {
    return EvidenceVerifier.with(anchors).verify(PlatformKind.TPM, documents, Expectation.at(at));
  }

  private static List<String> failing(Judgement judgement) {
    return judgement.record().checks().stream()
        .filter(check -> check.outcome() == CheckOutcome.FAILED)
        .map(org.sesemi.wire.Check::name)
        .toList();
  }
}
