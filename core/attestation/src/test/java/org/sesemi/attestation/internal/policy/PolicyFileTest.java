package org.sesemi.attestation.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sesemi.attestation.AttestationException;
import org.sesemi.attestation.AttestationException.Code;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;

/** What a policy file may say, and how everything else is refused. */
class PolicyFileTest {

  @TempDir private Path folder;

  private static final String M48 = Samples.hex(1, 48);

  private static Arguments row(String alternatives, Code code, String message) {
    return Arguments.of(alternatives, code, message);
  }

  private static Arguments snp(String member, Code code, String message) {
    return row(Samples.alternative(PlatformKind.SNP, member), code, message);
  }

  private static Arguments tdx(String member, Code code, String message) {
    return row(Samples.alternative(PlatformKind.TDX, member), code, message);
  }

  static Stream<Arguments> mistakes() {
    String exempt = "{\"status\":\"OutOfDate\",\"advisories\":[\"A\"],\"until\":\"2027-01-01\"}";
    return Stream.of(
        row("", Code.POLICY_EMPTY, "/any-of: is empty"),
        row("{}", Code.POLICY_INVALID, "/any-of/0: 'platform' is missing"),
        row("[]", Code.POLICY_INVALID, "/any-of/0: is not an object"),
        row("{\"platform\":\"snp\"}", Code.POLICY_EMPTY, "names nothing that may run"),
        row("{\"platform\":\"sgx\"}", Code.POLICY_EMPTY, "'measurements' or 'signer' is missing"),
        row("{\"platform\":\"*\"}", Code.POLICY_INVALID, "no wildcards"),
        row("{\"platform\":\"sno\"}", Code.POLICY_INVALID, "did you mean 'snp'"),
        row("{\"platform\":\"simulated\"}", Code.POLICY_INVALID, "policy type of its own"),
        snp("\"host_data\":\"00\"", Code.POLICY_INVALID, "did you mean 'host-data'?"),
        snp("\"tcb-flor\":{}", Code.POLICY_INVALID, "did you mean 'tcb-floor'?"),
        snp("\"mrconfigid\":[]", Code.POLICY_INVALID, "which is a key of platform tdx"),
        snp("\"zzz\\u0007\":1", Code.POLICY_INVALID, "unknown key 'zzz?'"),
        snp("\"measurements\":[]", Code.POLICY_EMPTY, "/any-of/0/measurements: is empty"),
        snp("\"measurements\":\"*\"", Code.POLICY_INVALID, "no wildcards"),
        snp("\"measurements\":[\"any\"]", Code.POLICY_INVALID, "/any-of/0/measurements/0"),
        snp("\"measurements\":[\"\"]", Code.POLICY_EMPTY, "empty text"),
        snp("\"measurements\":[1]", Code.POLICY_INVALID, "is not a text"),
        snp("\"measurements\":[\"0102\"]", Code.POLICY_INVALID, "has 2 bytes, not 48"),
        snp("\"measurements\":[\"" + Samples.hex(0, 48) + "\"]", Code.POLICY_EMPTY, "zeros"),
        snp("\"measurements\":[\"AB\"]", Code.POLICY_INVALID, "lower-case hex"),
        snp(
            "\"measurements\":[\"" + M48 + "\",\"" + M48 + "\"]",
            Code.POLICY_INVALID,
            "/any-of/0/measurements/1: is there twice"),
        snp("\"chip-ids\":[\"" + Samples.hex(0, 64) + "\"]", Code.POLICY_EMPTY, "zeros"),
        snp("\"vmpl\":[4]", Code.POLICY_INVALID, "from 0 to 3"),
        snp("\"vmpl\":[]", Code.POLICY_EMPTY, "is empty"),
        snp("\"allow-debug\":\"no\"", Code.POLICY_INVALID, "neither true nor false"),
        snp("\"comment\":1", Code.POLICY_INVALID, "/any-of/0/comment: is not a text"),
        snp("\"tcb-floor\":{}", Code.POLICY_EMPTY, "names no product line"),
        snp("\"tcb-floor\":{\"milam\":{}}", Code.POLICY_INVALID, "did you mean 'milan'?"),
        snp("\"tcb-floor\":{\"milan\":{}}", Code.POLICY_INVALID, "'bootloader' is missing"),
        snp(
            "\"tcb-floor\":{\"milan\":{\"fmc\":1,\"bootloader\":1}}",
            Code.POLICY_INVALID,
            "/any-of/0/tcb-floor/milan: unknown key 'fmc'"),
        snp("\"products\":[\"rome\"]", Code.POLICY_INVALID, "is not one of genoa, milan, turin"),
        tdx("\"tcb-floor\":{\"sgx\":[1]}", Code.POLICY_INVALID, "has 1 numbers, not 16"),
        tdx("\"tcb-floor\":{}", Code.POLICY_EMPTY, "names no component"),
        tdx("\"statuses\":[\"OutOfDate\"]", Code.POLICY_INVALID, "is not an object"),
        tdx("\"statuses\":[" + exempt + "," + exempt + "]", Code.POLICY_INVALID, "there twice"),
        tdx("\"statuses\":[" + exempt.replace("OutOf", "Outof") + "]", Code.POLICY_INVALID, "mean"),
        tdx(
            "\"statuses\":[" + exempt.replace("OutOfDate", "Revoked") + "]",
            Code.POLICY_INVALID,
            "cannot be allowed"),
        tdx(
            "\"statuses\":[" + exempt.replace("OutOfDate", "UpToDate") + "]",
            Code.POLICY_INVALID,
            "always allowed"),
        tdx(
            "\"statuses\":[{\"status\":\"OutOfDate\",\"advisories\":[]}]",
            Code.POLICY_INVALID,
            "'until' is missing"),
        tdx(
            "\"statuses\":[{\"status\":\"OutOfDate\",\"until\":\"2027-01-01\"}]",
            Code.POLICY_INVALID,
            "'advisories' is missing"),
        tdx("\"statuses\":[" + exempt.replace("2027", "20") + "]", Code.POLICY_INVALID, "neither"),
        tdx("\"statuses\":[" + exempt.replace("\"A\"", "\"*\"") + "]", Code.POLICY_INVALID, "no w"),
        row(
            Samples.alternative(PlatformKind.NITRO, "\"max-age\":\"10 minutes\""),
            Code.POLICY_INVALID,
            "PT10M"),
        row(
            Samples.alternative(PlatformKind.NITRO, "\"max-age\":\"PT0S\""),
            Code.POLICY_INVALID,
            "above zero"),
        row(
            Samples.alternative(PlatformKind.NITRO, "\"pcrs\":{\"32\":\"00\"}"),
            Code.POLICY_INVALID,
            "from 0 to 31"),
        row(
            Samples.alternative(PlatformKind.NITRO, "\"pcrs\":{}"),
            Code.POLICY_EMPTY,
            "names no register"),
        row(
            Samples.alternative(PlatformKind.AZURE_VTPM, "\"hardware\":\"sgx\""),
            Code.POLICY_INVALID,
            "is not one of snp, tdx"),
        row(
            Samples.alternative(PlatformKind.SNP) + "," + Samples.alternative(PlatformKind.SNP),
            Code.POLICY_INVALID,
            "/any-of/1: is there twice"));
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("mistakes")
  void aMistakeIsRefusedWithItsPlace(String alternatives, Code code, String message) {
    refused("{\"apiVersion\":\"sesemi/v1\",\"any-of\":[" + alternatives + "]}", code, message);
  }

  @Test
  void aDocumentThatIsNoPolicyIsRefused() {
    refused("", Code.POLICY_INVALID, "policy.json: ");
    refused("[]", Code.POLICY_INVALID, "is not an object");
    refused("{}", Code.POLICY_INVALID, "'apiVersion' is missing");
    refused("{\"apiVersion\":\"sesemi/v1\"}", Code.POLICY_EMPTY, "'any-of' is missing");
    refused("{\"apiVersion\":\"sesemi/v2\",\"any-of\":[]}", Code.POLICY_INVALID, "sesemi/v1");
    refused("{\"apiVersion\":\"sesemi/v1\",\"anyof\":[]}", Code.POLICY_INVALID, "'any-of'?");
    refused("{\"apiVersion\":\"sesemi/v1\",\"any-of\":{}}", Code.POLICY_INVALID, "not an array");
    refused("{\"any-of\":[],\"any-of\":[]}", Code.POLICY_INVALID, "twice");
    refused("[".repeat(50), Code.POLICY_INVALID, "nested deeper");
  }

  @Test
  void theFileIsNamed() throws IOException {
    Path file = folder.resolve("mine.json");
    assertThatThrownBy(() -> EvidencePolicy.read(file)).hasMessageContaining(file.toString());
    Files.writeString(file, "{\"apiVersion\":\"sesemi/v1\",\"any-of\":[]}");
    assertThatThrownBy(() -> EvidencePolicy.read(file))
        .hasMessageContaining(file + ": /any-of: is empty");
    Files.writeString(file, Samples.policy(Samples.alternative(PlatformKind.SNP)).toJson());
    assertThat(EvidencePolicy.read(file).platforms()).containsExactly(PlatformKind.SNP);
    Files.write(file, new byte[EvidencePolicy.MAX_LENGTH + 1]);
    assertThatThrownBy(() -> EvidencePolicy.read(file)).hasMessageContaining("is longer than");
  }

  @Test
  void orderSpellingAndCommentsDoNotMakeAnotherPolicy() {
    String snp = Samples.alternative(PlatformKind.SNP);
    String tdx = Samples.alternative(PlatformKind.TDX);
    EvidencePolicy policy = Samples.policy(snp, tdx);
    assertThat(Samples.policy(tdx, snp)).isEqualTo(policy).hasSameHashCodeAs(policy);
    assertThat(
            Samples.policy(
                Samples.alternative(
                    PlatformKind.SNP, "\"comment\":\"*\",\"vmpl\":0,\"allow-debug\":false"),
                tdx))
        .isEqualTo(policy);
    assertThat(Samples.parse(policy.toJson())).isEqualTo(policy);
    assertThat(Samples.policy(snp)).isNotEqualTo(policy);
    assertThat(Samples.policy(Samples.alternative(PlatformKind.SNP, "\"vmpl\":[0,1]"), tdx))
        .isNotEqualTo(policy);
  }

  @Test
  void whatIsDemandedIsSaidInWords() {
    assertThat(
            Samples.policy(
                    Samples.alternative(
                        PlatformKind.TDX,
                        "\"statuses\":[{\"status\":\"OutOfDate\",\"advisories\":[\"B\",\"A\"],"
                            + "\"until\":\"2027-01-01\"}]"))
                .describe())
        .startsWith("alternative 0: tdx", "  measurements: " + M48)
        .contains(
            "  allow-debug: refused",
            "  sept-ve-disable: demanded",
            "  statuses: UpToDate or until 2027-01-01T00:00:00Z OutOfDate with only A, B");
  }

  @Test
  void aMutatedFileIsRefusedOrReadsAsItsOwnCanonicalForm() {
    Property.check(
        "mutated policy files",
        1,
        random -> {
          byte[] file =
              Samples.policy(
                      Samples.alternative(
                          PlatformKind.SNP,
                          "\"tcb-floor\":{\"milan\":{\"bootloader\":3,\"tee\":0,\"snp\":8,"
                              + "\"microcode\":115}}"))
                  .toJson()
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8);
          Mutation.all(file, random)
              .forEach(
                  mutation -> {
                    try {
                      EvidencePolicy policy = EvidencePolicy.parse(mutation.bytes(), "mutated");
                      assertThat(Samples.parse(policy.toJson())).isEqualTo(policy);
                    } catch (AttestationException refused) {
                      assertThat(refused.code()).startsWith("attestation.policy-");
                    }
                  });
        });
  }

  private static void refused(String json, Code code, String message) {
    assertThatThrownBy(() -> Samples.parse(json))
        .hasMessageContaining(message)
        .hasMessageStartingWith("policy.json: ")
        .isInstanceOfSatisfying(
            AttestationException.class, e -> assertThat(e.errorCode()).isEqualTo(code));
  }
}
