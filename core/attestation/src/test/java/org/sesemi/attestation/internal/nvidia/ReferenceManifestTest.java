package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.Unreadable;

/** What is read of a manifest before anybody asks who signed it. */
class ReferenceManifestTest {

  private static final int MAX_LENGTH = 1 << 20;
  private static final String CERTIFICATE =
      "(?s)(<ds:X509Certificate>)(.*?)(</ds:X509Certificate>)";
  private static final String GOOD = good();

  private static String good() {
    NvidiaScene scene = new NvidiaScene();
    return new String(NvidiaScene.VENDOR.sign(scene.driver), UTF_8);
  }

  private static ReferenceManifest parse(String xml) {
    return ReferenceManifest.parse(xml.getBytes(UTF_8));
  }

  private static void refused(UnaryOperator<String> change, String reason) {
    String changed = change.apply(GOOD);
    assertThat(changed).isNotEqualTo(GOOD);
    assertThatThrownBy(() -> parse(changed))
        .isInstanceOf(Unreadable.class)
        .hasMessageContaining(reason);
  }

  @Test
  void aManifestIsAsLongAsItMayBe() {
    String longest = GOOD + " ".repeat(MAX_LENGTH - GOOD.length());
    assertThat(parse(longest).golden()).containsOnlyKeys(7, 21);
    refused(xml -> longest + " ", "the manifest is too long");
  }

  @Test
  void onlyASoftwareIdentityIsAManifest() {
    String reason = "the manifest is not a software identity";
    refused(xml -> xml.replace("SoftwareIdentity", "Identity"), reason);
    refused(xml -> xml.replace("19770/-2/2015", "19770/-2/2016"), reason);
  }

  @Test
  void aManifestSaysWhichVersionItIsAbout() {
    assertThat(parse(GOOD).version()).isEqualTo("550.90.07");
    refused(
        xml -> xml.replace("colloquialVersion=\"550.90.07\"", ""),
        "the manifest has an element without colloquialVersion");
  }

  @Test
  void itsSignatureCarriesAFewCertificatesAndNothingElse() {
    String reason = "the signature has something else than a few certificates";
    assertThat(parse(GOOD.replaceFirst(CERTIFICATE, "$0$0$0$0$0$0")).certificates()).hasSize(8);
    refused(xml -> xml.replaceFirst(CERTIFICATE, "$0$0$0$0$0$0$0"), reason);
    refused(xml -> xml.replace("</ds:X509Data>", "<ds:X509SubjectName/></ds:X509Data>"), reason);
    refused(xml -> xml.replaceFirst(CERTIFICATE, "<X509Certificate>$2</X509Certificate>"), reason);
  }

  @Test
  void certificatesAreInTheOneFormOfBase64() {
    String reason = "base64 in another than the one form";
    refused(xml -> xml.replaceFirst(CERTIFICATE, "$1AB==$3"), reason);
    refused(xml -> xml.replaceFirst(CERTIFICATE, "$1AA$3"), reason);
    refused(xml -> xml.replaceFirst(CERTIFICATE, "$1!$3"), "something that is not base64");
  }

  @Test
  void whatIsNoXmlIsRefusedSilently() {
    PrintStream before = System.err;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream recorder = new PrintStream(printed, true, UTF_8)) {
      System.setErr(recorder);
      refused(xml -> "<a", "the manifest is not XML without a document type");
    } finally {
      System.setErr(before);
    }
    assertThat(printed.toString(UTF_8)).isEmpty();
  }
}
