package org.sesemi.attestation.internal.collateral;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sesemi.attestation.Anchors;
import org.sesemi.attestation.Anchors.Vendor;
import org.sesemi.attestation.CollateralRequest.Intel;
import org.sesemi.attestation.CollateralRequest.PckAuthority;
import org.sesemi.attestation.CollateralRequest.SnpChip;
import org.sesemi.attestation.CollateralRequest.SnpLine;
import org.sesemi.attestation.internal.Chain;
import org.sesemi.attestation.internal.Der;
import org.sesemi.attestation.internal.Unreadable;
import org.sesemi.attestation.internal.X509;
import org.sesemi.wire.Bytes;

/**
 * Says whether an item is signed by those who may sign it, is what was asked for, and where it
 * stands in time. This keeps garbage out of the cache and out of its memory of what is newest; it
 * does not take the place of the verifiers, which judge the documents again with the evidence.
 */
final class Authenticator {

  private static final Chain.Profile VCEK = new Chain.Profile(Set.of("RSASSA-PSS"), 3);
  private static final String HWID = "1.3.6.1.4.1.3704.1.4";
  private static final String LEVEL = "1.3.6.1.4.1.3704.1.3.";
  private static final String CRL_NUMBER = "2.5.29.20";
  private static final int MAX_CRL_NUMBER = 20;

  private final Anchors anchors;
  private final SignedJsonReader json;

  Authenticator(Anchors anchors, SignedJsonReader json) {
    this.anchors = anchors;
    this.json = json;
  }

  /**
   * Judges an item.
   *
   * @param item what was asked for
   * @param documents what came
   * @param context items of the same request that came before
   * @throws Unreadable when it is not authentic, or something else
   */
  Stamp authenticate(Item item, Map<String, Bytes> documents, Map<String, Bytes> context) {
    byte[] document = document(documents, item.kind().document());
    return switch (item.kind()) {
      case AMD_CHAIN -> amdChain(item, document);
      case AMD_VCEK ->
          vcek((SnpChip) item.request(), document, document(context, "cert_chain.pem"));
      case AMD_CRL -> crl(document, amdRoots(item.line()), item.kind().document());
      case INTEL_ROOT_CRL -> crl(document, intel().roots(), item.kind().document());
      case INTEL_PCK_CRL -> pckCrl(item.intel(), document, documents);
      case INTEL_TCB_INFO, INTEL_QE_IDENTITY ->
          json.read(item, document, chain(documents, Item.SIGNING_CHAIN), intel());
    };
  }

  private Stamp amdChain(Item item, byte[] pem) {
    List<X509Certificate> chain = X509.readPem(pem, item.kind().document());
    X509Certificate ask = amdIntermediate(item.line(), chain);
    return dated(ask);
  }

  private X509Certificate amdIntermediate(SnpLine line, List<X509Certificate> chain) {
    return chain.stream()
        .filter(certificate -> !X509.isSelfSigned(certificate))
        .filter(certificate -> isIssuedBy(certificate, amdRoots(line)))
        .filter(certificate -> certificate.getBasicConstraints() >= 0)
        .findFirst()
        .orElseThrow(
            () ->
                new Unreadable(
                    "the chain has no certificate issued by the root of " + line.text()));
  }

  private Stamp vcek(SnpChip chip, byte[] der, byte[] chainPem) {
    X509Certificate vcek = X509.read(der, "vcek.der");
    X509Certificate ask = amdIntermediate(chip.line(), X509.readPem(chainPem, "cert_chain.pem"));
    Chain chain = Chain.build(vcek, List.of(ask), anchors.of(Vendor.AMD), VCEK);
    X509Certificate root =
        chain
            .root()
            .orElseThrow(() -> new Unreadable("vcek.der: " + chain.problem().orElse("no root")));
    if (!isOfLine(root, chip.line())) {
      throw new Unreadable("vcek.der is of another product line than " + chip.line().text());
    }
    if (!Arrays.equals(hwid(vcek, chip.line()), hwid(chip))) {
      throw new Unreadable("vcek.der is of another chip");
    }
    byte[] tcb = chip.reportedTcb().toArray();
    boolean turin = chip.line() == SnpLine.TURIN;
    level(vcek, 1, tcb[turin ? 1 : 0]);
    level(vcek, 2, tcb[turin ? 2 : 1]);
    level(vcek, 3, tcb[turin ? 3 : 6]);
    level(vcek, 8, tcb[7]);
    if (turin) {
      level(vcek, 9, tcb[0]);
    }
    return dated(vcek);
  }

