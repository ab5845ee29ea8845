package org.sesemi.cli.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.SnpEndorsement;
import org.sesemi.vendors.SnpLevels;
import org.sesemi.vendors.SnpReportSpec;
import org.sesemi.vendors.SnpVendor;
import org.sesemi.wire.Json;
import org.sesemi.wire.JsonNull;
import org.sesemi.wire.JsonObject;
import org.sesemi.wire.JsonString;
import org.sesemi.wire.JsonValue;

/** The commands about evidence, and the published schema of their output. */
class EvidenceCommandTest {

  private static final SnpVendor VENDOR = SnpVendor.of("Milan");
  private static final String AT = "2026-01-01T00:00:00Z";
  private static final JsonSchema SCHEMA = schema();

  @TempDir private Path folder;

  private static JsonSchema schema() {
    try {
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(
              Files.readString(
                  Path.of("..", "..", "docs", "schemas", "evidence-verify.schema.json")));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes evidence of a test vendor, with its root in a folder beside it. */
  private Path evidence(long policy) throws IOException {
    SnpLevels levels = new SnpLevels(1, 4, 0, 24, 217);
    byte[] chip = new byte[64];
    chip[0] = 1;
    java.security.KeyPair keys = Authority.ecKeys("secp384r1");
    Path place = Files.createDirectories(folder.resolve("evidence"));
    Files.write(
        place.resolve("report.bin"),
        SnpReportSpec.of("Milan", 3)
            .signingKey(0)
            .chipId(chip)
            .policy(policy)
            .sign(keys.getPrivate()));
    Files.write(
        place.resolve("vcek.der"),
        Authority.der(
            VENDOR
                .ask()
                .issue(SnpEndorsement.vcek("Milan", levels, chip).certificate(keys.getPublic()))));
    Path roots = Files.createDirectories(folder.resolve("roots"));
    Files.write(roots.resolve("ark.der"), Authority.der(VENDOR.ark().certificate()));
    Files.write(roots.resolve("ask.der"), Authority.der(VENDOR.ask().certificate()));
    return place;
  }

  private Path evidence() throws IOException {
    return evidence(0x30000);
  }

  private CommandHarness.Outcome verify(Path place, String... more) {
    List<String> words = new ArrayList<>(List.of("evidence", "verify", place.toString()));
    words.addAll(List.of("--at", AT, "--anchors", folder.resolve("roots").toString()));
    words.addAll(List.of(more));
    return CommandHarness.run(words.toArray(String[]::new));
  }

  /** Checks output against the schema. */
  private static JsonObject valid(CommandHarness.Outcome outcome) {
    assertThat(SCHEMA.validate(outcome.out(), InputFormat.JSON)).as(outcome.out()).isEmpty();
    return Json.parseObject(outcome.out().getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the text at a path, or nothing. */
  private static String text(JsonObject document, String... path) {
    JsonValue value = document;
    for (String name : path) {
      value =
          value instanceof JsonObject object
              ? object.get(name).orElse(new JsonNull())
              : new JsonNull();
    }
    return value instanceof JsonString(String text) ? text : value.toText();
  }

  @Test
  void goodEvidenceIsAcceptedAndTheScopeIsSaid() throws IOException {
    Path place = evidence();
    CommandHarness.Outcome forPeople = verify(place);
    assertThat(forPeople.exitCode()).as(forPeople.err()).isZero();
    assertThat(forPeople.out())
        .contains("checks passed: accept", "judged: authenticity and vendor rules", "--policy");
    CommandHarness.Outcome forPrograms = verify(place, "--json");
    assertThat(forPrograms.exitCode()).isZero();
    JsonObject document = valid(forPrograms);
    assertThat(text(document, "data", "verdict")).isEqualTo("accept");
    assertThat(text(document, "data", "platform")).isEqualTo("snp");
    assertThat(text(document, "data", "scope")).isEqualTo("authenticity");
    assertThat(text(document, "data", "claims", "measurement")).isEqualTo("22".repeat(48));
    assertThat(text(document, "data", "claims", "debug")).isEqualTo("false");
    assertThat(text(document, "data", "validUntil")).endsWith("Z");
  }

  @Test
  void evidenceThatIsNotGoodHasDataAndErrorAndExitCodeThree() throws IOException {
    Path place = evidence();
    assertThat(verdict(verify(place, "--nonce", "00ff", "--json"))).isEqualTo("reject");
    assertThat(verdict(CommandHarness.run("evidence", "verify", place.toString(), "--json")))
        .isEqualTo("reject");
    Files.delete(place.resolve("vcek.der"));
    assertThat(verdict(verify(place, "--platform", "snp", "--json"))).isEqualTo("incomplete");
    Files.delete(place.resolve("report.bin"));
    Files.writeString(place.resolve("something.txt"), "else");
    assertThat(verdict(verify(place, "--json"))).isEqualTo("reject");
  }

  private static String verdict(CommandHarness.Outcome outcome) {
    assertThat(outcome.exitCode()).isEqualTo(3);
    JsonObject document = valid(outcome);
    assertThat(text(document, "error", "code")).startsWith("attestation.");
    return text(document, "data", "verdict");
  }

  @Test
  void wrongUsageAndUnusableFilesAreErrorsOfTheirOwn() throws IOException {
    Path place = evidence();
    for (String[] wrong :
        new String[][] {
          {"--nonce", "xyz"},
          {"--nonce", "0000"},
          {"--platform", "sev"},
          {"--at", "yesterday"},
          {"--polcy", "x"}
        }) {
      List<String> words = new ArrayList<>(List.of("evidence", "verify", place.toString()));
      words.addAll(List.of(wrong));
      words.add("--json");
      CommandHarness.Outcome outcome = CommandHarness.run(words.toArray(String[]::new));
      assertThat(outcome.exitCode()).as(String.join(" ", wrong)).isEqualTo(2);
      assertThat(text(valid(outcome), "error", "code")).isEqualTo("usage.wrong");
    }
    CommandHarness.Outcome missing = verify(folder.resolve("nowhere"), "--json");
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(text(valid(missing), "error", "code")).isEqualTo("attestation.case-folder");
    Files.writeString(folder.resolve("bad.json"), "{\"apiVersion\":\"sesemi/v1\",\"anyof\":[]}");
    CommandHarness.Outcome bad =
        verify(place, "--policy", folder.resolve("bad.json").toString(), "--json");
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(text(valid(bad), "error", "message")).contains("did you mean 'any-of'?");
  }

  @Test
  void aFirstPolicyAcceptsItsOwnEvidenceAndNothingThatIsRefusedByDefault() throws IOException {
    Path place = evidence();
    Path policy = folder.resolve("policy.json");
    CommandHarness.Outcome draft = draft(place);
    assertThat(draft.err()).isEmpty();
    Files.writeString(policy, draft.out());
    CommandHarness.Outcome accepted = verify(place, "--policy", policy.toString(), "--json");
    assertThat(accepted.exitCode()).as(accepted.out()).isZero();
    JsonObject document = valid(accepted);
    assertThat(text(document, "data", "scope")).isEqualTo("policy");
    assertThat(accepted.out()).contains("policy-measurement", "policy-debug");
    CommandHarness.Outcome described = CommandHarness.run("evidence", "policy", policy.toString());
    assertThat(described.exitCode()).isZero();
    assertThat(described.out()).contains("alternative 0: snp", "allow-debug: refused");

    Path debugged = evidence(0xb0000);
    assertThat(draft(debugged).err()).contains("debugging is refused");
    CommandHarness.Outcome refused = verify(debugged, "--policy", policy.toString(), "--json");
    assertThat(verdict(refused)).isEqualTo("reject");
    assertThat(text(valid(refused), "error", "code")).isEqualTo("attestation.debug-enabled");
  }

  private CommandHarness.Outcome draft(Path place) {
    CommandHarness.Outcome outcome =
        CommandHarness.run(
            "evidence",
            "policy",
            "--from",
            place.toString(),
            "--at",
            AT,
            "--anchors",
            folder.resolve("roots").toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  @Test
  void evidenceIsShownVerifiedOrNotAndSaysWhich() throws IOException {
    Path place = evidence();
    CommandHarness.Outcome unverified =
        CommandHarness.run("evidence", "show", place.toString(), "--at", AT);
    assertThat(unverified.exitCode()).isZero();
    assertThat(unverified.out())
        .contains("NOT verified", "├─ report.bin", "measurement:", "reportedTcb");
    CommandHarness.Outcome verified =
        CommandHarness.run(
            "evidence",
            "show",
            place.toString(),
            "--at",
            AT,
            "--anchors",
            folder.resolve("roots").toString());
    assertThat(verified.out()).contains("verified: authenticity").doesNotContain("NOT");
  }

  @TestFactory
  Stream<DynamicTest> theOutputForSharedEvidenceIsValid() throws IOException {
    Optional<Path> shared =
        Optional.of(
                Path.of(
                    System.getProperty(
                        "sesemi.data", Path.of("..", "..", "..", "shared").toString()),
                    "evidence"))
            .filter(Files::isDirectory);
    if (shared.isEmpty()) {
      return Stream.empty();
    }
    List<Path> cases = new ArrayList<>();
    try (Stream<Path> platforms = Files.list(shared.get())) {
      for (Path platform : platforms.filter(Files::isDirectory).sorted().toList()) {
        try (Stream<Path> inside = Files.list(platform)) {
          inside.filter(Files::isDirectory).sorted().forEach(cases::add);
        }
      }
    }
    return cases.stream()
        .map(
            one ->
                DynamicTest.dynamicTest(
                    shared.get().relativize(one).toString(),
                    () ->
                        valid(
                            CommandHarness.run(
                                "evidence",
                                "verify",
                                one.toString(),
                                "--at",
                                "2025-07-01T00:00:00Z",
                                "--json"))));
  }
}
