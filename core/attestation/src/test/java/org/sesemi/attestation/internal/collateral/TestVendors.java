package org.sesemi.attestation.internal.collateral;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.CollateralRequest.PckAuthority;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.PlatformKind;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;
import org.sesemi.wire.Bytes;

/** Test roots in the place of AMD and Intel, and what their services would give out. */
final class TestVendors {

  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final Bytes CHIP = Bytes.of(filled(64, 0x5a));
  static final Bytes TCB = Bytes.parse("0300000000001473");
  static final SnpChip MILAN = new SnpChip(SnpLine.MILAN, CHIP, TCB);
  static final Intel TDX =
      new Intel(PlatformKind.TDX, Bytes.parse("b0c06f000000"), PckAuthority.PLATFORM);

  final Authority ark = rsaRoot("CN=ARK-Milan,O=Test");
  final Authority ask = below(ark, "CN=SEV-Milan,O=Test");
  final Authority genoaArk = rsaRoot("CN=ARK-Genoa,O=Test");
  final Authority intelRoot = ecRoot("CN=Intel SGX Root CA,O=Test");
  final Authority platformCa = ecBelow("CN=Intel SGX PCK Platform CA,O=Test");
  final Authority processorCa = ecBelow("CN=Intel SGX PCK Processor CA,O=Test");
  final KeyPair signerKeys = Authority.ecKeys("secp256r1");
  final X509Certificate signer =
      intelRoot.issue(
          CertificateSpec.leaf("CN=Intel SGX TCB Signing,O=Test", signerKeys.getPublic()));
  final X509Certificate vcek = vcek(CHIP, TCB);

  Anchors anchors() {
    return Anchors.of(
        new Anchors.Set(
            List.of(ark.certificate(), genoaArk.certificate(), intelRoot.certificate()),
            List.of(),
            List.of()));
  }

  Map<String, Bytes> milanChain() {
    return Map.of("cert_chain.pem", text(Authority.pem(ask.certificate(), ark.certificate())));
  }

  Map<String, Bytes> milanVcek() {
    return Map.of("vcek.der", Bytes.of(Authority.der(vcek)));
  }

  Map<String, Bytes> milanCrl(long number, Instant from) {
    return Map.of("crl.der", crl(ark, number, from));
  }

  Map<String, Bytes> rootCrl(long number, Instant from) {
    return Map.of("root_ca_crl.der", crl(intelRoot, number, from));
  }

  Map<String, Bytes> pckCrl(Authority ca, long number, Instant from) {
    return Map.of(
        "pck_crl.der",
        crl(ca, number, from),
        Item.PCK_CRL_CHAIN,
        text(Authority.pem(ca.certificate(), intelRoot.certificate())));
  }

  Map<String, Bytes> tcbInfo(long number, Instant issued) {
    return tcbInfo("TDX", "B0C06F000000", number, issued);
  }

  Map<String, Bytes> tcbInfo(String id, String fmspc, long number, Instant issued) {
    return signed(
        "tcb_info.json",
        "tcbInfo",
        "{\"id\":\""
            + id
            + "\",\"version\":3,"
            + dates(issued)
            + ",\"fmspc\":\""
            + fmspc
            + "\",\"pceId\":\"0000\",\"tcbEvaluationDataNumber\":"
            + number
            + ",\"tcbLevels\":[]}");
  }

  Map<String, Bytes> qeIdentity(String id, long number, Instant issued) {
    return signed(
        "qe_identity.json",
        "enclaveIdentity",
        "{\"id\":\""
            + id
            + "\",\"version\":2,"
            + dates(issued)
            + ",\"tcbEvaluationDataNumber\":"
            + number
            + "}");
  }

  /** {@return every item of the two usual requests, made at an instant} */
  Map<String, Bytes> item(Item item, long number, Instant at) {
    return switch (item.kind()) {
      case AMD_CHAIN -> milanChain();
      case AMD_VCEK -> milanVcek();
      case AMD_CRL -> milanCrl(number, at);
      case INTEL_ROOT_CRL -> rootCrl(number, at);
      case INTEL_PCK_CRL -> pckCrl(platformCa, number, at);
      case INTEL_TCB_INFO -> tcbInfo(number, at);
      case INTEL_QE_IDENTITY -> qeIdentity("TD_QE", number, at);
    };
  }

  X509Certificate vcek(Bytes chip, Bytes tcb) {
    byte[] levels = tcb.toArray();
    String base = "1.3.6.1.4.1.3704.1.";
    return ask.issue(
        CertificateSpec.leaf("CN=SEV-VCEK,O=Test", Authority.ecKeys("secp384r1").getPublic())
            .extension(base + "4", false, der(4, chip.toArray()))
            .extension(base + "3.1", false, number(levels[0]))
            .extension(base + "3.2", false, number(levels[1]))
            .extension(base + "3.3", false, number(levels[6]))
            .extension(base + "3.8", false, number(levels[7])));
  }

  Map<String, Bytes> signed(String name, String member, String body) {
    return Map.of(
        name,
        text(
            "{\""
                + member
                + "\":"
                + body
                + ",\"signature\":\""
                + HexFormat.of().formatHex(sign(signerKeys, body))
                + "\"}"),
        Item.SIGNING_CHAIN,
        text(Authority.pem(signer, intelRoot.certificate())));
  }

  static byte[] sign(KeyPair keys, String body) {
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format", "SunEC");
      signature.initSign(keys.getPrivate());
      signature.update(body.getBytes(UTF_8));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static Bytes text(String text) {
    return Bytes.of(text.getBytes(US_ASCII));
  }

  private static String dates(Instant issued) {
    return "\"issueDate\":\""
        + issued
        + "\",\"nextUpdate\":\""
        + issued.plus(Duration.ofDays(30))
        + "\"";
  }

  private static Bytes crl(Authority issuer, long number, Instant from) {
    return Bytes.of(
        issuer.crl(number, from, from.plus(Duration.ofDays(30)), List.<BigInteger>of()));
  }

  private static byte[] number(byte value) {
    return der(2, BigInteger.valueOf(value & 0xff).toByteArray());
  }

  private static byte[] der(int tag, byte[] content) {
    byte[] all = new byte[content.length + 2];
    all[0] = (byte) tag;
    all[1] = (byte) content.length;
    System.arraycopy(content, 0, all, 2, content.length);
    return all;
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Authority rsaRoot(String name) {
    return Authority.root(name, Authority.rsaKeys(2048), Authority.PSS_SHA384);
  }

  private static Authority below(Authority above, String name) {
    KeyPair keys = Authority.rsaKeys(2048);
    return above.intermediate(
        CertificateSpec.authority(name, keys.getPublic()), keys, Authority.PSS_SHA384);
  }

  private static Authority ecRoot(String name) {
    return Authority.root(name, Authority.ecKeys("secp256r1"), "SHA256withECDSA");
  }

  private Authority ecBelow(String name) {
    KeyPair keys = Authority.ecKeys("secp256r1");
    return intelRoot.intermediate(
        CertificateSpec.authority(name, keys.getPublic()), keys, "SHA256withECDSA");
  }
}