  private static byte[] hwid(SnpChip chip) {
    byte[] id = chip.chipId().toArray();
    return chip.line() == SnpLine.TURIN ? Arrays.copyOf(id, 8) : id;
  }

  private static byte[] hwid(X509Certificate vcek, SnpLine line) {
    byte[] value = extension(vcek, HWID);
    int length = line == SnpLine.TURIN ? 8 : 64;
    return value.length == length ? value : Der.parse(value, "the HWID").octets("the HWID");
  }

  private static void level(X509Certificate vcek, int component, byte expected) {
    String what = "a TCB level of vcek.der";
    if (Der.parse(extension(vcek, LEVEL + component), what).integer(255, what)
        != (expected & 0xff)) {
      throw new Unreadable("vcek.der is of another TCB");
    }
  }

  private Stamp pckCrl(Intel request, byte[] der, Map<String, Bytes> documents) {
    String name =
        request.authority() == PckAuthority.PLATFORM
            ? "Intel SGX PCK Platform CA"
            : "Intel SGX PCK Processor CA";
    X509Certificate issuer =
        chain(documents, Item.PCK_CRL_CHAIN).stream()
            .filter(certificate -> hasCommonName(certificate, name))
            .filter(certificate -> certificate.getBasicConstraints() >= 0)
            .filter(certificate -> isIssuedBy(certificate, intel().roots()))
            .findFirst()
            .orElseThrow(() -> new Unreadable("the chain of the list has no " + name));
    return crl(der, List.of(issuer), Item.Kind.INTEL_PCK_CRL.document());
  }

  private static Stamp crl(byte[] der, List<X509Certificate> issuers, String what) {
    X509CRL list = X509.readCrl(der, what);
    if (issuers.stream().noneMatch(issuer -> Chain.crlProblem(list, issuer).isEmpty())) {
      throw new Unreadable(what + " is not signed by the one who may");
    }
    if (list.getNextUpdate() == null) {
      throw new Unreadable(what + " does not say until when it is valid");
    }
    Instant from = list.getThisUpdate().toInstant();
    return new Stamp(
        from,
        list.getNextUpdate().toInstant(),
        Optional.of(new Floor(crlNumber(list.getExtensionValue(CRL_NUMBER), what), from)));
  }

  private static BigInteger crlNumber(byte @Nullable [] extension, String what) {
    if (extension == null) {
      return BigInteger.ONE.negate();
    }
    BigInteger number = Der.parse(Der.parse(extension, what).octets(what), what).integer(what);
    if (number.signum() < 0 || number.bitLength() > 8 * MAX_CRL_NUMBER) {
      throw new Unreadable(what + " has a wrong number");
    }
    return number;
  }

  private Anchors.Set intel() {
    return anchors.of(Vendor.INTEL);
  }

  private List<X509Certificate> amdRoots(SnpLine line) {
    return anchors.of(Vendor.AMD).roots().stream().filter(root -> isOfLine(root, line)).toList();
  }

  private static boolean isOfLine(X509Certificate root, SnpLine line) {
    return hasCommonName(root, "ARK-" + line.text());
  }

  static boolean hasCommonName(X509Certificate certificate, String name) {
    return Arrays.asList(certificate.getSubjectX500Principal().getName().split(",", -1))
        .contains("CN=" + name);
  }

  private static boolean isIssuedBy(X509Certificate certificate, List<X509Certificate> issuers) {
    return issuers.stream()
        .anyMatch(
            issuer ->
                issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                    && X509.isSignedBy(certificate, issuer.getPublicKey()));
  }

  private static Stamp dated(X509Certificate certificate) {
    return new Stamp(
        certificate.getNotBefore().toInstant(),
        certificate.getNotAfter().toInstant(),
        Optional.empty());
  }

  private static byte[] extension(X509Certificate certificate, String oid) {
    byte[] value = certificate.getExtensionValue(oid);
    if (value == null) {
      throw new Unreadable("the certificate has no extension " + oid);
    }
    return Der.parse(value, oid).octets(oid);
  }

  private static List<X509Certificate> chain(Map<String, Bytes> documents, String name) {
    return X509.readPem(document(documents, name), name);
  }

  private static byte[] document(Map<String, Bytes> documents, String name) {
    Bytes document = documents.get(name);
    if (document == null) {
      throw new Unreadable("there is no " + name);
    }
    return document.toArray();
  }
}
