package org.sesemi.attestation.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.Test;
import org.sesemi.vendors.Authority;
import org.sesemi.vendors.CertificateSpec;

/** What a revocation list can have wrong, by itself and on a day. */
class RevocationListTest {

  private static final String ALGORITHM = "SHA256withECDSA";
  private static final Instant FROM = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2026-07-01T00:00:00Z");
  private static final KeyPair KEYS = Authority.ecKeys("secp256r1");
  private static final Authority CA = Authority.root("CN=CA", KEYS, ALGORITHM);
  private static final String CRITICAL = "the list has a critical extension that is not understood";

  private static X509CRL list(Authority authority) {
    return X509.readCrl(authority.crl(1, FROM, TO, List.of(BigInteger.TEN)), "list");
  }

  private static X509v2CRLBuilder builder() {
    return new X509v2CRLBuilder(new X500Name("CN=CA"), Date.from(FROM));
  }

  private static X509CRL signed(X509v2CRLBuilder builder)
      throws OperatorCreationException, IOException {
    return X509.readCrl(
        builder.build(new JcaContentSignerBuilder(ALGORITHM).build(KEYS.getPrivate())).getEncoded(),
        "list");
  }

  private static X509CRL with(ASN1ObjectIdentifier oid, boolean critical, ASN1Encodable value)
      throws OperatorCreationException, IOException {
    return signed(builder().setNextUpdate(Date.from(TO)).addExtension(oid, critical, value));
  }

  private static X509Certificate allowedTo(int usage) {
    return Authority.root(
            CertificateSpec.authority("CN=CA", KEYS.getPublic()).keyUsage(usage), KEYS, ALGORITHM)
        .certificate();
  }

  @Test
  void aListOfItsIssuerHasNoProblem() {
    assertThat(Chain.crlProblem(list(CA), CA.certificate())).isEmpty();
  }

  @Test
  void aListOfAnotherNameIsRefused() {
    Authority other = Authority.root("CN=Another", KEYS, ALGORITHM);
    assertThat(Chain.crlProblem(list(other), CA.certificate()))
        .contains("the list is not issued by CN=CA");
  }

  @Test
  void aListOfAnotherKeyIsRefused() {
    Authority other = Authority.root("CN=CA", Authority.ecKeys("secp256r1"), ALGORITHM);
    assertThat(Chain.crlProblem(list(other), CA.certificate()))
        .contains("the list is not signed by CN=CA");
  }

  @Test
  void anIssuerWithAKeyUsageMaySignLists() {
    X509CRL list = list(CA);
    assertThat(Chain.crlProblem(list, allowedTo(KeyUsage.cRLSign))).isEmpty();
    assertThat(Chain.crlProblem(list, allowedTo(0))).isEmpty();
    assertThat(Chain.crlProblem(list, allowedTo(KeyUsage.keyCertSign | KeyUsage.encipherOnly)))
        .contains("CN=CA may not sign revocation lists");
  }

  @Test
  void aCriticalExtensionIsRefused() throws OperatorCreationException, IOException {
    ASN1ObjectIdentifier unknown = new ASN1ObjectIdentifier("1.2.3.4");
    assertThat(Chain.crlProblem(with(unknown, false, DERNull.INSTANCE), CA.certificate()))
        .isEmpty();
    assertThat(Chain.crlProblem(with(unknown, true, DERNull.INSTANCE), CA.certificate()))
        .contains(CRITICAL);
  }

  @Test
  void aListOfChangesIsNotTakenForAWholeOne() throws OperatorCreationException, IOException {
    X509CRL delta = with(Extension.deltaCRLIndicator, true, new CRLNumber(BigInteger.ONE));
    assertThat(Chain.crlProblem(delta, CA.certificate())).contains(CRITICAL);
  }

  @Test
  void aListOfSomeCertificatesIsNotTakenForAWholeOne()
      throws OperatorCreationException, IOException {
    X509CRL authorities =
        with(
            Extension.issuingDistributionPoint,
            true,
            new IssuingDistributionPoint(null, false, true, null, false, false));
    assertThat(Chain.crlProblem(authorities, CA.certificate())).contains(CRITICAL);
  }

  @Test
  void aListWithoutExtensionsHasNoProblem() throws OperatorCreationException, IOException {
    X509CRL list = signed(builder().setNextUpdate(Date.from(TO)));
    assertThat(list.getCriticalExtensionOIDs()).isNull();
    assertThat(Chain.crlProblem(list, CA.certificate())).isEmpty();
  }

  @Test
  void bothDatesOfAListBelongToIt() {
    X509CRL list = list(CA);
    assertThat(Chain.crlDateProblem(list, FROM)).isEmpty();
    assertThat(Chain.crlDateProblem(list, TO)).isEmpty();
    assertThat(Chain.crlDateProblem(list, FROM.minusSeconds(1)))
        .contains("the list is not valid before 2026-06-01T00:00:00Z");
    assertThat(Chain.crlDateProblem(list, TO.plusSeconds(1)))
        .contains("the list is not valid after 2026-07-01T00:00:00Z");
  }

  @Test
  void aListSaysUntilWhenItIsValid() throws OperatorCreationException, IOException {
    X509CRL list = with(Extension.cRLNumber, false, new ASN1Integer(1));
    assertThat(Chain.crlDateProblem(list, FROM)).isEmpty();
    assertThat(Chain.crlDateProblem(signed(builder()), FROM))
        .contains("the list does not say until when it is valid");
  }
}
