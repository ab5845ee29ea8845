package org.sesemi.attestation.internal.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.EvidencePolicy;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.wire.Digest;

/** docs/attestation.md says what the code does. */
class DocumentationTest {

  private static final Path ROOT = root();
  private static final String PAGE = read(ROOT.resolve("docs/attestation.md"));

  private static Path root() {
    // Tests run in the folder of their module, or in the root itself.
    Path here = Path.of("");
    return Files.isRegularFile(here.resolve("docs/attestation.md")) ? here : Path.of("..", "..");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String block(String language, String heading) {
    int start = PAGE.indexOf("```" + language + "\n", PAGE.indexOf(heading));
    assertThat(start).as(heading).isPositive();
    int from = start + language.length() + 4;
    return PAGE.substring(from, PAGE.indexOf("```", from));
  }

  @Test
  void everyKeyOfEveryPlatformIsListedAndNoOther() {
    for (PlatformKind platform : PlatformKind.values()) {
      if (platform != PlatformKind.SIMULATED) {
        int from = PAGE.indexOf("### Keys of `" + platform.text() + "`");
        assertThat(from).as(platform.text()).isPositive();
        int end = PAGE.indexOf("\n#", from + 4);
        String section = PAGE.substring(from, end);
        List<String> keys = Tables.of(platform).stream().map(Rule::key).toList();
        if (platform == PlatformKind.AZURE_VTPM) {
          keys = List.of("hardware", "pcrs", "secure-boot", "allow-console");
        }
        List<String> listed =
            section
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(listed).as(platform.text()).containsExactlyInAnyOrderElementsOf(keys);
      }
    }
  }

  @Test
  void theExamplePolicyIsOne() {
    assertThat(
            EvidencePolicy.parse(
                    block("json", "## Writing a policy").getBytes(StandardCharsets.UTF_8), "docs")
                .platforms())
        .containsExactly(PlatformKind.SNP, PlatformKind.TDX);
  }

  @Test
  void theExampleOfTheLibraryIsTheOneThatCompiles() {
    String source =
        read(
            ROOT.resolve(
                "core/attestation/src/test/java/org/sesemi/attestation/LibraryExample.java"));
    String example =
        source
            .substring(source.indexOf("// example\n") + 11, source.indexOf("  // end of example"))
            .replaceAll("(?m)^  ", "");
    assertThat(block("java", "## As a library")).isEqualTo(example);
  }

  @Test
  void everyPinnedRootIsListedWithItsDigests() throws CertificateEncodingException {
    for (Anchors.Vendor vendor : Anchors.Vendor.values()) {
      for (X509Certificate root : Anchors.pinned().of(vendor).roots()) {
        assertThat(PAGE.toLowerCase(Locale.ROOT))
            .contains(Digest.sha256(root.getEncoded()).hex())
            .contains(Digest.sha256(root.getPublicKey().getEncoded()).hex());
      }
    }
  }
}
