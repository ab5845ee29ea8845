package org.sesemi.attestation.internal.nvidia;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.math.ec.ECPoint;
import org.junit.jupiter.api.Test;
import org.sesemi.attestation.internal.EcKeys;
import org.sesemi.attestation.internal.SignatureMemo;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.NvidiaManifest;
import org.sesemi.vendors.NvidiaVendor;

/** Why the signature of a manifest does not hold, each reason by its text. */
class ManifestSignatureTest {

  private static final PublicKey KEY = NvidiaScene.VENDOR.signerKeys.getPublic();
  private static final String GOOD = signed(manifest -> {});
  private static final Pattern VALUE =
      Pattern.compile("(?s)<ds:SignatureValue>(.*?)</ds:SignatureValue>");

  private static String signed(Consumer<NvidiaManifest> change) {
    NvidiaManifest manifest = new NvidiaScene().driver;
    change.accept(manifest);
    return new String(NvidiaScene.VENDOR.sign(manifest), UTF_8);
  }

  private static Optional<String> problem(String xml, PublicKey key, String document) {
    return ReferenceManifest.parse(xml.getBytes(UTF_8))
        .signature()
        .problem(key, document.getBytes(UTF_8));
  }

  private static Optional<String> problem(String xml) {
    return problem(xml, KEY, xml);
  }

  private static void refused(Consumer<NvidiaManifest> change, String reason) {
    assertThat(problem(signed(change))).contains(reason);
  }

  private static void edited(UnaryOperator<String> change, String reason) {
    String changed = change.apply(GOOD);
    assertThat(changed).isNotEqualTo(GOOD);
    assertThat(problem(changed)).contains(reason);
  }

  @Test
  void theSignatureOfTheSignerHolds() {
    assertThat(problem(GOOD)).isEmpty();
    assertThat(problem(GOOD, NvidiaVendor.keys().getPublic(), GOOD))
        .contains("the signature is not one of the signer");
    assertThat(problem(GOOD, Authority.ecKeys("secp256r1").getPublic(), GOOD))
        .contains("the signer's key is not one of P-384");
  }

  @Test
  void otherAlgorithmsAreNamed() {
    String reason = "the signature uses other algorithms";
    refused(m -> m.canonicalization = "http://www.w3.org/2001/10/xml-exc-c14n#", reason);
    refused(m -> m.signatureMethod = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256", reason);
  }

  @Test
  void onlyTheDocumentIsSigned() {
    String several = "the signature covers several things";
    edited(xml -> xml.replaceFirst("(?s)<ds:Reference.*</ds:Reference>", "$0$0"), several);
    edited(xml -> xml.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"), several);
    String part = "the signature does not cover the whole document";
    refused(m -> m.reference = "#GH100", part);
    edited(xml -> xml.replace(" URI=\"\"", ""), part);
  }

  @Test
  void theDocumentIsSignedInOneForm() {
    String reason = "the signature covers the document in another form";
    refused(m -> m.transform = "http://www.w3.org/2001/10/xml-exc-c14n#", reason);
    refused(m -> m.enveloped = false, reason);
    refused(m -> m.digestMethod = "http://www.w3.org/2001/04/xmlenc#sha256", reason);
  }

  @Test
  void anotherDocumentIsNotTheSignedOne() {
    edited(
        xml -> xml.replace("550.90.07", "550.90.08"),
        "the document is not the one that was signed");
  }

  @Test
  void aSignatureThatCannotBeReadDoesNotHold() {
    String reason = "the signature cannot be read";
    edited(xml -> xml.replaceFirst("(?s)<ds:SignedInfo.*</ds:SignedInfo>", ""), reason);
    edited(xml -> VALUE.matcher(xml).replaceFirst(""), reason);
  }

  /**
   * Signs with a key that is made for the signature: s is 1, and r has a zero in front, as the x of
   * 197 times the generator has. The JDK takes such a signature without the zeros as well.
   */
  @Test
  void theValuesOfASignatureAreAsLongAsTheCurve() throws GeneralSecurityException {
    X9ECParameters curve = CustomNamedCurves.getByName("secp384r1");
    BigInteger order = curve.getN();
    BigInteger factor = BigInteger.valueOf(197);
    BigInteger r = x(curve.getG().multiply(factor));
    BigInteger digest =
        new BigInteger(1, MessageDigest.getInstance("SHA-384").digest(canonicalSignedInfo()));
    BigInteger secret = factor.subtract(digest).multiply(r.modInverse(order)).mod(order);
    byte[] point = curve.getG().multiply(secret).getEncoded(false);
    PublicKey key = EcKeys.P384.key(Arrays.copyOfRange(point, 1, point.length), "a key");
    assertThat(problem(withValue(r, 48), key, "")).isEmpty();
    for (int size : new int[] {47, 49}) {
      assertThat(problem(withValue(r, size), key, ""))
          .as("%d bytes each", size)
          .contains("the signature is not one of the signer");
    }
  }

  private static BigInteger x(ECPoint point) {
    return point.normalize().getAffineXCoord().toBigInteger();
  }

  private static String withValue(BigInteger r, int size) {
    byte[] rs = new byte[2 * size];
    byte[] bytes = r.toByteArray();
    System.arraycopy(bytes, 0, rs, size - bytes.length, bytes.length);
    rs[2 * size - 1] = 1;
    return VALUE
        .matcher(GOOD)
        .replaceFirst(
            "<ds:SignatureValue>"
                + Base64.getEncoder().encodeToString(rs)
                + "</ds:SignatureValue>");
  }

  /** The element as it is, with the namespaces that are in force around it. */
  private static byte[] canonicalSignedInfo() {
    Matcher info = Pattern.compile("(?s)<ds:SignedInfo>.*</ds:SignedInfo>").matcher(GOOD);
    assertThat(info.find()).isTrue();
    return info.group()
        .replace(
            "<ds:SignedInfo>",
            "<ds:SignedInfo xmlns=\"http://standards.iso.org/iso/19770/-2/2015/schema.xsd\""
                + " xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
                + " xmlns:h=\"http://www.w3.org/2001/04/xmlenc#sha384\">")
        .replaceAll("<(ds:\\w+)( [^>]*)?/>", "<$1$2></$1>")
        .getBytes(UTF_8);
  }

  @Test
  void whatHeldOnceIsNotComputedAgain() {
    String other = signed(manifest -> manifest.version = "550.90.08");
    String changed = other.replace("550.90.08", "550.90.09");
    boolean remembered =
        new SignatureMemo(4)
            .during(
                () -> {
                  assertThat(problem(changed, KEY, GOOD)).isPresent();
                  assertThat(problem(GOOD, KEY, GOOD)).isEmpty();
                  return problem(changed, KEY, GOOD).isEmpty();
                });
    assertThat(remembered).isTrue();
    assertThat(Arrays.asList(problem(changed, KEY, GOOD), problem(changed)))
        .as("elsewhere everything is computed")
        .allMatch(Optional::isPresent);
  }
}
