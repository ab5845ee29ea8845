package org.sesemi.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.Test;
import org.sesemi.crypto.IdentityKey;
import org.sesemi.property.Mutation;
import org.sesemi.property.Property;
import org.sesemi.wire.RandomSource;

class PlainCertificateTest {

  private final IdentityKey key = IdentityKey.generate(RandomSource.secure());

  @Test
  void theJdkReadsItAndFindsItInOrder() throws Exception {
    X509Certificate certificate = parse(PlainCertificate.of(key));
    certificate.verify(certificate.getPublicKey());
    certificate.checkValidity();
    assertThat(certificate.getVersion()).isEqualTo(3);
    assertThat(certificate.getSigAlgName()).isEqualTo("Ed25519");
    assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=sesemi");
    assertThat(certificate.getEncoded()).isEqualTo(PlainCertificate.of(key));
    assertThat(PlainCertificate.keyOf(certificate)).isEqualTo(key.publicKey());
  }

  @Test
  void noOtherCertificateIsAccepted() {
    Property.check(
        "mutated certificates",
        1,
        random ->
            Mutation.all(PlainCertificate.of(key), random)
                .forEach(
                    mutation ->
                        assertThatThrownBy(
                                () -> {
                                  byte[] bytes = mutation.bytes();
                                  X509Certificate parsed = parse(bytes);
                                  if (bytes.length > parsed.getEncoded().length) {
                                    throw new CertificateException("followed by other bytes");
                                  }
                                  PlainCertificate.keyOf(parsed);
                                })
                            .as(mutation.what())
                            .isInstanceOf(CertificateException.class)));
  }

  private static X509Certificate parse(byte[] der) throws CertificateException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }
}
