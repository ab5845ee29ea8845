package org.sesemi.vendors;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A test quote with everything that is needed to judge it. It begins as one whose platform, module
 * and quoting enclave are all current at {@link #AT}; every part can be changed before the files
 * are made. Not thread-safe.
 */
public final class IntelEvidence {

  /** An instant at which everything is valid. */
  public static final Instant AT = Instant.parse("2026-02-01T00:00:00Z");

  /** From when collateral is valid. */
  public static final Instant ISSUED = Instant.parse("2026-01-20T00:00:00Z");

  /** Until when collateral is valid. */
  public static final Instant NEXT_UPDATE = Instant.parse("2026-02-19T00:00:00Z");

  private final IntelVendor vendor;
  private final IntelQuote quote;
  private final IntelPck pck = new IntelPck();
  private final IntelJson tcbInfo;
  private final IntelJson qeIdentity;
  private final List<BigInteger> revokedByRoot = new ArrayList<>();
  private final List<BigInteger> revokedByCa = new ArrayList<>();
  private final Map<String, byte[]> replaced = new TreeMap<>();
  private Authority ca;
  private Authority crlIssuer;
  private Authority rootCrlIssuer;
  private Instant[] rootCrlDates = {ISSUED, NEXT_UPDATE};
  private Instant[] pckCrlDates = {ISSUED, NEXT_UPDATE};
  private UnaryOperator<CertificateSpec> pckChange = UnaryOperator.identity();
  private UnaryOperator<CertificateSpec> signerChange = UnaryOperator.identity();
  private UnaryOperator<String> tcbInfoChange = UnaryOperator.identity();
  private boolean chainSet;

  IntelEvidence(IntelVendor vendor, IntelQuote quote, boolean tdx) {
    this.vendor = vendor;
    this.quote = quote;
    this.ca = vendor.platformCa();
    this.crlIssuer = ca;
    this.rootCrlIssuer = vendor.root();
    this.tcbInfo = goodTcbInfo(tdx);
    this.qeIdentity = goodIdentity(tdx);
  }

  /** {@return the components of the platform, as floors of a level} */
  public static int[] sgxFloors() {
    return new int[] {5, 5, 2, 2, 3, 1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0};
  }

  /** {@return the components of a domain, as floors of a level} */
  public static int[] tdxFloors() {
    return new int[] {5, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  }

  private static IntelJson goodTcbInfo(boolean tdx) {
    int[] tdxFloors = tdx ? tdxFloors() : new int[0];
    int[] none = new int[16];
    IntelJson info =
        new IntelJson()
            .text("id", tdx ? "TDX" : "SGX")
            .number("version", 3)
            .text("issueDate", ISSUED.toString())
            .text("nextUpdate", NEXT_UPDATE.toString())
            .text("fmspc", "90c06f000000")
            .text("pceId", "0000")
            .number("tcbType", 0)
            .number("tcbEvaluationDataNumber", 18);
    if (tdx) {
      info.object("tdxModule", IntelJson.module(""))
          .objects(
              "tdxModuleIdentities",
              IntelJson.module("TDX_03", IntelJson.enclaveLevel("UpToDate", 3)),
              IntelJson.module(
                  "TDX_01",
                  IntelJson.enclaveLevel("UpToDate", 6),
                  IntelJson.enclaveLevel("OutOfDate", 4, "INTEL-SA-MODULE")));
    }
    return info.objects(
        "tcbLevels",
        IntelJson.platformLevel("UpToDate", 13, sgxFloors(), tdxFloors),
        IntelJson.platformLevel(
            "OutOfDate", 5, none, tdx ? none : new int[0], "INTEL-SA-PLATFORM"));
  }

  private static IntelJson goodIdentity(boolean tdx) {
    return new IntelJson()
        .text("id", tdx ? "TD_QE" : "QE")
        .number("version", 2)
        .text("issueDate", ISSUED.toString())
        .text("nextUpdate", NEXT_UPDATE.toString())
        .number("tcbEvaluationDataNumber", 18)
        .text("miscselect", "00000000")
        .text("miscselectMask", "FFFFFFFF")
        .text("attributes", "11" + "0".repeat(30))
        .text("attributesMask", "FB" + "F".repeat(14) + "0".repeat(16))
        .text("mrsigner", "32".repeat(32))
        .number("isvprodid", tdx ? 2 : 1)
        .objects(
            "tcbLevels",
            IntelJson.enclaveLevel("UpToDate", 6),
            IntelJson.enclaveLevel("OutOfDate", 4, "INTEL-SA-QE"));
  }

  /** {@return the quote, to change} */
  public IntelQuote quote() {
    return quote;
  }

  /** {@return what the PCK certificate says of the platform, to change} */
  public IntelPck pck() {
    return pck;
  }

  /** {@return the TCB info, to change} */
  public IntelJson tcbInfo() {
    return tcbInfo;
  }

  /** {@return the QE identity, to change} */
  public IntelJson qeIdentity() {
    return qeIdentity;
  }

  /** Sets the only level of the platform. */
  public IntelEvidence platformLevels(IntelJson... levels) {
    tcbInfo.objects("tcbLevels", levels);
    return this;
  }

  /** Sets the levels of the quoting enclave. */
  public IntelEvidence qeLevels(IntelJson... levels) {
    qeIdentity.objects("tcbLevels", levels);
    return this;
  }

  /** Changes the TCB info before it is signed. */
  public IntelEvidence changeTcbInfo(UnaryOperator<String> change) {
    tcbInfoChange = change;
    return this;
  }

  /** Sets the CA of the platform and of its revocation list. */
  public IntelEvidence issuedBy(Authority authority) {
    ca = authority;
    crlIssuer = authority;
    return this;
  }

  /** Sets the issuer of the revocation list that should be that of the PCK CA. */
  public IntelEvidence crlIssuedBy(Authority authority) {
    crlIssuer = authority;
    return this;
  }

  /** Sets the issuer of the revocation list that should be that of the root. */
  public IntelEvidence rootCrlIssuedBy(Authority authority) {
    rootCrlIssuer = authority;
    return this;
  }

  /** Puts a serial number on the root's list. */
  public IntelEvidence revokedByRoot(long serial) {
    revokedByRoot.add(IntelVendor.serial(serial));
    return this;
  }

  /** Puts a serial number on the list of the PCK CA. */
  public IntelEvidence revokedByCa(long serial) {
    revokedByCa.add(IntelVendor.serial(serial));
    return this;
  }

  /** Sets the dates of the root's list. */
  public IntelEvidence rootCrlDates(Instant from, Instant to) {
    rootCrlDates = new Instant[] {from, to};
    return this;
  }

  /** Sets the dates of the PCK CA's list. */
  public IntelEvidence pckCrlDates(Instant from, Instant to) {
    pckCrlDates = new Instant[] {from, to};
    return this;
  }

  /** Changes the PCK certificate. */
  public IntelEvidence changePck(UnaryOperator<CertificateSpec> change) {
    pckChange = change;
    return this;
  }

  /** Changes the certificate of the collateral's signer. */
  public IntelEvidence changeSigner(UnaryOperator<CertificateSpec> change) {
    signerChange = change;
    return this;
  }

  /** Sets the certification data of the quote in place of the chain in the usual order. */
  public IntelEvidence certification(int type, byte[] content) {
    quote.certification(type, content);
    chainSet = true;
    return this;
  }

  /** Sets a file to other bytes than those that would be made. */
  public IntelEvidence file(String name, byte[] content) {
    replaced.put(name, content.clone());
    return this;
  }

  /** {@return the PCK certificate} */
  public X509Certificate pckCertificate() {
    return ca.issue(pckChange.apply(vendor.pck(pck)));
  }

  /** {@return the certificates of the platform: leaf, CA, root} */
  public List<X509Certificate> chain() {
    return List.of(pckCertificate(), ca.certificate(), vendor.root().certificate());
  }

  /** {@return the files of a case folder, by name} */
  public Map<String, byte[]> files() {
    if (!chainSet) {
      quote.chain(Authority.pem(chain().toArray(new X509Certificate[0])));
    }
    Map<String, byte[]> files = new TreeMap<>();
    files.put("quote.bin", quote.sign(vendor.pckKeys().getPrivate()));
    files.put("tcb_info.json", vendor.signed("tcbInfo", tcbInfoChange.apply(tcbInfo.toString())));
    files.put("qe_identity.json", vendor.signed("enclaveIdentity", qeIdentity.toString()));
    files.put(
        "root_ca_crl.der", rootCrlIssuer.crl(1, rootCrlDates[0], rootCrlDates[1], revokedByRoot));
    files.put("pck_crl.der", crlIssuer.crl(1, pckCrlDates[0], pckCrlDates[1], revokedByCa));
    files.put(
        "tcb_signing_chain.pem",
        Authority.pem(
                vendor.root().issue(signerChange.apply(vendor.signer())),
                vendor.root().certificate())
            .getBytes(StandardCharsets.US_ASCII));
    files.putAll(replaced);
    return files;
  }
}
